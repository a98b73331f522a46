// Carries a plan out with whatever can run one job: several at a time, pausable, stoppable. Runs nothing itself.

import type { Outcome } from './carry-out';
import type { Job } from './jobs';
import type { DoneRun, Schedule } from './schedule';

/** Runs one job somewhere else; a run that goes wrong is a failed outcome, not a rejection. */
export type RunOne = (job: Job) => Promise<Outcome>;

interface Options {
  /** Runs that go on at once. */
  readonly concurrency: number;
  /** Keeps a run; what this throws ends the plan. */
  readonly onRun: (run: DoneRun, job: Job) => void;
}

export class PlanRun {
  private active = 0;
  private paused = false;
  private stopped = false;
  private failure: Error | undefined;
  private settle: (() => void) | undefined;

  constructor(
    private readonly schedule: Schedule,
    private readonly runOne: RunOne,
    private readonly options: Options,
  ) {}

  /** Resolves when all is done or stopped; rejects with what `onRun` threw. Call once. */
  async run(): Promise<'finished' | 'stopped'> {
    await new Promise<void>((resolve) => {
      this.settle = resolve;
      this.fill();
    });
    if (this.failure !== undefined) throw this.failure;
    return this.schedule.finished ? 'finished' : 'stopped';
  }

  /** Starts no more runs; those that go on end. */
  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
    this.fill();
  }

  /** Ends the plan at once; what comes of the runs that go on is not kept. */
  stop(): void {
    this.stopped = true;
    this.settle?.();
  }

  private fill(): void {
    while (!this.paused && !this.stopped && this.active < this.options.concurrency) {
      const job = this.schedule.next();
      if (job === undefined) break;
      this.active += 1;
      void this.runOne(job).then(
        (outcome) => {
          this.ended(job, outcome);
        },
        (error: unknown) => {
          this.ended(job, { status: 'failed', reason: String(error), wallSeconds: 0 });
        },
      );
    }
    if (this.active === 0 && this.schedule.finished) this.settle?.();
  }

  private ended(job: Job, outcome: Outcome): void {
    this.active -= 1;
    if (this.stopped) return;
    try {
      this.options.onRun({ point: job.point.number, replication: job.replication, seed: job.seed, outcome }, job);
    } catch (error) {
      this.failure = error instanceof Error ? error : new Error(String(error));
      this.stop();
      return;
    }
    this.schedule.record(job, outcome);
    this.fill();
  }
}
