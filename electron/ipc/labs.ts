// Labs and classes across the border: the catalogue, runs of labs, guided labs that a student works through, hand-ins, and what a teacher
// does with them. Of right answers the window learns only what a student has earned.

import { z } from 'zod';
import type { FigureSpec, ReportSection } from '../../core/export';
import { problemSchema } from './records';

const labId = z.string().regex(/^[0-9a-z-]{1,64}$/);
const attemptId = z.string().regex(/^[0-9a-z-]{1,80}$/);
const questionId = labId;
const nothing = z.undefined();
const html = z.string();

/** A lab of the catalogue, as its page says it before anything has run. */
export const labCardSchema = z.object({
  id: labId,
  number: z.number(),
  title: z.string(),
  slide: z.string(),
  topics: z.array(z.string()),
  mechanisms: z.array(z.string()),
  question: z.string(),
  expected: z.string(),
  lookFor: z.string(),
  sources: z.array(z.string()),
  factors: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      unit: z.string().optional(),
      levels: z.array(z.union([z.number(), z.string()])),
      quick: z.array(z.union([z.number(), z.string()])),
    }),
  ),
  measures: z.array(z.object({ name: z.string(), label: z.string(), unit: z.string() })),
  /** Names of the factor to the right and of the measure upwards, and of the factors whose levels are lines. */
  chart: z.object({ x: z.string(), y: z.string(), lines: z.array(z.string()), log: z.boolean() }),
  replications: z.object({ quick: z.number(), full: z.number() }),
  /** Points of the plan. */
  points: z.object({ quick: z.number(), full: z.number() }),
  /** What it takes on the machine of the benchmarks. */
  seconds: z.object({ quick: z.number(), full: z.number() }).optional(),
  hasReference: z.boolean(),
  /** What no scenario file can say of its measurements; all of them, or some. */
  inTypeScript: z.object({ all: z.boolean(), what: z.string() }).optional(),
  /** A ready scenario in which one watches live what the lab measures, by its id in the gallery. */
  related: z.string().optional(),
});
export type LabCard = z.infer<typeof labCardSchema>;

/** A guided lab in a list. */
export const guidedCardSchema = z.object({
  id: labId,
  title: z.string(),
  topic: z.string(),
  slides: z.array(z.string()),
  minutes: z.number(),
  goals: z.array(z.string()),
  literature: z.array(z.string()),
  experiments: z.array(z.string()),
  steps: z.number(),
  questions: z.number(),
});
export type GuidedCard = z.infer<typeof guidedCardSchema>;

/** Made by our own runner only. */
const figureSchema = z.custom<FigureSpec>(
  (value) => typeof value === 'object' && value !== null && 'lines' in value && 'yLabel' in value,
);

/** All that a lab's run left. Made by our own runner only. */
export interface LabOutcome {
  readonly id: string;
  readonly quick: boolean;
  readonly seeds: number;
  readonly seconds: number;
  /** Wall clock at its end, milliseconds since 1970, and the version of the program. */
  readonly ranAt: number;
  readonly program: string;
  readonly section: ReportSection;
  readonly figures: readonly FigureSpec[];
  /** All measurements, and the means with their intervals, to the last digit. */
  readonly csv: string;
  readonly summaryCsv: string;
  readonly referenceCsv: string | undefined;
  readonly means: {
    readonly columns: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
}
export const labOutcomeSchema = z.custom<LabOutcome>(
  (value) => typeof value === 'object' && value !== null && 'section' in value && 'figures' in value,
);

const level = z.union([z.number(), z.string().max(200)]);

/** A scenario that a measurement of a lab runs. */
const labScenarioSchema = z.object({
  /** What tells it from others of the same point; empty if it is the only one. */
  what: z.string(),
  name: z.string(),
  text: z.string(),
  /** Of the lab's own run. */
  digest: z.string(),
});
export type OpenedLab = z.infer<typeof labScenarioSchema>;

export const labKeySchema = z.object({ id: labId, quick: z.boolean() });

/** A result of a lab that is kept: of each lab the latest quick run and the latest full one. */
export const keptLabSchema = z.object({
  id: labId,
  quick: z.boolean(),
  seeds: z.number(),
  checks: z.number(),
  failed: z.number(),
  ranAt: z.number(),
  seconds: z.number(),
  /** Version of the program that ran it. */
  program: z.string(),
  diskBytes: z.number(),
});
export type KeptLab = z.infer<typeof keptLabSchema>;

const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('number'), value: z.number() }),
  z.object({ kind: z.literal('choice'), options: z.array(z.string().max(2)).max(10) }),
  z.object({ kind: z.literal('pick'), record: z.number().int() }),
  z.object({
    kind: z.literal('draw'),
    points: z
      .array(z.tuple([z.number(), z.number()]))
      .min(2)
      .max(500),
  }),
]);
export type GivenAnswer = z.infer<typeof answerSchema>;

