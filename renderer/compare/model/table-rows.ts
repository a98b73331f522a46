// The difference table as rows: searched, in groups that can be closed, sorted; and numbers as people read them.

import { pathOf } from '../../../core/scenario';
import { shownUnit } from '../../../core/export';
import { type Cell, isSure, type NumberRow } from './differences';

/** How many parts of a pointer name what it is about: `flows f1`, `links bottleneck forward`; two for lists that are not here. */
const GROUP_PARTS: Readonly<Record<string, number>> = { totals: 1, measures: 1, links: 3, cpus: 3, nics: 3 };

export function groupOf(pointer: string): { group: string; name: string } {
  const path = pathOf(pointer) ?? [];
  const parts = Math.min(path.length - 1, GROUP_PARTS[path[0] ?? ''] ?? 2);
  return { group: path.slice(0, parts).join(' ') || 'run', name: path.slice(parts).join(' ') };
}

export interface Sorting {
  readonly by: 'name' | 'value' | 'difference' | 'relative';
  /** Place of the run whose column it is. */
  readonly side: number;
  readonly descending: boolean;
}

export type TableItem =
  | { readonly kind: 'group'; readonly group: string; readonly count: number; readonly open: boolean }
  | { readonly kind: 'row'; readonly row: NumberRow; readonly name: string };

interface Wish {
  readonly text: string;
  readonly onlySure: boolean;
  readonly grouped: boolean;
  readonly closed: ReadonlySet<string>;
  readonly sorting: Sorting;
}

export function tableItems(rows: readonly NumberRow[], wish: Wish): TableItem[] {
  const words = wish.text.toLowerCase().split(/\s+/);
  const found = rows.filter(({ pointer, cells }) => {
    const text = pointer.toLowerCase();
    return words.every((word) => text.includes(word)) && (!wish.onlySure || cells.some(isSureCell));
  });
  const sorted = sortedRows(found, wish.sorting);
  if (!wish.grouped) return sorted.map((row) => ({ kind: 'row', row, name: row.pointer }));
  const groups = new Map<string, TableItem[]>();
  for (const row of sorted) {
    const { group, name } = groupOf(row.pointer);
    const items = groups.get(group) ?? [];
    groups.set(group, items);
    items.push({ kind: 'row', row, name });
  }
  const names = [...groups.keys()];
  // The order of the summary: flows before links before CPUs.
  const order = new Map(rows.map(({ pointer }, index) => [groupOf(pointer).group, index]));
  names.sort((a, b) => order.get(a)! - order.get(b)!);
  return names.flatMap((group): TableItem[] => {
    const items = groups.get(group)!;
    const open = !wish.closed.has(group);
    return [{ kind: 'group', group, count: items.length, open }, ...(open ? items : [])];
  });
}

export function isSureCell(cell: Cell | undefined): boolean {
  return cell?.against !== undefined && isSure(cell.against) === true;
}

/** What there is no number for comes last, whichever way. */
function sortedRows(rows: readonly NumberRow[], { by, side, descending }: Sorting): readonly NumberRow[] {
  const way = descending ? -1 : 1;
  if (by === 'name') return descending ? rows.toReversed() : rows;
  const keyOf = ({ cells }: NumberRow): number => {
    const cell = cells[side];
    // Differences of another unit are not to be compared; sizes of relative ones are.
    return (
      (by === 'value' ? cell?.value : by === 'difference' ? cell?.against?.difference : cell?.against?.relative) ??
      Number.NaN
    );
  };
  return rows
    .map((row) => ({ row, key: Math.abs(keyOf(row)) }))
    .sort((a, b) => (Number.isNaN(a.key) ? 1 : Number.isNaN(b.key) ? -1 : way * (a.key - b.key)))
    .map(({ row }) => row);
}

/** One unit for a row, by its largest value. */
export function unitOfRow({ unit, cells }: NumberRow): { divisor: number; unit: string } {
  const largest = Math.max(...cells.map((cell) => Math.abs(cell?.value ?? 0)));
  return shownUnit(unit, largest);
}

const VALUE_DIGITS = 6;
const DIFFERENCE_DIGITS = 4;

export function shownNumber(value: number | undefined, divisor: number): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  return minus((value / divisor).toLocaleString('en', { maximumSignificantDigits: VALUE_DIGITS }));
}

export function shownDifference(value: number, divisor: number): string {
  const text = (value / divisor).toLocaleString('en', {
    maximumSignificantDigits: DIFFERENCE_DIGITS,
    signDisplay: 'exceptZero',
  });
  return minus(text);
}

export function shownHalf(low: number, high: number, divisor: number): string {
  if (Number.isNaN(low)) return '';
  const half = (high - low) / 2 / divisor;
  return `± ${half.toLocaleString('en', { maximumSignificantDigits: 2 })}`;
}

export function shownShare(relative: number): string {
  if (Number.isNaN(relative)) return '';
  const text = relative.toLocaleString('en', {
    style: 'percent',
    maximumSignificantDigits: 3,
    signDisplay: 'exceptZero',
  });
  return minus(text);
}

function minus(text: string): string {
  return text.replace('-', '−');
}
