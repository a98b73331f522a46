// Student's t, Snedecor's F and the binomial distribution, from stdlib: ports of Boost's incomplete beta function that
// use no function of Math whose last bits differ between engines, so that Node and Electron compute the same intervals.

import binomialCdf from '@stdlib/stats-base-dists-binomial-cdf';
import fCdf from '@stdlib/stats-base-dists-f-cdf';
import tCdf from '@stdlib/stats-base-dists-t-cdf';
import tQuantile from '@stdlib/stats-base-dists-t-quantile';

/** The value below which a share of Student's t lies. */
export function studentQuantile(share: number, degrees: number): number {
  return tQuantile(share, degrees);
}

/** Probability of a t at least so far from zero, on either side. */
export function studentTwoSided(t: number, degrees: number): number {
  return Number.isFinite(t) ? 2 * tCdf(-Math.abs(t), degrees) : Number.isNaN(t) ? Number.NaN : 0;
}

/** Probability of an F at least so large; from the other tail of the reciprocal, so that small ones keep their digits. */
export function fUpper(f: number, degreesAbove: number, degreesBelow: number): number {
  if (!Number.isFinite(f)) return Number.isNaN(f) ? Number.NaN : 0;
  return f <= 0 ? 1 : fCdf(1 / f, degreesBelow, degreesAbove);
}

/** Probability of at most `count` successes. */
export function binomialAtMost(count: number, trials: number, probability: number): number {
  return binomialCdf(count, trials, probability);
}
