// Which run comes next, and when a plan is done. With a stopping rule a point gets one more replication until the interval of the
// measure is narrow; the rule looks at the first so many replications only, so how many runs count does not depend on how many
// went on at once.

import type { Outcome } from './carry-out';
import { expandPlan, type Job, jobOf, spreadOrder } from './jobs';
import type { Study } from './plan';
import { relativeHalfWidth } from './statistics';

/** Of an outcome, what schedules and statistics look at. */
export type Told =
  | { readonly status: 'finished'; readonly values: readonly (number | null)[] }
  | { readonly status: 'failed'; readonly reason: string };

/** A run that has ended. */
export interface Ended<T extends Told> {
  readonly point: number;
  readonly replication: number;
  readonly seed: number;
  readonly outcome: T;
}

/** A run of a plan that has ended, as stores keep it. */
export type DoneRun = Ended<Outcome>;

/** One of so many equal parts of a plan, counted from 1. */
export interface Shard {
  readonly index: number;
  readonly of: number;
}

export const WHOLE: Shard = { index: 1, of: 1 };

/** The jobs of a shard. With a stopping rule a point is in one shard as a whole. */
export function shardJobs(plan: Study, { index, of }: Shard): Job[] {
  if (plan.stop === undefined) return expandPlan(plan).filter((_, place) => place % of === index - 1);
  const mine = new Set(spreadOrder(plan.points).filter((_, place) => place % of === index - 1));
  return expandPlan(plan).filter(({ point }) => mine.has(point));
}

/**
 * How many replications of a point count: as many as the rule wants of those whose outcomes are known without a gap.
 * Undefined while it wants more.
 * @param outcomes by replication
 */
function enough(plan: Study, outcomes: readonly (Told | undefined)[]): number | undefined {
  const { stop, replications } = plan;
  const gap = outcomes.findIndex((outcome) => outcome === undefined);
  const unbroken = gap < 0 ? outcomes.length : gap;
  if (stop === undefined) return unbroken >= replications ? replications : undefined;
  const values: number[] = [];
  for (let count = 1; count <= unbroken; count += 1) {
    const outcome = outcomes[count - 1]!;
    const value = outcome.status === 'finished' ? outcome.values[stop.measure] : null;
    if (typeof value === 'number') values.push(value);
    if (count >= stop.max) return count;
    if (count < stop.min || values.length < 2) continue;
    if (relativeHalfWidth(values, stop.confidence) <= stop.relativeHalfWidth) return count;
  }
  return undefined;
}

/** The runs that count: those of a stopping rule's overshoot do not. In the order of points and replications. */
export function countedRuns<T extends Told>(plan: Study, runs: readonly Ended<T>[]): Ended<T>[] {
  const byPoint = grouped(plan, runs);
  return byPoint.flatMap((ofPoint) => {
    const limit =
      enough(
        plan,
        ofPoint.map((run) => run?.outcome),
      ) ?? Infinity;
    return ofPoint.filter((run): run is Ended<T> => run !== undefined && run.replication <= limit);
  });
}

function grouped<T extends Told>(plan: Study, runs: readonly Ended<T>[]): (Ended<T> | undefined)[][] {
  const byPoint = plan.points.map((): (Ended<T> | undefined)[] => []);
  for (const run of runs) byPoint[run.point - 1]![run.replication - 1] = run;
  // Holes of a sparse array would be skipped by its methods.
  return byPoint.map((ofPoint) => Array.from(ofPoint));
}

export class Schedule {
  private readonly waiting: Job[];
  private readonly outcomes: (Told | undefined)[][];
  private readonly running = new Set<string>();
  private readonly points: ReadonlySet<number>;
  private readonly complete = new Set<number>();
  /** Runs that have ended, those of before included. */
  done = 0;

  /** @param before runs that need not be repeated */
  constructor(
    private readonly plan: Study,
    shard: Shard = WHOLE,
    before: readonly Ended<Told>[] = [],
  ) {
    const jobs = shardJobs(plan, shard);
    this.points = new Set(jobs.map(({ point }) => point.number));
    this.outcomes = grouped(plan, before).map((ofPoint) => ofPoint.map((run) => run?.outcome));
    const known = new Set(before.map(({ point, replication }) => jobOf(plan, point, replication).id));
    this.waiting = jobs.filter(({ id }) => !known.has(id));
    this.done = jobs.length - this.waiting.length;
    for (const number of this.points) this.see(number);
    this.dropComplete();
  }

  /** The job to start now; undefined when there is none at present. */
  next(): Job | undefined {
    const place = this.plan.stop === undefined ? 0 : this.bestPlace();
    const job = this.waiting[place];
    if (job === undefined) return undefined;
    this.waiting.splice(place, 1);
    this.running.add(job.id);
    return job;
  }

  record(job: Job, outcome: Told): void {
    this.running.delete(job.id);
    this.outcomes[job.point.number - 1]![job.replication - 1] = outcome;
    this.done += 1;
    const { number } = job.point;
    this.see(number);
    if (this.complete.has(number)) this.dropComplete();
  }

  get finished(): boolean {
    return this.waiting.length === 0 && this.running.size === 0;
  }

  /** Runs that there will be at most. */
  get most(): number {
    return this.done + this.running.size + this.waiting.length;
  }

  /** The first job that the rule surely wants; else one that it may want, so that no processor idles. */
  private bestPlace(): number {
    const { min } = this.plan.stop!;
    const wanted = this.waiting.findIndex(
      ({ point, replication }) => replication <= min || this.isKnownUpTo(point.number, replication - 1),
    );
    return Math.max(0, wanted);
  }

  private isKnownUpTo(point: number, replication: number): boolean {
    const outcomes = this.outcomes[point - 1]!;
    for (let index = 0; index < replication; index += 1) if (outcomes[index] === undefined) return false;
    return true;
  }

  private see(point: number): void {
    if (this.plan.stop === undefined) return;
    if (enough(this.plan, Array.from(this.outcomes[point - 1]!)) !== undefined) this.complete.add(point);
  }

  private dropComplete(): void {
    for (let place = this.waiting.length - 1; place >= 0; place -= 1)
      if (this.complete.has(this.waiting[place]!.point.number)) this.waiting.splice(place, 1);
  }
}
