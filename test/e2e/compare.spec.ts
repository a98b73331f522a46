// The Compare place: runs chosen in the library or here, side by side with one axis and one cursor; what differs, with and without
// confidence; and all of it in the exports.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect as expectSoon, test } from 'playwright/test';
import { RunLibrary } from '../../core/store';
import { answerSave, at, command, resize } from './hands';
import { launch, type Workbench } from './launch';

/** Runs go on beside the window while this is checked. */
const expect = expectSoon.configure({ timeout: 20_000 });
const ROOT = join(__dirname, '../..');

const MODELS = ['giant', 'mutex', 'pmp'] as const;
const SCENARIO = {
  format: 'odonata-scenario',
  version: 1,
  name: 'A server of two CPUs',
  seed: 1,
  duration: '8ms',
  defaults: { tcp: { sack: true, initialWindow: 'iw10', ephemeralPorts: 'random' }, nic: { rings: 2 } },
  nodes: [
    { id: 'server', kind: 'host', machine: { cpus: 2, profile: 'opteron-1800' }, kernel: { model: 'giant' } },
    { id: 'client', kind: 'host' },
  ],
  links: [
    {
      id: 'wire',
      from: 'server',
      to: 'client',
      rate: '2Gbps',
      delay: '100us',
      queue: { discipline: 'droptail', limit: '60p' },
    },
  ],
  traffic: ['f1', 'f2', 'f3'].map((id) => ({ id, kind: 'bulk', from: 'client', to: 'server' })),
  probes: ['flow/*/cwnd', 'flow/*/throughput', 'link/wire/reverse-queue', 'cpu/server/*/busy'],
};

function odonata(...args: string[]): void {
  const node = process.env['npm_node_execpath'] ?? 'node';
  const { status, stderr } = spawnSync(node, [join(ROOT, 'build/odonata.mjs'), ...args], {
    encoding: 'utf8',
    cwd: ROOT,
  });
  if (status !== 0) throw new Error(stderr);
}

/** A library with a run of each model, one that recorded less, one that failed, and an experiment; all with the seed 1. */
function prepare(): { data: string; bundle: string } {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-compare-'));
  const data = mkdtempSync(join(tmpdir(), 'odonata-e2e-'));
  const scenario = join(folder, 'scenario.json');
  writeFileSync(scenario, JSON.stringify(SCENARIO));
  const plan = join(folder, 'plan.json');
  writeFileSync(
    plan,
    JSON.stringify({
      format: 'odonata-plan',
      version: 1,
      name: 'Models',
      seed: 3,
      scenario: { ...SCENARIO, name: 'Three of them' },
      factors: [{ name: 'model', pointer: '/nodes/server/kernel/model', levels: [...MODELS] }],
      replications: 3,
      measures: [{ name: 'goodput', summary: '/flows/*/goodputBps', over: 'sum' }],
    }),
  );
  for (const model of MODELS)
    odonata(
      ...['run', scenario, '--out', join(folder, model), '--set', `/name="A server, ${model}"`],
      ...['--set', `/nodes/server/kernel/model="${model}"`],
    );
  const blind = ['/name="A server, blind"', '/probes=["flow/*/cwnd"]'].flatMap((set) => ['--set', set]);
  odonata('run', scenario, '--out', join(folder, 'blind'), ...blind);
  odonata('sweep', plan, '--out', join(folder, 'models'));
  const bundle = join(folder, 'four.odonata');
  odonata('bundle', ...[...MODELS, 'blind', 'models'].map((name) => join(folder, name)), '--out', bundle);
  const library = new RunLibrary(data);
  const runId = '20261126-000000-dead';
  const about = { name: 'A server, broken', scenario: 'A server, broken', seed: 1, durationNs: 8e6 };
  library.begin({ runId, ...about, status: 'running', startedAt: 0 }, JSON.stringify(SCENARIO));
  library.end(runId, { status: 'failed', reason: 'the process of this run ended unexpectedly', endedAt: 1 });
  // Two whose replications take minutes.
  for (const name of ['Long, 1', 'Long, 2']) {
    const row = { runId: `20261126-000000-${name.slice(-1)}`, name, scenario: name, seed: 1, durationNs: 600e9 };
    library.begin({ ...row, status: 'running', startedAt: 0 }, JSON.stringify({ ...SCENARIO, name, duration: '600s' }));
    library.end(row.runId, { status: 'finished', digest: '00', endedAt: 1 });
  }
  library.close();
  return { data, bundle };
}

