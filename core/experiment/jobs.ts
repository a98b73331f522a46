// From a study to its runs. The order gives a first picture of the whole plan early: the first replications of all points before
// the second ones, and among the points first those that lie far from all before them.

import { invariant, Streams } from '../base';
import { applySettings, type Setting } from '../scenario';
import { type Plan, type Point, type Study, UNCHANGED } from './plan';

/** One run of a study. */
export interface Job {
  /** `p3r2`: point and replication, both from 1. */
  readonly id: string;
  readonly point: Point;
  readonly replication: number;
  readonly seed: number;
}

class PlannedJob implements Job {
  readonly id: string;

  constructor(
    private readonly study: Study,
    readonly point: Point,
    readonly replication: number,
  ) {
    this.id = `p${String(point.number)}r${String(replication)}`;
  }

  get seed(): number {
    return seedOf(this.study, this.point, this.replication);
  }
}

/** The job of a point and a replication, both from 1. */
export function jobOf(study: Study, pointNumber: number, replication: number): Job {
  const point = study.points[pointNumber - 1];
  invariant(point !== undefined, `the plan has no point ${String(pointNumber)}`);
  return new PlannedJob(study, point, replication);
}

/** The document that a job of a plan runs. */
export function scenarioOf(plan: Plan, { point, seed }: Job): object {
  return { ...scenarioAt(plan, point), seed };
}

/** All runs that a study can have, in the order in which they are best started. */
export function expandPlan(study: Study): Job[] {
  const order = spreadOrder(study.points);
  return Array.from({ length: study.replications }, (_, index) =>
    order.map((point) => new PlannedJob(study, point, index + 1)),
  ).flat();
}

/** Common: one seed for a replication at all points; else one for each run. Depends on nothing else in the plan. */
export function seedOf({ seed, seeds }: Pick<Study, 'seed' | 'seeds'>, point: Point, replication: number): number {
  if (seeds === 'numbered') return replication;
  const name = `replication/${String(replication)}`;
  return new Streams(seed).named(seeds === 'common' ? name : `point/${String(point.number)}/${name}`).nextU32();
}

/** The scenario of a point, still with the seed of the plan's scenario. */
export function scenarioAt(plan: Pick<Plan, 'document' | 'factors'>, { levels }: Pick<Point, 'levels'>): object {
  const { value } = applySettings(plan.document.scenario, settingsAt(plan, levels));
  return value as object;
}

/** What these levels set in the scenario, factor by factor. */
export function settingsAt({ factors }: Pick<Plan, 'factors'>, levels: Point['levels']): Setting[] {
  return factors
    .flatMap(({ pointers }, factor) =>
      pointers.map((pointer, index) => ({ pointer, value: levels[factor]!.values[index] })),
    )
    .filter(({ value }) => value !== UNCHANGED);
}

/** So many points are chosen for their distance; the rest follow in strides over all of them. */
const CHOSEN_MAX = 256;
const GOLDEN = 0.6180339887498949;

/** Corners, then middles, then what is between. */
export function spreadOrder(points: readonly Point[]): Point[] {
  const nearest = points.map(() => Infinity);
  const taken = points.map(() => false);
  const order: Point[] = [];
  let next = 0;
  while (order.length < Math.min(points.length, CHOSEN_MAX)) {
    const chosen = points[next]!;
    taken[next] = true;
    order.push(chosen);
    let farthest = -1;
    for (const [index, { place }] of points.entries()) {
      nearest[index] = Math.min(nearest[index]!, distance(place, chosen.place));
      if (!taken[index] && (farthest < 0 || nearest[index] > nearest[farthest]!)) farthest = index;
    }
    next = farthest;
  }
  const rest = points.filter((_, index) => !taken[index]);
  return [...order, ...strided(rest)];
}

/** Squared. */
function distance(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + (value - b[index]!) * (value - b[index]!), 0);
}

/** Every item once, neighbours far apart: the fractional parts of multiples of the golden ratio, in their order. */
function strided<T>(items: readonly T[]): T[] {
  return items
    .map((item, index) => ({ item, place: ((index + 1) * GOLDEN) % 1 }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
