// Carries a plan out with a pool of processes, each run kept before anybody hears of it; then its statistics and files.

import {
  type DoneRun,
  type Plan,
  PlanRun,
  type PlanSummary,
  Schedule,
  type Shard,
  type StartWorker,
  summarisePlan,
  WorkerPool,
} from '../experiment';
import { type ExperimentStore, writeExperimentFolder } from '../store';
import { setAlarm } from './alarm';
import { startSweepProgress } from './sweep-progress';
import { VERSION } from './version';

export interface SweepWork {
  readonly shard: Shard;
  /** Processes at most. */
  readonly concurrency: number;
  readonly startWorker: StartWorker;
  /** Where its files go, if they are wanted. */
  readonly out: string | undefined;
  /** What repeats it. */
  readonly command: string;
}

export interface SweepResult {
  readonly outcome: 'finished' | 'stopped';
  readonly runs: readonly DoneRun[];
  readonly summary: PlanSummary;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export async function runSweep(plan: Plan, store: ExperimentStore, work: SweepWork): Promise<SweepResult> {
  const { shard, concurrency, startWorker, out, command } = work;
  // What failed is tried again: a process may have been killed for want of memory.
  const runs = store.runs().filter(({ outcome }) => outcome.status === 'finished');
  const schedule = new Schedule(plan, shard, runs);
  const progress = startSweepProgress(plan, schedule, runs);
  const pool = new WorkerPool(plan, startWorker, concurrency, setAlarm);
  const run = new PlanRun(schedule, pool.runOne, {
    // One more run waits in each process, so that none is idle until it hears; a stopping rule may not want it.
    concurrency: plan.stop === undefined ? 2 * concurrency : concurrency,
    onRun: (done: DoneRun) => {
      store.add(done);
      runs.push(done);
      progress.update();
    },
  });
  const stop = (): void => {
    run.stop();
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  let outcome: 'finished' | 'stopped';
  try {
    outcome = await run.run();
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, stop);
    pool.close();
    progress.stop();
  }
  const summary = summarisePlan(plan, runs);
  if (out !== undefined) writeExperimentFolder(out, { plan, summary, programVersion: VERSION, command });
  return { outcome, runs, summary };
}
