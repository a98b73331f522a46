// Where a student stands in a lab, from the log of what they did, and what they may do next: a prediction is made before the run and
// stands from then on; a run waits for its predictions; hints come one after the other.

import { isPrediction, questionsOf, runs } from './guided-lab';
import type { Answer } from './answer';
import type { Deed, Entry } from './hand-in';
import type { GuidedLabDocument, Question, Step } from './schema';

/** What was done about one question. */
export interface QuestionStanding {
  /** In the order given; of a prediction there is one. */
  readonly answers: readonly Answer[];
  readonly hints: number;
  /** Of the time between entries, what ended with something about this question. */
  readonly seconds: number;
}

export interface Standing {
  readonly student: { readonly name: string; readonly id: string } | undefined;
  readonly questions: ReadonlyMap<string, QuestionStanding>;
  /** Digests of runs, by step; the latest counts. */
  readonly digests: ReadonlyMap<string, string>;
  readonly finished: boolean;
  /** Deeds that were not allowed when they were done: a program of ours writes none. */
  readonly forbidden: readonly string[];
}

const NOTHING: QuestionStanding = { answers: [], hints: 0, seconds: 0 };

export const standingOf = (standing: Standing, question: string): QuestionStanding =>
  standing.questions.get(question) ?? NOTHING;

export const BEFORE: Standing = {
  student: undefined,
  questions: new Map(),
  digests: new Map(),
  finished: false,
  forbidden: [],
};

/** A pause longer than this is not work on a question, s. */
const PAUSE_MAX_SECONDS = 3600;

/** Why a deed is not allowed now; undefined if it is. */
export function objection(lab: GuidedLabDocument, standing: Standing, deed: Deed): string | undefined {
  if (deed.do === 'begin') return standing.student === undefined ? undefined : 'the lab has begun already';
  if (standing.student === undefined) return 'the lab has not begun';
  if (standing.finished) return 'the lab has been handed in';
  if (deed.do === 'finish') return undefined;
  if (deed.do === 'open' || deed.do === 'run') {
    const step = lab.steps.find(({ id }) => id === deed.step);
    if (step === undefined) return `there is no step "${deed.step}"`;
    return deed.do === 'open' ? undefined : objectionToRun(step, standing);
  }
  const place = questionsOf(lab).find(({ question }) => question.id === deed.question);
  if (place === undefined) return `there is no question "${deed.question}"`;
  const { question, step } = place;
  if (deed.do === 'hint') return objectionToHint(question, deed.hint, standing);
  if (deed.answer.kind !== question.kind) return `a ${question.kind} is asked for`;
  return deed.do === 'predict'
    ? objectionToPrediction(question, step, standing)
    : objectionToAnswer(question, step, standing);
}

function objectionToRun(step: Step, standing: Standing): string | undefined {
  if (!runs(step)) return `step "${step.id}" has nothing to run`;
  const open = step.questions.find(
    (question) => isPrediction(question) && standingOf(standing, question.id).answers.length === 0,
  );
  return open === undefined ? undefined : `predict "${open.id}" before the run`;
}

function objectionToHint({ id, hints = [] }: Question, number: number, standing: Standing): string | undefined {
  if (number >= hints.length) return `"${id}" has ${String(hints.length)} hints`;
  return number === standingOf(standing, id).hints ? undefined : 'hints come one after the other';
}

function objectionToPrediction(question: Question, step: Step, standing: Standing): string | undefined {
  if (!isPrediction(question)) return `"${question.id}" is not a prediction`;
  if (standing.digests.has(step.id)) return 'the run is over: nothing is left to predict';
  return standingOf(standing, question.id).answers.length === 0 ? undefined : 'a prediction stands';
}

function objectionToAnswer(question: Question, step: Step, standing: Standing): string | undefined {
  if (isPrediction(question)) return `"${question.id}" is a prediction`;
  return runs(step) && !standing.digests.has(step.id) ? `run step "${step.id}" first` : undefined;
}

/** What it is after one entry more; a forbidden deed changes nothing and is remembered. */
export function after(lab: GuidedLabDocument, standing: Standing, entry: Entry, previous: Entry | undefined): Standing {
  const { deed } = entry;
  const refused = objection(lab, standing, deed);
  if (refused !== undefined)
    return {
      ...standing,
      forbidden: [...standing.forbidden, `entry ${String(entry.number)} (${deed.do}): ${refused}`],
    };
  switch (deed.do) {
    case 'begin':
      return { ...standing, student: deed.student };
    case 'open':
      return standing;
    case 'run':
      return { ...standing, digests: new Map([...standing.digests, [deed.step, deed.digest]]) };
    case 'finish':
      return { ...standing, finished: true };
    default: {
      const before = standingOf(standing, deed.question);
      const seconds = previous === undefined ? 0 : (entry.atMs - previous.atMs) / 1000;
      const now: QuestionStanding = {
        answers: deed.do === 'hint' ? before.answers : [...before.answers, deed.answer],
        hints: before.hints + (deed.do === 'hint' ? 1 : 0),
        seconds: before.seconds + Math.min(Math.max(0, seconds), PAUSE_MAX_SECONDS),
      };
      return { ...standing, questions: new Map([...standing.questions, [deed.question, now]]) };
    }
  }
}

/** Where the log leads. */
export function standingAfter(lab: GuidedLabDocument, entries: readonly Entry[]): Standing {
  return entries.reduce((standing, entry, index) => after(lab, standing, entry, entries[index - 1]), BEFORE);
}
