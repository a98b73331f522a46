// All numbers of a run's summary, each under the pointer by which a plan's measure would name it: items of lists by their names.

import type { RunSummary } from '../measure';
import { pointerOf } from '../scenario';
import { unitOf } from './measures';

export interface SummaryNumber {
  /** `/links/bottleneck/forward/drops`. */
  readonly pointer: string;
  /** Base unit. */
  readonly unit: string;
  readonly value: number;
}

/** What tells the items of a list apart, by the list's name; lists that are not here go by `name`, else by their places. */
const NAMED_BY: Readonly<Record<string, readonly string[]>> = {
  flows: ['id'],
  links: ['id', 'direction'],
  hosts: ['id'],
  routers: ['id'],
  cpus: ['host', 'cpu'],
  kernels: ['host'],
  nics: ['host', 'link'],
  stacks: ['host'],
  batches: ['thread'],
  wakeToRun: ['priority'],
  stages: ['stage'],
};

/** Not results: the format, what the run was asked for, and what a clock measured. */
const LEFT_OUT = new Set(['/version', '/seed', '/totals/wallSeconds']);

export function summaryNumbers(summary: RunSummary): SummaryNumber[] {
  const found: SummaryNumber[] = [];
  collect(summary, [], found);
  return found;
}

function collect(value: unknown, path: readonly string[], found: SummaryNumber[]): void {
  if (typeof value === 'number') {
    const pointer = pointerOf(path);
    if (!LEFT_OUT.has(pointer)) found.push({ pointer, unit: unitAlong(path), value });
  } else if (Array.isArray(value)) {
    const names = namesOf(value, path.at(-1) ?? '');
    value.forEach((item, index) => {
      collect(withoutNames(item, path.at(-1) ?? ''), [...path, ...names[index]!], found);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key], found);
  }
}

/** A name for each item; the second of one name gets its number. */
function namesOf(items: readonly unknown[], list: string): string[][] {
  const seen = new Map<string, number>();
  return items.map((item, index) => {
    const keys = NAMED_BY[list] ?? ['name'];
    const values = keys.map((key) => (isRecord(item) ? item[key] : undefined));
    if (values.some((value) => value === undefined)) return [String(index)];
    const names = values.map((value) => String(value));
    const count = (seen.get(names.join('/')) ?? 0) + 1;
    seen.set(names.join('/'), count);
    return count === 1 ? names : [...names.slice(0, -1), `${names.at(-1)!} (${String(count)})`];
  });
}

/** The number of a CPU is its name, not a result. */
function withoutNames(item: unknown, list: string): unknown {
  if (!isRecord(item)) return item;
  const keys = NAMED_BY[list] ?? ['name'];
  return Object.fromEntries(Object.entries(item).filter(([key]) => !keys.includes(key)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field's own unit, or that of what it stands in: `spentNs/input` is nanoseconds. */
function unitAlong(path: readonly string[]): string {
  if (path.at(-1) === 'simSeconds') return 's';
  return (
    path
      .toReversed()
      .map(unitOf)
      .find((unit) => unit !== 'count') ?? 'count'
  );
}
