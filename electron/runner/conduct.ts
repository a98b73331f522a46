// Conducts an experiment: owns its folder and its results, says which run comes next, sums up, and tells the window over a port. Worker
// processes run; main starts them and writes down how it ended. Stays until main ends it, so that an experiment that is not going
// on can be looked at, resumed and exported.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatProblem } from '../../core/base';
import {
  type DoneRun,
  jobOf,
  type Plan,
  PlanRun,
  readPlan,
  Schedule,
  scenarioOf,
  WHOLE,
  WorkerPool,
} from '../../core/experiment';
import { ExperimentFile, ExperimentStore, StoreConflict } from '../../core/store';
import { version } from '../../package.json';
import type { ExperimentCommand, ExperimentState, RepeatableRun, RunPlace } from '../ipc';
import { PoolProcesses } from './pool-processes';
import { ResultsTeller } from './tell-results';

/** What main tells this process. */
export type ConductorOrder =
  | {
      readonly type: 'conduct';
      readonly folder: string;
      /** Processes that run at once. */
      readonly size: number;
      /** Begins when it is its turn; else it is shown as it is. */
      readonly begin: boolean;
    }
  /** It is its turn. */
  | { readonly type: 'begin' }
  /** A port to the window comes with it. */
  | { readonly type: 'window' }
  | { readonly type: 'worker-started'; readonly worker: number }
  | { readonly type: 'worker-ended'; readonly worker: number; readonly reason: string };

/** What it tells main. */
export type ConductorReport =
  | { readonly type: 'start-worker'; readonly id: number }
  | { readonly type: 'kill-worker'; readonly id: number }
  /** It would begin when it is its turn; or it left the line, and is as it was before. */
  | { readonly type: 'wants' }
  | { readonly type: 'wants-no-more'; readonly outcome: 'finished' | 'stopped'; readonly reason?: string }
  | { readonly type: 'going-on' }
  | { readonly type: 'progress'; readonly done: number; readonly most: number }
  | {
      readonly type: 'ended';
      readonly outcome: 'finished' | 'stopped';
      readonly done: number;
      readonly most: number;
      readonly digest: string;
      /** What a person should know of it. */
      readonly reason?: string;
    };

interface GoingOn {
  readonly schedule: Schedule;
  readonly run: PlanRun;
  readonly pool: WorkerPool;
  readonly store: ExperimentStore;
}

const NEVER_BEGAN = 'it was taken out of the line before its turn came: it never began, and can be resumed';
/** Main writes progress down so often. */
const MAIN_HEARS_MS = 2000;

export class Conductor {
  private readonly plan: Plan;
  private readonly runs: DoneRun[] = [];
  private readonly processes: PoolProcesses;
  private readonly teller: ResultsTeller;
  private state: ExperimentState = 'stopped';
  private schedule: Schedule;
  private goingOn: GoingOn | undefined;
  private mainHeardAt = 0;
  /** Version of the program that ran the runs; no other goes on with them. */
  private readonly madeBy: string = version;

  constructor(
    private readonly folder: string,
    private readonly size: number,
    private readonly tellMain: (report: ConductorReport) => void,
  ) {
    this.plan = planIn(folder);
    this.processes = new PoolProcesses(tellMain);
    this.teller = new ResultsTeller(this.plan, this.runs, folder);
    if (ExperimentStore.exists(folder)) {
      const store = new ExperimentStore(folder);
      this.runs.push(...store.runs());
      this.madeBy = store.origin()?.programVersion ?? version;
      store.close();
    }
    this.schedule = new Schedule(this.plan, WHOLE, this.runs);
    this.tellMain({ type: 'progress', done: this.schedule.done, most: this.schedule.most });
    this.changeState(this.schedule.finished ? 'finished' : 'stopped');
  }

  attach(port: Electron.MessagePortMain): void {
    port.on('message', ({ data }) => {
      this.command(data as ExperimentCommand);
    });
    port.on('close', () => {
      this.teller.detach(port);
    });
    port.start();
    this.teller.attach(port);
  }

  heard(order: ConductorOrder, port: Electron.MessagePortMain | undefined): void {
    if (order.type === 'window' && port !== undefined) this.attach(port);
    else if (order.type === 'begin' && this.state === 'waiting') this.begin();
    else if (order.type === 'worker-started' || order.type === 'worker-ended') this.processes.heard(order, port);
  }

  private command(order: ExperimentCommand): void {
    const { goingOn } = this;
    const { type } = order;
    if (type === 'tell-run') this.teller.toldRun(order, this.repeatable(order));
    else if (type === 'heard') this.teller.heard();
    else if (type === 'write') this.teller.write();
    else if (type === 'resume' && goingOn === undefined) this.want();
    else if (type === 'stop' && this.state === 'waiting') this.wantNoMore(undefined);
    else if (goingOn === undefined) return;
    else if (type === 'stop') goingOn.run.stop();
    else if (type === 'pause') {
      goingOn.run.pause();
      this.changeState('paused');
    } else if (this.state === 'paused') {
      goingOn.run.resume();
      this.changeState('running');
    }
  }

