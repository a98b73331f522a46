import { expect, test } from 'vitest';
import { Streams } from '../../../core/engine';
import { digestOf, Histogram, RateMeter, Series } from '../../../core/measure';

test('a series stays within its limit, keeps extremes, and says how it was thinned', () => {
  const series = new Series('x', 'packets', { intervalNs: 10, samplesMax: 200 });
  for (let i = 0; i < 100_000; i += 1) series.add(i, i === 54_321 ? 999 : i % 7);
  series.flush();
  expect(series.length).toBeLessThanOrEqual(200);
  expect(Math.max(...series.values.subarray(0, series.length))).toBe(999);
  expect(series.intervalNs).toBeGreaterThan(10);
  for (let i = 1; i < series.length; i += 1) expect(series.times[i]).toBeGreaterThanOrEqual(series.times[i - 1]!);
});

test('an interval of zero keeps every change', () => {
  const series = new Series('x', 'bytes', { intervalNs: 0, samplesMax: 1000 });
  for (let i = 0; i < 500; i += 1) series.add(i, i);
  expect(series.length).toBe(500);
});

test('quantiles are within a hundredth of the truth', () => {
  const random = new Streams(2).named('values');
  const histogram = new Histogram();
  const values = Array.from({ length: 20_000 }, () => Math.round(random.exponential(1e6)));
  for (const value of values) histogram.add(value);
  values.sort((a, b) => a - b);
  for (const share of [0.1, 0.5, 0.95, 0.99]) {
    expect(Math.abs(histogram.quantile(share) / values[Math.ceil(share * values.length) - 1]! - 1)).toBeLessThan(0.01);
  }
  expect([histogram.max, histogram.count]).toEqual([values[values.length - 1], 20_000]);
});

test('a rate meter tells the mean of each interval at its end, and zero for silence', () => {
  const told: [number, number][] = [];
  const meter = new RateMeter(1e9, 8, 0, 0, (time, rate) => told.push([time / 1e9, rate]));
  meter.see(0.5e9, 1000);
  meter.see(1.2e9, 3000);
  meter.see(4.5e9, 4000);
  expect(told).toEqual([
    [1, 8000],
    [2, 16_000],
    [3, 0],
    [4, 0],
  ]);
});

test('digests tell apart what differs and not what does not', () => {
  expect(digestOf({ a: 1, b: [2, 'x'] })).toBe(digestOf({ a: 1, b: [2, 'x'] }));
  expect(new Set([{ a: 1 }, { a: 1.0000000001 }, { b: 1 }, { a: '1' }, [1], { a: [1] }].map(digestOf)).size).toBe(6);
});
