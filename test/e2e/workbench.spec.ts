// A person's walk through the real window: gallery, run, pause, step, edit, run again, compare, export.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { dumbbellScenario } from '../../core/labs/dumbbell';
import type { Scenario } from '../../core/scenario';
import { answerSave, at, enter, field } from './hands';
import { launch, type Workbench } from './launch';

async function eventsShown(bench: Workbench): Promise<number> {
  return Number((await at(bench, 'events').innerText()).replaceAll(',', ''));
}

test('gallery, run, pause, step ten events, shorten the queue, run again, compare, export a PDF', async () => {
  const bench = await launch();
  const { page } = bench;
  // Nothing moves when the catalogue comes.
  const topologies = page.getByRole('heading', { name: 'Ready topologies' });
  const stood = await topologies.boundingBox();
  await expect(at(bench, 'lab-topics')).toBeVisible();
  expect(await topologies.boundingBox()).toEqual(stood);
  await bench.shot('1-start');
  await at(bench, 'gallery-dumbbell').click();
  await expect(at(bench, 'title')).toHaveText('Dumbbell, four senders');
  await bench.shot('2-topology');

  // Slow enough to be paused in the middle.
  await at(bench, 'run').click();
  await at(bench, 'speed').selectOption('1');
  await expect(at(bench, 'time')).not.toHaveText('0.000000 s');
  await at(bench, 'toggle').click();
  await expect(at(bench, 'state')).toHaveText('Paused');
  const before = await eventsShown(bench);
  await at(bench, 'step-count').fill('10');
  await at(bench, 'step').click();
  await expect.poll(() => eventsShown(bench)).toBe(before + 10);
  await bench.shot('3-paused');
  await at(bench, 'speed').selectOption('max');
  await at(bench, 'toggle').click();
  await expect(at(bench, 'state')).toHaveText('Finished');
  await bench.shot('4-finished');

  // The live charts by keys alone.
  const chart = at(bench, 'chart-cwnd').locator('.chart');
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  await expect(at(bench, 'chart-cwnd').locator('[data-test="chart-said"]')).toHaveText(/^[\d.]+ s: f1 [\d.]+ /);
  await page.keyboard.press('+');
  await expect(page.getByRole('button', { name: 'Show all time' })).toBeVisible();
  await bench.shot('4-keys');
  await page.keyboard.press('Home');
  await expect(page.getByRole('button', { name: 'Show all time' })).toBeHidden();
  await page.keyboard.press('Escape');

  await page.locator('.vue-flow__edge[data-id="bottleneck"] .vue-flow__edge-interaction').dispatchEvent('click');
  await expect(page.getByRole('heading', { name: 'Link' })).toBeVisible();
  await bench.shot('5-link');
  const limit = field(bench, 'Limit').first();
  // Half a text survives the redraw that another field's change makes.
  await limit.fill('1');
  await page.evaluate(() => {
    const rate = document.querySelector<HTMLInputElement>('.form [placeholder*="10Mbps"], .form input');
    if (rate === null) return;
    rate.value = '11Mbps';
    rate.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await expect(at(bench, 'title')).toHaveText('Dumbbell, four senders •');
  await expect(limit).toHaveValue('1');
  await limit.press('Escape');
  await expect(limit).toHaveValue('50p');
  await at(bench, 'undo').click();
  await limit.fill('10p');
  await limit.press('Enter');
  await expect(at(bench, 'title')).toHaveText('Dumbbell, four senders •');
  await at(bench, 'undo').click();
  await expect(limit).toHaveValue('50p');
  await at(bench, 'redo').click();
  await expect(limit).toHaveValue('10p');
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toHaveText('Finished');

  await page.getByText('Runs', { exact: true }).click();
  await expect(at(bench, 'run-row')).toHaveCount(2);
  await at(bench, 'run-row').nth(1).getByRole('checkbox').check();
  await bench.shot('6-runs');
  await page.getByText('Charts', { exact: true }).click();
  await expect(at(bench, 'sources').locator('li')).toHaveCount(2);
  await bench.shot('7-compared');

  await at(bench, 'figure').click();
  await expect(at(bench, 'figure-preview')).toBeVisible();
  await bench.shot('8-figure');
  const pdf = join(bench.dataFolder, 'cwnd.pdf');
  await answerSave(bench, pdf);
  await at(bench, 'save-pdf').click();
  await expect.poll(() => existsSync(pdf)).toBe(true);
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  for (const format of ['svg', 'png', 'csv'] as const) {
    const path = join(bench.dataFolder, `cwnd.${format}`);
    await answerSave(bench, path);
    await at(bench, `save-${format}`).click();
    await expect.poll(() => existsSync(path)).toBe(true);
  }
  await page.getByRole('button', { name: 'Close', exact: true }).click();
  await at(bench, 'theme').click();
  await bench.shot('9-dark');
  await bench.app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setSize(900, 640);
  });
  await bench.shot('9b-narrow');
  await page.getByTitle('Start page').click();
  await bench.shot('9c-start-narrow');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('the digest of the window is the digest of the command line', async () => {
  const bench = await launch();
  await at(bench, 'gallery-dumbbell').click();
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toHaveText('Finished');
  const digest = await bench.page.evaluate(async () => {
    const reply = await window.lab.call('runs.list', undefined);
    return reply.ok ? reply.value[0]?.digest : undefined;
  });
  const table = readFileSync(join(__dirname, '../reference/digests.csv'), 'utf8');
  expect(
    table
      .split('\n')
      .find((row) => row.startsWith('dumbbell,'))
      ?.split(',')[2],
  ).toBe(digest);
  await bench.close();
});

test('a scenario with problems is marked, listed and cannot run; mending it makes it run', async () => {
  const bench = await launch();
  const { page } = bench;
  await at(bench, 'gallery-lossy-link').click();
  await enter(bench, 'Duration', '0s');
  await expect(page.getByText('1 problem')).toBeVisible();
  await expect(at(bench, 'run')).toBeDisabled();
  await bench.shot('10-problem');
  await enter(bench, 'Duration', '2s');
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toHaveText('Finished');
  await bench.close();
});

test('a thousand flows at 1 Gb/s: opened, drawn as a whole, run live, paused', async () => {
  const bench = await launch();
  const path = join(bench.dataFolder, 'thousand.json');
  const scenario = dumbbellScenario({
    flows: 1000,
    rateBps: 1e9,
    delayNs: 1e7,
    durationNs: 60e9,
    sack: true,
    seed: 1,
  }) as Scenario;
  writeFileSync(path, JSON.stringify({ ...scenario, probes: undefined }));
  await bench.app.evaluate(({ dialog }, file) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
  }, path);
  await bench.page.getByRole('button', { name: 'Open…' }).click();
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toHaveText('Running');
  await expect(at(bench, 'chart-cwnd').locator('.legend button')).toHaveCount(8);
  await at(bench, 'toggle').click();
  await expect(at(bench, 'state')).toHaveText('Paused');
  await bench.shot('12-thousand');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});
