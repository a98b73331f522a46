// Draws of sizes and times for workloads, from named distributions.

import { unreachable } from '../base';
import type { RandomStream } from '../engine';

/** A distribution of positive quantities (bytes or nanoseconds); all numbers in that unit. */
export type Distribution =
  | { readonly distribution: 'fixed'; readonly value: number }
  | { readonly distribution: 'uniform'; readonly min: number; readonly max: number }
  | { readonly distribution: 'exponential'; readonly mean: number }
  | { readonly distribution: 'pareto'; readonly mean: number; readonly shape: number };

/** Draws a whole number, at least `least`. */
export function draw(from: Distribution, random: RandomStream, least: number): number {
  return Math.max(least, Math.round(drawReal(from, random)));
}

function drawReal(from: Distribution, random: RandomStream): number {
  switch (from.distribution) {
    case 'fixed':
      return from.value;
    case 'uniform':
      return random.uniformBetween(from.min, from.max);
    case 'exponential':
      return random.exponential(from.mean);
    case 'pareto':
      return random.pareto(from.mean, from.shape);
    default:
      return unreachable(from);
  }
}
