// A chart by keys: the cursor reads values, the chart follows it, zooms and moves, and what was found is said.

import { describe, expect, test } from 'vitest';
import {
  type ChartContent,
  type ChartKey,
  type ChartState,
  keyed,
  moved,
  saidOf,
  timeText,
  zoomed,
} from '../../../renderer/shared/chart-view';
import type { ChartLine } from '../../../renderer/shared/draw-lines';

const line = (label: string, times: readonly number[], values: readonly number[]): ChartLine => ({
  label,
  data: {
    name: label,
    unit: 'bytes',
    times: Float64Array.from(times),
    values: Float64Array.from(values),
    length: times.length,
  },
  colour: '#000000',
  dash: [],
  shape: 'step',
  reachNs: 10e9,
});
const CONTENT: ChartContent = {
  endNs: 10e9,
  lines: [line('f1', [1e9, 2e9, 6e9], [1000, 2000, 3000]), line('f2', [4e9], [500])],
};
const NOTHING: ChartState = { span: undefined, cursorNs: undefined };
const key = (name: string, held: Partial<ChartKey> = {}): ChartKey => ({
  key: name,
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...held,
});

function after(state: ChartState, ...keys: readonly ChartKey[]): ChartState {
  return keys.reduce((now, one) => keyed(now, one, CONTENT) ?? now, state);
}

describe('keys', () => {
  test('an arrow begins to read in the middle, the next ones move by a fiftieth of what is shown', () => {
    const begun = after(NOTHING, key('ArrowRight'));
    expect(begun).toEqual({ span: undefined, cursorNs: 5e9 });
    expect(after(begun, key('ArrowRight'), key('ArrowRight'), key('ArrowLeft')).cursorNs).toBeCloseTo(5.2e9, 0);
  });

  test('with Control the cursor goes from sample to sample of all lines, and stays at the last', () => {
    const stops: (number | undefined)[] = [];
    let now: ChartState = { span: undefined, cursorNs: 0 };
    for (let i = 0; i < 5; i += 1) {
      now = after(now, key('ArrowRight', { ctrlKey: true }));
      stops.push(now.cursorNs);
    }
    expect(stops).toEqual([1e9, 2e9, 4e9, 6e9, 6e9]);
    expect(after(now, key('ArrowLeft', { ctrlKey: true })).cursorNs).toBe(4e9);
  });

  test('plus and minus zoom around the cursor, which stays where it is in the picture', () => {
    const read: ChartState = { span: undefined, cursorNs: 2e9 };
    const near = after(read, key('+'), key('+'));
    const { fromNs, toNs } = near.span!;
    expect(toNs - fromNs).toBeCloseTo(3.6e9, 0);
    expect((2e9 - fromNs) / (toNs - fromNs)).toBeCloseTo(0.2, 9);
    expect(after(near, key('-'), key('-'), key('-')).span).toBeUndefined();
  });

  test('with Shift arrows move what is shown, not beyond the ends; all of it cannot be moved', () => {
    const shift = { shiftKey: true };
    expect(after(NOTHING, key('ArrowRight', shift))).toEqual(NOTHING);
    const zoomedIn: ChartState = { span: { fromNs: 2e9, toNs: 4e9 }, cursorNs: undefined };
    expect(after(zoomedIn, key('ArrowRight', shift)).span).toEqual({ fromNs: 2.5e9, toNs: 4.5e9 });
    const keys = Array.from({ length: 30 }, () => key('ArrowRight', shift));
    expect(after(zoomedIn, ...keys).span).toEqual({ fromNs: 8e9, toNs: 10e9 });
  });

  test('the chart follows a cursor that leaves it', () => {
    const edge: ChartState = { span: { fromNs: 2e9, toNs: 4e9 }, cursorNs: 4e9 };
    const { span, cursorNs } = after(edge, key('ArrowRight'));
    expect(cursorNs).toBeGreaterThan(4e9);
    expect(span!.fromNs <= cursorNs! && cursorNs! <= span!.toNs).toBe(true);
    expect(span!.toNs - span!.fromNs).toBe(2e9);
  });

  test('0 and Home show all time, Escape stops reading, and keys of others are left to them', () => {
    const state: ChartState = { span: { fromNs: 1e9, toNs: 2e9 }, cursorNs: 1.5e9 };
    expect(after(state, key('0')).span).toBeUndefined();
    expect(after(state, key('Home'))).toEqual({ span: undefined, cursorNs: 1.5e9 });
    expect(after(state, key('Escape')).cursorNs).toBeUndefined();
    for (const other of [key('Escape'), key('a'), key('Tab'), key('+', { ctrlKey: true }), key('0', { ctrlKey: true })])
      expect(keyed(NOTHING, other, CONTENT)).toBeUndefined();
  });
});

test('what was found is said: values at the cursor, or the span that is shown', () => {
  const at = (cursorNs: number): ChartState => ({ span: undefined, cursorNs });
  expect(saidOf(NOTHING, at(5e9), 'bytes', CONTENT)).toBe('5.0000 s: f1 2.000 kB, f2 500.0 B');
  expect(saidOf(NOTHING, at(0.5e9), 'bytes', CONTENT)).toBe('0.5000 s: nothing was recorded until then');
  const near: ChartState = { span: { fromNs: 1e9, toNs: 2e9 }, cursorNs: undefined };
  expect(saidOf(NOTHING, near, 'bytes', CONTENT)).toBe('Shown from 1.0000 s to 2.0000 s');
  expect(saidOf(near, NOTHING, 'bytes', CONTENT)).toBe('All time is shown');
});

test('zooming ends at a microsecond and at everything; moving keeps the length', () => {
  expect(zoomed({ fromNs: 5, toNs: 900 }, 0.1, 100, 10e9)).toEqual({ fromNs: 90.5, toNs: 1090.5 });
  expect(zoomed({ fromNs: 1e9, toNs: 9e9 }, 2, 5e9, 10e9)).toBeUndefined();
  expect(moved({ fromNs: 1e9, toNs: 2e9 }, -5e9, 10e9)).toEqual({ fromNs: 0, toNs: 1e9 });
});

test('times have as many decimals as the shown span needs', () => {
  expect(timeText(1.5e9, { fromNs: 0, toNs: 10e9 })).toBe('1.5000 s');
  expect(timeText(1.5e9 + 1, { fromNs: 1.5e9, toNs: 1.5e9 + 1000 })).toBe('1.500000001 s');
});
