// MSER-5: where the start-up of a series ends (White, Cobb and Spratt, A comparison of five steady-state truncation heuristics for
// simulation, WSC 2000). Of the means of five, those are left out that would widen the interval of the mean of the rest.

import { mean } from './moments';

const BATCH = 5;
/** The last few batches are alike by chance; a rest so short is not considered. */
const REST_MIN = 5;

/**
 * @param samples at equal distances of time
 * @returns how many samples to leave out; undefined when the series has not settled by its middle, or is too short
 */
export function warmUpSamples(samples: readonly number[]): number | undefined {
  const batches = Array.from({ length: Math.floor(samples.length / BATCH) }, (_, index) =>
    mean(samples.slice(index * BATCH, (index + 1) * BATCH)),
  );
  if (batches.length < 2 * REST_MIN) return undefined;
  let best = 0;
  let bestError = Infinity;
  // From the end, mean and squares of the rest grow by one batch at a time (Welford 1962).
  let rest = 0;
  let centre = 0;
  let squares = 0;
  for (let from = batches.length - 1; from >= 0; from -= 1) {
    const value = batches[from]!;
    rest += 1;
    const off = value - centre;
    centre += off / rest;
    squares += off * (value - centre);
    const error = squares / (rest * rest);
    if (rest >= REST_MIN && error <= bestError) {
      best = from;
      bestError = error;
    }
  }
  return best > batches.length / 2 ? undefined : best * BATCH;
}
