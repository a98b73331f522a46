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
  const sorted = ascending(values);
  const estimates = statistics.map((statistic) => statistic(sorted));
  const { length } = values;
  if (length < 2) return estimates.map((estimate) => ({ estimate, low: Number.NaN, high: Number.NaN }));
  const ranks = ranksOf(values);
  const found = statistics.map(() => new Float64Array(RESAMPLES));
  const drawn = new Uint32Array(length);
  const resample = new Array<number>(length).fill(0);
  for (let count = 0; count < RESAMPLES; count += 1) {
    // Counting how often each place is drawn gives the resample in order, without sorting it.
    drawn.fill(0);
    for (let draw = 0; draw < length; draw += 1) drawn[ranks[stream.integer(length)]!]! += 1;
    for (let rank = 0, at = 0; rank < length; rank += 1)
      for (let times = drawn[rank]!; times > 0; times -= 1, at += 1) resample[at] = sorted[rank]!;
    statistics.forEach((statistic, index) => (found[index]![count] = statistic(resample)));
  }
  const tail = (1 - confidence) / 2;
  return found.map((list, index) => {
    const all = [...list.sort()];
    return { estimate: estimates[index]!, low: quantileOfSorted(all, tail), high: quantileOfSorted(all, 1 - tail) };
  });
}

/** The place of each value among all of them in ascending order. */
function ranksOf(values: readonly number[]): Uint32Array {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Uint32Array(values.length);
  order.forEach((index, rank) => (ranks[index] = rank));
  return ranks;
}
