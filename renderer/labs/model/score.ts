// How far an attempt at a guided lab is, and what it has earned.

import type { AttemptState, StepView } from '../../../electron/ipc';

export interface Score {
  readonly settled: number;
  readonly questions: number;
  readonly earned: number;
  readonly possible: number;
}

export function scoreOf(steps: readonly StepView[], state: AttemptState | undefined): Score {
  const all = steps.flatMap(({ questions }) => questions);
  const settled = all.filter(({ id }) => state?.questions[id]?.settled === true);
  const earned = settled.reduce((sum, { id, prediction }) => {
    const question = state?.questions[id];
    return sum + (prediction || question?.right === true ? (question?.worth ?? 0) : 0);
  }, 0);
  return {
    settled: settled.length,
    questions: all.length,
    earned: rounded(earned),
    possible: all.reduce((sum, { points }) => sum + points, 0),
  };
}

/** Whether all of a step is done. */
export function isStepDone(step: StepView | undefined, state: AttemptState | undefined): boolean {
  if (step === undefined || state === undefined) return false;
  return (
    (!step.runs || state.ran.includes(step.id)) &&
    step.questions.every(({ id }) => state.questions[id]?.settled === true)
  );
}

/** `1 point`, `2.75 points`. */
export function pointsText(points: number): string {
  const shown = rounded(points);
  return `${String(shown)} ${shown === 1 ? 'point' : 'points'}`;
}

function rounded(points: number): number {
  return Math.round(points * 100) / 100;
}
