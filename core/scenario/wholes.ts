// Parts of a scenario that are chosen as a whole, such as queues and losses: their variants, and objects to begin with.

import { z } from 'zod';
import { metaOf } from './schema-problems';

/** Without what makes it optional. */
export function requiredSchema(schema: z.ZodType): z.ZodType {
  let here = schema;
  while (here instanceof z.ZodOptional) here = here.unwrap() as z.ZodType;
  return here;
}

/** The variants of a union told apart by a key: the key, and an object schema for each of its values. */
export function variantsOf(schema: z.ZodType): { key: string; options: { value: string; schema: z.ZodObject }[] } {
  const union = requiredSchema(schema);
  if (!(union instanceof z.ZodDiscriminatedUnion)) return { key: '', options: [] };
  const key = union.def.discriminator;
  const options = (union.options as unknown as z.ZodObject[]).map((option) => {
    const literal: unknown = option.shape[key];
    return { value: literal instanceof z.ZodLiteral ? String(literal.value) : '', schema: option };
  });
  return { key, options };
}

/** The fields of an object that is of this schema; a union is told apart by what is in the object. */
export function objectSchemaOf(schema: z.ZodType, value: Readonly<Record<string, unknown>>): z.ZodObject | undefined {
  const plain = requiredSchema(schema);
  if (plain instanceof z.ZodObject) return plain;
  const { key, options } = variantsOf(plain);
  return options.find((option) => option.value === value[key])?.schema;
}

/** An object of this schema to begin with: what it must have, as in the examples of the schema. @param before gives what it can */
export function startOf(schema: z.ZodObject, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const start: Record<string, unknown> = {};
  for (const [key, field] of Object.entries<z.ZodType>(schema.shape)) {
    if (field instanceof z.ZodLiteral) start[key] = field.value;
    else if (before[key] !== undefined) start[key] = before[key];
    else if (!(field instanceof z.ZodOptional))
      start[key] = metaOf(field)?.examples[0] ?? (requiredSchema(field) instanceof z.ZodArray ? [] : undefined);
  }
  return start;
}

/** What a whole field could be: one for each of its variants. */
export function wholesOf(schema: z.ZodType, before: Readonly<Record<string, unknown>> | undefined): object[] {
  const plain = requiredSchema(schema);
  if (plain instanceof z.ZodObject) return [startOf(plain, before)];
  return variantsOf(plain).options.map((option) => startOf(option.schema, before));
}
