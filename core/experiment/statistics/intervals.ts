// Student-t confidence intervals: of a mean (NIST/SEMATECH e-Handbook 1.3.5.2), of paired differences, and of the
// difference of two independent means with unequal variances (Welch 1947).

import { studentQuantile, studentTwoSided } from './distributions';
import { mean, variance } from './moments';

/** An estimate with its confidence interval; the ends are NaN where the sample is too small for one. */
export interface Interval {
  readonly estimate: number;
  readonly low: number;
  readonly high: number;
}

/** A difference of means, and how probable one so large is if there is none. */
export interface Difference extends Interval {
  readonly t: number;
  readonly degrees: number;
  readonly p: number;
}

/** @param confidence such as 0.95 */
export function meanInterval(values: readonly number[], confidence: number): Interval {
  return intervalAbout(mean(values), Math.sqrt(variance(values) / values.length), values.length - 1, confidence);
}

/** @param error standard error of the estimate */
export function intervalAbout(estimate: number, error: number, degrees: number, confidence: number): Interval {
  if (degrees < 1) return { estimate, low: Number.NaN, high: Number.NaN };
  const half = error === 0 ? 0 : studentQuantile(0.5 + confidence / 2, degrees) * error;
  return { estimate, low: estimate - half, high: estimate + half };
}

/** Half-width of the interval of a mean over the size of the mean; 0 for values that are all the same. */
export function relativeHalfWidth(values: readonly number[], confidence: number): number {
  const { estimate, high } = meanInterval(values, confidence);
  const half = high - estimate;
  return half === 0 ? 0 : half / Math.abs(estimate);
}

/** The mean of `first[i] - second[i]`: what common random numbers are for. */
export function pairedDifference(first: readonly number[], second: readonly number[], confidence: number): Difference {
  const differences = first.map((value, index) => value - second[index]!);
  const error = Math.sqrt(variance(differences) / differences.length);
  return tested(mean(differences), error, differences.length - 1, confidence);
}

/** The difference of the means of two samples that have nothing to do with each other. */
export function welchDifference(first: readonly number[], second: readonly number[], confidence: number): Difference {
  const parts = [first, second].map((values) => variance(values) / values.length);
  const [a, b] = [parts[0]!, parts[1]!];
  const degrees = ((a + b) * (a + b)) / ((a * a) / (first.length - 1) + (b * b) / (second.length - 1));
  // Two samples without any spread have no degrees of freedom of their own.
  const usable = a + b === 0 ? first.length + second.length - 2 : degrees;
  return tested(mean(first) - mean(second), Math.sqrt(a + b), usable, confidence);
}

function tested(estimate: number, error: number, degrees: number, confidence: number): Difference {
  const t = error === 0 && estimate === 0 ? 0 : estimate / error;
  const p = degrees >= 1 ? studentTwoSided(t, degrees) : Number.NaN;
  return { ...intervalAbout(estimate, error, degrees, confidence), t, degrees, p };
}
