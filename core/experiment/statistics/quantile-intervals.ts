// Intervals that assume no distribution: of quantiles from order statistics (Conover, Practical Nonparametric Statistics, §3.2), of any
// statistic by the bootstrap (Efron 1979, percentile).

import { type RandomStream, Streams } from '../../base';
import { binomialAtMost } from './distributions';
import type { Interval } from './intervals';
import { ascending, quantileOfSorted } from './quantiles';

const RESAMPLES = 2000;

/**
 * The order statistics between which the quantile lies with at least this confidence, and no more than half of the rest on
 * either side. The ends are NaN when the sample is too small: the median needs 6 values for 95%.
 */
export function orderInterval(values: readonly number[], share: number, confidence: number): Interval {
  const sorted = ascending(values);
  const estimate = quantileOfSorted(sorted, share);
  const { lower, upper } = orderPlaces(sorted.length, share, confidence);
  if (lower < 1 || upper > sorted.length) return { estimate, low: Number.NaN, high: Number.NaN };
  return { estimate, low: sorted[lower - 1]!, high: sorted[upper - 1]! };
}

interface OrderPlaces {
  /** From 1; 0 when there is none. */
  readonly lower: number;
  /** One more than there are when there is none. */
  readonly upper: number;
}

/** The places depend on how many values there are only, and a plan's points have equally many. */
const knownPlaces = new Map<string, OrderPlaces>();
const KNOWN_MAX = 1000;

function orderPlaces(length: number, share: number, confidence: number): OrderPlaces {
  const key = `${String(length)}/${String(share)}/${String(confidence)}`;
  const known = knownPlaces.get(key);
  if (known !== undefined) return known;
  const tail = (1 - confidence) / 2;
  let lower = 0;
  while (lower < length && binomialAtMost(lower, length, share) <= tail) lower += 1;
  let upper = length + 1;
  while (upper > 1 && 1 - binomialAtMost(upper - 2, length, share) <= tail) upper -= 1;
  if (knownPlaces.size >= KNOWN_MAX) knownPlaces.clear();
  knownPlaces.set(key, { lower, upper });
  return { lower, upper };
}

/** Percentile interval of any statistic from resamples; the same values and seed give the same interval. */
export function bootstrapInterval(
  values: readonly number[],
  statistic: (values: ArrayLike<number>) => number,
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
  statistics: readonly ((values: ArrayLike<number>) => number)[],
  confidence: number,
  stream: Pick<RandomStream, 'integers'>,
): Interval[] {
  const sorted = ascending(values);
  const estimates = statistics.map((statistic) => statistic(sorted));
  const { length } = values;
  if (length < 2) return estimates.map((estimate) => ({ estimate, low: Number.NaN, high: Number.NaN }));
  const resamples = new Resamples(values, sorted, stream);
  const found = statistics.map(() => new Float64Array(RESAMPLES));
  for (let count = 0; count < RESAMPLES; count += 1) {
    const resample = resamples.next();
    statistics.forEach((statistic, index) => (found[index]![count] = statistic(resample)));
  }
  const tail = (1 - confidence) / 2;
  return found.map((list, index) => {
    list.sort();
    return { estimate: estimates[index]!, low: quantileOfSorted(list, tail), high: quantileOfSorted(list, 1 - tail) };
  });
}

/** Values are written so many at a time, which is faster than asking how many are left; few are drawn more often. */
const AT_ONCE = 3;

/** Draws with replacement, in ascending order: counting how often each place is drawn gives that without sorting. */
class Resamples {
  private readonly ranks: Uint32Array;
  private readonly places: Uint32Array;
  private readonly drawn: Uint32Array;
  /** With room for what is written beyond the end. */
  private readonly room: Float64Array;
  private readonly resample: Float64Array;

  constructor(
    values: readonly number[],
    private readonly sorted: readonly number[],
    private readonly stream: Pick<RandomStream, 'integers'>,
  ) {
    const { length } = values;
    this.ranks = ranksOf(values);
    this.places = new Uint32Array(length);
    this.drawn = new Uint32Array(length);
    this.room = new Float64Array(length + AT_ONCE);
    this.resample = this.room.subarray(0, length);
  }

  /** The same array each time. */
  next(): Float64Array {
    const { ranks, places, drawn, sorted, room } = this;
    const { length } = places;
    this.stream.integers(places, length);
    for (let draw = 0; draw < length; draw += 1) {
      const rank = ranks[places[draw]!]!;
      drawn[rank] = drawn[rank]! + 1;
    }
    for (let rank = 0, at = 0; rank < length; rank += 1) {
      const value = sorted[rank]!;
      const times = drawn[rank]!;
      room[at] = value;
      room[at + 1] = value;
      room[at + 2] = value;
      for (let more = AT_ONCE; more < times; more += 1) room[at + more] = value;
      at += times;
      drawn[rank] = 0;
    }
    return this.resample;
  }
}

/** The place of each value among all of them in ascending order. */
function ranksOf(values: readonly number[]): Uint32Array {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Uint32Array(values.length);
  order.forEach((index, rank) => (ranks[index] = rank));
  return ranks;
}
