// What differs between scenarios, by JSON pointer; what all of them share is left out. Items of lists go by their ids, as in the
// pointers of plans and of --set, so their order does not matter. Where nodes are drawn is no difference.

import { pointerOf } from '../../../core/scenario';

export interface ParameterRow {
  readonly pointer: string;
  /** By scenario: the value as JSON; undefined where it is not written. */
  readonly values: readonly (string | undefined)[];
}

const LEFT_OUT = new Set(['position']);
/** Said beside the run, not a parameter of the model. */
const ABOUT_THE_RUN = new Set(['/name', '/description', '/seed']);

export function parameterDifferences(documents: readonly unknown[]): ParameterRow[] {
  const rows: ParameterRow[] = [];
  compare(documents, [], false, rows);
  return rows.filter(({ pointer }) => !ABOUT_THE_RUN.has(pointer));
}

/** @param isItem an item of a list, which is there as a whole or not at all */
function compare(values: readonly unknown[], path: readonly string[], isItem: boolean, rows: ParameterRow[]): void {
  const texts = values.map((value) => (value === undefined ? undefined : JSON.stringify(value)));
  if (texts.every((text) => text === texts[0])) return;
  const present = values.filter((value) => value !== undefined);
  const lists = present.every(Array.isArray) ? present.map(byId) : undefined;
  const areRecords = lists === undefined ? present.every(isRecord) : lists.every((list) => list !== undefined);
  if (!areRecords || (isItem && present.length < values.length)) {
    rows.push({ pointer: pointerOf(path), values: texts });
    return;
  }
  const records = values.map((value) => (Array.isArray(value) ? byId(value) : value));
  const keys = new Set(records.flatMap((record) => (isRecord(record) ? Object.keys(record) : [])));
  for (const key of keys) {
    if (LEFT_OUT.has(key)) continue;
    const inner = records.map((record) => (isRecord(record) ? record[key] : undefined));
    compare(inner, [...path, key], lists !== undefined, rows);
  }
}

/** A list whose items all have ids, each its own, as a record; undefined for other lists. */
function byId(list: unknown): Record<string, unknown> | undefined {
  if (!Array.isArray(list)) return undefined;
  const entries = list.map((item: unknown) => [isRecord(item) ? item['id'] : undefined, item] as const);
  const ids = new Set(entries.map(([id]) => id));
  if (ids.size < entries.length || entries.some(([id]) => typeof id !== 'string')) return undefined;
  return Object.fromEntries(entries as [string, unknown][]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
