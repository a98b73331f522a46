// `--set POINTER=VALUE`: changes of a document from the command line. Items of nodes, links and traffic may be
// named by their id: `/links/bottleneck/queue/limit="10p"`.

import type { Problem } from '../base';
import { pathOf } from './json-text';
import { nearest } from './suggest';

/** A copy of the document with the overrides applied in order, and what was wrong with them. */
export function applyOverrides(
  document: unknown,
  overrides: readonly string[],
): { value: unknown; problems: Problem[] } {
  // A scenario is JSON, so this copies all of it.
  const value = JSON.parse(JSON.stringify(document)) as unknown;
  const problems = overrides.flatMap((override) => applyOne(value, override));
  return { value, problems };
}

/** What a place of the document becomes; `undefined` takes away what is there. */
export interface Setting {
  readonly pointer: string;
  readonly value: unknown;
}

/** A copy of the document with these settings, one after another. */
export function applySettings(
  document: unknown,
  settings: readonly Setting[],
): { value: unknown; problems: Problem[] } {
  const value = JSON.parse(JSON.stringify(document)) as unknown;
  return { value, problems: settings.flatMap((setting) => applySetting(value, setting)) };
}

function applyOne(root: unknown, override: string): Problem[] {
  const at = override.indexOf('=');
  if (at >= 0) return applySetting(root, { pointer: override.slice(0, at), value: valueOf(override.slice(at + 1)) });
  const suggestion = 'write --set /links/bottleneck/rate=5Mbps';
  return [{ file: '--set', pointer: override, message: 'there is no "="', suggestion }];
}

function applySetting(root: unknown, { pointer, value }: Setting): Problem[] {
  const path = pathOf(pointer);
  const complain = (message: string, suggestion: string): Problem[] => [
    { file: '--set', pointer, message, suggestion },
  ];
  if (path === undefined || path.length === 0)
    return complain('a pointer begins with "/"', 'write --set /duration=10s');
  let here = root;
  for (const part of path.slice(0, -1)) {
    const next = step(here, part, value !== undefined);
    if (next === ABSENT) return [];
    if (next === undefined) {
      const near = nearest(part, names(here));
      return complain(
        `nothing is called "${part}" there`,
        near === undefined ? `there are ${names(here).slice(0, 8).join(', ')}` : `did you mean "${near}"?`,
      );
    }
    here = next;
  }
  const last = path[path.length - 1] ?? '';
  if (Array.isArray(here)) {
    const index = indexIn(here, last);
    if (index === undefined)
      return complain(`nothing is called "${last}" there`, `there are ${names(here).slice(0, 8).join(', ')}`);
    if (value === undefined) here.splice(index, 1);
    else here[index] = copied(value);
  } else if (typeof here === 'object' && here !== null) {
    if (value === undefined) Reflect.deleteProperty(here, last);
    else (here as Record<string, unknown>)[last] = copied(value);
  } else return complain('there is no object to set a key in', 'point at a key of an object');
  return [];
}

/** Settings that follow may change a part of it. */
function copied(value: unknown): unknown {
  return typeof value === 'object' ? (JSON.parse(JSON.stringify(value)) as unknown) : value;
}

/** What is not there need not be taken away. */
const ABSENT = Symbol('absent');

/** One step down; a missing object on the way is made, so that /defaults/tcp/sack works without defaults. */
function step(here: unknown, part: string, make: boolean): unknown {
  if (Array.isArray(here)) {
    const index = indexIn(here, part);
    return index === undefined ? undefined : (here[index] as unknown);
  }
  if (typeof here !== 'object' || here === null) return undefined;
  const object = here as Record<string, unknown>;
  if (!Object.hasOwn(object, part)) {
    if (!['defaults', 'tcp', 'kernel', 'queue', 'loss', 'reverse', 'recording'].includes(part)) return undefined;
    if (!make) return ABSENT;
    object[part] = {};
  }
  return object[part];
}

function indexIn(list: readonly unknown[], part: string): number | undefined {
  const byId = list.findIndex((item) => typeof item === 'object' && item !== null && 'id' in item && item.id === part);
  if (byId >= 0) return byId;
  return /^\d+$/.test(part) && Number(part) < list.length ? Number(part) : undefined;
}

function names(here: unknown): string[] {
  if (Array.isArray(here)) {
    return here.map((item: unknown, index) =>
      typeof item === 'object' && item !== null && 'id' in item && typeof item.id === 'string'
        ? item.id
        : String(index),
    );
  }
  return typeof here === 'object' && here !== null ? Object.keys(here) : [];
}

/** JSON where it is JSON, else the text itself: 5Mbps needs no quotes. */
function valueOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
