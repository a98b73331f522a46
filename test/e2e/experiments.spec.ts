// The Experiments place: from a ready plan to a figure with confidence intervals in a few clicks; plans made by picking parameters on
// the topology; pause, stop, resume, killed workers and a killed program; and that every number on the screen is in the files.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { Streams } from '../../core/engine';
import { expandPlan, type PlanDocument, readPlan, WHOLE } from '../../core/experiment';
import { ExperimentStore, RunLibrary } from '../../core/store';
import { version } from '../../package.json';
import { answerOpen, answerSave, at, command, pickFirstLink, resize } from './hands';
import { launch, type Workbench } from './launch';

const ROOT = join(__dirname, '../..');
const fresh = (): string => mkdtempSync(join(tmpdir(), 'odonata-e2e-'));

async function showExperiments(bench: Workbench): Promise<void> {
  await command(bench, 'panel.experiments');
  await expect(at(bench, 'experiments-panel')).toBeVisible();
}

/** Process ids of workers that run. */
function workers(bench: Workbench): Promise<number[]> {
  return bench.app.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter(({ name, serviceName }) => `${name ?? ''} ${serviceName ?? ''}`.includes('odonata worker'))
      .map(({ pid }) => pid),
  );
}

/** A plan of many runs, each of some tenths of a second. */
function longPlan(replications: number, duration = '600s'): string {
  const plan = JSON.parse(readFileSync(join(ROOT, 'plans/limited-transmit.json'), 'utf8')) as Record<string, object>;
  return JSON.stringify({ ...plan, replications, scenario: { ...plan['scenario'], duration } });
}

async function openPlan(bench: Workbench, text: string): Promise<void> {
  const path = join(bench.dataFolder, 'plan.json');
  writeFileSync(path, text);
  await answerOpen(bench, path);
  await at(bench, 'plan-open').click();
  await expect(at(bench, 'plan-editor')).toBeVisible();
}

const progress = (bench: Workbench): Promise<string> => at(bench, 'experiment-progress').innerText();

async function runsDone(bench: Workbench): Promise<number> {
  return Number(/: ([\d,]+) of/.exec(await progress(bench))?.[1]?.replaceAll(',', '') ?? 0);
}

/** Rows of a CSV file without quoted fields, by column. */
function csv(path: string): Record<string, string>[] {
  const [head, ...rows] = readFileSync(path, 'utf8').trimEnd().split('\n');
  const names = head!.split(',');
  return rows.map((row) => Object.fromEntries(row.split(',').map((field, index) => [names[index]!, field])));
}

/** Texts of all rows of the table of runs, however many are in the page at a time. */
async function allRuns(bench: Workbench): Promise<string[][]> {
  return at(bench, 'experiment-rows').evaluate(async (box) => {
    const seen = new Map<string, string[]>();
    for (let top = 0; top <= box.scrollHeight; top += 150) {
      box.scrollTop = top;
      await new Promise((resolve) => setTimeout(resolve, 60));
      for (const row of box.querySelectorAll('[data-test="experiment-run"]'))
        seen.set(
          row.getAttribute('aria-rowindex') ?? '',
          // After the button for its packets.
          [...row.children].slice(1).map((cell) => cell.textContent.trim()),
        );
    }
    return [...seen.values()];
  });
}

