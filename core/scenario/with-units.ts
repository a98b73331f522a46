// A scenario as a person writes it: plain numbers of rates, times and sizes become texts with units where these say exactly the same.

import { z } from 'zod';
import { formatBytes, formatDuration, formatRate } from './quantity';
import { scenarioSchema } from './schema';
import { metaOf, schemaAt } from './schema-problems';

const FORMATS: Readonly<Record<string, (value: number) => string>> = {
  bps: formatRate,
  ns: formatDuration,
  bytes: formatBytes,
};

/** A copy of a scenario's document that means the same; what is not of the schema stays as it is. */
export function withUnits(document: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return written(scenarioSchema, document) as Record<string, unknown>;
}

function written(schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined || value === null) return value;
  const here = schemaAt(schema, value, []);
  if (typeof value === 'number') return quantityText(schema, value) ?? value;
  if (Array.isArray(value) && here instanceof z.ZodArray)
    return value.map((part) => written(here.element as z.ZodType, part));
  if (typeof value !== 'object' || !(here instanceof z.ZodObject)) return value;
  const shape = here.shape as Readonly<Record<string, z.ZodType>>;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, written(shape[key], part)]));
}

/** Undefined where the field takes no text, or the text would be rounded. */
function quantityText(schema: z.ZodType, value: number): string | undefined {
  const text = FORMATS[metaOf(schema)?.unit ?? '']?.(value);
  if (text === undefined) return undefined;
  const read = schema.safeParse(text);
  return read.success && read.data === schema.safeParse(value).data ? text : undefined;
}
