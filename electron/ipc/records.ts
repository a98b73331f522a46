// Plain records that cross the border, with their schemas.

import { z } from 'zod';
import type { Problem } from '../../core/base';
import type { RunSummary } from '../../core/measure';

export const problemSchema: z.ZodType<Problem> = z.object({
  file: z.string(),
  pointer: z.string(),
  message: z.string(),
  suggestion: z.string().optional(),
});

/** One row of the library of runs. */
export const runRecordSchema = z.object({
  runId: z.string(),
  /** Name a person gave, or the scenario's. */
  name: z.string(),
  scenario: z.string(),
  seed: z.number(),
  status: z.enum(['running', 'finished', 'stopped', 'failed']),
  /** Why it failed, in a sentence. */
  reason: z.string().optional(),
  /** Wall clock, milliseconds since 1970. */
  startedAt: z.number(),
  endedAt: z.number().optional(),
  durationNs: z.number(),
  digest: z.string().optional(),
  notes: z.string(),
  diskBytes: z.number(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** Summaries are written and read by our own code only; the border checks that it is one. */
export const summarySchema = z.custom<RunSummary>(
  (value) => typeof value === 'object' && value !== null && 'format' in value && value.format === 'odonata-summary',
);
