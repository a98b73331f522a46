// Effect sizes: Cohen's d (Statistical Power Analysis, 1988, §2.2) and Hedges's g, d without its bias in small samples (Hedges
// 1981, by his approximation of the gamma functions).

import { mean, standardDeviation, variance } from './moments';

export interface EffectSize {
  readonly d: number;
  readonly g: number;
}

/** Of two independent samples: the difference of means over the pooled standard deviation. */
export function effectSize(first: readonly number[], second: readonly number[]): EffectSize {
  const degrees = first.length + second.length - 2;
  const pooled = ((first.length - 1) * variance(first) + (second.length - 1) * variance(second)) / degrees;
  return corrected(mean(first) - mean(second), Math.sqrt(pooled), degrees);
}

/** Of pairs: the mean difference over the standard deviation of the differences. */
export function pairedEffectSize(first: readonly number[], second: readonly number[]): EffectSize {
  const differences = first.map((value, index) => value - second[index]!);
  return corrected(mean(differences), standardDeviation(differences), differences.length - 1);
}

function corrected(difference: number, deviation: number, degrees: number): EffectSize {
  const d = difference === 0 && deviation === 0 ? 0 : difference / deviation;
  return { d, g: d * (1 - 3 / (4 * degrees - 1)) };
}
