// Plain records that cross the border, with their schemas.

import { z } from 'zod';
import type { Problem } from '../../core/base';
import type { RunSummary } from '../../core/measure';

// Before the first schema is made: the page's policy forbids what zod would try.
z.config({ jitless: true });

/** A run's name in the store: `20261123-190502-7f3a`. Never a path. */
export const runIdSchema = z.string().regex(/^[0-9a-z-]{1,64}$/);

export const problemSchema: z.ZodType<Problem> = z.object({
  file: z.string(),
  pointer: z.string(),
  message: z.string(),
  suggestion: z.string().optional(),
});

/** What recording packets and causes costs a run, in times. */
export const RECORDING_COST = 1.25;

/** Where a run was stopped: its clock, and the events that it had run. Both, for many events may be at one instant. */
export const stoppedAtSchema = z.object({ atNs: z.number(), events: z.number() });
export type StoppedAt = z.infer<typeof stoppedAtSchema>;

/** `waiting`: an experiment in line behind another one. */
export const runStatusSchema = z.enum(['waiting', 'running', 'finished', 'stopped', 'failed']);

/** One row of the library: a run, or an experiment that runs belong to. */
export const runRecordSchema = z.object({
  runId: z.string(),
  kind: z.enum(['run', 'experiment']),
  /** Name a person gave, or the scenario's. */
  name: z.string(),
  scenario: z.string(),
  seed: z.number(),
  status: runStatusSchema,
  /** Why it failed, in a sentence. */
  reason: z.string().optional(),
  /** Wall clock, milliseconds since 1970. */
  startedAt: z.number(),
  endedAt: z.number().optional(),
  durationNs: z.number(),
  digest: z.string().optional(),
  notes: z.string(),
  tags: z.array(z.string()),
  /** Is never offered for removal. */
  pinned: z.boolean(),
  /** Run id of the experiment that it belongs to. */
  experiment: z.string().optional(),
  /** The bundle that it came from. */
  origin: z.string().optional(),
  diskBytes: z.number(),
  /** Of an experiment: runs that have ended, and that there will be at most. */
  runsDone: z.number().optional(),
  runsPlanned: z.number().optional(),
});
export type RunRecord = z.infer<typeof runRecordSchema>;

/** A lab's result that a bundle brought, and whether it is here now: others of the same lab that were here stay. */
const broughtLabSchema = z.object({ id: z.string(), quick: z.boolean(), isHere: z.boolean() });

/** What a bundle brought into the library. */
export const broughtSchema = z.object({
  /** Of the bundle. */
  name: z.string(),
  runIds: z.array(z.string()),
  labs: z.array(broughtLabSchema),
});
export type Brought = z.infer<typeof broughtSchema>;

/** A file that the system gave, and what became of it. */
export const arrivalSchema = z.discriminatedUnion('kind', [
  z.object({ id: z.number(), kind: z.literal('scenario'), path: z.string(), name: z.string(), text: z.string() }),
  /** Was taken into the library. */
  broughtSchema.extend({ id: z.number(), kind: z.literal('bundle') }),
  z.object({ id: z.number(), kind: z.literal('refused'), text: z.string(), advice: z.string().optional() }),
]);
export type Arrival = z.infer<typeof arrivalSchema>;

/** Summaries are written and read by our own code only; the border checks that it is one. */
export const summarySchema = z.custom<RunSummary>(
  (value) => typeof value === 'object' && value !== null && 'format' in value && value.format === 'odonata-summary',
);

/** Families of systems that a packetdrill script may be for; `auto` looks at the script. */
export const SCRIPT_PROFILES = ['auto', 'rfc', 'linux', 'freebsd'] as const;
export type ScriptProfile = (typeof SCRIPT_PROFILES)[number];

/** One event of a script and what became of it. Times in nanoseconds since the script began. */
export const ladderRowSchema = z.object({
  line: z.number(),
  kind: z.enum(['inbound', 'outbound', 'call', 'command', 'code']),
  /** Absent for an event at any time. */
  expectedAt: z.number().optional(),
  at: z.number(),
  expected: z.string(),
  /** What happened, where that can differ. */
  actual: z.string().optional(),
  ok: z.boolean(),
});
export type LadderRow = z.infer<typeof ladderRowSchema>;

export const scriptVerdictSchema = z.object({
  profile: z.enum(SCRIPT_PROFILES),
  result: z.enum(['pass', 'fail', 'unsupported']),
  line: z.number(),
  message: z.string(),
  rows: z.array(ladderRowSchema),
});
export type ScriptVerdict = z.infer<typeof scriptVerdictSchema>;
