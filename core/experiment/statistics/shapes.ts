// What a sample looks like: histogram (Freedman and Diaconis 1981), empirical distribution function, and the box plot of
// Tukey (Exploratory Data Analysis, 1977, §2: hinges, fences at 1.5 hinge spreads).

import { cbrt, ln } from '../../base';
import { ascending, quantileOfSorted } from './quantiles';

export interface Bin {
  readonly from: number;
  /** Belongs to the next bin, but for the last one. */
  readonly to: number;
  readonly count: number;
}

const BINS_MAX = 200;

/**
 * Bins of equal width; by Sturges's rule where half of the values are the same.
 * @param span from the smallest to the largest value; wider for samples that share their bins
 */
export function histogram(
  values: readonly number[],
  bins = binCount(values),
  [low, high]: readonly [number, number] = spanOf(values),
): Bin[] {
  if (values.length === 0) return [];
  if (low === high) return [{ from: low, to: high, count: values.length }];
  const edge = (index: number): number => (index === bins ? high : low + ((high - low) * index) / bins);
  const counts = new Array<number>(bins).fill(0);
  for (const value of values) {
    let bin = Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins));
    // The edges are what was promised, whatever rounding did to the quotient.
    while (bin > 0 && value < edge(bin)) bin -= 1;
    while (bin < bins - 1 && value >= edge(bin + 1)) bin += 1;
    counts[bin]! += 1;
  }
  return counts.map((count, index) => ({ from: edge(index), to: edge(index + 1), count }));
}

function spanOf(values: readonly number[]): readonly [number, number] {
  const sorted = ascending(values);
  return [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
}

/** How many bins a sample is best seen in. */
export function binCount(values: readonly number[]): number {
  if (values.length === 0) return 1;
  const sorted = ascending(values);
  const span = sorted[sorted.length - 1]! - sorted[0]!;
  const spread = quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25);
  const wanted = spread > 0 ? (span * cbrt(values.length)) / (2 * spread) : 1 + ln(values.length) / Math.LN2;
  return Math.max(1, Math.min(BINS_MAX, Math.ceil(wanted - 1e-9)));
}

/** Steps of the empirical distribution function: at each value that occurs, the share of values up to it. */
export function ecdf(values: readonly number[]): { value: number; share: number }[] {
  const sorted = ascending(values);
  return sorted.flatMap((value, index) =>
    sorted[index + 1] === value ? [] : [{ value, share: (index + 1) / sorted.length }],
  );
}

export interface BoxPlot {
  readonly median: number;
  readonly lowerHinge: number;
  readonly upperHinge: number;
  /** The outermost values within the fences. */
  readonly lowerWhisker: number;
  readonly upperWhisker: number;
  readonly outliers: readonly number[];
}

/** @throws RangeError for no values */
export function boxPlot(values: readonly number[]): BoxPlot {
  if (values.length === 0) throw new RangeError('a box plot needs values');
  const sorted = ascending(values);
  // The hinges are the medians of the halves; of an odd number the middle one belongs to both.
  const half = Math.ceil(sorted.length / 2);
  const lowerHinge = quantileOfSorted(sorted.slice(0, half), 0.5);
  const upperHinge = quantileOfSorted(sorted.slice(sorted.length - half), 0.5);
  const reach = 1.5 * (upperHinge - lowerHinge);
  const inside = sorted.filter((value) => value >= lowerHinge - reach && value <= upperHinge + reach);
  return {
    median: quantileOfSorted(sorted, 0.5),
    lowerHinge,
    upperHinge,
    lowerWhisker: inside[0]!,
    upperWhisker: inside[inside.length - 1]!,
    outliers: sorted.filter((value) => value < lowerHinge - reach || value > upperHinge + reach),
  };
}
