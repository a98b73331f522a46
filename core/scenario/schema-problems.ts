// What the schema found wrong, said so that a person can mend it: every problem with its pointer, what was found,
// and the nearest valid key or an example of that very place.

import { z } from 'zod';
import type { Problem } from '../base';
import { pointerOf } from './json-text';
import { scenarioSchema } from './schema';
import type { FieldMeta } from './schema-fields';
import { nearest } from './suggest';

/** Switches that product.md names and this version does not have yet. */
const LATER_KEYS = new Set(['notes']);

/** All problems that `schema` has with `value`. */
export function schemaProblems(
  error: z.ZodError,
  value: unknown,
  file: string,
  schema: z.ZodType = scenarioSchema,
): Problem[] {
  return error.issues.flatMap((issue) => issueProblems(issue, value, file, schema));
}

function issueProblems(issue: z.core.$ZodIssue, value: unknown, file: string, schema: z.ZodType): Problem[] {
  const pointer = pointerOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeys(schemaAt(schema, value, issue.path));
    return issue.keys.map((key) => unknownKey(file, pointerOf([...issue.path, key]), key, known));
  }
  const found = valueAt(value, issue.path);
  const place = schemaAt(schema, value, issue.path);
  const examples = metaOf(place)?.examples;
  const example = examples?.[0] === undefined ? undefined : `for example ${JSON.stringify(examples[0])}`;
  if (found === undefined) {
    const key = String(issue.path[issue.path.length - 1] ?? 'document');
    return [{ file, pointer, message: `"${key}" is missing`, suggestion: example ?? missingHint(issue) }];
  }
  if (issue.code === 'custom') return [splitHint(file, pointer, issue.message)];
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    const bound = issue.code === 'too_small' ? `at least ${String(issue.minimum)}` : `at most ${String(issue.maximum)}`;
    const message = Array.isArray(found) ? issue.message : `${shown(found)} is out of range; it must be ${bound}`;
    return [{ file, pointer, message, suggestion: example }];
  }
  const own = issue.message.startsWith('Invalid') ? undefined : issue.message;
  return [
    { file, pointer, message: `${shown(found)} is not what belongs here`, suggestion: own ?? example ?? issue.message },
  ];
}

function missingHint(issue: z.core.$ZodIssue): string | undefined {
  return issue.message.startsWith('Invalid') ? undefined : issue.message;
}

/** A message of ours may hold "what; what would be right". */
function splitHint(file: string, pointer: string, message: string): Problem {
  const at = message.indexOf('; ');
  if (at < 0) return { file, pointer, message };
  return { file, pointer, message: message.slice(0, at), suggestion: message.slice(at + 2) };
}

function unknownKey(file: string, pointer: string, key: string, known: readonly string[]): Problem {
  if (LATER_KEYS.has(key)) {
    return { file, pointer, message: `"${key}" is not available in this version`, suggestion: 'leave it out' };
  }
  const near = nearest(key, known);
  const suggestion = near === undefined ? `keys here are ${known.join(', ')}` : `did you mean "${near}"?`;
  return { file, pointer, message: `unknown key "${key}"`, suggestion };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The value at a path, or undefined. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let here = value;
  for (const part of path) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<PropertyKey, unknown>)[part];
  }
  return here;
}

/** Title, unit, help and examples of a schema's place, if it has them. */
export function metaOf(schema: z.ZodType | undefined): FieldMeta | undefined {
  for (let at = schema; at !== undefined; at = innerOf(at)) {
    const meta = at.meta();
    if (meta !== undefined && 'title' in meta) return meta as unknown as FieldMeta;
  }
  return undefined;
}

/** The schema that judges a path of this value: unions are entered by the value's own discriminator. */
export function schemaAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): z.ZodType | undefined {
  let here: z.ZodType | undefined = concrete(schema, value);
  let present = value;
  for (const part of path) {
    present = valueAt(present, [part]);
    if (here instanceof z.ZodObject) here = (here.shape as Record<string, z.ZodType>)[String(part)];
    else if (here instanceof z.ZodArray) here = here.element as z.ZodType;
    else return undefined;
    if (here === undefined) return undefined;
    here = concrete(here, present);
  }
  return here;
}

function concrete(schema: z.ZodType, value: unknown): z.ZodType {
  let here = schema;
  for (;;) {
    if (here instanceof z.ZodOptional) here = here.unwrap() as z.ZodType;
    else if (here instanceof z.ZodDiscriminatedUnion) {
      const key = here.def.discriminator;
      const wanted = valueAt(value, [key]);
      const options = here.options as unknown as z.ZodObject[];
      const match = options.find((option) => literalOf(option.shape[key]) === wanted);
      if (match === undefined) return here;
      here = match;
    } else return here;
  }
}

function literalOf(schema: unknown): unknown {
  return schema instanceof z.ZodLiteral ? schema.value : undefined;
}

function innerOf(schema: z.ZodType): z.ZodType | undefined {
  return schema instanceof z.ZodOptional ? (schema.unwrap() as z.ZodType) : undefined;
}

/** Keys that an object may have here; for a union of objects, those of all its options. */
export function knownKeys(schema: z.ZodType | undefined): string[] {
  if (schema instanceof z.ZodObject) return Object.keys(schema.shape);
  if (schema instanceof z.ZodUnion || schema instanceof z.ZodDiscriminatedUnion) {
    return [...new Set((schema.options as unknown as z.ZodType[]).flatMap(knownKeys))];
  }
  return [];
}
