// Marks: a hand-in judged question by question with runs of the teacher's own, so that nothing that a student's file says about being right
// is believed.

import type { EvidenceOf } from './evidence';
import { type GuidedLab, isPrediction, questionsOf } from './guided-lab';
import { flawsOf, type HandIn } from './hand-in';
import { expectedNumber, judge, type Judged, letterOf, rightPicks, shownNumber } from './judge';
import type { Question } from './schema';
import { standingAfter, standingOf } from './standing';

export interface Mark {
  readonly question: string;
  readonly kind: Question['kind'];
  readonly prediction: boolean;
  /** Empty if nothing was answered. */
  readonly given: string;
  readonly expected: string;
  readonly right: boolean;
  readonly points: number;
  readonly possible: number;
  readonly hints: number;
  /** Answers, the last among them. */
  readonly tries: number;
  readonly seconds: number;
}

export interface Marked {
  readonly file: string;
  readonly student: { readonly name: string; readonly id: string };
  readonly lab: string;
  readonly marks: readonly Mark[];
  readonly points: number;
  readonly possible: number;
  /** Signs that the file was made otherwise than by working through the lab; such a file is marked all the same. */
  readonly tampered: readonly string[];
  /** What a teacher should know, without blame. */
  readonly notes: readonly string[];
  readonly finished: boolean;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** Each hint and each wrong try takes so much of a question's points. */
export const COST_OF_HELP = 0.25;

export function markHandIn(lab: GuidedLab, handIn: HandIn, file: string, evidenceOf: EvidenceOf, key?: string): Marked {
  const { entries } = handIn;
  const standing = standingAfter(lab, entries);
  const marks = questionsOf(lab).map(({ step, question }) => {
    const { answers, hints, seconds } = standingOf(standing, question.id);
    const tried = answers.map((answer) => judge(question, answer, step.id, evidenceOf));
    return markOf(question, expectedText(question, step.id, evidenceOf), tried, hints, seconds);
  });
  const first = entries[0]!.deed;
  const tampered = [...flawsOf(handIn, key), ...standing.forbidden];
  const digests = [...standing.digests].filter(([step, digest]) => {
    const own = evidenceOf(step)?.summary.digest;
    return own !== undefined && own !== digest;
  });
  const notes = [
    ...(first.do === 'begin' && first.fingerprint !== lab.fingerprint
      ? [`made with another text of the lab (edition ${String(first.edition)}; here it is ${String(lab.edition)})`]
      : []),
    ...digests.map(([step]) => `the run of step "${step}" had another result than here`),
    ...(standing.finished ? [] : ['not finished']),
  ];
  return {
    file,
    student: standing.student ?? { name: '?', id: '' },
    lab: lab.id,
    marks,
    points: marks.reduce((sum, { points }) => sum + points, 0),
    possible: marks.reduce((sum, { possible }) => sum + possible, 0),
    tampered,
    notes,
    finished: standing.finished,
    startedAtMs: entries[0]!.atMs,
    endedAtMs: entries.at(-1)!.atMs,
  };
}

function markOf(question: Question, expected: string, tried: readonly Judged[], hints: number, seconds: number): Mark {
  const possible = question.points ?? 1;
  const last = tried.at(-1);
  const judgement = last?.ok === true ? last.judgement : undefined;
  const right = judgement?.right === true;
  const prediction = isPrediction(question);
  const earned = prediction && (question.credit ?? 'given') === 'given' ? judgement !== undefined : right;
  const wrong = prediction ? 0 : tried.filter((each) => each.ok && !each.judgement.right).length;
  const share = earned ? Math.max(0, 1 - COST_OF_HELP * (hints + wrong)) : 0;
  return {
    question: question.id,
    kind: question.kind,
    prediction,
    given: judgement?.given ?? (last?.ok === false ? last.reason : ''),
    expected: judgement?.expected ?? expected,
    right,
    points: possible * share,
    possible,
    hints,
    tries: tried.length,
    seconds: Math.round(seconds),
  };
}

/** What would be right, in words, without an answer to compare with. */
export function expectedText(question: Question, step: string, evidenceOf: EvidenceOf): string {
  switch (question.kind) {
    case 'number': {
      const expected = expectedNumber(question, step, evidenceOf);
      if (!expected.ok) return expected.reason;
      const judged = judge(question, { kind: 'number', value: expected.value }, step, evidenceOf);
      return judged.ok ? judged.judgement.expected : shownNumber(expected.value);
    }
    case 'choice':
      return question.options
        .flatMap(({ text, right }, index) => (right === true ? [`${letterOf(index)}) ${text}`] : []))
        .join(' · ');
    case 'pick': {
      const picks = rightPicks(question, evidenceOf(question.of ?? step)?.records ?? []);
      const record = picks[0];
      if (record === undefined) return 'nothing in the run fits';
      const judged = judge(question, { kind: 'pick', record: record.id }, step, evidenceOf);
      return judged.ok ? judged.judgement.expected : '';
    }
    case 'draw':
      return `${question.series} as the run records it`;
  }
}
