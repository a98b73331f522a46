// A guided lab and an attempt at it as the window shows them. What is right, and why, is in it only once a student has settled it.

import {
  type Answer,
  closingOf,
  COST_OF_HELP,
  type EvidenceOf,
  expectedText,
  type GuidedLab,
  htmlOf,
  inlineHtmlOf,
  introductionOf,
  isPrediction,
  judge,
  measuredCurve,
  needsRecords,
  type Question,
  questionsOf,
  runs,
  sectionOf,
  type Standing,
  type Step,
  standingOf,
} from '../../core/course';
import type { AttemptState, GuidedView, QuestionState, QuestionView, StepView } from '../ipc';

export function guidedView(lab: GuidedLab): GuidedView {
  const { id, title, topic, slides, minutes, goals, literature, steps } = lab;
  return {
    id,
    title,
    topic,
    slides,
    minutes,
    goals: goals.map(inlineHtmlOf),
    literature: literature.map(inlineHtmlOf),
    introduction: htmlOf(introductionOf(lab)),
    closing: htmlOf(closingOf(lab)),
    steps: steps.map((step) => ({
      id: step.id,
      title: step.title,
      text: htmlOf(sectionOf(lab, step.id)),
      runs: runs(step),
      show: step.show ?? [],
      look: lookOf(step),
      records: needsRecords(lab, step),
      questions: step.questions.map(questionView),
    })),
  };
}

function lookOf({ look = {} }: Step): StepView['look'] {
  const { links = [], nodes = [], panel } = look;
  return { links, nodes, ...(panel === undefined ? {} : { panel }) };
}

function questionView(question: Question): QuestionView {
  const common = {
    id: question.id,
    kind: question.kind,
    prediction: isPrediction(question),
    points: question.points ?? 1,
    ask: htmlOf(question.ask),
    hints: question.hints?.length ?? 0,
  };
  switch (question.kind) {
    case 'number':
      return question.unit === undefined ? common : { ...common, unit: question.unit };
    case 'choice':
      return {
        ...common,
        options: question.options.map(({ text }) => inlineHtmlOf(text)),
        several: question.several === true,
      };
    case 'pick':
      return common;
    case 'draw': {
      const { series, fromSeconds, toSeconds, unit } = question;
      return { ...common, series, fromSeconds, toSeconds, ...(unit === undefined ? {} : { unit }) };
    }
  }
}

export interface AttemptFacts {
  readonly attempt: string;
  readonly lab: GuidedLab;
  readonly standing: Standing;
  readonly trial: boolean;
}

export function attemptState({ attempt, lab, standing, trial }: AttemptFacts, evidenceOf: EvidenceOf): AttemptState {
  const questions = questionsOf(lab).map(
    ({ step, question }) => [question.id, questionState(question, step.id, standing, evidenceOf)] as const,
  );
  return {
    attempt,
    lab: lab.id,
    student: standing.student ?? { name: '', id: '' },
    trial,
    ran: [...standing.digests.keys()],
    finished: standing.finished,
    questions: Object.fromEntries(questions),
  };
}

/** Whether nothing is left to do about a question: right, out of points, or a prediction whose run is over. */
export function isSettled(question: Question, step: string, standing: Standing, evidenceOf: EvidenceOf): boolean {
  return questionState(question, step, standing, evidenceOf).settled;
}

function questionState(question: Question, step: string, standing: Standing, evidenceOf: EvidenceOf): QuestionState {
  const { answers, hints } = standingOf(standing, question.id);
  const prediction = isPrediction(question);
  const answer = answers.at(-1);
  const possible = question.points ?? 1;
  const shown = (question.hints ?? []).slice(0, hints).map(htmlOf);
  const before = { tries: answers.length, hints: shown };
  if (answer === undefined) return { ...before, settled: false, worth: worthOf(possible, hints) };
  // A prediction is not judged before its run, or it would be no prediction.
  if (prediction && !standing.digests.has(step))
    return { ...before, answer, given: givenText(question, answer), settled: false, worth: worthOf(possible, hints) };
  const judged = answers.map((each) => judge(question, each, step, evidenceOf));
  const last = judged.at(-1)!;
  if (!last.ok) return { ...before, answer, remark: last.reason, settled: false, worth: worthOf(possible, hints) };
  const { right, given, expected, remark } = last.judgement;
  const wrong = prediction ? 0 : judged.filter((each) => each.ok && !each.judgement.right).length;
  const worth = worthOf(possible, hints + wrong);
  const settled = right || prediction || worth === 0;
  const state: QuestionState = {
    ...before,
    answer,
    given: inlineHtmlOf(given),
    right,
    settled,
    worth,
    ...(remark === undefined ? {} : { remark }),
  };
  if (!settled) return state;
  return {
    ...state,
    expected: inlineHtmlOf(expected),
    explain: htmlOf(question.explain),
    ...curveOf(question, step, evidenceOf),
  };
}

function worthOf(possible: number, helps: number): number {
  return possible * Math.max(0, 1 - COST_OF_HELP * helps);
}

function givenText(question: Question, answer: Answer): string {
  if (answer.kind === 'number')
    return `${String(answer.value)} ${question.kind === 'number' ? (question.unit ?? '') : ''}`.trim();
  if (answer.kind === 'choice' && question.kind === 'choice')
    return question.options
      .filter((_, index) => answer.options.includes(String.fromCharCode(97 + index)))
      .map(({ text }) => inlineHtmlOf(text))
      .join(' · ');
  return '';
}

function curveOf(question: Question, step: string, evidenceOf: EvidenceOf): Pick<QuestionState, 'curve'> {
  if (question.kind !== 'draw') return {};
  const series = evidenceOf(question.of ?? step)?.series.find(({ name }) => name === question.series);
  if (series === undefined) return {};
  const curve = measuredCurve(question, series);
  return { curve: { x: curve.map(({ x }) => x), y: curve.map(({ y }) => y) } };
}

/** What would be right, by question: for the teacher's copy of a handout. */
export function rightAnswers(lab: GuidedLab, evidenceOf: EvidenceOf): Map<string, string> {
  return new Map(
    questionsOf(lab).map(({ step, question }) => [question.id, expectedText(question, step.id, evidenceOf)]),
  );
}
