// Statistics of a probe over time, after the warm-up. A state (a window, a queue) holds from its sample to the next one; a rate or a
// share is told when its interval has ended and holds from the sample before. Means and quantiles are weighted by time.

import type { SeriesData } from '../measure';
import type { Statistic } from './plan-schema';
import { shareOf } from './measures';
import { warmUpSamples } from './statistics';

/** Equal steps in which MSER-5 looks at a run. */
const STEPS = 1000;
const RATE_UNITS = ['bps', '1/s', '1'];

/** Calls `visit` with every value and how long it held between two times. */
function eachHeld(
  { times, values, length, unit }: SeriesData,
  fromNs: number,
  toNs: number,
  visit: (value: number, heldNs: number) => void,
): void {
  const isRate = RATE_UNITS.includes(unit);
  for (let i = 0; i < length; i += 1) {
    const start = isRate ? (i === 0 ? 0 : times[i - 1]!) : times[i]!;
    const end = isRate ? times[i]! : i + 1 < length ? times[i + 1]! : toNs;
    const held = Math.min(end, toNs) - Math.max(start, fromNs);
    if (held > 0) visit(values[i]!, held);
  }
}

/** NaN when the probe told nothing in that time. */
export function statisticOf(series: SeriesData, statistic: Statistic, fromNs: number, toNs: number): number {
  const held: { value: number; heldNs: number }[] = [];
  eachHeld(series, fromNs, toNs, (value, heldNs) => held.push({ value, heldNs }));
  if (held.length === 0) return Number.NaN;
  switch (statistic) {
    case 'min':
      return held.reduce((least, { value }) => Math.min(least, value), Infinity);
    case 'max':
      return held.reduce((most, { value }) => Math.max(most, value), -Infinity);
    case 'last':
      return held[held.length - 1]!.value;
    case 'mean': {
      const totalNs = held.reduce((sum, { heldNs }) => sum + heldNs, 0);
      return held.reduce((sum, { value, heldNs }) => sum + value * heldNs, 0) / totalNs;
    }
    default:
      return weightedQuantile(held, shareOf(statistic));
  }
}

/** The smallest value that held, with all below it, for this share of the time. */
function weightedQuantile(held: { value: number; heldNs: number }[], share: number): number {
  const sorted = held.sort((a, b) => a.value - b.value);
  const wantedNs = share * sorted.reduce((sum, { heldNs }) => sum + heldNs, 0);
  let seenNs = 0;
  for (const { value, heldNs } of sorted) {
    seenNs += heldNs;
    if (seenNs >= wantedNs) return value;
  }
  return sorted[sorted.length - 1]!.value;
}

/** When a run has settled by MSER-5, in ns; undefined if it has not by its middle. */
export function settledAt(series: SeriesData, endNs: number): number | undefined {
  const stepNs = endNs / STEPS;
  const samples = Array.from({ length: STEPS }, (_, step) =>
    statisticOf(slice(series, step * stepNs, (step + 1) * stepNs), 'mean', step * stepNs, (step + 1) * stepNs),
  );
  // Before its first sample a probe has no value; that time is start-up whatever follows.
  const first = samples.findIndex((value) => !Number.isNaN(value));
  if (first < 0) return undefined;
  const dropped = warmUpSamples(
    samples.slice(first).map((value, index, all) => (Number.isNaN(value) ? (all[index - 1] ?? 0) : value)),
  );
  return dropped === undefined ? undefined : (first + dropped) * stepNs;
}

/** The samples that matter between two times: those inside, one before and one after. */
function slice(series: SeriesData, fromNs: number, toNs: number): SeriesData {
  const from = Math.max(0, firstAfter(series, fromNs) - 2);
  const to = Math.min(series.length, firstAfter(series, toNs) + 1);
  return {
    ...series,
    times: series.times.subarray(from, to),
    values: series.values.subarray(from, to),
    length: to - from,
  };
}

/** Place of the first sample later than a time. */
function firstAfter({ times, length }: SeriesData, timeNs: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= timeNs) low = middle + 1;
    else high = middle;
  }
  return low;
}
