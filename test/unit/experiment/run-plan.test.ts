// Running a plan: which runs there are and in which order, when a point has enough of them, and what comes of crashes and pauses.

import { describe, expect, test } from 'vitest';
import {
  carryOut,
  countedRuns,
  type DoneRun,
  expandPlan,
  type Job,
  jobOf,
  scenarioOf,
  type Outcome,
  type Plan,
  PlanRun,
  Schedule,
  shardJobs,
  summarisePlan,
  type WorkerEvents,
  type WorkerOrder,
  WorkerPool,
} from '../../../core/experiment';
import type { ResolvedScenario } from '../../../core/scenario';
import { World } from '../../../core/world';
import { doneRun, finished, planOf, smallScenario } from '../../plans';
import { runDocument } from '../../worlds';

const surroundings = {
  build: (scenario: ResolvedScenario) => new World(scenario),
  now: () => 0,
  look: () => undefined,
};

const idsOf = (jobs: readonly Job[]): string[] => jobs.map(({ id }) => id);

describe('jobs', () => {
  test('every point comes before any comes twice, and the first points are far apart', () => {
    const plan = planOf({
      factors: [
        { name: 'rate', pointer: '/links/l/rate', range: { from: '1Mbps', to: '9Mbps', step: '1Mbps' } },
        { name: 'loss', pointer: '/links/l/loss/probability', range: { from: 0, to: 0.08, step: 0.01 } },
      ],
      replications: 2,
    });
    const jobs = expandPlan(plan);
    expect(new Set(idsOf(jobs)).size).toBe(162);
    expect(jobs.slice(0, 81).every(({ replication }) => replication === 1)).toBe(true);
    const firstNine = jobs.slice(0, 9).map(({ point }) => point.place);
    for (const corner of [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
      [0.5, 0.5],
    ])
      expect(firstNine).toContainEqual(corner);
    // No two of the first nine are neighbours.
    for (const [index, a] of firstNine.entries())
      for (const b of firstNine.slice(index + 1))
        expect(Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!)).toBeGreaterThan(0.35);
  });

  test('common seeds: a replication has the same seed at every point, another one another', () => {
    const plan = planOf();
    const jobs = expandPlan(plan);
    const seeds = new Map<number, Set<number>>();
    for (const { replication, seed } of jobs) seeds.set(replication, (seeds.get(replication) ?? new Set()).add(seed));
    expect([...seeds.values()].map((set) => set.size)).toEqual([1, 1, 1, 1]);
    expect(new Set(jobs.map(({ seed }) => seed)).size).toBe(4);
    for (const job of jobs) expect(scenarioOf(plan, job)).toMatchObject({ seed: job.seed });
  });

  test('independent seeds: every run has its own; none depends on how many there are', () => {
    const few = expandPlan(planOf({ seeds: 'independent' }));
    expect(new Set(few.map(({ seed }) => seed)).size).toBe(24);
    const more = new Map(
      expandPlan(planOf({ seeds: 'independent', replications: 9 })).map(({ id, seed }) => [id, seed]),
    );
    for (const { id, seed } of few) expect(more.get(id)).toBe(seed);
  });

  test('pairs meet the same losses: what does not reach the sender is the same at both points', () => {
    const plan = planOf({
      factors: [{ name: 'limitedTransmit', pointer: '/defaults/tcp/limitedTransmit', levels: [false, true] }],
      measures: [
        { name: 'packets', summary: '/links/l/forward/packets' },
        { name: 'drops', summary: '/links/l/forward/drops' },
      ],
    });
    // Without a loss that Limited Transmit could act on, the two points are the same run.
    const pairs = [1, 2, 3, 4, 5, 6].map((replication) =>
      [1, 2].map((point) => runDocument(scenarioOf(plan, jobOf(plan, point, replication)))),
    );
    const clean = pairs.filter(([off]) => off!.links[0]!.drops === 0);
    expect(clean.length).toBeGreaterThan(1);
    for (const [off, on] of clean) expect(on!.digest).toBe(off!.digest);
    expect(new Set(clean.map(([off]) => off!.digest)).size).toBe(clean.length);
    const other = planOf({ ...plan.document, seeds: 'independent' });
    expect(jobOf(other, 1, 1).seed).not.toBe(jobOf(other, 2, 1).seed);
  });
});

