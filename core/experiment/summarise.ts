// What the runs of a plan say: per point and measure the mean and the median with their intervals; levels compared with one of them;
// main effects and interactions.

import { digestOf } from '../measure';
import type { Plan, Point, Study } from './plan';
import { countedRuns, type DoneRun, type Ended, type Told } from './schedule';
import {
  type Anova,
  anova,
  type Difference,
  effectSize,
  type EffectSize,
  type Interval,
  intervalAbout,
  mean,
  meanInterval,
  type Observation,
  orderInterval,
  pairedDifference,
  pairedEffectSize,
  standardDeviation,
  welchDifference,
} from './statistics';

/** A measure at a point. */
export interface Cell {
  readonly point: Point;
  /** Place among the plan's measures. */
  readonly measure: number;
  /** By replication, of the runs that have the value. */
  readonly values: readonly number[];
  /** Runs that ended well without this value, and such that failed. */
  readonly missing: number;
  readonly failed: number;
  readonly mean: Interval;
  readonly deviation: number;
  readonly median: Interval;
  readonly min: number;
  readonly max: number;
}

/** One level against the baseline, all other levels equal. */
export interface Comparison {
  readonly measure: number;
  readonly point: Point;
  readonly baseline: Point;
  /** Pairs, or the runs of the smaller sample. */
  readonly count: number;
  readonly paired: boolean;
  readonly difference: Difference;
  readonly effect: EffectSize;
}

/** A measure at one level of a factor, or at levels of two, over all else. */
export interface LevelMean {
  /** Places of factors, and of their levels. */
  readonly factors: readonly number[];
  readonly levels: readonly number[];
  readonly mean: Interval;
}

export interface Effects {
  readonly measure: number;
  readonly main: readonly LevelMean[];
  readonly joint: readonly LevelMean[];
  /** Undefined when points have different numbers of runs, or too few. */
  readonly anova: Anova | undefined;
}

export interface PlanSummary {
  readonly runs: readonly DoneRun[];
  readonly cells: readonly Cell[];
  readonly comparisons: readonly Comparison[];
  /** By measure; none for a Latin hypercube. */
  readonly effects: readonly Effects[];
  readonly failures: readonly DoneRun[];
  /** Hash over the digests and values of all runs that count: two machines that agree on it agree on everything. */
  readonly digest: string;
}

/** @param done runs in any order; those beyond a stopping rule's number are left out */
export function summarisePlan(plan: Plan, done: readonly DoneRun[]): PlanSummary {
  const runs = countedRuns(plan, done);
  const at = byPoint(runs);
  const measures = plan.measures.map((_, index) => index);
  return {
    runs,
    cells: cellsOf(plan, runs),
    comparisons: measures.flatMap((measure) => comparisonsOf(plan, measure, at)),
    effects: plan.design === 'latin-hypercube' ? [] : measures.map((measure) => effectsOf(plan, measure, at)),
    failures: runs.filter(({ outcome }) => outcome.status === 'failed'),
    digest: digestOf(
      runs.map(({ point, replication, seed, outcome }) => [
        point,
        replication,
        seed,
        outcome.status === 'finished' ? [outcome.digest, ...outcome.values] : outcome.status,
      ]),
    ),
  };
}

/** Measures at points. @param runs that count @param points and measures those that are asked for; all unless told */
export function cellsOf(
  study: Study,
  runs: readonly Ended<Told>[],
  points: readonly Point[] = study.points,
  measures: readonly number[] = study.measures.map((_, index) => index),
): Cell[] {
  const at = byPoint(runs);
  return points.flatMap((point) => measures.map((measure) => cellOf(study, point, measure, at(point))));
}

function byPoint<T extends Told>(runs: readonly Ended<T>[]): (point: Point) => readonly Ended<T>[] {
  const found = new Map<number, Ended<T>[]>();
  for (const run of runs) {
    const before = found.get(run.point);
    if (before === undefined) found.set(run.point, [run]);
    else before.push(run);
  }
  return (point) => found.get(point.number) ?? [];
}

function valueOf({ outcome }: Ended<Told>, measure: number): number | undefined {
  return outcome.status === 'finished' ? (outcome.values[measure] ?? undefined) : undefined;
}

