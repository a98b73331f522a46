// How the values of a measure at a point are spread: quantiles with intervals that assume no distribution, from order statistics and by
// the bootstrap. Computed when a table is written, not with each summary: resampling costs a thousand times as much as a mean.

import { Streams } from '../base';
import type { Plan } from './plan';
import { bootstrapIntervals, type Interval, mean, orderInterval, quantileOfSorted } from './statistics';
import type { Cell } from './summarise';

/** The shares whose quantiles are told; the median is among them. */
export const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95] as const;

export interface QuantileIntervals {
  readonly share: number;
  readonly estimate: number;
  readonly order: Interval;
  readonly bootstrap: Interval;
}

export interface Distribution {
  readonly quantiles: readonly QuantileIntervals[];
  /** The mean without the assumption that Student's interval makes. */
  readonly mean: Interval;
}

/** The same plan and values give the same intervals: each point and measure has its own stream of the plan's seed. */
export function distributionOf(plan: Plan, { point, measure, values }: Cell): Distribution {
  const { name } = plan.measures[measure]!;
  const stream = new Streams(plan.seed).named(`bootstrap/${String(point.number)}/${name}`);
  const statistics = [
    ...QUANTILES.map((share) => (sample: ArrayLike<number>) => quantileOfSorted(sample, share)),
    (sample: ArrayLike<number>) => mean(sample),
  ];
  const intervals = bootstrapIntervals(values, statistics, plan.confidence, stream);
  const quantiles = QUANTILES.map((share, index): QuantileIntervals => {
    const order = orderInterval(values, share, plan.confidence);
    return { share, estimate: order.estimate, order, bootstrap: intervals[index]! };
  });
  return { quantiles, mean: intervals[QUANTILES.length]! };
}
