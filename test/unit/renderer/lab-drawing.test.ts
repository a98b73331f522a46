// A curve drawn with the pointer or with keys: strokes fill what lies between, corrections replace, and it has to go from end to end.

import { describe, expect, test } from 'vitest';
import {
  COLUMNS,
  drawnPlaces,
  heightByKey,
  isWhole,
  NOTHING_DRAWN,
  POINT_COLUMNS,
  pointHeight,
  withPoint,
  withStroke,
} from '../../../renderer/labs/model/drawing';

test('a stroke has a height at each column between its ends, on the straight line', () => {
  const drawn = drawnPlaces(withStroke(NOTHING_DRAWN, { x: 0.25, y: 0 }, { x: 0.75, y: 1 }));
  expect(drawn).toHaveLength(COLUMNS / 2 + 1);
  for (const { x, y } of drawn) expect(y).toBeCloseTo((x - 0.25) * 2, 9);
});

test('a stroke backwards gives the same, and a later one replaces what it passes over', () => {
  const there = withStroke(NOTHING_DRAWN, { x: 0, y: 0.2 }, { x: 1, y: 0.8 });
  expect(withStroke(NOTHING_DRAWN, { x: 1, y: 0.8 }, { x: 0, y: 0.2 })).toEqual(there);
  const mended = withStroke(there, { x: 0.5, y: 1 }, { x: 0.6, y: 1 });
  expect(mended[COLUMNS * 0.55]).toBe(1);
  expect(mended[0]).toBe(0.2);
});

test('what leaves the paper stays at its edge', () => {
  const drawn = drawnPlaces(withStroke(NOTHING_DRAWN, { x: -1, y: -3 }, { x: 2, y: 4 }));
  expect(drawn.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true);
});

test('a curve is whole from one end to the other only', () => {
  expect(isWhole(NOTHING_DRAWN)).toBe(false);
  expect(isWhole(withStroke(NOTHING_DRAWN, { x: 0, y: 0 }, { x: 0.9, y: 0 }))).toBe(false);
  expect(isWhole(withStroke(NOTHING_DRAWN, { x: 0.02, y: 0 }, { x: 0.98, y: 0 }))).toBe(true);
});

describe('with the keyboard', () => {
  const [first, second, third] = POINT_COLUMNS as readonly [number, number, number];
  const last = POINT_COLUMNS.at(-1)!;

  test('points stand at both ends and evenly between, in the middle before anything is drawn', () => {
    expect([first, last]).toEqual([0, COLUMNS]);
    expect(new Set(POINT_COLUMNS.slice(1).map((column, at) => column - POINT_COLUMNS[at]!))).toEqual(new Set([second]));
    expect(pointHeight(NOTHING_DRAWN, third)).toBe(0.5);
  });

  test('both ends set make a whole curve, straight between them', () => {
    const drawn = withPoint(withPoint(NOTHING_DRAWN, first, 0.2), last, 0.8);
    expect(isWhole(drawn)).toBe(true);
    for (const { x, y } of drawnPlaces(drawn)) expect(y).toBeCloseTo(0.2 + 0.6 * x, 9);
  });

  test('a point bends the curve as far as the next points, and no further', () => {
    const flat = withStroke(NOTHING_DRAWN, { x: 0, y: 0.5 }, { x: 1, y: 0.5 });
    const bent = withPoint(flat, third, 0.9);
    expect([bent[third], bent[second], bent[third + second]]).toEqual([0.9, 0.5, 0.5]);
    expect(bent[third - second / 2]).toBeCloseTo(0.7, 9);
    expect(bent.filter((height) => height !== 0.5)).toHaveLength(2 * second - 1);
  });

  test('a point that is not drawn yet stands where the nearest of the curve is', () => {
    expect(pointHeight(withPoint(NOTHING_DRAWN, first, 0.3), last)).toBe(0.3);
  });

  test('arrows move a point a little, with Shift or Page keys further, Home and End to the edges', () => {
    expect(heightByKey('ArrowUp', false, 0.5)).toBeCloseTo(0.52, 9);
    expect(heightByKey('ArrowDown', true, 0.5)).toBeCloseTo(0.4, 9);
    expect(heightByKey('PageUp', false, 0.5)).toBeCloseTo(0.6, 9);
    expect([heightByKey('Home', false, 0.5), heightByKey('End', false, 0.5)]).toEqual([0, 1]);
    expect([heightByKey('ArrowUp', true, 0.95), heightByKey('ArrowDown', false, 0)]).toEqual([1, 0]);
    expect(heightByKey('Enter', false, 0.3)).toBe(0.3);
    expect([heightByKey('Tab', false, 0.3), heightByKey('ArrowLeft', false, 0.3)]).toEqual([undefined, undefined]);
  });
});
