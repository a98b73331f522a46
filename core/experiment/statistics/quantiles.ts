// Quantiles: Hyndman and Fan 1996, definition 7, as R and NumPy.

export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** @param share 0 to 1; NaN when there are no values */
export function quantile(values: readonly number[], share: number): number {
  return quantileOfSorted(ascending(values), share);
}

export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (place - below) * (high - low);
}
