// odonata sweep: a plan carried out by a pool of processes, its results in a database that no kill can spoil.

import { availableParallelism } from 'node:os';
import { badInput } from '../base';
import { type DoneRun, judgeReferences, type Plan, resolvedAt, type Shard, type StartWorker } from '../experiment';
import { estimateCost, formatDuration } from '../scenario';
import { ExperimentStore, StoreConflict } from '../store';
import { availableMemory } from './machine';
import { ExitCode, tell } from './output';
import { readPlanFile } from './read-plan';
import { runSweep } from './run-sweep';
import type { SweepOptions } from './sweep';
import { printSweep, printSweepJson } from './sweep-report';
import { VERSION } from './version';

/** A sweep that is expected to take longer is announced. */
const LONG_SECONDS = 60;
const FAILURES_SHOWN = 20;

export interface SweepOrder {
  readonly file: string;
  readonly shard: Shard;
  /** Processes at most; as many as there are processors when undefined. */
  readonly jobs: number | undefined;
  readonly options: SweepOptions;
  readonly startWorker: StartWorker;
}

export async function sweepPlan({ file, shard, jobs, options, startWorker }: SweepOrder): Promise<number> {
  const plan = readPlanFile(file);
  const concurrency = affordable(plan, file, jobs ?? availableParallelism(), options.force === true);
  const store = openStore(plan, shard, options);
  try {
    return await carryOutSweep(plan, store, { file, shard, concurrency, options, startWorker });
  } finally {
    store.close();
  }
}

/** How many runs fit at once; says what a large sweep costs, refuses what does not fit at all. */
function affordable(plan: Plan, file: string, wanted: number, force: boolean): number {
  const costs = plan.points.map((point) => {
    const resolved = resolvedAt(plan, point);
    return resolved.ok ? estimateCost(resolved.value) : { memoryBytes: 0, seconds: 0 };
  });
  const memory = costs.reduce((most, { memoryBytes }) => Math.max(most, memoryBytes), 0);
  const available = availableMemory();
  if (memory > available && !force) {
    const needs = `a run needs about ${String(Math.ceil(memory / 1e6))} MB of memory`;
    throw badInput(
      file,
      `${needs}; ${String(Math.floor(available / 1e6))} MB are free`,
      'make it smaller, or add --force',
    );
  }
  const fitting = force ? wanted : Math.max(1, Math.min(wanted, Math.floor(available / Math.max(1, memory))));
  if (fitting < wanted) tell(`odonata: memory is enough for ${String(fitting)} of ${String(wanted)} runs at once`);
  const seconds = (costs.reduce((sum, cost) => sum + cost.seconds, 0) * plan.replications) / fitting;
  if (seconds > LONG_SECONDS)
    tell(
      `odonata: this sweep needs up to ${formatDuration(Math.round(seconds) * 1e9)} of ${String(fitting)} processes`,
    );
  return fitting;
}

/** The store of this sweep, new or to be gone on with. */
function openStore(plan: Plan, shard: Shard, { out, resume }: SweepOptions): ExperimentStore {
  if (out !== undefined && ExperimentStore.exists(out) && resume !== true)
    throw badInput('--out', `${out} has results already`, 'add --resume to go on with them, or give another folder');
  const store = openedStore(out);
  const origin = { plan: JSON.stringify(plan.document), programVersion: VERSION };
  const before = store.origin();
  const fault =
    before === undefined
      ? undefined
      : workOf(before.plan) !== workOf(origin.plan)
        ? `${out ?? ''} has the results of another plan`
        : before.programVersion !== VERSION
          ? `${out ?? ''} has results of version ${before.programVersion}, this is ${VERSION}`
          : before.shard.index !== shard.index || before.shard.of !== shard.of
            ? `${out ?? ''} has part ${String(before.shard.index)}/${String(before.shard.of)} of the plan`
            : undefined;
  if (fault !== undefined) {
    store.close();
    throw badInput('--resume', fault, 'give another folder with --out');
  }
  if (before === undefined) store.begin(plan, origin, shard);
  return store;
}

/** A plan without what does not change its results: a run that hung may be given more time. */
function workOf(plan: string): string {
  const { timeout, ...work } = JSON.parse(plan) as Plan['document'];
  void timeout;
  return JSON.stringify(work);
}

/** @throws BadInput if somebody else has the folder */
export function openedStore(folder: string | undefined): ExperimentStore {
  try {
    return new ExperimentStore(folder);
  } catch (error) {
    if (!(error instanceof StoreConflict)) throw error;
    throw badInput(folder ?? '', error.message);
  }
}

interface Sweep {
  readonly file: string;
  readonly shard: Shard;
  readonly concurrency: number;
  readonly options: SweepOptions;
  readonly startWorker: StartWorker;
}

async function carryOutSweep(plan: Plan, store: ExperimentStore, sweep: Sweep): Promise<number> {
  const { options, shard, concurrency, startWorker } = sweep;
  const command = commandOf(sweep);
  const work = { shard, concurrency, startWorker, out: options.out, command };
  const { outcome, runs, summary } = await runSweep(plan, store, work);
  if (options.json === true) printSweepJson(plan, summary, outcome);
  else printSweep(plan, summary, options.out);
  const failed = runs.filter((one) => one.outcome.status === 'failed');
  tellFailures(failed);
  if (outcome === 'stopped') tellStopped(sweep, runs.length);
  if (outcome === 'stopped' || failed.length > 0) return ExitCode.failed;
  const verdicts = judgeReferences(plan, summary);
  // What another part of the plan measures is not judged here.
  const held = verdicts.every(({ pass }) => (shard.of === 1 ? pass === true : pass !== false));
  return held ? ExitCode.done : ExitCode.checkFailed;
}

function commandOf({ file, options, shard }: Sweep): string {
  const part = shard.of === 1 ? [] : ['--shard', `${String(shard.index)}/${String(shard.of)}`];
  return ['odonata sweep', file, ...(options.out === undefined ? [] : ['--out', options.out]), ...part].join(' ');
}

function tellFailures(failed: readonly DoneRun[]): void {
  for (const { point, replication, seed, outcome } of failed.slice(0, FAILURES_SHOWN)) {
    const reason = outcome.status === 'failed' ? outcome.reason : '';
    tell(`odonata: point ${String(point)}, replication ${String(replication)}, seed ${String(seed)} failed: ${reason}`);
  }
  if (failed.length > FAILURES_SHOWN) tell(`odonata: and ${String(failed.length - FAILURES_SHOWN)} runs more`);
}

function tellStopped(sweep: Sweep, done: number): void {
  const kept = `stopped after ${String(done)} runs`;
  if (sweep.options.out === undefined) tell(`odonata: ${kept}; with --out they would have been kept`);
  else tell(`odonata: ${kept}; they are kept, and this goes on: ${commandOf(sweep)} --resume`);
}
