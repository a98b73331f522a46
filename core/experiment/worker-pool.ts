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
  settle: ((outcome: Outcome) => void) | undefined;
}

export class WorkerPool {
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();

  constructor(
    private readonly plan: Plan,
    private readonly start: StartWorker,
  ) {}

  /** Runs a job in an idle process, or in a new one: there are as many as were ever asked for at once. */
  readonly runOne = (job: Job): Promise<Outcome> =>
    new Promise((resolve) => {
      const worker = this.idle.pop() ?? this.begin();
      worker.settle = resolve;
      worker.process.post({ type: 'run', point: job.point.number, replication: job.replication });
    });

  /** Ends all processes; runs that go on are given up. */
  close(): void {
    for (const { process } of this.all) process.kill();
    this.all.clear();
  }

  private begin(): Worker {
    const settle = (outcome: Outcome): void => {
      const waiting = worker.settle;
      worker.settle = undefined;
      waiting?.(outcome);
    };
    const process = this.start({
      onOutcome: (outcome) => {
        this.idle.push(worker);
        settle(outcome);
      },
      onEnd: (reason) => {
        this.all.delete(worker);
        const place = this.idle.indexOf(worker);
        if (place >= 0) this.idle.splice(place, 1);
        settle({ status: 'failed', reason: `its process ended: ${reason}`, wallSeconds: 0 });
      },
    });
    const worker: Worker = { process, settle: undefined };
    this.all.add(worker);
    process.post({ type: 'plan', document: this.plan.document });
    return worker;
  }
}