function cellOf(plan: Study, point: Point, measure: number, runs: readonly Ended<Told>[]): Cell {
  const values = runs.map((run) => valueOf(run, measure)).filter((value) => value !== undefined);
  const failed = runs.filter(({ outcome }) => outcome.status === 'failed').length;
  return {
    point,
    measure,
    values,
    missing: runs.length - failed - values.length,
    failed,
    mean: meanInterval(values, plan.confidence),
    deviation: standardDeviation(values),
    median: orderInterval(values, 0.5, plan.confidence),
    min: values.reduce((least, value) => Math.min(least, value), values.length === 0 ? Number.NaN : Infinity),
    max: values.reduce((most, value) => Math.max(most, value), values.length === 0 ? Number.NaN : -Infinity),
  };
}

/** Common seeds: pairs of runs with the same one. Independent seeds: two samples. */
function comparisonsOf(plan: Plan, measure: number, at: (point: Point) => readonly DoneRun[]): Comparison[] {
  const { compare, factors } = plan;
  if (compare === undefined) return [];
  const baseLevel = factors[compare.factor]!.levels[compare.baseline]!;
  const key = (point: Point): string =>
    point.levels.map(({ label }, index) => (index === compare.factor ? '' : label)).join('\n');
  const baselines = new Map(
    plan.points.filter(({ levels }) => levels[compare.factor] === baseLevel).map((point) => [key(point), point]),
  );
  return plan.points.flatMap((point): Comparison[] => {
    const baseline = baselines.get(key(point));
    if (baseline === undefined || baseline === point) return [];
    const paired = plan.seeds === 'common';
    const [first, second] = paired
      ? pairs(at(point), at(baseline), measure)
      : [valuesOf(at(point), measure), valuesOf(at(baseline), measure)];
    const difference = (paired ? pairedDifference : welchDifference)(first, second, plan.confidence);
    const effect = (paired ? pairedEffectSize : effectSize)(first, second);
    return [{ measure, point, baseline, count: Math.min(first.length, second.length), paired, difference, effect }];
  });
}

function valuesOf(runs: readonly DoneRun[], measure: number): number[] {
  return runs.map((run) => valueOf(run, measure)).filter((value) => value !== undefined);
}

/** Values of both points for the seeds for which both have one. */
function pairs(first: readonly DoneRun[], second: readonly DoneRun[], measure: number): [number[], number[]] {
  const other = new Map(second.map((run) => [run.seed, valueOf(run, measure)]));
  const both = first.flatMap((run) => {
    const a = valueOf(run, measure);
    const b = other.get(run.seed);
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  return [both.map(([a]) => a), both.map(([, b]) => b)];
}

function effectsOf(plan: Plan, measure: number, at: (point: Point) => readonly DoneRun[]): Effects {
  const observations = plan.points.flatMap((point) => {
    const levels = point.levels.map((level, factor) => plan.factors[factor]!.levels.indexOf(level));
    return at(point).flatMap((run): Observation[] => {
      const value = valueOf(run, measure);
      return value === undefined ? [] : [{ levels, block: run.replication, value }];
    });
  });
  const factors = plan.factors.map((_, index) => index).filter((index) => plan.factors[index]!.levels.length > 1);
  const joint = factors.flatMap((a, index) => factors.slice(index + 1).map((b) => [a, b]));
  const full = plan.design === 'full';
  const analysed =
    factors.length === 0 || observations.length === 0
      ? undefined
      : anova(observations, plan.factors.length, { interactions: full, blocks: plan.seeds === 'common' });
  const means = (places: readonly number[]): LevelMean[] => levelMeans(plan, places, observations, analysed);
  return {
    measure,
    main: factors.flatMap((factor) => means([factor])),
    joint: full ? joint.flatMap(means) : [],
    anova: analysed,
  };
}

/** Means over all that has these levels; their intervals come from the residual, which the other factors have no part in. */
function levelMeans(
  plan: Plan,
  factors: readonly number[],
  observations: readonly Observation[],
  analysed: Anova | undefined,
): LevelMean[] {
  const groups = new Map<string, number[]>();
  for (const { levels, value } of observations) {
    const key = factors.map((factor) => levels[factor]!).join('/');
    const before = groups.get(key);
    if (before === undefined) groups.set(key, [value]);
    else before.push(value);
  }
  return [...groups].map(([key, values]) => ({
    factors,
    levels: key.split('/').map(Number),
    mean: analysed === undefined ? meanInterval(values, plan.confidence) : pooled(values, analysed, plan.confidence),
  }));
}

function pooled(values: readonly number[], { residual }: Anova, confidence: number): Interval {
  const error = Math.sqrt(residual.squares / residual.degrees / values.length);
  return intervalAbout(mean(values), error, residual.degrees, confidence);
}
