// A pool of processes, each of which runs one job after another. Who has processes says how one is started; here is only who does
// what. A process that ends without a word has failed at its run; another one takes its place.

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
}

interface Given {
  readonly job: Job;
  readonly settle: (outcome: Outcome) => void;
}

export class WorkerPool {
  private readonly workers = new Set<Worker>();
  private closed = false;

  /** @param size processes at most; with more jobs than that, the next one waits inside a process and begins at once */
  constructor(
    private readonly plan: Plan,
    private readonly start: StartWorker,
    private readonly size: number,
  ) {}

  /** Runs a job in the process that has least to do, or in a new one. */
  readonly runOne = (job: Job): Promise<Outcome> =>
    new Promise((resolve) => {
      this.give({ job, settle: resolve });
    });

  /** Ends all processes; runs that go on are given up. */
  close(): void {
    this.closed = true;
    for (const { process } of this.workers) process.kill();
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
    worker.process.post({ type: 'run', point: given.job.point.number, replication: given.job.replication });
  }

  private begin(): Worker {
    const process = this.start({
      onOutcome: (outcome) => {
        worker.given.shift()?.settle(outcome);
      },
      onEnd: (reason) => {
        this.workers.delete(worker);
        const [failed, ...rest] = worker.given.splice(0);
        failed?.settle({ status: 'failed', reason: `its process ended: ${reason}`, wallSeconds: 0 });
        // What had not begun is no worse for it.
        if (!this.closed) for (const given of rest) this.give(given);
      },
    });
    const worker: Worker = { process, given: [] };
    this.workers.add(worker);
    process.post({ type: 'plan', document: this.plan.document });
    return worker;
  }
}
