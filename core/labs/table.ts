// What a lab measured, point by point, and how checks and charts look things up in it.

import type { Point, Values } from './lab';

/** Ends of a confidence interval; NaN where there is none. */
export interface Ends {
  readonly low: number;
  readonly high: number;
}

export interface Row {
  readonly point: Point;
  /** Means over the replications, their intervals, and the values of each replication. */
  readonly mean: Values;
  readonly interval: Readonly<Record<string, Ends>>;
  readonly runs: readonly Values[];
}

export class Table {
  constructor(readonly rows: readonly Row[]) {}

  /** Rows whose point has these levels. */
  where(levels: Point): Row[] {
    return this.rows.filter(({ point }) => Object.entries(levels).every(([name, level]) => point[name] === level));
  }

  /**
   * The mean of a measure at the one point with these levels.
   * @throws Error if there is none, or several
   */
  at(measure: string, levels: Point): number {
    const rows = this.where(levels);
    if (rows.length !== 1)
      throw new Error(`${String(rows.length)} points have ${JSON.stringify(levels)}; a check needs exactly one`);
    return rows[0]!.mean[measure]!;
  }

  /** A measure and its intervals over a factor with numbers, in ascending order. */
  over(measure: string, factor: string, levels: Point = {}): ({ x: number; y: number } & Ends)[] {
    return this.where(levels)
      .map(({ point, mean, interval }) => ({ x: Number(point[factor]), y: mean[measure]!, ...interval[measure]! }))
      .sort((a, b) => a.x - b.x);
  }
}
