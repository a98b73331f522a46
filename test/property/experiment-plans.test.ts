// Random plans: expansion is deterministic and complete, shards partition it, and a sweep that is interrupted anywhere and resumed has
// run exactly what one without interruption runs.

import { expect, test } from 'vitest';
import { Streams } from '../../core/engine';
import {
  countedRuns,
  type DoneRun,
  expandPlan,
  type Job,
  type Outcome,
  parsePlan,
  type Plan,
  scenarioOf,
  Schedule,
  shardJobs,
} from '../../core/experiment';
import { doneRun, finished, planDocument, planOf } from '../plans';

const CASES = 60;

function randomParts(seed: number): Record<string, unknown> {
  const stream = new Streams(seed).named('plan');
  const steps = (most: number): number => 1 + stream.integer(most);
  const factors = [
    { name: 'loss', pointer: '/links/l/loss/probability', levels: Array.from({ length: steps(5) }, (_, i) => i / 100) },
    { name: 'sack', pointer: '/defaults/tcp/sack', levels: stream.chance(0.5) ? [false, true] : [true] },
    { name: 'rate', pointer: '/links/l/rate', logRange: { from: '1Mbps', to: '9Mbps', count: 1 + steps(4) } },
  ].slice(0, steps(3));
  const design = stream.chance(0.3) ? { design: { kind: 'latin-hypercube', samples: 1 + steps(12) } } : {};
  const stop = {
    measure: 'completion',
    relativeHalfWidth: 0.05,
    min: 1 + stream.integer(3),
    max: 4 + stream.integer(6),
  };
  return {
    seed: stream.integer(1e9),
    factors,
    ...design,
    seeds: stream.chance(0.5) ? 'common' : 'independent',
    ...(stream.chance(0.4) ? { stop, replications: undefined } : { replications: steps(6) }),
  };
}

const idsOf = (jobs: readonly Job[]): string[] => jobs.map(({ id }) => id);

function outcomeOf({ seed, point }: Job): Outcome {
  return finished(100 + (seed % 40) + point.number, seed % 3);
}

function carryOn(plan: Plan, before: readonly DoneRun[], stopAfter: number): DoneRun[] {
  const schedule = new Schedule(plan, undefined, before);
  const runs = [...before];
  for (let done = 0; done < stopAfter; done += 1) {
    const job = schedule.next();
    if (job === undefined) break;
    runs.push(doneRun(job, outcomeOf(job)));
    schedule.record(job, runs.at(-1)!.outcome);
  }
  return runs;
}

test.each(Array.from({ length: CASES }, (_, index) => index + 1))('plan %i', (seed) => {
  const parts = randomParts(seed);
  const plan = planOf(parts);
  const jobs = expandPlan(plan);
  // All of it, once.
  expect(new Set(idsOf(jobs)).size).toBe(plan.points.length * plan.replications);
  expect(new Set(jobs.slice(0, plan.points.length).map(({ point }) => point.number)).size).toBe(plan.points.length);
  // The same again, from text too.
  const again = parsePlan(JSON.stringify(planDocument(parts)), 'again');
  if (!again.ok) throw new Error('a plan that was right is wrong as text');
  const told = (of: Plan): unknown[] => expandPlan(of).map((job) => [job.id, job.seed, scenarioOf(of, job)]);
  expect(told(again.value)).toEqual(told(plan));
  // Any number of shards partitions it.
  for (const of of [1, 2, 3, 7]) {
    const shards = Array.from({ length: of }, (_, index) => idsOf(shardJobs(plan, { index: index + 1, of })));
    expect(shards.flat().sort()).toEqual(idsOf(jobs).sort());
  }
  // Interrupted anywhere, any number of times.
  const whole = countedRuns(plan, carryOn(plan, [], Infinity));
  const stream = new Streams(seed).named('interruptions');
  let runs: DoneRun[] = [];
  while (!new Schedule(plan, undefined, runs).finished) runs = carryOn(plan, runs, 1 + stream.integer(8));
  expect(countedRuns(plan, runs)).toEqual(whole);
  expect(new Set(runs.map(({ point, replication }) => `${String(point)}/${String(replication)}`)).size).toBe(
    runs.length,
  );
});
