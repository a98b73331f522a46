// Statistics of a probe over time: states hold until their next sample, rates belong to the interval before; weighted by time.

import { expect, test } from 'vitest';
import { settledAt, statisticOf } from '../../../core/experiment/over-time';
import type { SeriesData } from '../../../core/measure';

function series(unit: string, samples: readonly (readonly [number, number])[]): SeriesData {
  return {
    name: 's',
    unit,
    times: Float64Array.from(samples, ([time]) => time),
    values: Float64Array.from(samples, ([, value]) => value),
    length: samples.length,
  };
}

test('a state holds until its next sample', () => {
  const queue = series('packets', [
    [0, 0],
    [10, 4],
    [15, 1],
    [95, 9],
  ]);
  const of = (statistic: Parameters<typeof statisticOf>[1], from = 0): number =>
    statisticOf(queue, statistic, from, 100);
  expect(of('mean')).toBeCloseTo((10 * 0 + 5 * 4 + 80 * 1 + 5 * 9) / 100, 12);
  expect([of('min'), of('max'), of('last')]).toEqual([0, 9, 9]);
  expect([of('p5'), of('p50'), of('p95'), of('p99')]).toEqual([0, 1, 4, 9]);
  // After the warm-up, what holds at its end counts from there.
  expect(of('mean', 12)).toBeCloseTo((3 * 4 + 80 * 1 + 5 * 9) / 88, 12);
  expect(of('min', 12)).toBe(1);
  expect(statisticOf(queue, 'max', 20, 90)).toBe(1);
});

test('a rate belongs to the time before its sample', () => {
  const throughput = series('bps', [
    [10, 100],
    [20, 300],
    [50, 0],
  ]);
  expect(statisticOf(throughput, 'mean', 0, 50)).toBeCloseTo((10 * 100 + 10 * 300) / 50, 12);
  expect(statisticOf(throughput, 'mean', 10, 20)).toBe(300);
  expect(statisticOf(throughput, 'mean', 15, 30)).toBeCloseTo((5 * 300) / 15, 12);
});

test('nothing told is no value', () => {
  expect(statisticOf(series('bytes', []), 'mean', 0, 10)).toBeNaN();
  expect(statisticOf(series('bytes', [[50, 1]]), 'mean', 0, 10)).toBeNaN();
});

test('MSER-5 finds where a queue has filled, whenever the probe began', () => {
  const filling = Array.from({ length: 2000 }, (_, i): [number, number] => [
    100 + i,
    i < 400 ? i / 10 : 40 + ((i * 7919) % 5),
  ]);
  const settled = settledAt(series('packets', filling), 2100);
  expect(settled).toBeGreaterThan(100 + 350);
  expect(settled).toBeLessThan(100 + 450);
  const rising = Array.from({ length: 2000 }, (_, i): [number, number] => [i, i]);
  expect(settledAt(series('packets', rising), 2000)).toBeUndefined();
  expect(settledAt(series('packets', []), 2000)).toBeUndefined();
});
