// A guided lab in memory: its document, its texts by step, and the scenarios that its steps run.

import { applyOverrides, type CheckedScenario, checkScenario, GALLERY } from '../scenario';
import type { Checked } from '../base';
import type { GuidedLabDocument, Question, Step } from './schema';
import { END, type Section, START } from './sections';

export interface GuidedLab extends GuidedLabDocument {
  readonly sections: readonly Section[];
  /** SHA-256 of both files: tells hand-ins of another text. */
  readonly fingerprint: string;
}

export function sectionOf(lab: GuidedLab, id: string): string {
  return lab.sections.find((section) => section.id === id)?.markdown ?? '';
}

export const introductionOf = (lab: GuidedLab): string => sectionOf(lab, START);
export const closingOf = (lab: GuidedLab): string => sectionOf(lab, END);

/** Steps that have something to run. */
export function runs(step: Step): boolean {
  return step.scenario !== undefined || step.inline !== undefined || step.sameAs !== undefined;
}

export function isPrediction(question: Question): boolean {
  return question.when === 'before';
}

/** Whether the step's run needs a cause log, because something is to be picked from it. */
export function needsRecords(lab: GuidedLabDocument, step: Step): boolean {
  return lab.steps.some(({ id, questions }) =>
    questions.some((question) => question.kind === 'pick' && (question.of ?? id) === step.id),
  );
}

export function questionsOf(lab: GuidedLabDocument): { readonly step: Step; readonly question: Question }[] {
  return lab.steps.flatMap((step) => step.questions.map((question) => ({ step, question })));
}

/** Probes that the step shows or that questions draw. */
function probesOf(lab: GuidedLabDocument, step: Step): string[] {
  const drawn = lab.steps.flatMap(({ id, questions }) =>
    questions.flatMap((question) =>
      question.kind === 'draw' && (question.of ?? id) === step.id ? [question.series] : [],
    ),
  );
  return [...(step.show ?? []), ...drawn];
}

/** The document of a step before its own changes; undefined if there is none. */
function baseOf(lab: GuidedLabDocument, step: Step): unknown {
  if (step.inline !== undefined) return step.inline;
  if (step.scenario !== undefined) return GALLERY.find(({ id }) => id === step.scenario)?.document;
  const at = lab.steps.findIndex(({ id }) => id === step.sameAs);
  // Only earlier steps, so that no step is its own beginning.
  if (at < 0 || at >= lab.steps.indexOf(step)) return undefined;
  return changed(lab, lab.steps[at]!).value;
}

function changed(lab: GuidedLabDocument, step: Step): ReturnType<typeof applyOverrides> {
  const sets = Object.entries(step.set ?? {}).map(([pointer, value]) => `${pointer}=${JSON.stringify(value)}`);
  return applyOverrides(baseOf(lab, step) ?? {}, sets);
}

/** The scenario that a step runs, checked. @param file for the problems */
export function stepScenario(lab: GuidedLabDocument, step: Step, file: string): Checked<CheckedScenario> {
  const at = lab.steps.indexOf(step);
  const { value, problems } = changed(lab, step);
  const mended = problems.map((problem) => ({ ...problem, file, pointer: `/steps/${String(at)}/set` }));
  if (mended.length > 0) return { ok: false, problems: mended };
  const probes = probesOf(lab, step);
  const withProbes = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  if (probes.length > 0) {
    const present = Array.isArray(withProbes['probes']) ? (withProbes['probes'] as unknown[]) : [];
    withProbes['probes'] = [...new Set([...present, ...probes])];
  }
  const checked = checkScenario(withProbes, file);
  if (checked.ok) return checked;
  const prefix = `/steps/${String(at)}/${step.inline === undefined ? 'set' : 'inline'}`;
  return {
    ok: false,
    problems: checked.problems.map((problem) => ({ ...problem, pointer: prefix + problem.pointer })),
  };
}