test('from a ready plan to a figure with intervals: few clicks, every number in the files', async () => {
  test.setTimeout(180_000);
  const bench = await launch();
  const { page } = bench;
  let clicks = 0;
  const click = async (name: string): Promise<void> => {
    clicks += 1;
    await at(bench, name).click();
  };
  const began = Date.now();
  await click('gallery-dumbbell');
  clicks += 1;
  await page.locator('.dv-tab', { hasText: 'Experiments' }).click();
  await expect(at(bench, 'plan-cards')).toBeVisible();
  await bench.shot('x1-cards');
  await click('ready-plan-limited-transmit');
  await expect(at(bench, 'plan-cost')).toContainText('80 runs at 8 points');
  await bench.shot('x2-plan');
  await click('experiment-run-all');
  await expect(at(bench, 'experiment-chart')).toBeVisible({ timeout: 60_000 });
  await bench.shot('x3-running');
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 80 of 80 runs', { timeout: 100_000 });
  const figure = join(bench.dataFolder, 'timeouts.pdf');
  await answerSave(bench, figure);
  await click('experiment-save-pdf');
  await expect.poll(() => existsSync(figure)).toBe(true);
  console.log(`from a ready plan to a figure: ${String(clicks)} clicks, ${((Date.now() - began) / 1000).toFixed(0)} s`);
  expect(clicks).toBeLessThan(10);
  await bench.shot('x4-finished');

  // Means and their intervals.
  const summary = join(bench.dataFolder, 'summary.csv');
  await answerSave(bench, summary);
  await at(bench, 'all-digits').check();
  await at(bench, 'save-table-summary').click();
  await expect.poll(() => existsSync(summary)).toBe(true);
  await bench.shot('x5-points-all-digits');
  const cells = csv(summary);
  const means = await at(bench, 'experiment-mean').allInnerTexts();
  const intervals = await at(bench, 'experiment-interval').allInnerTexts();
  expect(means.length).toBeGreaterThanOrEqual(4 * 4);
  means.forEach((text, index) => {
    expect(text).toBe(cells[index]!['mean']);
    expect(intervals[index]).toBe(`${cells[index]!['mean_low']!} … ${cells[index]!['mean_high']!}`);
  });

  // Every value of every run.
  const results = join(bench.dataFolder, 'results.csv');
  await answerSave(bench, results);
  await at(bench, 'experiment-view-runs').click();
  await at(bench, 'save-table-results').click();
  await expect.poll(() => existsSync(results)).toBe(true);
  const values = new Map<string, string[]>();
  for (const { point, replication, seed, limitedTransmit, loss, value } of csv(results)) {
    const key = [point, limitedTransmit, loss, replication, seed].join();
    values.set(key, [...(values.get(key) ?? []), value!]);
  }
  const runs = await allRuns(bench);
  expect(runs).toHaveLength(80);
  for (const row of runs) expect(values.get([...row.slice(0, 4), row.at(-1)].join())).toEqual(row.slice(4, -1));
  await bench.shot('x6-runs');
  await at(bench, 'all-digits').uncheck();
  await expect(at(bench, 'experiment-value').nth(1)).toHaveText(/^[\d.]+ m?s$/);

  await at(bench, 'experiment-view-effects').click();
  await expect(at(bench, 'experiment-comparison')).toHaveCount(16);
  await expect(at(bench, 'experiment-anova').first()).toContainText('Limited Transmit');
  await bench.shot('x7-effects');
  await at(bench, 'experiment-view-verdicts').click();
  await expect(at(bench, 'experiment-verdict')).toContainText('at most 0');
  await expect(at(bench, 'experiment-view-verdicts')).toContainText('pass');
  await at(bench, 'experiment-chart-choice').selectOption('timeouts-difference');
  await bench.shot('x8-reference');
  await at(bench, 'experiment-chart-choice').selectOption('timeouts');

  // What is drawn is what is saved.
  const drawn = join(bench.dataFolder, 'drawn.csv');
  await answerSave(bench, drawn);
  await at(bench, 'experiment-save-csv').click();
  await expect.poll(() => existsSync(drawn)).toBe(true);
  expect(readFileSync(drawn, 'utf8')).toContain(cells[0]!['mean']);

  await command(bench, 'app.theme');
  await bench.shot('x9-dark');
  await at(bench, 'tab-plan').click();
  await bench.shot('x10-dark-plan');
  await resize(bench, 900, 640);
  await command(bench, 'app.maximize');
  await bench.shot('x11-narrow-dark-plan');
  await at(bench, 'tab-results').click();
  await command(bench, 'app.theme');
  await bench.shot('x12-narrow');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('a plan is made by picking parameters on the topology, undone, saved, and run by the command line unchanged', async () => {
  const bench = await launch();
  await at(bench, 'gallery-lossy-link').click();
  await at(bench, 'vary-sack').click();
  await expect(at(bench, 'factor')).toHaveCount(1);
  await expect(at(bench, 'factor-levels')).toHaveValue('off, on');
  await expect(at(bench, 'vary-sack')).toHaveAttribute('aria-pressed', 'true');
  await pickFirstLink(bench);
  await at(bench, 'vary-delay').first().click();
  await expect(at(bench, 'factor')).toHaveCount(2);
  await bench.shot('x20-picking');
  await expect(at(bench, 'plan-cost')).toContainText('60 runs at 6 points');
  await at(bench, 'plan-undo').click();
  await expect(at(bench, 'factor')).toHaveCount(1);
  await at(bench, 'plan-redo').click();
  await expect(at(bench, 'factor')).toHaveCount(2);

  // A level that the scenario refuses is told beside its field, with what would be right.
  const levels = at(bench, 'factor-levels').nth(1);
  const before = await levels.inputValue();
  expect(before).toMatch(/^[\d.]+ms, [\d.]+ms, [\d.]+ms$/);
  await levels.fill('10ms, tenms');
  await levels.press('Tab');
  await expect(at(bench, 'factor').nth(1).locator('[data-test="plan-problem"]')).toContainText('tenms');
  await expect(at(bench, 'experiment-run-all')).toBeDisabled();
  await bench.shot('x21-problem');
  await levels.fill('10ms, 20ms');
  await levels.press('Tab');
  // The plan is judged meanwhile; what is being typed stays.
  await at(bench, 'replications').fill('2');
  await expect(at(bench, 'plan-cost')).toContainText('40 runs at 4 points');
  await expect(at(bench, 'replications')).toHaveValue('2');
  await at(bench, 'replications').press('Tab');
  await expect(at(bench, 'plan-cost')).toContainText('8 runs at 4 points');
  await at(bench, 'measure-name').fill('link/');
  await at(bench, 'measure-name').fill('nowhere/else');
  await at(bench, 'measure-name').press('Enter');
  await expect(at(bench, 'measure').last().locator('[data-test="plan-problem"]')).toBeVisible();
  await command(bench, 'edit.undo');
  await expect(at(bench, 'plan-cost')).toContainText('8 runs at 4 points');

  const path = join(bench.dataFolder, 'picked.json');
  await answerSave(bench, path);
  await at(bench, 'plan-save').click();
  await expect.poll(() => existsSync(path)).toBe(true);
  await at(bench, 'experiment-run-all').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 8 of 8 runs', { timeout: 60_000 });
  const results = join(bench.dataFolder, 'results.csv');
  await answerSave(bench, results);
  await at(bench, 'experiment-view-runs').click();
  await at(bench, 'save-table-results').click();
  await expect.poll(() => existsSync(results)).toBe(true);
  const out = join(bench.dataFolder, 'swept');
  const node = process.env['npm_node_execpath'] ?? 'node';
  const swept = spawnSync(node, [join(ROOT, 'build/odonata.mjs'), 'sweep', path, '--out', out], { encoding: 'utf8' });
  expect(swept.status).toBe(0);
  expect(readFileSync(join(out, 'results.csv'), 'utf8')).toBe(readFileSync(results, 'utf8'));

  // In the library, as a bundle, and back.
  await command(bench, 'panel.runs');
  await expect(at(bench, 'run-row').first()).toContainText('8 runs');
  await at(bench, 'run-row').first().click();
  await bench.shot('x22-library');
  const bundle = join(bench.dataFolder, 'one.odonata');
  await answerSave(bench, bundle);
  await at(bench, 'run-export').click();
  await expect.poll(() => existsSync(bundle)).toBe(true);
  await at(bench, 'run-remove').click();
  await expect(at(bench, 'run-row')).toHaveCount(0);
  await answerOpen(bench, bundle);
  await at(bench, 'runs-import').click();
  await expect(at(bench, 'run-row')).toHaveCount(1);
  await expect(at(bench, 'run-row').first()).toContainText('finished');
  await at(bench, 'run-row').first().click();
  await at(bench, 'open-experiment').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 8 of 8 runs');
  await expect(at(bench, 'experiment-chart')).toBeVisible();
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('an experiment is paused, resumed, stopped and gone on with; a killed worker fails one run, which is tried again', async () => {
  test.setTimeout(180_000);
  const bench = await launch();
  await at(bench, 'gallery-dumbbell').click();
  await showExperiments(bench);
  await openPlan(bench, longPlan(10));
  await at(bench, 'experiment-run-all').click();
  await expect.poll(() => runsDone(bench), { timeout: 40_000 }).toBeGreaterThan(1);
  await at(bench, 'experiment-pause').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Paused');
  // What has begun ends, and then nothing more does.
  const settled = async (): Promise<number> => {
    for (let before = -1; ;) {
      const now = await runsDone(bench);
      if (now === before) return now;
      before = now;
      await bench.page.waitForTimeout(3000);
    }
  };
  const paused = await settled();
  expect(paused).toBeLessThan(80);
  await bench.shot('x30-paused');
  await at(bench, 'experiment-resume').click();
  await expect.poll(() => runsDone(bench), { timeout: 20_000 }).toBeGreaterThan(paused);

  const [victim] = await workers(bench);
  expect(victim).toBeDefined();
  process.kill(victim!, 'SIGKILL');
  await expect(at(bench, 'experiment-progress')).toContainText('1 failed', { timeout: 20_000 });
  await at(bench, 'experiment-view-runs').click();
  await bench.shot('x31-failed');
  await at(bench, 'experiment-stop').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Interrupted');
  await expect.poll(() => workers(bench)).toEqual([]);
  const stopped = await runsDone(bench);
  await at(bench, 'experiment-resume').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 80 of 80 runs', { timeout: 120_000 });
  expect(await progress(bench)).not.toContain('failed');
  expect(stopped).toBeLessThan(80);
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('killing the program loses no finished run: the experiment is in the library as interrupted, and goes on', async () => {
  test.setTimeout(180_000);
  const folder = fresh();
  const first = await launch(folder);
  await at(first, 'gallery-dumbbell').click();
  await showExperiments(first);
  await openPlan(first, longPlan(12));
  await at(first, 'experiment-run-all').click();
  await expect.poll(() => runsDone(first), { timeout: 40_000 }).toBeGreaterThan(3);
  const done = await runsDone(first);
  first.app.process().kill('SIGKILL');
  const second = await launch(folder);
  await at(second, 'gallery-dumbbell').click();
  await command(second, 'panel.runs');
  await expect(at(second, 'run-row').first()).toContainText('interrupted');
  await at(second, 'run-row').first().click();
  await expect(at(second, 'run-details')).toContainText('can be resumed');
  await second.shot('x40-interrupted');
  await at(second, 'open-experiment').click();
  await expect.poll(() => runsDone(second)).toBeGreaterThanOrEqual(done);
  await second.shot('x41-resumable');
  await at(second, 'experiment-resume').click();
  await expect(at(second, 'experiment-progress')).toContainText('Finished: 96 of 96 runs', { timeout: 120_000 });
  expect(second.complaints).toEqual([]);
  await second.close();
});

test('a queue and the presence of a flow are picked as wholes, edited level by level, and named in tables and charts', async () => {
  const bench = await launch();
  await at(bench, 'gallery-lossy-link').click();
  await bench.page.locator('button.flow').first().click();
  await at(bench, 'vary-presence').click();
  await expect(at(bench, 'factor-levels')).toHaveValue('with, without');
  await at(bench, 'vary-presence').click();
  await expect(at(bench, 'factor')).toHaveCount(0);
  await pickFirstLink(bench);
  await at(bench, 'vary-queue').first().click();
  await expect(at(bench, 'whole-level')).toHaveCount(3);
  await expect(at(bench, 'whole-kind').nth(1)).toHaveValue('is red');
  await expect(at(bench, 'vary-queue').first()).toHaveAttribute('aria-pressed', 'true');

  // The name of a level, and a field of its kind.
  await at(bench, 'whole-label').nth(1).fill('RED, gentle');
  await at(bench, 'whole-label').nth(1).press('Tab');
  const red = at(bench, 'whole-level').nth(1);
  const threshold = red.locator('label', { hasText: 'Upper threshold' }).locator('input');
  await threshold.fill('many');
  await threshold.press('Tab');
  await expect(red.locator('[data-test="plan-problem"]')).toContainText('many');
  await expect(at(bench, 'experiment-run-all')).toBeDisabled();
  await bench.shot('x50-whole-problem');
  await threshold.fill('20');
  await threshold.press('Tab');
  await expect(red.locator('[data-test="plan-problem"]')).toHaveCount(0);
  await at(bench, 'whole-kind').nth(2).selectOption('unchanged');
  await expect(at(bench, 'whole-label').nth(2)).toHaveValue('unchanged');
  await at(bench, 'whole-more').click();
  await expect(at(bench, 'whole-level')).toHaveCount(4);
  await at(bench, 'plan-undo').click();
  await expect(at(bench, 'whole-level')).toHaveCount(3);

  // No loss, which is what the scenario has, and both models of chance.
  await at(bench, 'vary-loss').first().click();
  await expect(at(bench, 'whole-level')).toHaveCount(6);
  await expect(at(bench, 'whole-kind').nth(3)).toHaveValue('none');
  await at(bench, 'replications').fill('2');
  await at(bench, 'replications').press('Tab');
  await expect(at(bench, 'plan-cost')).toContainText('18 runs at 9 points');
  await bench.shot('x51-whole-levels');
  await at(bench, 'experiment-run-all').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 18 of 18 runs', { timeout: 60_000 });
  await expect(at(bench, 'experiment-point').filter({ hasText: 'RED, gentle' })).toHaveCount(3);
  const drawn = join(bench.dataFolder, 'drawn.csv');
  await answerSave(bench, drawn);
  await at(bench, 'experiment-save-csv').click();
  await expect.poll(() => existsSync(drawn)).toBe(true);
  expect(readFileSync(drawn, 'utf8')).toContain('RED, gentle');
  await bench.shot('x52-whole-results');
  await at(bench, 'tab-plan').click();
  await command(bench, 'app.theme');
  await bench.shot('x53-whole-dark');
  await resize(bench, 900, 640);
  await command(bench, 'app.maximize');
  await bench.shot('x54-whole-narrow-dark');
  await command(bench, 'app.theme');
  await bench.shot('x55-whole-narrow');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

/** Whether the library's database, or its log, holds this text. */
function isKept(folder: string, text: string): boolean {
  const files = readdirSync(folder).filter((name) => name.startsWith('odonata.db'));
  return files.some((name) => statSync(join(folder, name)).isFile() && readFileSync(join(folder, name)).includes(text));
}

test('a plan that was not saved is there again after the program was killed, with its scenario, until it is saved', async () => {
  const folder = fresh();
  const first = await launch(folder);
  await at(first, 'gallery-lossy-link').click();
  await at(first, 'vary-sack').click();
  await at(first, 'plan-name').fill('Not saved yet');
  await at(first, 'plan-name').press('Tab');
  await expect.poll(() => isKept(folder, 'Not saved yet')).toBe(true);
  first.app.process().kill('SIGKILL');
  const second = await launch(folder);
  await expect(at(second, 'plan-name')).toHaveValue('Not saved yet');
  await expect(at(second, 'factor-levels')).toHaveValue('off, on');
  await expect(at(second, 'plan-cost')).toContainText('runs at 2 points');
  await second.shot('x60-recovered');
  const path = join(folder, 'saved.json');
  await answerSave(second, path);
  await at(second, 'plan-save').click();
  await expect.poll(() => existsSync(path)).toBe(true);
  // What is saved is forgotten a moment later.
  await second.page.waitForTimeout(3000);
  second.app.process().kill('SIGKILL');
  const third = await launch(folder);
  await expect(at(third, 'gallery-lossy-link')).toBeVisible();
  await expect(at(third, 'plan-name')).toHaveCount(0);
  expect(third.complaints).toEqual([]);
  await third.close();
});

test('a plan that names its scenario, which names a workload, runs as on the command line; a missing file is told', async () => {
  const folder = fresh();
  for (const name of ['plans', 'scenarios']) mkdirSync(join(folder, name));
  const { scenario, ...plan } = JSON.parse(readFileSync(join(ROOT, 'plans/limited-transmit.json'), 'utf8')) as Omit<
    PlanDocument,
    'scenario'
  > & { scenario: { traffic: Record<string, unknown>[] } };
  const { id, from, to } = scenario.traffic[0]!;
  const traffic = [{ id, kind: 'replay', from, to, file: 'workload.csv' }];
  const path = join(folder, 'plans/replay.json');
  const measures = [{ name: 'retransmits', summary: `/flows/${String(id)}/retransmits` }];
  const references = { scenario: '../scenarios/replay.json', reference: undefined };
  writeFileSync(path, JSON.stringify({ ...plan, replications: 1, measures, ...references }));
  writeFileSync(join(folder, 'scenarios/replay.json'), JSON.stringify({ ...scenario, duration: '10s', traffic }));

  const bench = await launch();
  await at(bench, 'gallery-dumbbell').click();
  await showExperiments(bench);
  await answerOpen(bench, path);
  await at(bench, 'plan-open').click();
  await expect(bench.page.locator('.toast, [role="alert"]').filter({ hasText: 'workload.csv' })).toContainText(
    '"workload.csv" cannot be read',
  );
  await bench.shot('x70-missing-workload');
  writeFileSync(join(folder, 'scenarios/workload.csv'), '0,40000\n2,40000\n4,40000\n');
  await at(bench, 'plan-open').click();
  await expect(at(bench, 'plan-cost')).toContainText('8 runs at 8 points');
  await at(bench, 'experiment-run-all').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 8 of 8 runs', { timeout: 60_000 });
  const results = join(folder, 'results.csv');
  await answerSave(bench, results);
  await at(bench, 'experiment-view-runs').click();
  await at(bench, 'save-table-results').click();
  await expect.poll(() => existsSync(results)).toBe(true);
  const node = process.env['npm_node_execpath'] ?? 'node';
  const out = join(folder, 'swept');
  const swept = spawnSync(node, [join(ROOT, 'build/odonata.mjs'), 'sweep', path, '--out', out], { encoding: 'utf8' });
  expect(swept.status).toBe(0);
  const rows = csv(join(out, 'results.csv'));
  expect(new Set(rows.map(({ digest }) => digest)).size).toBeGreaterThan(1);
  expect(csv(results)).toEqual(rows);

  // The scenario by itself has its workload as well.
  await answerOpen(bench, join(folder, 'scenarios/replay.json'));
  await command(bench, 'file.open');
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toHaveText('Finished');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('a second experiment waits for its turn, may be cancelled, and begins when the first one ends', async () => {
  test.setTimeout(180_000);
  const bench = await launch();
  await at(bench, 'gallery-dumbbell').click();
  await showExperiments(bench);
  await openPlan(bench, longPlan(50));
  await at(bench, 'experiment-run-all').click();
  await expect.poll(() => runsDone(bench), { timeout: 40_000 }).toBeGreaterThan(0);
  await at(bench, 'tab-plan').click();
  await at(bench, 'plan-name').fill('Second');
  await at(bench, 'plan-name').press('Tab');
  await at(bench, 'replications').fill('1');
  await at(bench, 'replications').press('Tab');
  const start = async (): Promise<void> => {
    await expect(at(bench, 'plan-cost')).toContainText('8 runs at 8 points');
    await at(bench, 'experiment-run-all').click();
    await expect(at(bench, 'experiment-progress')).toContainText('Waiting until another experiment has ended');
  };
  await start();
  await bench.shot('x80-waiting');
  await at(bench, 'experiment-cancel').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Interrupted: 0 of 8 runs');
  // One that was cancelled gets in line again, as a new one does.
  await at(bench, 'experiment-resume').click();
  await expect(at(bench, 'experiment-cancel')).toBeVisible();
  await command(bench, 'panel.runs');
  await expect(at(bench, 'run-row')).toHaveCount(2);
  await at(bench, 'run-row').filter({ hasText: 'Limited Transmit' }).click();
  await at(bench, 'open-experiment').click();
  await expect(at(bench, 'experiment-stop')).toBeVisible();
  await at(bench, 'experiment-stop').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Interrupted');
  await command(bench, 'panel.runs');
  await at(bench, 'run-row').filter({ hasText: 'Second' }).click();
  await at(bench, 'open-experiment').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 8 of 8 runs', { timeout: 60_000 });
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('an experiment in line stands as waiting in Runs; killed there it says that it never began, and is gone on with', async () => {
  test.setTimeout(180_000);
  const folder = fresh();
  const first = await launch(folder);
  await at(first, 'gallery-dumbbell').click();
  await showExperiments(first);
  await openPlan(first, longPlan(50));
  await at(first, 'experiment-run-all').click();
  await expect.poll(() => runsDone(first), { timeout: 40_000 }).toBeGreaterThan(0);
  await at(first, 'tab-plan').click();
  await at(first, 'plan-name').fill('Second');
  await at(first, 'plan-name').press('Tab');
  await at(first, 'replications').fill('1');
  await at(first, 'replications').press('Tab');
  await expect(at(first, 'plan-cost')).toContainText('8 runs at 8 points');
  await at(first, 'experiment-run-all').click();
  await expect(at(first, 'experiment-progress')).toContainText('Waiting until another experiment has ended');

  await command(first, 'panel.runs');
  const second = at(first, 'run-row').filter({ hasText: 'Second' });
  await expect(second.locator('.state')).toHaveText('waiting');
  await expect(at(first, 'run-row').filter({ hasText: 'Limited Transmit' }).locator('.state')).toHaveText('running');
  await second.click();
  await expect(at(first, 'run-waits')).toContainText('begins when the experiment that is going on has ended');
  await expect(at(first, 'run-details')).toContainText('In line since');
  await expect(at(first, 'run-remove')).toBeDisabled();
  await expect(at(first, 'run-remove')).toHaveAttribute('title', /waits for its turn/);
  await first.shot('x81-waiting-in-runs');
  await at(first, 'runs-state').selectOption('running');
  await expect(at(first, 'run-row')).toHaveCount(1);
  await at(first, 'runs-state').selectOption('waiting');
  await expect(at(first, 'run-row')).toHaveCount(1);
  await expect(at(first, 'run-row')).toContainText('Second');
  await command(first, 'app.theme');
  await resize(first, 900, 640);
  await first.page.waitForTimeout(400);
  await first.shot('x82-waiting-dark-narrow');

  first.app.process().kill('SIGKILL');
  // With the plan that was not saved.
  const bench = await launch(folder);
  await expect(at(bench, 'plan-name')).toHaveValue('Second');
  await command(bench, 'panel.runs');
  const row = at(bench, 'run-row').filter({ hasText: 'Second' });
  await expect(row.locator('.state')).toHaveText('interrupted');
  await row.click();
  await expect(at(bench, 'run-details')).toContainText('it never began, and can be resumed');
  await bench.shot('x83-never-began');
  await at(bench, 'open-experiment').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Interrupted: 0 of 8 runs');
  await at(bench, 'experiment-resume').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 8 of 8 runs', { timeout: 60_000 });
  await command(bench, 'panel.runs');
  await expect(row.locator('.state')).toHaveText('finished');
  expect(bench.complaints).toEqual([]);
  await bench.close();
});

test('the packets of each run of an experiment are opened by repeating it: the digest is checked, a repetition can be cancelled', async () => {
  test.setTimeout(120_000);
  const bench = await launch();
  await at(bench, 'gallery-dumbbell').click();
  await showExperiments(bench);
  await openPlan(bench, longPlan(2, '20s'));
  await at(bench, 'experiment-run-all').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 16 of 16 runs', { timeout: 60_000 });
  await at(bench, 'experiment-view-runs').click();
  const row = at(bench, 'experiment-run').nth(3);
  await expect(row.getByTitle(/Open packets \(repeats the run, less than 1 s\)/)).toBeEnabled();
  await bench.shot('x90-packets-offered');
  await row.getByRole('button', { name: 'Open packets of point 2, replication 2' }).click();
  const strip = at(bench, 'repetition');
  await expect(strip).toContainText('was repeated exactly: both have the digest', { timeout: 30_000 });
  await expect(strip).toContainText(/point 2 \(.+ = .+, .+ = .+\), replication 2, seed \d+/);
  await expect(at(bench, 'packet-row').first()).toBeVisible();
  await bench.shot('x91-packets-of-a-run');
  // From the keyboard another one; nothing becomes a run of the library.
  await showExperiments(bench);
  await at(bench, 'experiment-rows').focus();
  await bench.page.keyboard.press('End');
  await bench.page.keyboard.press('Enter');
  await expect(strip).toContainText('point 8', { timeout: 30_000 });
  await expect(strip).toContainText('was repeated exactly', { timeout: 30_000 });
  await command(bench, 'panel.runs');
  await expect(at(bench, 'run-row')).toHaveCount(1);
  expect(bench.complaints).toEqual([]);
  await bench.close();

  // A run whose repetition takes long, and whose digest is not what is stored.
  const other = await launch(madeUpExperiment(1, '36000s'));
  await at(other, 'gallery-dumbbell').click();
  await command(other, 'panel.runs');
  await at(other, 'run-row').first().click();
  await at(other, 'open-experiment').click();
  await at(other, 'experiment-view-runs').click();
  await at(other, 'experiment-packets').first().click();
  const news = at(other, 'repetition');
  await expect(news).toContainText('is repeated with its packets recorded');
  await command(other, 'app.theme');
  await resize(other, 900, 640);
  await other.page.waitForTimeout(400);
  await other.shot('x92-repeating-dark-narrow');
  await showExperiments(other);
  await expect(at(other, 'experiment-packets').first()).toBeDisabled();
  await other.shot('x93-rows-dark-narrow');
  await at(other, 'repetition-cancel').click();
  await expect(news).toContainText('the digest was not checked', { timeout: 30_000 });
  await expect(at(other, 'experiment-packets').first()).toBeEnabled();
  expect(other.complaints).toEqual([]);
  await other.close();
});

/** A library with one experiment of eight points, made up but whole. */
function madeUpExperiment(replications: number, duration: string): string {
  const folder = fresh();
  const { scenario, ...rest } = JSON.parse(
    readFileSync(join(ROOT, 'plans/limited-transmit.json'), 'utf8'),
  ) as PlanDocument;
  const document = { ...rest, scenario: { ...(scenario as object), duration }, replications };
  const read = readPlan(document, 'plan');
  if (!read.ok) throw new Error('the plan has problems');
  const library = new RunLibrary(folder);
  const runId = '20261126-120000-0001';
  const row = { runId, kind: 'experiment', name: 'Large', scenario: 's', seed: 1, status: 'running' } as const;
  const path = library.begin(
    { ...row, startedAt: 1, durationNs: 0 },
    JSON.stringify(document.scenario),
    JSON.stringify(document),
  );
  const store = new ExperimentStore(path);
  store.begin(read.value, { plan: JSON.stringify(document), programVersion: version }, WHOLE);
  const random = new Streams(1).named('values');
  const values = (): number[] => [random.integer(100), random.integer(2e9), random.integer(130), random.uniform()];
  store.addAll(
    expandPlan(read.value).map(({ point, replication, seed }) => ({
      point: point.number,
      replication,
      seed,
      outcome: { status: 'finished', values: values(), digest: 'd', events: 1, wallSeconds: 0.01 },
    })),
  );
  store.close();
  library.close();
  return folder;
}

test('ten thousand runs open, and scroll with only those in sight in the page', async () => {
  const bench = await launch(madeUpExperiment(1250, '20s'));
  await at(bench, 'gallery-dumbbell').click();
  await command(bench, 'panel.runs');
  await at(bench, 'run-row').first().click();
  const began = Date.now();
  await at(bench, 'open-experiment').click();
  await expect(at(bench, 'experiment-progress')).toContainText('Finished: 10,000 of 10,000 runs');
  await expect(at(bench, 'experiment-chart')).toBeVisible();
  const openedMs = Date.now() - began;
  await at(bench, 'experiment-view-runs').click();
  await expect(at(bench, 'experiment-run').first()).toBeVisible();
  const scroll = (): Promise<number> =>
    at(bench, 'experiment-rows').evaluate(
      (box) =>
        new Promise<number>((resolve) => {
          const times: number[] = [];
          const step = (now: number): void => {
            times.push(now);
            box.scrollTop += 400;
            if (now - times[0]! < 700) requestAnimationFrame(step);
            else {
              const gaps = times.slice(1).map((time, index) => time - times[index]!);
              resolve(gaps.sort((a, b) => a - b)[gaps.length >> 1]!);
            }
          };
          requestAnimationFrame(step);
        }),
    );
  let best = Infinity;
  for (let round = 0; round < 5; round += 1) best = Math.min(best, await scroll());
  console.log(
    `ten thousand runs: opened in ${String(openedMs)} ms; a frame of scrolling, median ${best.toFixed(1)} ms`,
  );
  // What makes it so fast: only the rows in sight are in the page, also far down.
  expect(await at(bench, 'experiment-run').count()).toBeLessThan(100);
  expect(bench.complaints).toEqual([]);
  await bench.close();
});
