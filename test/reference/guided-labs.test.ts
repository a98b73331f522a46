// Every guided lab in the box: it runs, what is right is judged right and what is plausibly wrong is judged wrong, and it has what a lesson
// needs.

import { describe, expect, test } from 'vitest';
import { evidenceOfLab } from '../../core/classroom';
import {
  type EvidenceOf,
  guidedLabs,
  handInOf,
  handoutHtml,
  isPrediction,
  judge,
  markHandIn,
  questionsOf,
  runs,
} from '../../core/course';
import { LABS } from '../../core/labs';
import { logOf, rightAnswer, worked, wrongAnswers } from '../unit/course/student';

/** What an old laptop computes in a few seconds. */
const EVENTS_MAX = 500_000;

test('there are labs for all parts of the talk', () => {
  expect(guidedLabs().length).toBeGreaterThanOrEqual(12);
  const slides = guidedLabs()
    .flatMap((lab) => lab.slides)
    .join(' · ')
    .toLowerCase();
  for (const part of [
    'thread',
    'messages',
    'predicate',
    'token',
    'ipi',
    'numa',
    'parallel',
    'classification',
    'udp',
    'segmentation',
    'syn cache',
    'newreno',
    'initial window',
    'limited transmit',
    'eifel',
    'early retransmit',
    'network delays',
  ])
    expect(slides).toContain(part);
});

describe.each(guidedLabs().map((lab) => [lab.id, lab] as const))('%s', (_id, lab) => {
  const evidenceOf: EvidenceOf = evidenceOfLab(lab);

  test('each of its scenarios is small enough for the laptops of a class', () => {
    for (const step of lab.steps.filter(runs))
      expect(evidenceOf(step.id)?.summary.totals.events, step.id).toBeLessThan(EVENTS_MAX);
  });

  test('right answers are right, and wrong ones wrong', () => {
    for (const { step, question } of questionsOf(lab)) {
      const right = judge(question, rightAnswer(question, step.id, evidenceOf), step.id, evidenceOf);
      expect(right, question.id).toMatchObject({ ok: true, judgement: { right: true } });
      const wrong = wrongAnswers(question, step.id, evidenceOf);
      expect(wrong.length, question.id).toBeGreaterThan(0);
      for (const answer of wrong)
        expect(
          judge(question, answer, step.id, evidenceOf),
          `${question.id}: ${JSON.stringify(answer).slice(0, 200)}`,
        ).toMatchObject({
          ok: true,
          judgement: { right: false },
        });
    }
  });

  test('who does everything right has all points', () => {
    const deeds = worked(lab, evidenceOf, (question, step) => rightAnswer(question, step, evidenceOf));
    const marked = markHandIn(lab, handInOf(logOf(deeds)), 'a', evidenceOf);
    expect(marked).toMatchObject({ tampered: [], notes: [], points: marked.possible, finished: true });
  });

  test('it predicts, runs, observes and explains, with formulas, literature and at least four questions of two kinds', () => {
    const questions = questionsOf(lab).map(({ question }) => question);
    expect(questions.length).toBeGreaterThanOrEqual(4);
    expect(new Set(questions.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(2);
    expect(questions.some(isPrediction)).toBe(true);
    expect(questions.some((question) => !isPrediction(question))).toBe(true);
    expect(lab.sections.some(({ markdown }) => markdown.includes('$'))).toBe(true);
    expect(handoutHtml(lab)).toContain('<math');
    expect(handoutHtml(lab)).not.toContain('wrong-formula');
    const experiments = LABS.map(({ id }) => id);
    for (const id of lab.experiments ?? []) expect(experiments).toContain(id);
  });
});
