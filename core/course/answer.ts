// What a person answers, as it is kept in a hand-in.

import { z } from 'zod';

export const answerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('number'), value: z.number() }),
  /** Letters of the options, a for the first. */
  z.strictObject({ kind: z.literal('choice'), options: z.array(z.string().regex(/^[a-j]$/)).max(10) }),
  /** Id of a record of the run's timeline. */
  z.strictObject({ kind: z.literal('pick'), record: z.number().int() }),
  /** Seconds and heights in the question's unit. */
  z.strictObject({
    kind: z.literal('draw'),
    points: z
      .array(z.tuple([z.number(), z.number()]))
      .min(2)
      .max(500),
  }),
]);

export type Answer = z.output<typeof answerSchema>;
