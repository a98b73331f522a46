// Numbers out of a run's summary by JSON pointer (RFC 6901), with two things more: members of lists are named by what a person calls
// them (`/flows/f1/rtoCount`, `/cpus/web:0/busyNs`, `/links/bottleneck:reverse/drops`), and `*` adds all members up.

import type { Measured } from './schema';
import type { EvidenceOf } from './evidence';
import { nearest, pathOf } from '../scenario';
import type { RunSummary } from '../measure';

export type Found = { readonly ok: true; readonly value: number } | { readonly ok: false; readonly reason: string };

const failed = (reason: string): Found => ({ ok: false, reason });

/** The names that a member of a list answers to, the best first. */
function namesOf(item: unknown): string[] {
  if (typeof item !== 'object' || item === null) return [];
  const fields = item as Readonly<Record<string, unknown>>;
  const text = (key: string): string | undefined => {
    const value = fields[key];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  };
  const host = text('host');
  const second = host === undefined ? undefined : (text('cpu') ?? text('link'));
  const id = text('id');
  const direction = text('direction');
  return [
    ...(host !== undefined && second !== undefined ? [`${host}:${second}`] : []),
    ...(id !== undefined && direction !== undefined ? [`${id}:${direction}`] : []),
    ...[id, text('name'), text('thread'), text('stage'), text('priority'), host].filter((name) => name !== undefined),
  ];
}

/** The number at a pointer, or why there is none. */
export function summaryValue(summary: RunSummary, pointer: string): Found {
  const path = pathOf(pointer);
  if (path === undefined) return failed(`"${pointer}" does not begin with "/"`);
  return valueBelow(summary, path, pointer);
}

function valueBelow(here: unknown, path: readonly string[], pointer: string): Found {
  const [part, ...rest] = path;
  if (part === undefined)
    return typeof here === 'number' ? { ok: true, value: here } : failed(`"${pointer}" is not a number`);
  if (Array.isArray(here)) {
    if (part === '*') return sumOf(here, rest, pointer);
    // A name counts more than a place in the list: priorities are names, too.
    const named: unknown = here.find((candidate: unknown) => namesOf(candidate).includes(part));
    const item: unknown = named ?? (/^\d+$/.test(part) ? here[Number(part)] : undefined);
    if (item !== undefined) return valueBelow(item, rest, pointer);
    return missing(
      part,
      pointer,
      here.map((candidate: unknown, index) => namesOf(candidate)[0] ?? String(index)),
    );
  }
  if (typeof here !== 'object' || here === null) return failed(`"${pointer}": nothing is below "${part}"`);
  const object = here as Readonly<Record<string, unknown>>;
  if (part === '*') return sumOf(Object.values(object), rest, pointer);
  if (Object.hasOwn(object, part)) return valueBelow(object[part], rest, pointer);
  return missing(part, pointer, Object.keys(object));
}

function sumOf(items: readonly unknown[], rest: readonly string[], pointer: string): Found {
  let sum = 0;
  for (const item of items) {
    const found = valueBelow(item, rest, pointer);
    if (!found.ok) return found;
    sum += found.value;
  }
  return { ok: true, value: sum };
}

function missing(part: string, pointer: string, names: readonly string[]): Found {
  const near = nearest(part, names);
  const hint = near === undefined ? `there are ${names.slice(0, 12).join(', ')}` : `did you mean "${near}"?`;
  return failed(`"${pointer}": nothing is called "${part}"; ${hint}`);
}

/** The value of `measured` from the runs of the steps. @param here the step that it stands in */
export function measuredValue(measured: Measured, here: string, evidenceOf: EvidenceOf): Found {
  const at = (pointer: string, step: string | undefined): Found => {
    const evidence = evidenceOf(step ?? here);
    if (evidence === undefined) return failed(`step "${step ?? here}" has not run yet`);
    return summaryValue(evidence.summary, pointer);
  };
  const first = at(measured.pointer, measured.of);
  if (!first.ok) return first;
  let { value } = first;
  if (measured.minus !== undefined) {
    const minus = at(measured.minus, measured.minusOf ?? measured.of);
    if (!minus.ok) return minus;
    value -= minus.value;
  }
  if (measured.over !== undefined) {
    const over = at(measured.over, measured.overOf ?? measured.of);
    if (!over.ok) return over;
    if (over.value === 0) return failed(`"${measured.over}" is 0, and nothing can be divided by it`);
    value /= over.value;
  }
  value *= measured.scale ?? 1;
  return Number.isFinite(value) ? { ok: true, value } : failed(`"${measured.pointer}" is not a finite number`);
}
