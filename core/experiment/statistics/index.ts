// The statistics of experiments, one method a file, each with its source. Distribution functions are a library's.

export type { Anova, AnovaRow, Observation } from './anova';
export { anova } from './anova';
export type { EffectSize } from './effect-sizes';
export { effectSize, pairedEffectSize } from './effect-sizes';
export type { Difference, Interval } from './intervals';
export { intervalAbout, meanInterval, pairedDifference, relativeHalfWidth, welchDifference } from './intervals';
export { mean, standardDeviation, variance } from './moments';
export { bootstrapInterval, bootstrapIntervals, orderInterval } from './quantile-intervals';
export { quantile, quantileOfSorted } from './quantiles';
export type { Bin, BoxPlot } from './shapes';
export { binCount, boxPlot, ecdf, histogram } from './shapes';
export { warmUpSamples } from './warm-up';