const questionViewSchema = z.object({
  id: questionId,
  kind: z.enum(['number', 'choice', 'pick', 'draw']),
  prediction: z.boolean(),
  points: z.number(),
  ask: html,
  unit: z.string().optional(),
  options: z.array(html).optional(),
  several: z.boolean().optional(),
  hints: z.number(),
  series: z.string().optional(),
  fromSeconds: z.number().optional(),
  toSeconds: z.number().optional(),
});
export type QuestionView = z.infer<typeof questionViewSchema>;

const stepViewSchema = z.object({
  id: labId,
  title: z.string(),
  text: html,
  runs: z.boolean(),
  show: z.array(z.string()),
  /** What it points at, once its scenario is open. */
  look: z.object({ links: z.array(z.string()), nodes: z.array(z.string()), panel: z.string().optional() }),
  /** Something is to be picked from what the run records. */
  records: z.boolean(),
  questions: z.array(questionViewSchema),
});
export type StepView = z.infer<typeof stepViewSchema>;

/** A guided lab as a student reads it. */
export const guidedViewSchema = z.object({
  id: labId,
  title: z.string(),
  topic: z.string(),
  slides: z.array(z.string()),
  minutes: z.number(),
  goals: z.array(html),
  literature: z.array(html),
  introduction: html,
  closing: html,
  steps: z.array(stepViewSchema),
});
export type GuidedView = z.infer<typeof guidedViewSchema>;

/** Where a student stands with one question. */
const questionStateSchema = z.object({
  /** The last answer. */
  answer: answerSchema.optional(),
  tries: z.number(),
  /** In words; `right` is absent for a prediction whose run is still to come. */
  given: z.string().optional(),
  right: z.boolean().optional(),
  remark: z.string().optional(),
  /** Nothing is left to answer. */
  settled: z.boolean(),
  hints: z.array(html),
  expected: html.optional(),
  explain: html.optional(),
  /** Points that a right answer is worth now, or was worth. */
  worth: z.number(),
  /** The measured curve beside one that was drawn, once settled: times in seconds, heights in the question's unit. */
  curve: z.object({ x: z.array(z.number()), y: z.array(z.number()) }).optional(),
});
export type QuestionState = z.infer<typeof questionStateSchema>;

export const attemptStateSchema = z.object({
  attempt: attemptId,
  lab: labId,
  student: z.object({ name: z.string(), id: z.string() }),
  /** A teacher tries it: nothing is kept. */
  trial: z.boolean(),
  ran: z.array(z.string()),
  finished: z.boolean(),
  questions: z.record(z.string(), questionStateSchema),
});
export type AttemptState = z.infer<typeof attemptStateSchema>;

/** An attempt in a list. */
const attemptCardSchema = z.object({
  attempt: attemptId,
  lab: labId,
  student: z.string(),
  atMs: z.number(),
  settled: z.number(),
  questions: z.number(),
  finished: z.boolean(),
});
export type AttemptCard = z.infer<typeof attemptCardSchema>;

const markSchema = z.object({
  question: z.string(),
  prediction: z.boolean(),
  given: z.string(),
  expected: z.string(),
  right: z.boolean(),
  points: z.number(),
  possible: z.number(),
  hints: z.number(),
  tries: z.number(),
  seconds: z.number(),
});
const markedSchema = z.object({
  file: z.string(),
  student: z.object({ name: z.string(), id: z.string() }),
  lab: z.string(),
  points: z.number(),
  possible: z.number(),
  finished: z.boolean(),
  tampered: z.array(z.string()),
  notes: z.array(z.string()),
  marks: z.array(markSchema),
  /** The report that the student gets back, as a page. */
  report: z.string(),
});
export type MarkedView = z.infer<typeof markedSchema>;

const attempt = z.object({ attempt: attemptId });
const path = z.object({ path: z.string() }).optional();

