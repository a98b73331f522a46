// A run's summary as rows to read: each number under the thing that it belongs to, in its own unit and in a handy one.

import type { RunSummary } from '../../../core/measure';

export interface SummaryRow {
  readonly name: string;
  /** To the last digit. */
  readonly value: string;
  /** The same in a larger unit, where there is one. */
  readonly handy: string;
}
export interface SummaryGroup {
  readonly title: string;
  readonly rows: readonly SummaryRow[];
}

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Groups whose title or rows have all words; all groups without words. */
export function summaryGroups(summary: RunSummary, words: string): SummaryGroup[] {
  const wanted = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const fits = (text: string): boolean => wanted.every((word) => text.toLowerCase().includes(word));
  const all = [
    ...membersOf('flow', summary.flows),
    ...membersOf('link', summary.links),
    ...membersOf('cpu', summary.cpus),
    ...membersOf('nic', summary.nics),
    ...membersOf('stack', summary.stacks),
    ...membersOf('kernel', summary.kernels),
    { title: 'totals', rows: rowsOf(summary.totals) },
  ];
  return all.flatMap(({ title, rows }) => {
    const shown = rows.filter(({ name }) => fits(`${title} ${name}`));
    return shown.length === 0 ? [] : [{ title, rows: shown }];
  });
}

function membersOf(kind: string, members: readonly object[]): SummaryGroup[] {
  return members.map((member) => ({ title: `${kind} ${titleOf(member as Fields)}`, rows: rowsOf(member) }));
}

/** A word or number that names something; empty for anything else. */
function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function titleOf(member: Fields): string {
  const name = word(member['id']) || `${word(member['host'])} ${word(member['cpu'] ?? member['link'])}`;
  return `${name} ${word(member['direction'])}`.trim();
}

/** Numbers of an object and of the objects in it; lists of named things by their names. */
function rowsOf(value: object, prefix = ''): SummaryRow[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]): SummaryRow[] => {
    const name = prefix === '' ? key : `${prefix} ${key}`;
    if (typeof inner === 'number')
      return key === 'cpu' ? [] : [{ name, value: String(inner), handy: handyOf(key, inner) }];
    if (Array.isArray(inner))
      return inner.flatMap((each: unknown, index) =>
        isFields(each) ? rowsOf(each, `${name} ${word(each['name'] ?? each['id'] ?? index)}`) : [],
      );
    return isFields(inner) ? rowsOf(inner, name) : [];
  });
}

function handyOf(key: string, value: number): string {
  const shown = (scaled: number, unit: string): string => `${String(Number(scaled.toPrecision(6)))} ${unit}`;
  if (/Ns$/.test(key)) return value >= 1e9 ? shown(value / 1e9, 's') : value >= 1e4 ? shown(value / 1e6, 'ms') : '';
  if (/Bps$/.test(key)) return value >= 1e4 ? shown(value / 1e6, 'Mbit/s') : '';
  if (key === 'utilisation') return shown(value * 100, '%');
  if (/^bytes|Bytes$/.test(key)) return value >= 1e4 ? shown(value / 1e3, 'kB') : '';
  return '';
}
