// What a plan of a thousand short runs costs in the window: a measurement, not a test. It prints, beside the wall time, what each process
// spent and how long the window's tasks took. CONTRIBUTING says how it is run; ODONATA_BENCH_PLAN names a file for the plan, so that
// `odonata sweep` can run the same.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'playwright/test';
import { answerOpen, at, command } from './hands';
import { launch, type Workbench } from './launch';

const ROOT = join(__dirname, '../..');
const TICKS_PER_SECOND = 100;

test.skip(process.env['ODONATA_BENCH'] === undefined, 'measures, and asserts nothing');

/** The ready plan with short runs. */
function shortRuns(): string {
  const plan = JSON.parse(readFileSync(join(ROOT, 'plans/limited-transmit.json'), 'utf8')) as Record<string, object>;
  return JSON.stringify({ ...plan, replications: 125, scenario: { ...plan['scenario'], duration: '20s' } });
}

/** CPU seconds so far, by what the process is for. */
async function cpuSeconds(bench: Workbench): Promise<Map<string, number>> {
  const processes = await bench.app.evaluate(({ app }) =>
    app.getAppMetrics().map(({ pid, type, serviceName, name }) => ({
      pid,
      name: `${type} ${name ?? ''} ${serviceName ?? ''}`.trim(),
    })),
  );
  return new Map(
    processes.flatMap(({ pid, name }) => {
      const path = `/proc/${String(pid)}/stat`;
      // One that has just ended keeps what was read before.
      if (!existsSync(path)) return [];
      const stat = readFileSync(path, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      return [[`${name} ${String(pid)}`, (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND] as const];
    }),
  );
}

test('a thousand short runs', async () => {
  test.setTimeout(600_000);
  const bench = await launch();
  await at(bench, 'gallery-dumbbell').click();
  await command(bench, 'panel.experiments');
  const path = join(bench.dataFolder, 'plan.json');
  writeFileSync(path, shortRuns());
  if (process.env['ODONATA_BENCH_PLAN'] !== undefined) writeFileSync(process.env['ODONATA_BENCH_PLAN'], shortRuns());
  await answerOpen(bench, path);
  await at(bench, 'plan-open').click();
  await expect(at(bench, 'plan-cost')).toContainText('1,000 runs');
  const before = await cpuSeconds(bench);
  await bench.page.evaluate(() => {
    // Not frames: whoever asks for each of them makes the window draw all of them.
    const tasks: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(Math.round(duration));
    }).observe({ type: 'longtask' });
    Object.assign(window, { longTasks: tasks });
  });
  const began = Date.now();
  await at(bench, 'experiment-run-all').click();
  let after = before;
  // Asked for by the page itself: what Playwright's own waiting costs in the page is more than what is measured.
  while (
    !(await bench.page.evaluate(() =>
      document.querySelector('[data-test="experiment-progress"]')?.textContent.startsWith('Finished'),
    ))
  ) {
    after = new Map([...after, ...(await cpuSeconds(bench))]);
    await bench.page.waitForTimeout(500);
  }
  const seconds = (Date.now() - began) / 1000;
  after = new Map([...after, ...(await cpuSeconds(bench))]);
  const tasks = await bench.page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks);
  console.log(
    `wall ${seconds.toFixed(1)} s; tasks of the window above 50 ms: ${tasks.sort((a, b) => b - a).join(', ')}`,
  );
  for (const [name, spent] of after) console.log(`  ${name}: ${(spent - (before.get(name) ?? 0)).toFixed(2)} CPU s`);
  await bench.close();
});
