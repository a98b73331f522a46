// Plans for tests: a small scenario, two factors, two measures; the parts that tests vary.

import { formatProblem } from '../core/base';
import { checkPlan, type DoneRun, type Job, type Outcome, type Plan } from '../core/experiment';

/** A transfer of 20 kB over a lossy link: a few milliseconds of work. */
export function smallScenario(): Record<string, unknown> {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'small',
    duration: '3s',
    nodes: [
      { id: 'a', kind: 'host' },
      { id: 'b', kind: 'host' },
    ],
    links: [
      {
        id: 'l',
        from: 'a',
        to: 'b',
        rate: '2Mbps',
        delay: '10ms',
        queue: { discipline: 'droptail', limit: '20p' },
        loss: { model: 'bernoulli', probability: 0.01 },
      },
    ],
    traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: '20kB' }],
  };
}

export function planDocument(parts: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    format: 'odonata-plan',
    version: 1,
    name: 'test',
    seed: 5,
    scenario: smallScenario(),
    factors: [
      { name: 'loss', pointer: '/links/l/loss/probability', levels: [0, 0.02, 0.05] },
      { name: 'sack', pointer: '/defaults/tcp/sack', levels: [false, true] },
    ],
    replications: 4,
    measures: [
      { name: 'completion', summary: '/flows/f/completionTimeNs' },
      { name: 'retransmits', summary: '/flows/f/retransmits' },
    ],
    ...parts,
  };
}

/** A plan without problems; fails the test when there are any. */
export function planOf(parts: Record<string, unknown> = {}): Plan {
  const checked = checkPlan(planDocument(parts), { file: 'plan' });
  if (!checked.ok) throw new Error(checked.problems.map(formatProblem).join('\n'));
  return checked.value;
}

export function doneRun(job: Job, outcome: Outcome): DoneRun {
  return { point: job.point.number, replication: job.replication, seed: job.seed, outcome };
}

export function finished(...values: (number | null)[]): Outcome {
  return { status: 'finished', values, digest: values.join('/'), events: 1, wallSeconds: 0 };
}
