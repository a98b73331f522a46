// Quantiles (Hyndman and Fan 1996, definition 7, as R and NumPy), with two intervals that assume no distribution: from order
// statistics (Conover, Practical Nonparametric Statistics, §3.2) and by the bootstrap (Efron 1979, percentile).

import { Streams } from '../../base';
import { binomialAtMost } from './distributions';
import type { Interval } from './intervals';

const RESAMPLES = 2000;

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** @param share 0 to 1; NaN when there are no values */
export function quantile(values: readonly number[], share: number): number {
  return quantileOfSorted(ascending(values), share);
}

export function quantileOfSorted(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}

/**
 * The order statistics between which the quantile lies with at least this confidence, and no more than half of the rest on
 * either side. The ends are NaN when the sample is too small: the median needs 6 values for 95%.
 */
export function orderInterval(values: readonly number[], share: number, confidence: number): Interval {
  const sorted = ascending(values);
  const estimate = quantileOfSorted(sorted, share);
  const tail = (1 - confidence) / 2;
  const { length } = sorted;
  let lower = 0;
  while (lower < length && binomialAtMost(lower, length, share) <= tail) lower += 1;
  let upper = length + 1;
  while (upper > 1 && 1 - binomialAtMost(upper - 2, length, share) <= tail) upper -= 1;
  if (lower < 1 || upper > length) return { estimate, low: Number.NaN, high: Number.NaN };
  return { estimate, low: sorted[lower - 1]!, high: sorted[upper - 1]! };
}

/** Percentile interval of any statistic from resamples; the same values and seed give the same interval. */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (values: readonly number[]) => number,
  confidence: number,
  seed: number,
): Interval {
  return bootstrapIntervals(values, [statistic], confidence, new Streams(seed).named('bootstrap'))[0]!;
}

/**
 * Of several statistics from the same resamples, which are given to them in ascending order; for a statistic of their distribution that
 * makes no difference, and each resample is sorted once.
 */
export function bootstrapIntervals(
  values: readonly number[],
  statistics: readonly ((values: readonly number[]) => number)[],
  confidence: number,
  stream: { integer(below: number): number },
): Interval[] {
  const estimates = statistics.map((statistic) => statistic(ascending(values)));
  if (values.length < 2) return estimates.map((estimate) => ({ estimate, low: Number.NaN, high: Number.NaN }));
  const found = statistics.map(() => [] as number[]);
  for (let count = 0; count < RESAMPLES; count += 1) {
    const resample = ascending(values.map(() => values[stream.integer(values.length)]!));
    statistics.forEach((statistic, index) => found[index]!.push(statistic(resample)));
  }
  const tail = (1 - confidence) / 2;
  return found.map((list, index) => {
    const sorted = ascending(list);
    return {
      estimate: estimates[index]!,
      low: quantileOfSorted(sorted, tail),
      high: quantileOfSorted(sorted, 1 - tail),
    };
  });
}
