// Killing things: a runner in mid-run, and the whole program.

import { expect, test } from 'playwright/test';
import { at, enter, field } from './hands';
import { launch, type Workbench } from './launch';

/** An hour of virtual time can pass in a few seconds: a run that is to be killed has days of it. */
async function startLongRun(bench: Workbench): Promise<void> {
  await at(bench, 'gallery-dumbbell').click();
  await enter(bench, 'Duration', '100h');
  await at(bench, 'run').click();
  await expect
    .poll(async () => Number.parseFloat(await at(bench, 'time').innerText()), { timeout: 30_000 })
    .toBeGreaterThan(30);
}

/** Process ids of runners, as Electron knows them. */
function runnerPids(bench: Workbench): Promise<number[]> {
  return bench.app.evaluate(({ app }) =>
    app
      .getAppMetrics()
      .filter(
        (metric) => metric.type === 'Utility' && (metric.name ?? metric.serviceName ?? '').includes('odonata run'),
      )
      .map(({ pid }) => pid),
  );
}

/** Samples of the latest run that are on disk. */
function samplesKept(bench: Workbench): Promise<number> {
  return bench.page.evaluate(async () => {
    const list = await window.lab.call('runs.list', undefined);
    if (!list.ok) return 0;
    const series = await window.lab.call('runs.series', { runId: list.value[0]!.runId });
    return series.ok ? series.value.reduce((sum, { times }) => sum + times.length, 0) : 0;
  });
}

test('a killed runner is told in the window, and what it had measured stays', async () => {
  const bench = await launch();
  await startLongRun(bench);
  await expect.poll(() => samplesKept(bench)).toBeGreaterThan(0);
  const before = await samplesKept(bench);
  const [pid] = await runnerPids(bench);
  expect(pid).toBeDefined();
  process.kill(pid!, 'SIGKILL');
  await expect(at(bench, 'failure')).toBeVisible();
  await expect(at(bench, 'state')).toHaveText('Failed');
  await bench.shot('11-killed');
  expect(await samplesKept(bench)).toBeGreaterThanOrEqual(before);
  await bench.close();
});

test('after the program is killed the library opens, finished runs are intact and the broken one says so', async () => {
  const bench = await launch();
  await at(bench, 'gallery-explicit-drops').click();
  await at(bench, 'run').click();
  await expect(at(bench, 'state')).toHaveText('Finished');
  await bench.page.getByText('Odonata', { exact: true }).first().click();
  await startLongRun(bench);
  const killed = new Promise((resolve) => bench.app.process().once('exit', resolve));
  process.kill(bench.app.process().pid!, 'SIGKILL');
  await killed;
  const again = await launch(bench.dataFolder);
  const runs = await again.page.evaluate(async () => {
    const list = await window.lab.call('runs.list', undefined);
    if (!list.ok) return [];
    return Promise.all(
      list.value.map(async ({ runId, status, reason, digest }) => {
        const summary = await window.lab.call('runs.summary', { runId });
        return { status, reason, intact: summary.ok && summary.value?.digest === digest && digest !== undefined };
      }),
    );
  });
  expect(runs).toHaveLength(2);
  expect(runs.find(({ status }) => status === 'finished')?.intact).toBe(true);
  expect(runs.find(({ status }) => status === 'failed')?.reason).toContain(
    'the program ended while this run was going on',
  );

  // What was not saved is there again, also after the second kill in a row.
  await expect(field(again, 'Duration')).toHaveValue('100h');
  await again.page.waitForTimeout(3000);
  again.app.process().kill('SIGKILL');
  const third = await launch(bench.dataFolder);
  await expect(field(third, 'Duration')).toHaveValue('100h');
  await third.close();
});
