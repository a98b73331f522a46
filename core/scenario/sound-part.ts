// What can still be judged of a document that its schema refuses. Broken places get some valid value, so that all else can be read, and
// are remembered, so that nothing is said that may only follow from them.

import { z } from 'zod';
import type { Problem } from '../base';
import { pointerOf } from './json-text';
import { knownKeys, metaOf, schemaAt, valueAt } from './schema-problems';
import { nearest } from './suggest';

/** Places of a document, by their pointers. */
export class Places {
  private readonly pointers: ReadonlySet<string>;

  constructor(pointers: Iterable<string> = []) {
    this.pointers = new Set(pointers);
  }

  has(pointer: string): boolean {
    return this.pointers.has(pointer);
  }

  /** Whether this place is one of them, or inside of one. */
  hold(pointer: string): boolean {
    for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
      if (this.pointers.has(at)) return true;
      if (at === '') return false;
    }
  }

  /** Whether this place is one of them, inside of one, or has one inside. */
  touch(pointer: string): boolean {
    if (this.hold(pointer)) return true;
    for (const place of this.pointers) if (place.startsWith(`${pointer}/`)) return true;
    return false;
  }
}

export const NOWHERE = new Places();

/** Tells a problem of a place, unless that place or another one that it depends on is broken anyhow. */
export type Report = (pointer: string, message: string, suggestion: string | undefined, ...dependsOn: string[]) => void;

export function reporter(problems: Problem[], file: string, broken: Places): Report {
  return (pointer, message, suggestion, ...dependsOn) => {
    if (broken.hold(pointer) || dependsOn.some((place) => broken.touch(place))) return;
    problems.push({ file, pointer, message, suggestion });
  };
}

/** Mending one place may show what is wrong in it; deeper documents than this are given up. */
const ROUNDS_MAX = 8;

/** The document as far as it is right, and where it is not; undefined when nothing can be made of it. */
export function soundPart<Schema extends z.ZodType>(
  schema: Schema,
  document: unknown,
): { readonly value: z.output<Schema>; readonly broken: Places } | undefined {
  const copy = JSON.parse(JSON.stringify(document)) as unknown;
  const broken = new Set<string>();
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const read = schema.safeParse(copy);
    if (read.success) return { value: read.data, broken: new Places(broken) };
    for (const issue of read.error.issues) {
      const mended =
        issue.code === 'unrecognized_keys'
          ? withoutKeys(copy, issue, schema, broken)
          : withValue(copy, issue.path, schema, broken);
      if (!mended) return undefined;
    }
  }
  return undefined;
}

/** Takes unknown keys away. What they were meant to be, if that can be told, is not known. */
function withoutKeys(
  root: unknown,
  { path, keys }: z.core.$ZodIssueUnrecognizedKeys,
  schema: z.ZodType,
  broken: Set<string>,
): boolean {
  const holder = valueAt(root, path) as Record<string, unknown>;
  const known = knownKeys(schemaAt(schema, root, path));
  for (const key of keys) {
    Reflect.deleteProperty(holder, key);
    const meant = nearest(key, known);
    if (meant !== undefined && !Object.hasOwn(holder, meant)) broken.add(pointerOf([...path, meant]));
  }
  return true;
}

/** Puts something valid at a place, or where that did not help, at the one around it. */
function withValue(root: unknown, path: readonly PropertyKey[], schema: z.ZodType, broken: Set<string>): boolean {
  for (let length = path.length; length > 0; length -= 1) {
    const here = path.slice(0, length);
    const pointer = pointerOf(here);
    const holder = valueAt(root, here.slice(0, -1));
    const place = schemaAt(schema, root, here);
    if (place === undefined || broken.has(pointer) || typeof holder !== 'object' || holder === null) continue;
    broken.add(pointer);
    const key = here[length - 1]!;
    const around = schemaAt(schema, root, here.slice(0, -1));
    if (around instanceof z.ZodObject && (around.shape as Record<PropertyKey, unknown>)[key] instanceof z.ZodOptional)
      Reflect.deleteProperty(holder, key);
    else {
      const before = (holder as Record<PropertyKey, unknown>)[key];
      const id = valueAt(before, ['id']);
      const sample = sampleOf(place);
      // What others name something by is kept where it can be read.
      const named = typeof sample === 'object' && sample !== null && 'id' in sample;
      if (named && typeof id !== 'string') broken.add(`${pointer}/id`);
      Reflect.set(holder, key, named && typeof id === 'string' ? { ...sample, id } : sample);
    }
    return true;
  }
  return false;
}

/** A value that a schema takes, as a rule. */
function sampleOf(schema: z.ZodType): unknown {
  const example = metaOf(schema)?.examples[0];
  if (example !== undefined) return example;
  if (schema instanceof z.ZodLiteral) return schema.value;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  if (schema instanceof z.ZodString) return 'x';
  if (schema instanceof z.ZodNumber) return 1;
  if (schema instanceof z.ZodArray) return [sampleOf(schema.element as z.ZodType)];
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion)
    return sampleOf((schema.options as unknown as z.ZodType[])[0]!);
  if (schema instanceof z.ZodPipe) return sampleOf(schema.in as z.ZodType);
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries(schema.shape as Record<string, z.ZodType>)
        .filter(([, field]) => !(field instanceof z.ZodOptional))
        .map(([key, field]) => [key, sampleOf(field)]),
    );
  return null;
}