/** The rows of a CSV without quotes, by their heads. */
function rowsOf(path: string): Record<string, string>[] {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index]!, value])));
}

test('runs stand side by side, their differences have confidence once replicated, and all of it is exported', async () => {
  test.setTimeout(240_000);
  const { data, bundle } = prepare();
  const bench = await launch(data);
  const { page } = bench;
  await resize(bench, 1400, 900);
  await bench.app.evaluate(({ dialog }, file) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [file] });
  }, bundle);
  await command(bench, 'bundle.open');
  await expect(at(bench, 'runs-panel')).toBeVisible();
  await command(bench, 'panel.compare');
  await expect(at(bench, 'compare-empty')).toBeVisible();
  await command(bench, 'app.maximize');
  await bench.shot('c1-empty');

  // Chosen in the Runs place, by the keyboard.
  await command(bench, 'panel.runs');
  const rows = at(bench, 'run-row');
  await expect(rows).toHaveCount(8);
  await at(bench, 'runs-search').fill('a server');
  await expect(rows).toHaveCount(5);
  await rows.nth(0).click();
  await rows.nth(1).click({ modifiers: ['Control'] });
  await expect(at(bench, 'run-compare')).toBeEnabled();
  await rows.nth(1).click({ button: 'right' });
  await expect(at(bench, 'run-menu')).toBeVisible();
  await bench.shot('c2-menu');
  await page.keyboard.press('Escape');
  await at(bench, 'run-rows').focus();
  await page.keyboard.press('c');
  await expect(at(bench, 'compare-run')).toHaveCount(2);

  // In the panel: two of the models, and nothing else.
  await at(bench, 'compare-remove').nth(1).click();
  await expect(at(bench, 'compare-one')).toBeVisible();
  await at(bench, 'compare-remove').first().click();
  await at(bench, 'compare-choose').click();
  await choose(bench, ['giant', 'pmp']);
  await expect(at(bench, 'compare-plot-1').first()).toBeVisible();
  await expect(page.getByLabel('Name of run A')).toHaveValue('giant');
  await expect(page.getByLabel('Name of run B')).toHaveValue('pmp');
  await expect(at(bench, 'compare-tab-scenario')).toContainText('1 differ');

  // The cursor of one chart reads all of them.
  const plot = at(bench, 'compare-plot-0').first();
  await plot.hover({ position: { x: 250, y: 80 } });
  await expect(at(bench, 'compare-chart-cwnd').locator('.readings')).toHaveCount(2);
  await page.mouse.wheel(0, -400);
  await expect(at(bench, 'compare-all-time')).toBeVisible();
  await bench.shot('c3-two');
  await at(bench, 'compare-all-time').click();
  await page.mouse.move(5, 5);

  // The same by keys alone, and heard: reading, zooming, moving, and all of it again.
  const chart = plot.locator('.chart');
  await chart.focus();
  await page.keyboard.press('ArrowRight');
  await expect(at(bench, 'compare-chart-cwnd').locator('.readings')).toHaveCount(2);
  await expect(plot.locator('[data-test="chart-said"]')).toHaveText(/^[\d.]+ s: f1 [\d.]+ [kM]?B, f2 /);
  for (const press of ['+', '+', 'Shift+ArrowRight']) await page.keyboard.press(press);
  await expect(plot.locator('[data-test="chart-said"]')).toHaveText(/^Shown from [\d.]+ s to [\d.]+ s$/);
  await expect(at(bench, 'compare-all-time')).toBeVisible();
  await expect(chart).toHaveAccessibleDescription(/plus and minus zoom/i);
  await expect(page.getByText('← → read').first()).toBeVisible();
  await bench.shot('c3-keys');
  await page.keyboard.press('0');
  await expect(at(bench, 'compare-all-time')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(page.locator('.readings')).toHaveCount(0);
  // A line that is hidden is hidden in all runs, and a name that nobody recorded is told.
  await at(bench, 'compare-chart-cwnd').getByRole('button', { name: 'f2' }).click();
  await page.getByLabel('Add a chart or a probe').fill('flow/f9/cwnd');
  await page.keyboard.press('Enter');
  await expect(page.getByText('None of these runs recorded “flow/f9/cwnd”')).toBeVisible();
  await page.locator('.toast button[aria-label="Dismiss"]').last().click();
  await page.getByLabel('Add a chart or a probe').fill('flow/f1/cwnd');
  await page.keyboard.press('Enter');
  await expect(at(bench, 'compare-chart-flow/f1/cwnd')).toBeVisible();
  await bench.shot('c3-hidden');
  await page.getByLabel('Remove chart flow/f1/cwnd').click();
  await at(bench, 'compare-chart-cwnd').getByRole('button', { name: 'f2' }).click();
  await at(bench, 'compare-overlaid').click();
  await bench.shot('c4-overlaid');
  await at(bench, 'compare-side').click();

  // Single runs have no confidence, and it is said.
  await at(bench, 'compare-tab-numbers').click();
  await expect(at(bench, 'compare-basis')).toContainText('Single runs with the same seed: there is no confidence');
  await expect(at(bench, 'compare-only-sure')).toBeDisabled();
  await bench.shot('c5-single');

  // Two more seeds each: pairs.
  await at(bench, 'compare-more').fill('3');
  await at(bench, 'compare-replicate').click();
  await expect(at(bench, 'compare-stop')).toBeVisible();
  await bench.shot('c6-replicating');
  await expect(at(bench, 'compare-basis')).toContainText('In pairs, by 4 common seeds', { timeout: 90_000 });
  await expect(at(bench, 'compare-replicate')).toBeVisible({ timeout: 60_000 });
  await at(bench, 'compare-search').fill('goodput');
  await expect(at(bench, 'compare-number').first()).toBeVisible();
  await bench.shot('c7-paired');

  const csv = join(bench.dataFolder, 'differences.csv');
  await answerSave(bench, csv);
  await at(bench, 'compare-csv').click();
  await expect.poll(() => existsSync(csv)).toBe(true);
  const goodput = rowsOf(csv).filter(({ number }) => number === '/flows/f1/goodputBps');
  expect(goodput.map(({ run, runs, samples, count }) => [run, runs, samples, count])).toEqual([
    ['giant', '4', '', ''],
    ['pmp', '4', 'paired', '4'],
  ]);
  const [giant, pmp] = goodput;
  expect(Number(pmp!['difference'])).toBeCloseTo(Number(pmp!['value']) - Number(giant!['value']), 3);
  expect(Number(pmp!['low'])).toBeLessThan(Number(pmp!['difference']));
  // What the table shows are these numbers, rounded.
  const shown = at(bench, 'compare-number').locator('[role=cell]');
  const titles = await shown.evaluateAll((cells) => cells.map((cell) => cell.getAttribute('title') ?? ''));
  expect(titles).toContain(giant!['value']);
  expect(titles).toContain(pmp!['value']);
  expect(titles.some((title) => title.includes(pmp!['low']!) && title.includes(pmp!['p']!))).toBe(true);
  // The unpaired row sorts last, whichever column is asked for.
  await at(bench, 'compare-search').fill('');
  await at(bench, 'compare-sort-relative-1').click();
  await bench.shot('c8-sorted');
  const shares = await at(bench, 'compare-number').evaluateAll((lines) =>
    lines.map((line) => Math.abs(parseFloat((line.lastElementChild?.textContent ?? '').replace(/[−,]/g, '')))),
  );
  const known = shares.filter((share) => !Number.isNaN(share));
  expect(known.length).toBeGreaterThan(5);
  expect(known).toEqual([...known].sort((a, b) => b - a));

  // Figures in all formats.
  await at(bench, 'compare-tab-charts').click();
  for (const format of ['svg', 'pdf', 'png', 'csv', 'tex']) {
    const path = join(bench.dataFolder, `figure.${format}`);
    await answerSave(bench, path);
    await at(bench, 'compare-save-cwnd').click();
    await at(bench, `compare-save-cwnd-${format}`).click();
    await expect.poll(() => existsSync(path)).toBe(true);
    await at(bench, 'compare-save-cwnd').click();
  }
  const svg = readFileSync(join(bench.dataFolder, 'figure.svg'), 'utf8');
  for (const text of ['>giant<', '>pmp<', '>f1<']) expect(svg).toContain(text);
  expect(readFileSync(join(bench.dataFolder, 'figure.csv'), 'utf8')).toContain('"f1, pmp",');
  expect(readFileSync(join(bench.dataFolder, 'figure.tex'), 'utf8')).toContain('group size=2 by 1');
  writeFileSync(join(ROOT, 'test-results/shots/c9-figure.png'), readFileSync(join(bench.dataFolder, 'figure.png')));

  // Four runs: one that recorded less, one that failed.
  await at(bench, 'compare-add').click();
  await choose(bench, ['blind', 'failed']);
  await expect(at(bench, 'compare-run')).toHaveCount(4);
  await expect(at(bench, 'compare-missing').first()).toBeVisible();
  await bench.shot('c10-four');
  await at(bench, 'compare-tab-numbers').click();
  await bench.shot('c11-four-numbers');
  await at(bench, 'compare-tab-scenario').click();
  await expect(at(bench, 'compare-parameters')).toContainText('/nodes/server/kernel/model');
  await bench.shot('c12-scenario');
  await at(bench, 'compare-tab-charts').click();
  await resize(bench, 700, 700);
  await bench.shot('c13-narrow');
  await command(bench, 'app.theme');
  await resize(bench, 1400, 900);
  await bench.shot('c14-dark');
  await at(bench, 'compare-tab-numbers').click();
  await bench.shot('c15-dark-numbers');

  // Points of an experiment have the replications of its plan.
  while ((await at(bench, 'compare-remove').count()) > 0) await at(bench, 'compare-remove').first().click();
  await at(bench, 'compare-choose').click();
  await page.getByRole('button', { name: 'its points' }).click();
  await at(bench, 'chooser-point').nth(0).check();
  await at(bench, 'chooser-point').nth(2).check();
  await bench.shot('c16-chooser');
  await at(bench, 'chooser-done').click();
  await at(bench, 'compare-tab-numbers').click();
  await expect(at(bench, 'compare-basis')).toContainText('In pairs, by 3 common seeds');
  await expect(at(bench, 'compare-number')).toHaveCount(1);
  await bench.shot('c17-points');

  // Stop ends the replications that go on: what they measured stays, they are `stopped`, and the panel says so.
  while ((await at(bench, 'compare-remove').count()) > 0) await at(bench, 'compare-remove').first().click();
  await at(bench, 'compare-choose').click();
  await choose(bench, ['Long, 1', 'Long, 2']);
  await at(bench, 'compare-tab-numbers').click();
  await at(bench, 'compare-more').fill('3');
  await at(bench, 'compare-replicate').click();
  await at(bench, 'compare-stop').click();
  await expect(at(bench, 'compare-replicated')).toContainText('in Runs as stopped', { timeout: 60_000 });
  await expect(at(bench, 'compare-replicated')).toContainText('Stopped. 0 of 6 replications finished');
  await bench.shot('c18-stopped');
  await command(bench, 'panel.runs');
  await at(bench, 'runs-search').fill('long');
  const stopped = rows.filter({ hasText: 'stopped' });
  await expect(stopped.first()).toBeVisible();
  await expect(rows.filter({ hasText: 'failed' })).toHaveCount(0);
  await expect.poll(() => Number(existsSync(join(bench.dataFolder, 'runs')))).toBe(1);
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

/** Checks runs in the chooser by the model or the state that finds them, and compares. */
async function choose(bench: Workbench, wanted: readonly string[]): Promise<void> {
  for (const word of wanted) {
    await at(bench, 'chooser-search').fill(word);
    await at(bench, 'compare-chooser').locator('label', { hasText: word }).getByRole('checkbox').check();
  }
  await at(bench, 'chooser-done').click();
}
