// Kinds of fields that the scenario format is made of: numbers in bounds, quantities with units, switches.

import { z } from 'zod';
import { parseQuantity, type QuantityKind } from './quantity';

// The window's content-security policy forbids compiled validators.
z.config({ jitless: true });

/** What a form or a reader wants to know of a field, beside its type. */
export interface FieldMeta {
  readonly title: string;
  readonly description: string;
  readonly examples: readonly unknown[];
  readonly unit?: string;
}

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

export function quantity(kind: QuantityKind, meta: Omit<FieldMeta, 'unit'>, bounds: Bounds = {}) {
  const unit = { rate: 'bps', duration: 'ns', bytes: 'bytes' }[kind];
  return z
    .union([z.string(), z.number()])
    .transform((input, context) => {
      const parsed = parseQuantity(kind, input);
      const error = parsed.ok ? outside(parsed.value, bounds, input, meta.examples) : parsed.error;
      if (error === undefined && parsed.ok) return parsed.value;
      context.addIssue({ code: 'custom', message: error ?? 'is wrong', input });
      return z.NEVER;
    })
    .meta({ ...meta, unit });
}

function outside(
  value: number,
  { min, max }: Bounds,
  input: unknown,
  examples: readonly unknown[],
): string | undefined {
  const shown = JSON.stringify(input);
  const example = JSON.stringify(examples[0]);
  if (min !== undefined && value < min) {
    return min === 1 ? `${shown} is not above zero; write ${example}` : `${shown} is too small; write ${example}`;
  }
  return max !== undefined && value > max ? `${shown} is too large; write ${example}` : undefined;
}

export const number = (meta: FieldMeta, bounds: Bounds) =>
  z
    .number()
    .min(bounds.min ?? -Infinity)
    .max(bounds.max ?? Infinity)
    .meta({ ...meta });

export const integer = (meta: FieldMeta, bounds: Bounds) =>
  z
    .number()
    .int()
    .min(bounds.min ?? Number.MIN_SAFE_INTEGER)
    .max(bounds.max ?? Number.MAX_SAFE_INTEGER)
    .meta({ ...meta });

export const probability = (title: string, description: string, example = 0.01) =>
  number({ title, description, examples: [example] }, { min: 0, max: 1 });

export const flag = (title: string, description: string) =>
  z.boolean().meta({ title, description, examples: [true, false] });