describe('a run', () => {
  test('has the digest of its scenario run by itself, and the numbers of its summary', () => {
    const plan = planOf({
      measures: [
        { name: 'completion', summary: '/flows/f/completionTimeNs' },
        { name: 'drops', summary: '/links/l/forward/drops' },
        { name: 'all', summary: '/links/*/packets', over: 'sum' },
        { name: 'queue', probe: 'link/l/queue', statistic: 'mean' },
        { name: 'peak', probe: 'link/l/queue', statistic: 'max' },
      ],
    });
    const job = jobOf(plan, 4, 2);
    const summary = runDocument(scenarioOf(plan, job));
    const outcome = carryOut(plan, job, surroundings);
    if (outcome.status !== 'finished') throw new Error(outcome.reason);
    expect(outcome.digest).toBe(summary.digest);
    const [forward, reverse] = summary.links;
    expect(outcome.values).toEqual([
      summary.flows[0]!.completionTimeNs,
      forward!.drops,
      forward!.packets + reverse!.packets,
      // The world's own mean over time is another computation of the same.
      expect.closeTo(forward!.queueMeanPackets, 9),
      forward!.queueMaxPackets,
    ]);
  });

  test('that has no such value says so; one that breaks says why', () => {
    const plan = planOf({ scenario: { ...smallScenario(), duration: '10ms' } });
    expect(carryOut(plan, jobOf(plan, 1, 1), surroundings)).toMatchObject({ status: 'finished', values: [null, 0] });
    const broken = carryOut(plan, jobOf(plan, 1, 1), {
      ...surroundings,
      build: () => {
        throw new Error('no memory');
      },
    });
    expect(broken).toMatchObject({ status: 'failed', reason: 'no memory' });
  });

  test('leaves the warm-up out of statistics over time', () => {
    const plan = (remove: string): Plan =>
      planOf({
        factors: [],
        scenario: { ...smallScenario(), traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: '20kB' }] },
        measures: [{ name: 'peak', probe: 'link/l/queue', statistic: 'max' }],
        warmUp: { remove },
      });
    const peak = (remove: string): number => {
      const one = plan(remove);
      const outcome = carryOut(one, jobOf(one, 1, 1), surroundings);
      return outcome.status === 'finished' ? outcome.values[0]! : Number.NaN;
    };
    expect(peak('0s')).toBeGreaterThan(1);
    // The transfer is long over.
    expect(peak('2.9s')).toBe(0);
  });
});

describe('the stopping rule', () => {
  const ruled = planOf({
    replications: undefined,
    stop: { measure: 'completion', relativeHalfWidth: 0.1, min: 3, max: 12 },
  });

  /** Values whose spread falls with the replication, differently at each point. */
  function outcomeAt(job: Job): Outcome {
    const spread = job.point.number / job.replication;
    return finished(100 + spread * (job.replication % 2 === 0 ? 8 : -8), 0);
  }

  function runAll(concurrency: number, shuffle: (jobs: Job[]) => Job): DoneRun[] {
    const schedule = new Schedule(ruled);
    const running: Job[] = [];
    const runs: DoneRun[] = [];
    for (;;) {
      while (running.length < concurrency) {
        const job = schedule.next();
        if (job === undefined) break;
        running.push(job);
      }
      if (running.length === 0) break;
      const job = shuffle(running);
      running.splice(running.indexOf(job), 1);
      runs.push(doneRun(job, outcomeAt(job)));
      schedule.record(job, runs.at(-1)!.outcome);
    }
    expect(schedule.finished).toBe(true);
    return runs;
  }

  test('the runs that count are the same whatever goes on at once and ends first', () => {
    const alone = countedRuns(
      ruled,
      runAll(1, (jobs) => jobs[0]!),
    );
    const perPoint = ruled.points.map(({ number }) => alone.filter(({ point }) => point === number).length);
    // 92, 104, 97.3 and 102 have an interval of ± 8.6 about 98.8; without the fourth it is ± 15.
    expect(perPoint[0]).toBe(4);
    expect(Math.max(...perPoint)).toBeGreaterThan(4);
    for (const [concurrency, pick] of [
      [2, 0],
      [3, -1],
      [16, -1],
      [40, 0],
    ] as const)
      expect(
        countedRuns(
          ruled,
          runAll(concurrency, (jobs) => jobs.at(pick)!),
        ),
      ).toEqual(alone);
  });

  test('alone it runs not one more than it needs, and no point more than the most', () => {
    const runs = runAll(1, (jobs) => jobs[0]!);
    expect(countedRuns(ruled, runs)).toHaveLength(runs.length);
    expect(Math.max(...runs.map(({ replication }) => replication))).toBeLessThanOrEqual(12);
  });

  test('a point is in one shard as a whole', () => {
    const parts = [1, 2, 3].map((index) => shardJobs(ruled, { index, of: 3 }));
    for (const part of parts) expect(new Set(part.map(({ point }) => point.number)).size * 12).toBe(part.length);
    expect(idsOf(parts.flat()).sort()).toEqual(idsOf(expandPlan(ruled)).sort());
  });
});

