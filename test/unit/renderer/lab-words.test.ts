// What the window says of results of labs that are kept, and of how far a guided lab is.

import { expect, test } from 'vitest';
import type { AttemptState, KeptLab, QuestionState, StepView } from '../../../electron/ipc';
import { otherVersionWords, resultWords, verdictWords } from '../../../renderer/labs/model/kept-words';
import { isStepDone, pointsText, scoreOf } from '../../../renderer/labs/model/score';

const KEPT: KeptLab = {
  id: '21-newreno',
  quick: true,
  seeds: 1,
  checks: 5,
  failed: 0,
  ranAt: Date.UTC(2026, 10, 26, 12),
  seconds: 1,
  program: '1.2.0',
  diskBytes: 1000,
};

test('a result says how its checks ended, in the number that there is', () => {
  const words = [0, 1, 2].map((failed) => verdictWords({ checks: 5, failed }));
  expect(words).toEqual(['All 5 checks hold', '1 of 5 checks does not hold', '2 of 5 checks do not hold']);
  expect(verdictWords({ checks: 1, failed: 0 })).toBe('The check holds');
});

test('what another version made says which, and what this one made does not', () => {
  expect(otherVersionWords(KEPT, '1.2.0')).toBeUndefined();
  expect(otherVersionWords(KEPT, '1.3.0')).toContain('Made by Odonata 1.2.0; this is 1.3.0');
  expect(resultWords(KEPT, '1.2.0')).toMatch(/^Quick run, .*2026.*: all 5 checks hold$/);
  expect(resultWords({ ...KEPT, quick: false }, '1.3.0')).toMatch(/^Full run, .*, by Odonata 1\.2\.0: /);
});

const question = (id: string, prediction: boolean, points = 1): StepView['questions'][number] => ({
  id,
  kind: 'number',
  prediction,
  points,
  ask: '',
  hints: 0,
});
const STEP: StepView = {
  id: 'step',
  title: 'Step',
  text: '',
  runs: true,
  show: [],
  look: { links: [], nodes: [] },
  records: false,
  questions: [question('guess', true), question('read', false, 2)],
};
const answered = (change: Partial<QuestionState>): QuestionState => ({
  tries: 1,
  settled: true,
  hints: [],
  worth: 1,
  ...change,
});
const state = (ran: string[], questions: Record<string, QuestionState>): AttemptState => ({
  attempt: 'a',
  lab: 'l',
  student: { name: 'n', id: '' },
  trial: false,
  ran,
  finished: false,
  questions,
});

test('points come from what is settled: a prediction for being made, a question for being right', () => {
  const none = state([], { guess: answered({ settled: false }), read: answered({ settled: false }) });
  expect(scoreOf([STEP], none)).toEqual({ settled: 0, questions: 2, earned: 0, possible: 3 });
  const wrong = state(['step'], { guess: answered({ right: false }), read: answered({ right: false, worth: 2 }) });
  expect(scoreOf([STEP], wrong)).toMatchObject({ settled: 2, earned: 1 });
  const right = state(['step'], { guess: answered({ right: false }), read: answered({ right: true, worth: 1.755 }) });
  expect(scoreOf([STEP], right).earned).toBe(2.76);
  expect([pointsText(1), pointsText(2.755)]).toEqual(['1 point', '2.76 points']);
});

test('a step is done when it has run and nothing in it is left to answer', () => {
  const both = { guess: answered({}), read: answered({}) };
  expect(isStepDone(STEP, state(['step'], both))).toBe(true);
  expect(isStepDone(STEP, state([], both))).toBe(false);
  expect(isStepDone({ ...STEP, runs: false }, state([], both))).toBe(true);
  expect(isStepDone(STEP, state(['step'], { ...both, read: answered({ settled: false }) }))).toBe(false);
  expect(isStepDone(undefined, state(['step'], both))).toBe(false);
});
