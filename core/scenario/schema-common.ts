// Fields that several parts of the scenario format have: ids, times, distributions.

import { z } from 'zod';
import { number, quantity } from './schema-fields';

/** Ids appear in probe names, so they have no slash. */
export const id = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]{0,62}$/, {
    error: 'an id is 1 to 63 letters, digits, "_", "-" or ".", such as "r1"',
  })
  .meta({ title: 'Id', description: 'Name used by links, traffic and probes.', examples: ['r1'] });

export const time = quantity('duration', { title: 'Time', description: 'A length of time.', examples: ['1s'] });

/** A quantity, or how it is drawn. */
export function distribution<Q extends z.ZodType<number>>(value: Q) {
  return z.union(
    [
      value.transform((fixed) => ({ distribution: 'fixed' as const, value: fixed })),
      z.strictObject({ distribution: z.literal('fixed'), value }),
      z.strictObject({ distribution: z.literal('uniform'), min: value, max: value }),
      z.strictObject({ distribution: z.literal('exponential'), mean: value }),
      z.strictObject({
        distribution: z.literal('pareto'),
        mean: value,
        shape: number(
          { title: 'Shape', description: 'Above 1, so that there is a mean.', examples: [1.2] },
          { min: 1.01, max: 100 },
        ),
      }),
    ],
    {
      error:
        'write a quantity, or {"distribution": "fixed" | "uniform" | "exponential" | "pareto", …} with its parameters',
    },
  );
}
