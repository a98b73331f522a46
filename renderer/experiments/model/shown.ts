// Numbers as the tables show them: in a handy unit with four digits, or to the last digit in the base unit, as the export has them.

import { shownUnit } from '../../../core/export';

const DIGITS = 4;
const NOTHING = '–';

export function shownNumber(value: number, unit: string, allDigits: boolean): string {
  if (!Number.isFinite(value)) return NOTHING;
  if (allDigits) return String(value);
  const handy = shownUnit(unit, Math.abs(value));
  const text = String(Number((value / handy.divisor).toPrecision(DIGITS)));
  return handy.unit === '' ? text : `${text} ${handy.unit}`;
}

/** Half the width of an interval, in the unit in which its middle is shown. */
export function shownHalf(estimate: number, high: number, unit: string): string {
  if (!Number.isFinite(high)) return '';
  const handy = shownUnit(unit, Math.abs(estimate));
  return `± ${String(Number(((high - estimate) / handy.divisor).toPrecision(2)))}`;
}

/** `12 s`, `3 min`, `2 h 10 min`. */
export function shownDuration(seconds: number): string {
  if (seconds < 90) return `${String(Math.max(1, Math.round(seconds)))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${String(minutes)} min`;
  return `${String(Math.floor(minutes / 60))} h ${String(minutes % 60)} min`;
}

/** What a number of the table is in: nothing for counts and shares. */
export function unitName(unit: string): string {
  return unit === 'count' || unit === '1' ? '' : unit;
}

/** Width of a character of a table, and the room around a cell's text, pixels. */
const CHARACTER_PX = 7;
const CELL_PX = 10;
const COLUMN_PX = { least: 56, most: 240 } as const;
/** Characters of a head that are shown at least. */
const HEAD_LENGTH = 13;
const GAP_PX = 8;
const EDGES_PX = 24;

/** A width that holds what stands in a column, and the beginning of its head; every row has the same ones. */
export function columnPx(head: string, texts: readonly string[]): number {
  const longest = texts.reduce((most, text) => Math.max(most, text.length), Math.min(HEAD_LENGTH, head.length));
  return Math.min(COLUMN_PX.most, Math.max(COLUMN_PX.least, longest * CHARACTER_PX + CELL_PX));
}

/** The style of a row of columns that share what room is left. */
export function rowStyle(columns: readonly number[]): { gridTemplateColumns: string; minWidth: string } {
  const all = columns.reduce((sum, px) => sum + px + GAP_PX, EDGES_PX - GAP_PX);
  return {
    gridTemplateColumns: columns.map((px) => `minmax(${String(px)}px, ${String(px)}fr)`).join(' '),
    minWidth: `${String(all)}px`,
  };
}

/** The head of a measure's column. With all digits values are in the base unit, which the head names. */
export function headOf(label: string, unit: string, allDigits: boolean): string {
  return allDigits && unitName(unit) !== '' ? `${label}, ${unitName(unit)}` : label;
}