  /** How a run is repeated; undefined for one that has not ended well. */
  private repeatable({ point, replication }: RunPlace): RepeatableRun | undefined {
    const run = this.runs.find((one) => one.point === point && one.replication === replication);
    if (run?.outcome.status !== 'finished') return undefined;
    const scenario = JSON.stringify(scenarioOf(this.plan, jobOf(this.plan, point, replication)), undefined, 2);
    return { scenario, seed: run.seed, digest: run.outcome.digest, madeBy: this.madeBy };
  }

  /** Asks main for its turn. */
  want(): void {
    this.changeState('waiting');
    this.tellMain({ type: 'wants' });
  }

  /** @param fault why it could not begin, unless a person did not want it any more */
  private wantNoMore(fault: string | undefined): void {
    const outcome = this.schedule.finished ? 'finished' : 'stopped';
    this.changeState(outcome);
    const reason = fault ?? this.failures() ?? (this.runs.length === 0 ? NEVER_BEGAN : undefined);
    this.tellMain({ type: 'wants-no-more', outcome, ...(reason === undefined ? {} : { reason }) });
  }

  /** Starts, or goes on with what is missing; what failed is tried again. */
  private begin(): void {
    const store = this.openStore();
    if (typeof store === 'string') {
      this.wantNoMore(store);
      return;
    }
    const kept = this.runs.filter(({ outcome }) => outcome.status === 'finished');
    const isFewer = kept.length < this.runs.length;
    this.runs.splice(0, this.runs.length, ...kept);
    const schedule = (this.schedule = new Schedule(this.plan, WHOLE, kept));
    const pool = new WorkerPool(this.plan, this.processes.start, this.size, (ms, call) => {
      const timer = setTimeout(call, ms);
      return () => {
        clearTimeout(timer);
      };
    });
    const run = new PlanRun(schedule, pool.runOne, {
      // One more run waits in each process, so that none is idle until it hears; a stopping rule may not want it.
      concurrency: this.plan.stop === undefined ? 2 * this.size : this.size,
      onRun: (done) => {
        this.keep(done, store);
      },
    });
    this.goingOn = { schedule, run, pool, store };
    this.changeState('running');
    if (isFewer) this.teller.startOver();
    this.tellMain({ type: 'going-on' });
    void this.finish(this.goingOn);
  }

  /** The store, or why it cannot be had; then the window has been told. */
  private openStore(): ExperimentStore | string {
    const store = openedStore(this.folder);
    if (typeof store === 'string') {
      this.teller.broken(store, 'close the other program, and try again');
      return store;
    }
    const before = store.origin();
    if (before === undefined)
      store.begin(this.plan, { plan: JSON.stringify(this.plan.document), programVersion: version }, WHOLE);
    else if (before.programVersion !== version || before.shard.of !== 1) {
      store.close();
      const what =
        before.shard.of === 1
          ? `was begun by version ${before.programVersion}, this is ${version}`
          : `is part ${String(before.shard.index)} of ${String(before.shard.of)} of its plan`;
      const reason = `this experiment ${what}`;
      this.teller.broken(reason, 'run its plan again');
      return reason;
    }
    return store;
  }

  private keep(done: DoneRun, store: ExperimentStore): void {
    store.add(done);
    this.runs.push(done);
    this.teller.ran();
    this.noteProgress();
  }

  private noteProgress(): void {
    if (this.goingOn === undefined) return;
    const { schedule } = this.goingOn;
    if (performance.now() - this.mainHeardAt < MAIN_HEARS_MS) return;
    this.mainHeardAt = performance.now();
    this.tellMain({ type: 'progress', done: schedule.done, most: schedule.most });
  }

  private changeState(state: ExperimentState): void {
    this.state = state;
    this.teller.stands({ state, schedule: this.schedule, size: this.size });
  }

  /** What a person should know of runs that failed. */
  private failures(): string | undefined {
    const failed = this.runs.filter(({ outcome }) => outcome.status === 'failed').length;
    return failed > 0 ? `${String(failed)} of ${String(this.runs.length)} runs failed` : undefined;
  }

  private async finish({ run, pool, store, schedule }: GoingOn): Promise<void> {
    let outcome: 'finished' | 'stopped' = 'stopped';
    let fault: string | undefined;
    try {
      outcome = await run.run();
    } catch (error) {
      fault = `the results cannot be kept: ${error instanceof Error ? error.message : String(error)}`;
      this.teller.broken(fault, 'make room on the disk, and resume');
    }
    pool.close();
    store.close();
    this.changeState(outcome);
    this.goingOn = undefined;
    const digest = this.teller.write();
    const reason = fault ?? this.failures();
    const { done, most } = schedule;
    this.tellMain({ type: 'ended', outcome, done, most, digest, ...(reason === undefined ? {} : { reason }) });
  }
}

function planIn(folder: string): Plan {
  const read = readPlan(JSON.parse(readFileSync(join(folder, ExperimentFile.plan), 'utf8')), ExperimentFile.plan);
  if (!read.ok) throw new Error(read.problems.map(formatProblem).join('; '));
  return read.value;
}

/** The store, or who has it. */
function openedStore(folder: string): ExperimentStore | string {
  try {
    return new ExperimentStore(folder);
  } catch (error) {
    if (error instanceof StoreConflict) return error.message;
    throw error;
  }
}