describe('the pool', () => {
  /** Workers that die at some jobs, and answer the others when told. */
  function pool(plan: Plan, dies: (order: { point: number; replication: number }) => boolean) {
    let started = 0;
    const workers = new WorkerPool(
      plan,
      (events: WorkerEvents) => {
        started += 1;
        let alive = true;
        return {
          post: (order: WorkerOrder) => {
            if (order.type === 'plan') return;
            queueMicrotask(() => {
              if (!alive) return;
              if (dies(order)) {
                alive = false;
                events.onEnd('signal SIGKILL');
              } else events.onOutcome(finished(order.point, order.replication));
            });
          },
          kill: () => {
            alive = false;
          },
        };
      },
      2,
      () => () => undefined,
    );
    return { workers, started: () => started };
  }

  test('a run that is not done in the time of the plan is ended, and fails with that reason; the others go on', async () => {
    const plan = planOf({ timeout: '60s' });
    const alarms = new Set<() => void>();
    const waits: number[] = [];
    const workers = new WorkerPool(
      plan,
      (events: WorkerEvents) => ({
        post: (order: WorkerOrder) => {
          if (order.type === 'plan') return;
          if (order.point === 2 && order.replication === 3) return;
          queueMicrotask(() => {
            events.onOutcome(finished(order.point, order.replication));
          });
        },
        kill: () => {
          events.onEnd('signal SIGKILL');
        },
      }),
      2,
      (ms, call) => {
        waits.push(ms);
        alarms.add(call);
        return () => alarms.delete(call);
      },
    );
    const runs: DoneRun[] = [];
    const run = new PlanRun(new Schedule(plan), workers.runOne, { concurrency: 2, onRun: (done) => runs.push(done) });
    const ended = run.run();
    await new Promise((resolve) => setTimeout(resolve, 20));
    // Only the worker that hangs is still watched.
    expect([runs.length, alarms.size, new Set(waits)]).toEqual([23, 1, new Set([60_000])]);
    for (const ring of alarms) ring();
    expect(await ended).toBe('finished');
    expect(runs.filter(({ outcome }) => outcome.status === 'failed')).toMatchObject([
      { point: 2, replication: 3, outcome: { reason: 'it was not done after 60s, the timeout of the plan' } },
    ]);
    expect(alarms.size).toBe(0);
  });

  test('a process that dies fails its run; another one goes on with the rest', async () => {
    const plan = planOf();
    const { workers, started } = pool(plan, ({ point, replication }) => point === 2 && replication === 3);
    const runs: DoneRun[] = [];
    const run = new PlanRun(new Schedule(plan), workers.runOne, { concurrency: 4, onRun: (done) => runs.push(done) });
    expect(await run.run()).toBe('finished');
    expect(runs).toHaveLength(24);
    const failed = runs.filter(({ outcome }) => outcome.status === 'failed');
    expect(failed).toMatchObject([
      { point: 2, replication: 3, outcome: { reason: 'its process ended: signal SIGKILL' } },
    ]);
    // Two at first, and one instead of the one that died; what waited in that one was run elsewhere.
    expect(started()).toBe(3);
    const summary = summarisePlan(plan, runs);
    expect(summary.failures).toHaveLength(1);
    expect(summary.cells.filter(({ failed: count }) => count > 0).map(({ point }) => point.number)).toEqual([2, 2]);
  });

  test('pause starts nothing more, resume goes on, stop ends at once', async () => {
    const plan = planOf();
    const { workers } = pool(plan, () => false);
    const runs: DoneRun[] = [];
    const run = new PlanRun(new Schedule(plan), workers.runOne, {
      concurrency: 2,
      onRun: (done) => {
        runs.push(done);
        if (runs.length === 5) run.pause();
        if (runs.length === 20) run.stop();
      },
    });
    const ended = run.run();
    await new Promise((resolve) => setTimeout(resolve, 20));
    // One more was going on.
    expect(runs).toHaveLength(6);
    run.resume();
    expect(await ended).toBe('stopped');
    expect(runs).toHaveLength(20);
  });

  test('a store that cannot keep a run ends the plan with its error', async () => {
    const plan = planOf();
    const { workers } = pool(plan, () => false);
    const run = new PlanRun(new Schedule(plan), workers.runOne, {
      concurrency: 2,
      onRun: () => {
        throw new Error('the disk is full');
      },
    });
    await expect(run.run()).rejects.toThrow('the disk is full');
  });
});

test('the summary compares pairs, knows what is missing, and its digest notices any change of a value', () => {
  const plan = planOf({ compare: { factor: 'sack', baseline: false } });
  const value = ({ point, replication }: Job): Outcome =>
    finished(replication === 4 && point.number === 1 ? null : 10 * point.number + replication, 7);
  const runs = expandPlan(plan).map((job) => doneRun(job, value(job)));
  const summary = summarisePlan(plan, runs);
  expect(summary.cells[0]).toMatchObject({ missing: 1, failed: 0, values: [11, 12, 13], mean: { estimate: 12 } });
  expect(summary.comparisons).toHaveLength(6);
  // Points 1 and 2 differ in sack only, by 10 in every pair; the pair of replication 4 is incomplete.
  expect(summary.comparisons[0]).toMatchObject({
    count: 3,
    paired: true,
    difference: { estimate: 10, low: 10, high: 10 },
  });
  expect(summarisePlan(plan, [...runs].reverse()).digest).toBe(summary.digest);
  const changed = runs.map((run, index) => (index === 9 ? { ...run, outcome: finished(1, 7) } : run));
  expect(summarisePlan(plan, changed).digest).not.toBe(summary.digest);
  expect(summary.effects[1]!.main.map(({ mean }) => mean.estimate)).toEqual([7, 7, 7, 7, 7]);
});
