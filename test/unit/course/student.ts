// A student for tests: works through a lab with given answers, a minute for each thing.

import {
  type Answer,
  appended,
  type Deed,
  type Entry,
  type EvidenceOf,
  type GuidedLab,
  isPrediction,
  letterOf,
  expectedNumber,
  measuredCurve,
  type Question,
  rightPicks,
  runs,
} from '../../../core/course';

export const BEGAN_AT = Date.UTC(2026, 9, 5, 8, 15);

export function begin(lab: GuidedLab, name = 'Ada Lovelace'): Deed {
  const { id, edition, fingerprint } = lab;
  return { do: 'begin', lab: id, edition, fingerprint, program: '0.1.0', student: { name, id: '1815' } };
}

/** A log of deeds, a minute each. */
export function logOf(deeds: readonly Deed[], beganAtMs = BEGAN_AT): Entry[] {
  return deeds.reduce<Entry[]>((entries, deed, index) => appended(entries, deed, beganAtMs + index * 60_000), []);
}

/** All of a lab, in order. */
export function worked(
  lab: GuidedLab,
  evidenceOf: EvidenceOf,
  answerOf: (question: Question, step: string) => Answer,
  name?: string,
): Deed[] {
  const steps = lab.steps.flatMap((step): Deed[] => {
    const given = (question: Question): Answer => answerOf(question, step.id);
    return [
      { do: 'open', step: step.id },
      ...step.questions
        .filter(isPrediction)
        .map((question): Deed => ({ do: 'predict', question: question.id, answer: given(question) })),
      ...(runs(step) ? [{ do: 'run' as const, step: step.id, digest: evidenceOf(step.id)!.summary.digest }] : []),
      ...step.questions
        .filter((question) => !isPrediction(question))
        .map((question): Deed => ({ do: 'answer', question: question.id, answer: given(question) })),
    ];
  });
  return [begin(lab, name), ...steps, { do: 'finish' }];
}

/** The right answer, as a careful student finds it. */
export function rightAnswer(question: Question, step: string, evidenceOf: EvidenceOf): Answer {
  switch (question.kind) {
    case 'number': {
      const expected = expectedNumber(question, step, evidenceOf);
      if (!expected.ok) throw new Error(`${question.id}: ${expected.reason}`);
      return { kind: 'number', value: expected.value };
    }
    case 'choice': {
      const options = question.options.flatMap(({ right }, index) => (right === true ? [letterOf(index)] : []));
      return { kind: 'choice', options };
    }
    case 'pick': {
      const record = rightPicks(question, evidenceOf(question.of ?? step)!.records)[0];
      if (record === undefined) throw new Error(`${question.id}: nothing fits`);
      return { kind: 'pick', record: record.id };
    }
    case 'draw': {
      const curve = curveOf(question, step, evidenceOf);
      // By hand: every fifth point of the grid.
      const points = curve.filter((_, index) => index % 5 === 0 || index === curve.length - 1);
      return { kind: 'draw', points: points.map(({ x, y }) => [x, y]) };
    }
  }
}

function curveOf(question: Extract<Question, { kind: 'draw' }>, step: string, evidenceOf: EvidenceOf) {
  return measuredCurve(
    question,
    evidenceOf(question.of ?? step)!.series.find(({ name }) => name === question.series)!,
  );
}

/** Wrong answers that somebody might give. */
export function wrongAnswers(question: Question, step: string, evidenceOf: EvidenceOf): Answer[] {
  switch (question.kind) {
    case 'number': {
      const right = rightAnswer(question, step, evidenceOf) as Extract<Answer, { kind: 'number' }>;
      const { tolerance } = question;
      const off = 'share' in tolerance ? Math.abs(right.value) * tolerance.share : tolerance.absolute;
      const beyond = off * 1.05 + (off === 0 ? 1 : 0);
      return [right.value - beyond, right.value + beyond].map((value) => ({ kind: 'number', value }));
    }
    case 'choice': {
      const right = rightAnswer(question, step, evidenceOf) as Extract<Answer, { kind: 'choice' }>;
      const others = question.options
        .map((_, index) => letterOf(index))
        .filter((letter) => !right.options.includes(letter));
      return [
        ...others.map((letter): Answer => ({ kind: 'choice', options: [letter] })),
        { kind: 'choice', options: right.options.slice(1) },
        { kind: 'choice', options: [...right.options, ...others] },
      ];
    }
    case 'pick': {
      const { records } = evidenceOf(question.of ?? step)!;
      const right = new Set(rightPicks(question, records).map(({ id }) => id));
      return records
        .filter(({ id }) => !right.has(id))
        .slice(0, 50)
        .map(({ id }) => ({ kind: 'pick', record: id }));
    }
    case 'draw': {
      const curve = curveOf(question, step, evidenceOf);
      const mean = curve.reduce((sum, { y }) => sum + y, 0) / curve.length;
      const flat = (y: number): Answer => ({
        kind: 'draw',
        points: [
          [question.fromSeconds, y],
          [question.toSeconds, y],
        ],
      });
      const top = Math.max(...curve.map(({ y }) => y));
      return [
        flat(0),
        flat(mean),
        flat(top),
        { kind: 'draw', points: curve.map(({ x, y }) => [x, top - y]) },
        { kind: 'draw', points: curve.slice(0, Math.floor(curve.length / 3)).map(({ x, y }) => [x, y]) },
      ];
    }
  }
}
