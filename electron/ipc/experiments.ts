// What the Experiments place asks of main, and what the process that conducts an experiment and the window tell each other over a
// port of their own. Main is asked once and told once; runs and results never pass through it.

import { z } from 'zod';
import type { Difference, EffectSize, Effects, Verdict } from '../../core/experiment';
import type { ExperimentChart } from '../../core/export';
import { problemSchema } from './records';

z.config({ jitless: true });

const runId = z.string().regex(/^[0-9a-z-]{1,64}$/);
const planText = z.string().max(64 * 1024 * 1024);

/** Tables that a folder of results has, as files. */
export const RESULT_TABLES = ['results', 'summary', 'differences', 'anova', 'verdicts'] as const;
export type ResultTable = (typeof RESULT_TABLES)[number];

/** What is known of a plan before it runs. */
const judgementSchema = z.object({
  problems: z.array(problemSchema),
  points: z.number(),
  /** At most; a stopping rule may want fewer. */
  runs: z.number(),
  /** Of one processor, for all runs; an upper bound. */
  seconds: z.number(),
  memoryBytes: z.number(),
  /** Processes that would run at once. */
  processes: z.number(),
  /** Numbers of the summary that can be measured, by path, and probes by name; for completion. */
  paths: z.array(z.string()),
  probes: z.array(z.string()),
});
export type PlanJudgement = z.infer<typeof judgementSchema>;

export const experimentCalls = {
  /** What is wrong with a plan (its scenario in it), what it costs, what it could measure. Done by a process of its own. */
  'experiments.judge': { request: z.object({ plan: planText }), reply: judgementSchema },
  /** Judges a plan, puts an experiment into the library and starts it; its port then arrives in the window. */
  'experiments.start': {
    request: z.object({ plan: planText }),
    reply: z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), runId }),
      z.object({ ok: z.literal(false), problems: z.array(problemSchema) }),
    ]),
  },
  /** Shows an experiment of the library, going on or not; its port then arrives in the window. */
  'experiments.open': { request: z.object({ runId }), reply: z.undefined() },
  /** The window shows it no more; one that goes on goes on. */
  'experiments.close': { request: z.object({ runId }), reply: z.undefined() },
  /** A plan chosen in a dialog, with the scenario that it names in it; undefined when cancelled. */
  'experiments.openPlan': {
    request: z.undefined(),
    reply: z.object({ path: z.string(), name: z.string(), text: z.string() }).optional(),
  },
  /** Writes a plan to a file that `odonata sweep` runs; asks unless `path` was opened or saved in this session. */
  'experiments.savePlan': {
    request: z.object({
      path: z.string().max(4096).optional(),
      suggestedName: z.string().max(255),
      text: planText,
    }),
    reply: z.object({ path: z.string(), name: z.string() }).optional(),
  },
  /** Keeps the unsaved plan, its scenario in it, for recovery after a crash; undefined text forgets it. */
  'experiments.keepDraft': { request: z.object({ text: planText.optional() }), reply: z.undefined() },
  'experiments.recoverDraft': { request: z.undefined(), reply: z.object({ text: z.string() }).optional() },
  /**
   * Runs the scenario of an experiment's run once more, as `tell-run` gave it, with packets and causes recorded, and writes nothing. A
   * port named `repeatId` then arrives as for a run that was started.
   */
  'experiments.repeat': {
    request: z.object({ scenario: planText }),
    reply: z.object({ repeatId: z.string() }),
  },
  /** Copies a table of results to a place chosen in a dialog; undefined when cancelled. */
  'experiments.saveTable': {
    request: z.object({ runId, table: z.enum(RESULT_TABLES), suggestedName: z.string().max(255) }),
    reply: z.object({ path: z.string() }).optional(),
  },
} as const;

/** An experiment's port reaches the page as a window message `{ kind: EXPERIMENT_PORT_MESSAGE, runId }` with one port in `ports`. */
export const EXPERIMENT_PORT_MESSAGE = 'odonata.experiment-port';

/** `waiting`: until another one has ended. */
export type ExperimentState = 'waiting' | 'running' | 'paused' | 'finished' | 'stopped';

/** Commands of the window to the process that conducts an experiment. */
export type ExperimentCommand =
  | { readonly type: 'pause' }
  /** Goes on, when it is its turn: after a pause, after a stop, after the program was killed; what failed is tried again. */
  | { readonly type: 'resume' }
  | { readonly type: 'stop' }
  /** Brings the files of the folder up to date; answered by `written`. */
  | { readonly type: 'write' }
  /** Asks what a run ran and came to; answered by `told-run`. */
  | ({ readonly type: 'tell-run' } & RunPlace)
  /** Shows the last news; the next ones may come. */
  | { readonly type: 'heard' };

/** A run of an experiment; both from 1. */
export interface RunPlace {
  readonly point: number;
  readonly replication: number;
}

/** What is needed to repeat a run that has ended well, and to see whether it is the same. */
export interface RepeatableRun {
  /** Its document, with its seed. */
  readonly scenario: string;
  readonly seed: number;
  readonly digest: string;
  /** Version of the program that ran it. */
  readonly madeBy: string;
}

export interface ExperimentProgress {
  readonly state: ExperimentState;
  readonly done: number;
  /** Runs that there will be at most. */
  readonly most: number;
  readonly failed: number;
  /** Wall seconds to the end; undefined while nothing is known, or nothing goes on. */
  readonly leftSeconds: number | undefined;
}

/** Numbers of a cell in `ShownResults.cells`, in their order. */
export const CELL_FIELDS = [
  'count',
  'missing',
  'failed',
  'mean',
  'meanLow',
  'meanHigh',
  'deviation',
  'median',
  'medianLow',
  'medianHigh',
  'min',
  'max',
] as const;
export type CellField = (typeof CELL_FIELDS)[number];

export interface ShownComparison extends Pick<EffectSize, 'g'> {
  readonly measure: number;
  readonly point: number;
  readonly count: number;
  readonly difference: Difference;
}

/** What the runs so far say. */
export interface ShownResults {
  readonly charts: readonly ExperimentChart[];
  /** By point and measure, `CELL_FIELDS` each; NaN where there is no such number. */
  readonly cells: Float64Array;
  readonly comparisons: readonly ShownComparison[];
  readonly effects: readonly Pick<Effects, 'measure' | 'anova'>[];
  readonly verdicts: readonly Verdict[];
  readonly digest: string;
}

/** Numbers before the values in a row of `runs`: point, replication, seed, 1 if it ended well, wall seconds. */
export const RUN_FIELDS = 5;

/** Runs that have ended. */
export interface ToldRuns {
  /** `RUN_FIELDS` and the values of all measures for each run; NaN where there is none. */
  readonly rows: Float64Array;
  /** By place of the run among these. */
  readonly reasons: ReadonlyMap<number, string>;
}

/** Messages of that process to the window. Typed arrays are copied, never transferred. */
export type ExperimentMessage =
  /** Once, first: the plan with its scenario in it. What the window showed before is outdated. */
  | { readonly type: 'opened'; readonly plan: string }
  /** All that is new, at once; answered by `heard`, and no more of them come before that. */
  | {
      readonly type: 'news';
      readonly progress: ExperimentProgress;
      readonly runs: ToldRuns | undefined;
      readonly results: ShownResults | undefined;
    }
  | { readonly type: 'written' }
  | ({ readonly type: 'told-run'; readonly run: RepeatableRun | undefined } & RunPlace)
  | { readonly type: 'broken'; readonly reason: string; readonly advice: string };
