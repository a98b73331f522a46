// What the Compare place asks of main: replications of runs, and the points of an experiment.

import { z } from 'zod';
import { runIdSchema } from './records';

const samplesSchema = z.array(z.object({ seed: z.number(), values: z.array(z.number().nullable()) }));

export const compareCalls = {
  /** Runs of the library that have ended well and have the same scenario but for the seed, one a seed, this one included. */
  'compare.replications': {
    request: z.object({ runId: runIdSchema }),
    reply: z.array(z.object({ runId: z.string(), seed: z.number() })),
  },
  /**
   * Runs the scenarios of runs with other seeds; answers when all have ended. After `compare.stop` those that went on are `stopped`, and
   * so many were `left`, not begun.
   */
  'compare.replicate': {
    request: z.object({
      jobs: z
        .array(z.object({ runId: runIdSchema, seed: z.number().int().nonnegative() }))
        .min(1)
        .max(400),
    }),
    reply: z.object({ finished: z.number(), failed: z.number(), stopped: z.number(), left: z.number() }),
  },
  'compare.stop': { request: z.undefined(), reply: z.undefined() },
  /** The points of an experiment that has results, and of those that are asked for by number what their runs measured. */
  'compare.points': {
    request: z.object({ runId: runIdSchema, numbers: z.array(z.number().int().positive()).max(4) }),
    reply: z.object({
      name: z.string(),
      measures: z.array(z.object({ name: z.string(), label: z.string(), unit: z.string() })),
      points: z.array(z.object({ number: z.number(), label: z.string() })),
      asked: z.array(z.object({ number: z.number(), scenario: z.string(), samples: samplesSchema })),
    }),
  },
} as const;

export const compareEvents = {
  /** A replication has ended. */
  'compare.progress': z.object({ done: z.number(), total: z.number() }),
} as const;
