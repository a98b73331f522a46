// What commands print on a terminal: it fits, and says what matters first.

import { expect, test } from 'vitest';
import { columnGroups, inColumns } from '../../../core/cli/output';
import { barLine } from '../../../core/cli/sweep-progress';
import { shownValue } from '../../../core/cli/sweep-report';

const PROGRESS = { name: 'Limited Transmit against loss', done: 20, most: 80, doneNow: 10, seconds: 30 };

test('the bar says what is left at any width, and gives up its name and itself first', () => {
  for (const width of [120, 79, 60, 30]) {
    const line = barLine(PROGRESS, width);
    expect(line.length).toBeLessThanOrEqual(width);
    expect(line).toContain('20/80 runs, 3 min left');
  }
  expect(barLine(PROGRESS, 120)).toContain(`${'='.repeat(10)}${'-'.repeat(30)}`);
  expect(barLine({ ...PROGRESS, name: 'x'.repeat(200) }, 79)).toContain('x… =');
  // Runs of before say nothing about time.
  expect(barLine({ ...PROGRESS, doneNow: 0 }, 79)).toMatch(/20\/80 runs$/);
});

test('a table that is too wide becomes several, each with the columns that say which row it is', () => {
  const rows = [
    ['point', 'loss', 'timeouts', 'completion', 'queue'],
    ['1', '0.01', '9.6 ± 1.9', '779 ± 22 ms', '0.11 ± 0.01 packets'],
  ];
  expect(columnGroups(rows, 2, Infinity)).toEqual([[0, 1, 2, 3, 4]]);
  const groups = columnGroups(rows, 2, 40);
  expect(groups).toEqual([
    [0, 1, 2, 3],
    [0, 1, 4],
  ]);
  for (const group of groups)
    for (const line of inColumns(rows.map((row) => group.map((place) => row[place]!))))
      expect(line.length).toBeLessThanOrEqual(40);
  // A column that never fits stands alone rather than nowhere.
  expect(columnGroups(rows, 2, 5)).toEqual([
    [0, 1, 2],
    [0, 1, 3],
    [0, 1, 4],
  ]);
});

test.each([
  [{ estimate: 1.2169e9, low: 1.1756e9, high: 1.2582e9 }, 'ns', '1.217 ± 0.041 s'],
  [{ estimate: 9.6, low: 7.686, high: 11.514 }, '1', '9.6 ± 1.9'],
  [{ estimate: 103.8, low: 93.29, high: 114.31 }, '1', '104 ± 11'],
  [{ estimate: 7, low: 7, high: 7 }, '1', '7 ± 0'],
  [{ estimate: 7.12345, low: NaN, high: NaN }, '1', '7.123'],
  [{ estimate: NaN, low: NaN, high: NaN }, '1', '–'],
])('%j in %s is shown as far as its interval leaves it meaningful', (interval, unit, text) => {
  expect(shownValue(interval, unit)).toBe(text);
});
