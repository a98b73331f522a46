// A plan that can be run: what the document means, resolved. Points know their levels; the scenario of a point is made when it is
// asked for, so that a plan of many thousand points is small.

import type { Aggregate, PlanDocument, Statistic } from './plan-schema';
import type { Reference } from './reference';

/** The value of a level that leaves the scenario as it is. */
export const UNCHANGED = Symbol('unchanged');

/** One value of a factor. */
export interface Level {
  readonly label: string;
  /** One for each pointer of its factor; `undefined` where the scenario then has nothing. `UNCHANGED` leaves it as it is. */
  readonly values: readonly unknown[];
  /** Place on an axis with numbers, in base units. */
  readonly x: number | undefined;
}

export interface Factor {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly pointers: readonly string[];
  /** In the order of the plan; empty for a factor that a Latin hypercube draws from a range. */
  readonly levels: readonly Level[];
  /** The level at a share, 0 to 1, of its range. */
  readonly at: (share: number) => Level;
}

/** One combination of levels. */
export interface Point {
  /** From 1, in the order of the design. */
  readonly number: number;
  /** By factor. */
  readonly levels: readonly Level[];
  /** By factor, 0 to 1: where among its levels this one is. */
  readonly place: readonly number[];
}

/** What is told of each run. */
export interface Quantity {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
}

export interface Measure extends Quantity {
  readonly source:
    | { readonly kind: 'summary'; readonly path: readonly string[] }
    | { readonly kind: 'probe'; readonly probe: string; readonly statistic: Statistic };
  /** How the values that a "*" matched become one. */
  readonly over: Aggregate | undefined;
}

export type WarmUp =
  { readonly kind: 'fixed'; readonly removeNs: number } | { readonly kind: 'mser-5'; readonly probe: string };

export interface StoppingRule {
  /** Place among the measures. */
  readonly measure: number;
  readonly relativeHalfWidth: number;
  readonly confidence: number;
  readonly min: number;
  readonly max: number;
}

/**
 * What is varied, how often, and what of it is told: all that jobs, schedules and statistics need to know, whoever measures. A plan is
 * the study of a scenario; labs are studies of their own worlds.
 */
export interface Study {
  readonly name: string;
  readonly seed: number;
  /** `numbered`: a replication's number is its seed, at all points. */
  readonly seeds: 'common' | 'independent' | 'numbered';
  readonly factors: readonly Factor[];
  readonly design: 'full' | 'fractional' | 'latin-hypercube';
  /** How the added factors of a fraction are made of the others, such as `D = ABC`. */
  readonly generators: readonly string[];
  readonly points: readonly Point[];
  readonly measures: readonly Quantity[];
  /** Runs of each point; with a stopping rule, the most. */
  readonly replications: number;
  readonly stop: StoppingRule | undefined;
  readonly confidence: number;
  /** Places of the factor whose levels are compared, and of the level that they are compared with. */
  readonly compare: { readonly factor: number; readonly baseline: number } | undefined;
}

export interface Plan extends Study {
  /** As written, with its scenario in it: what repeats the plan anywhere. */
  readonly document: PlanDocument;
  readonly measures: readonly Measure[];
  /** What the measured means are judged by. */
  readonly references: readonly Reference[];
  readonly warmUp: WarmUp;
  /** Wall time that a run may take, ns; no limit when undefined. */
  readonly timeoutNs: number | undefined;
}

/** The levels of a point as people read them: `loss = 0.01, sack = off`. */
export function pointName(plan: Pick<Study, 'factors'>, { levels }: Pick<Point, 'levels'>): string {
  return levels.map(({ label }, index) => `${plan.factors[index]!.name} = ${label}`).join(', ');
}
