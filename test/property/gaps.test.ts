// Lines of figures and charts over random samples, among them what is no number: every drawing ends, has finite places only, leaves no
// shown sample's column out, and joins nothing over a gap.

import { expect, test } from 'vitest';
import { Streams } from '../../core/engine';
import {
  alongColumns,
  FIGURE_PRESETS,
  figureTex,
  type FigureSpec,
  type LineShape,
  renderFigure,
} from '../../core/export';
import type { SeriesData } from '../../core/measure';
import { drawLines, valueRange } from '../../renderer/shared/draw-lines';

const SEEDS = 300;
const NO_NUMBERS = [Number.NaN, Infinity, -Infinity];
const SHAPES: readonly LineShape[] = ['step', 'slope', 'points'];
const COLOURS = { text: '#000', grid: '#ccc', axis: '#888' };
type Random = ReturnType<Streams['named']>;

function randomSeries(random: Random): SeriesData {
  const length = random.integer(60);
  const times = new Float64Array(length);
  const values = new Float64Array(length);
  let at = 0;
  for (let i = 0; i < length; i += 1) {
    at += random.integer(4) === 0 ? 0 : random.integer(50_000);
    times[i] = random.integer(15) === 0 ? Number.NaN : at;
    values[i] = random.integer(5) === 0 ? NO_NUMBERS[random.integer(3)]! : random.integer(2000) - 500;
  }
  return { name: 'x', unit: 'bytes', times, values, length };
}

function specOf(data: SeriesData, shape: LineShape, random: Random): FigureSpec {
  const fromNs = random.integer(1_000_000);
  return {
    xLabel: 'Time',
    yLabel: 'Value',
    yUnit: 'bytes',
    fromNs,
    toNs: fromNs + random.integer(1_000_000),
    lines: [{ label: 'x', data, shape, marker: { kind: 1, hollow: false } }],
  };
}

/** Records where a canvas is drawn on. */
function recordingCanvas(): { context: CanvasRenderingContext2D; places: number[] } {
  const places: number[] = [];
  const draw = (...numbers: unknown[]): void => {
    places.push(...numbers.filter((one): one is number => typeof one === 'number'));
  };
  const context = new Proxy(
    {},
    {
      get: (_target, name) => (name === 'measureText' ? () => ({ width: 20 }) : draw),
      set: () => true,
    },
  );
  return { context: context as CanvasRenderingContext2D, places };
}

test('figures of samples that are no numbers end, and hold finite places only', () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = new Streams(seed).named('gaps');
    const spec = specOf(randomSeries(random), SHAPES[seed % 3]!, random);
    const svg = renderFigure(spec, FIGURE_PRESETS[0]!);
    expect(svg, `seed ${String(seed)}`).not.toMatch(/NaN|Infinity/);
    expect(figureTex(spec, FIGURE_PRESETS[0]!), `seed ${String(seed)}`).not.toMatch(/NaN|Infinity/);
  }
});

test('charts on the screen end, and draw at finite places only', () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = new Streams(seed).named('gaps');
    const data = randomSeries(random);
    const { fromNs, toNs } = specOf(data, 'step', random);
    const line = { label: 'x', data, colour: '#000', dash: [], shape: SHAPES[seed % 3]!, reachNs: toNs };
    const view = { fromNs, toNs: Math.max(toNs, fromNs + 1), unit: 'bytes', cursorNs: undefined };
    const { low, high } = valueRange([line], view);
    expect([Number.isFinite(low), Number.isFinite(high), high > low]).toEqual([true, true, true]);
    const { context, places } = recordingCanvas();
    drawLines(context, { width: 300, height: 150 }, [line], view, COLOURS);
    expect(
      places.filter((place) => !Number.isFinite(place)),
      `seed ${String(seed)}`,
    ).toEqual([]);
  }
});

test('every sample lies in a column with its smallest and largest, or is a gap; columns never reach over a gap', () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const data = randomSeries(new Streams(seed).named('gaps'));
    const { times, values, length } = data;
    const columnOf = (ns: number): number => Math.floor(ns / 30_000);
    const seen: number[] = [];
    alongColumns(data, { from: 0, to: length }, columnOf, {
      column: (first, low, high, last) => {
        const inside = Array.from({ length: last - first + 1 }, (_, index) => first + index);
        seen.push(...inside);
        expect(new Set(inside.map((index) => columnOf(times[index]!))).size).toBe(1);
        const theirs = inside.map((index) => values[index]!);
        expect(theirs.every(Number.isFinite)).toBe(true);
        expect([values[low], values[high]]).toEqual([Math.min(...theirs), Math.max(...theirs)]);
      },
      gap: (index) => {
        seen.push(index);
        expect(Number.isFinite(times[index]) && Number.isFinite(values[index])).toBe(false);
      },
    });
    expect(seen).toEqual(Array.from({ length }, (_, index) => index));
  }
});

test('a line is broken where nothing is known: a step holds until then, a slope ends before', () => {
  const data = {
    name: 'x',
    unit: 'bytes',
    times: Float64Array.of(0, 1e6, 2e6, 3e6, 4e6),
    values: Float64Array.of(1, 2, Number.NaN, 2, 1),
    length: 5,
  };
  const base = { xLabel: 'Time', yLabel: 'Value', yUnit: 'bytes', fromNs: 0, toNs: 4e6 };
  const pathOf = (shape: LineShape): string => {
    const svg = renderFigure({ ...base, lines: [{ label: 'x', data, shape }] }, FIGURE_PRESETS[0]!);
    return /<path d="([^"]+)" fill="none" stroke-linejoin/.exec(svg)![1]!.replace(/[\d. -]+/g, '');
  };
  expect(pathOf('slope')).toBe('MLML');
  expect(pathOf('step')).toBe('MHVHMHVH');
  expect(pathOf('points')).toBe('MhMhMhMh');
});
