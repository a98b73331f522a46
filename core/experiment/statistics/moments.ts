// Means and variances; two passes, in the order of the values, so that the same values give the same bits.

/** NaN when there are no values. */
export function mean(values: ArrayLike<number>): number {
  const { length } = values;
  let sum = 0;
  // By place: an iterator takes five times as long, and the bootstrap asks for thousands of means.
  for (let place = 0; place < length; place += 1) sum += values[place]!;
  return sum / length;
}

/** Sum of squared distances from the mean. */
export function squaresAbout(values: readonly number[], centre: number): number {
  let sum = 0;
  for (const value of values) sum += (value - centre) * (value - centre);
  return sum;
}

/** Of a sample: over n - 1. NaN for fewer than two values. */
export function variance(values: readonly number[]): number {
  return values.length < 2 ? Number.NaN : squaresAbout(values, mean(values)) / (values.length - 1);
}

export function standardDeviation(values: readonly number[]): number {
  return Math.sqrt(variance(values));
}
