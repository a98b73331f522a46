// A curve drawn with the pointer: strokes fill what lies between, corrections replace, and it has to go from end to end.

import { expect, test } from 'vitest';
import { COLUMNS, drawnPlaces, isWhole, NOTHING_DRAWN, withStroke } from '../../../renderer/labs/model/drawing';

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
