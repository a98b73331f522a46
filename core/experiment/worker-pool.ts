// A pool of processes, each of which runs one job after another. Who has processes says how one is started; here is only who does
// what. A process that ends without a word has failed at its run, and so has one that does not answer in time; another one takes its
// place.

import { formatDuration } from '../scenario';
import type { PlanDocument } from './plan-schema';
import type { Outcome } from './carry-out';
import type { Job } from './jobs';
import type { Plan } from './plan';

/** What a worker is told: first the plan, then runs of it. */
export type WorkerOrder =
  | { readonly type: 'plan'; readonly document: PlanDocument }
  | { readonly type: 'run'; readonly point: number; readonly replication: number };

/** A process that obeys orders, and answers each run with its outcome. */
export interface WorkerProcess {
  post(order: WorkerOrder): void;
  kill(): void;
}

export interface WorkerEvents {
  readonly onOutcome: (outcome: Outcome) => void;
  /** @param reason such as `signal SIGKILL` */
  readonly onEnd: (reason: string) => void;
}

export type StartWorker = (events: WorkerEvents) => WorkerProcess;

interface Worker {
  readonly process: WorkerProcess;
  /** Jobs that it was given and has not answered; it works at the first. */
  readonly given: Given[];
  /** Takes back the alarm that is set for that one. */
  calm: () => void;
  /** Why it was killed, if we did. */
  verdict?: string;
}

interface Given {
  readonly job: Job;
  readonly settle: (outcome: Outcome) => void;
}

/** Calls once, when so much wall time has passed; what it returns takes that back. */
export type SetAlarm = (ms: number, call: () => void) => () => void;

export class WorkerPool {
  private readonly workers = new Set<Worker>();
  private closed = false;

  /** @param size processes at most; with more jobs than that, the next one waits inside a process and begins at once */
  constructor(
    private readonly plan: Plan,
    private readonly start: StartWorker,
    private readonly size: number,
    private readonly setAlarm: SetAlarm,
  ) {}

  /** Runs a job in the process that has least to do, or in a new one. */
  readonly runOne = (job: Job): Promise<Outcome> =>
    new Promise((resolve) => {
      this.give({ job, settle: resolve });
    });

  /** Ends all processes; runs that go on are given up. */
  close(): void {
    this.closed = true;
    for (const { process, calm } of this.workers) {
      calm();
      process.kill();
    }
    this.workers.clear();
  }

  private give(given: Given): void {
    const least = [...this.workers].reduce<Worker | undefined>(
      (best, worker) => (best === undefined || worker.given.length < best.given.length ? worker : best),
      undefined,
    );
    const spare = least !== undefined && (least.given.length === 0 || this.workers.size >= this.size);
    const worker = spare ? least : this.begin();
    worker.given.push(given);
    if (worker.given.length === 1) this.watch(worker);
    worker.process.post({ type: 'run', point: given.job.point.number, replication: given.job.replication });
  }

  private begin(): Worker {
    const process = this.start({
      onOutcome: (outcome) => {
        const given = worker.given.shift();
        this.watch(worker);
        given?.settle(outcome);
      },
      onEnd: (reason) => {
        worker.calm();
        this.workers.delete(worker);
        const [failed, ...rest] = worker.given.splice(0);
        const why = worker.verdict ?? `its process ended: ${reason}`;
        failed?.settle({ status: 'failed', reason: why, wallSeconds: 0 });
        // What had not begun is no worse for it.
        if (!this.closed) for (const given of rest) this.give(given);
      },
    });
    const worker: Worker = { process, given: [], calm: () => undefined };
    this.workers.add(worker);
    process.post({ type: 'plan', document: this.plan.document });
    return worker;
  }

  /** Gives the run that a worker begins its time; a worker that does not answer in it is ended. */
  private watch(worker: Worker): void {
    worker.calm();
    const { timeoutNs } = this.plan;
    if (timeoutNs === undefined || worker.given.length === 0) return;
    worker.calm = this.setAlarm(timeoutNs / 1e6, () => {
      worker.verdict = `it was not done after ${formatDuration(timeoutNs)}, the timeout of the plan`;
      worker.process.kill();
    });
  }
}
