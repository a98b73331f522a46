// A sweep, timed. Beside the runs as they ran in their processes, each of which has to compile the simulator first, there are the same
// runs one after another in one warm process.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BadInput } from '../base';
import { carryOut, checkPlan, expandPlan, type Job, type Plan, type StartWorker } from '../experiment';
import { ExperimentStore } from '../store';
import { World } from '../world';
import type { SpareWorkers, WorkerUsage } from './fork-worker';
import { runSweep } from './run-sweep';
import { VERSION } from './version';

export interface SweepSize {
  readonly runs: number;
  /** Of these, different points. */
  readonly points: number;
  readonly jobs: number;
  /** Virtual time of each run. */
  readonly duration: string;
}

/** Runs of the reference before it is timed: by then the program is compiled. */
const WARM_RUNS = 50;

export async function timeSweep(size: SweepSize, workers: SpareWorkers): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-bench-'));
  try {
    const { plan, ...sweep } = await timedSweep(size, folder, workers);
    const warmSeconds = runsAlone(plan);
    const runs = plan.points.length * plan.replications;
    const cpuSeconds = sweep.parentSeconds + sweep.workersSeconds;
    return {
      runs,
      points: plan.points.length,
      jobs: size.jobs,
      runMs: (1000 * warmSeconds) / runs,
      cpuSeconds,
      cpuOverhead: cpuSeconds / sweep.runsSeconds - 1,
      cpuOverWarm: cpuSeconds / warmSeconds - 1,
      warmSeconds,
      ...sweep,
      wallOverhead: (sweep.wallSeconds * size.jobs) / sweep.runsWallSeconds - 1,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface TimedSweep {
  readonly plan: Plan;
  readonly parentSeconds: number;
  readonly workersSeconds: number;
  /** Of the workers', inside of runs. */
  readonly runsSeconds: number;
  readonly wallSeconds: number;
  /** Sum over the runs of the wall time of each in its process. */
  readonly runsWallSeconds: number;
}

/** Call first in a process: its start is part of the cost. */
async function timedSweep(size: SweepSize, folder: string, workers: SpareWorkers): Promise<TimedSweep> {
  const checked = checkPlan(planOf(size), { file: 'benchmark' });
  if (!checked.ok) throw new BadInput(checked.problems);
  const plan = checked.value;
  const usages: WorkerUsage[] = [];
  const startWorker: StartWorker = (events) => {
    const index = usages.push({ cpuSeconds: 0, runsSeconds: 0 }) - 1;
    return workers.start(events, (usage) => (usages[index] = usage));
  };
  const store = new ExperimentStore(folder);
  store.begin(plan, { plan: JSON.stringify(plan.document), programVersion: VERSION }, { index: 1, of: 1 });
  const { runs } = await runSweep(plan, store, {
    shard: { index: 1, of: 1 },
    concurrency: size.jobs,
    startWorker,
    out: folder,
    command: 'odonata bench sweep',
  });
  store.close();
  const { user, system } = process.cpuUsage();
  return {
    plan,
    parentSeconds: (user + system) / 1e6,
    workersSeconds: usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    runsSeconds: usages.reduce((sum, { runsSeconds }) => sum + runsSeconds, 0),
    wallSeconds: performance.now() / 1000,
    runsWallSeconds: runs.reduce((sum, { outcome }) => sum + outcome.wallSeconds, 0),
  };
}

/** CPU seconds of all runs of a plan in this process, without anything around them. */
function runsAlone(plan: Plan): number {
  const jobs = expandPlan(plan);
  for (const job of jobs.slice(0, WARM_RUNS)) runAlone(plan, job);
  const before = process.cpuUsage();
  for (const job of jobs) runAlone(plan, job);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

function runAlone(plan: Plan, job: Job): void {
  const outcome = carryOut(plan, job, {
    build: (scenario) => new World(scenario),
    now: () => performance.now() / 1000,
    look: () => undefined,
  });
  if (outcome.status === 'failed') throw new Error(outcome.reason);
}

/** Pages over a lossy path under two variants, as in plans/limited-transmit.json. */
function planOf({ runs, points, duration }: SweepSize): unknown {
  return {
    format: 'odonata-plan',
    version: 1,
    name: 'Benchmark: sweep',
    scenario: {
      format: 'odonata-scenario',
      version: 1,
      name: 'Short transfers over a lossy path',
      duration,
      defaults: { tcp: { sack: false, initialWindow: 'rfc3390', limitedTransmit: true } },
      nodes: [
        { id: 'server', kind: 'host' },
        { id: 'client', kind: 'host' },
      ],
      links: [
        {
          id: 'path',
          from: 'server',
          to: 'client',
          rate: '10Mbps',
          delay: '50ms',
          queue: { discipline: 'droptail', limit: '100p' },
          loss: { model: 'bernoulli', probability: 0.02 },
          reverse: { loss: { model: 'bernoulli', probability: 0 } },
        },
      ],
      traffic: [
        {
          id: 'pages',
          kind: 'web',
          from: 'server',
          to: 'client',
          arrivals: { process: 'poisson', rate: 2 },
          size: '40kB',
        },
      ],
      probes: [],
    },
    factors: [
      { name: 'limitedTransmit', pointer: '/defaults/tcp/limitedTransmit', levels: [false, true] },
      {
        name: 'loss',
        pointer: '/links/path/loss/probability',
        range: { from: 0.01, to: 0.05, step: 0.04 / (points / 2 - 1) },
      },
    ],
    replications: Math.max(1, Math.round(runs / points)),
    measures: [
      { name: 'timeouts', summary: '/flows/pages/rtoCount' },
      { name: 'completion', summary: '/flows/pages/completionTimes/meanNs' },
      { name: 'queue', probe: 'link/path/queue', statistic: 'mean' },
    ],
    compare: { factor: 'limitedTransmit', baseline: 'false' },
  };
}