export const labCalls = {
  /** All labs and guided labs; asked of the runner once. */
  'labs.catalogue': {
    request: nothing,
    reply: z.object({ labs: z.array(labCardSchema), topics: z.array(z.string()), guided: z.array(guidedCardSchema) }),
  },
  /** Starts a lab in a process of its own; one run of a lab at a time. It tells by `labs.progress` and `labs.ended`. */
  'labs.run': {
    request: z.object({ id: labId, quick: z.boolean(), replications: z.number().int().min(1).max(100).optional() }),
    reply: nothing,
  },
  'labs.stop': { request: z.object({ id: labId }), reply: nothing },
  /** All results that are kept, the latest first. */
  'labs.kept': { request: nothing, reply: z.array(keptLabSchema) },
  /** What the run of a kept result left; undefined if nothing is kept. */
  'labs.result': { request: labKeySchema, reply: labOutcomeSchema.optional() },
  /** Carries out one measurement of a lab and gives the scenarios that it ran; none where it is all programs in TypeScript. */
  'labs.scenarios': {
    request: z.object({
      id: labId,
      /** Levels by the names of factors. */
      point: z.record(z.string().max(100), level),
      quick: z.boolean(),
      seed: z.number().int().min(1).max(1000),
    }),
    reply: z.array(labScenarioSchema),
  },
  /** Puts a result into the waste basket; it is gone for good some time later, or when the program ends. */
  'labs.remove': { request: labKeySchema, reply: z.object({ keptMs: z.number() }) },
  /** Takes it out of the waste basket; false when it was too late. */
  'labs.restore': { request: labKeySchema, reply: z.boolean() },
  /** The report of `odonata report` for a kept result, to a file chosen in a dialog; undefined when cancelled. */
  'labs.saveReport': { request: labKeySchema.extend({ format: z.enum(['html', 'pdf']) }), reply: path },
  'course.lab': { request: z.object({ lab: labId }), reply: guidedViewSchema },
  /** All attempts that are kept, latest first. */
  'course.attempts': { request: nothing, reply: z.array(attemptCardSchema) },
  'course.begin': {
    request: z.object({
      lab: labId,
      student: z.object({ name: z.string().min(1).max(200), id: z.string().max(100) }),
      trial: z.boolean(),
    }),
    reply: attemptStateSchema,
  },
  'course.continue': { request: attempt, reply: attemptStateSchema },
  /** A step is opened: its scenario, if it has one. */
  'course.step': {
    request: attempt.extend({ step: labId }),
    reply: z.object({ scenario: z.string(), name: z.string() }).optional(),
  },
  /** The step's scenario was run, with this digest. */
  'course.ran': { request: attempt.extend({ step: labId, digest: z.string().max(200) }), reply: attemptStateSchema },
  /** A prediction or an answer; refused with a reason when it is not the time for it. */
  'course.answer': {
    request: attempt.extend({ question: questionId, answer: answerSchema }),
    reply: attemptStateSchema,
  },
  'course.hint': { request: attempt.extend({ question: questionId }), reply: attemptStateSchema },
  /** Highest and lowest value of the axis for a curve that is to be drawn. */
  'course.axis': {
    request: attempt.extend({ question: questionId }),
    reply: z.object({ low: z.number(), high: z.number() }),
  },
  /** Ends the lab and writes its log to a file chosen in a dialog; undefined when cancelled, and then it goes on. */
  'course.handIn': { request: attempt.extend({ key: z.string().max(200).optional() }), reply: path },
  /** The handout; with `answers` the teacher's copy. Undefined when cancelled. */
  'course.print': {
    request: z.object({ lab: labId, format: z.enum(['html', 'pdf']), answers: z.boolean() }),
    reply: path,
  },
  /** Marks a folder of hand-ins chosen in a dialog, as `odonata grade` does; undefined when cancelled. */
  'class.mark': {
    request: z.object({ key: z.string().max(200).optional() }),
    reply: z
      .object({
        folder: z.string(),
        marked: z.array(markedSchema),
        problems: z.array(problemSchema),
      })
      .optional(),
  },
  /** Writes marks.csv and all reports of what was marked last into a folder chosen in a dialog. */
  'class.save': { request: nothing, reply: path },
  /** Reads a lab that somebody writes, from a folder chosen in a dialog or chosen before, and runs it. */
  'class.openLab': {
    request: z.object({ again: z.boolean() }),
    reply: z
      .object({ folder: z.string(), problems: z.array(problemSchema), lab: guidedViewSchema.optional() })
      .optional(),
  },
} as const;

export const labEvents = {
  /** What is kept of labs is another than before: removed, taken back, or brought by a bundle. */
  'labs.changed': nothing,
  /** How far a lab is, and its chart of what is known so far. */
  'labs.progress': z.object({
    id: labId,
    done: z.number(),
    all: z.number(),
    /** Until the end, as far as one can tell. */
    leftSeconds: z.number().optional(),
    figure: figureSchema,
  }),
  'labs.ended': z.object({
    id: labId,
    outcome: z.enum(['finished', 'stopped', 'failed']),
    reason: z.string().optional(),
    /** What is kept of it, when it finished. */
    kept: keptLabSchema.optional(),
  }),
} as const;
