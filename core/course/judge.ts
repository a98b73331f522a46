// Whether an answer is right: a pure function of question, answer and what the runs left.

import type { SeriesData } from '../measure';
import type { Answer } from './answer';
import type { EvidenceOf, PickRecord } from './evidence';
import type { Question, QuestionOf } from './schema';
import { measuredValue } from './summary-value';

export interface Judgement {
  readonly right: boolean;
  /** The answer and what would be right, in words for a person. */
  readonly given: string;
  readonly expected: string;
  /** What the author says to this wrong answer. */
  readonly remark?: string;
}

/** Or why it cannot be judged, such as that a step has not run. */
export type Judged =
  { readonly ok: true; readonly judgement: Judgement } | { readonly ok: false; readonly reason: string };

const unjudged = (reason: string): Judged => ({ ok: false, reason });
const judged = (judgement: Judgement): Judged => ({ ok: true, judgement });

/** @param step the one that the question stands in */
export function judge(question: Question, answer: Answer, step: string, evidenceOf: EvidenceOf): Judged {
  if (answer.kind !== question.kind) return unjudged(`a ${question.kind} is asked for, not a ${answer.kind}`);
  switch (answer.kind) {
    case 'number':
      return judgeNumber(question as QuestionOf<'number'>, answer.value, step, evidenceOf);
    case 'choice':
      return judgeChoice(question as QuestionOf<'choice'>, answer.options);
    case 'pick':
      return judgePick(question as QuestionOf<'pick'>, answer.record, step, evidenceOf);
    case 'draw':
      return judgeDraw(question as QuestionOf<'draw'>, answer.points, step, evidenceOf);
  }
}

/** Letters of options, in the order of the lab. */
export const letterOf = (index: number): string => String.fromCharCode(97 + index);

/** Six significant digits, no more than a person would read. */
export function shownNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** The right value of a question for a number. */
export function expectedNumber(
  { answer, measured }: QuestionOf<'number'>,
  step: string,
  evidenceOf: EvidenceOf,
): ReturnType<typeof measuredValue> {
  if (answer !== undefined) return { ok: true, value: answer };
  if (measured === undefined) return { ok: false, reason: 'the question has no answer' };
  return measuredValue(measured, step, evidenceOf);
}

function judgeNumber(question: QuestionOf<'number'>, value: number, step: string, evidenceOf: EvidenceOf): Judged {
  const expected = expectedNumber(question, step, evidenceOf);
  if (!expected.ok) return unjudged(expected.reason);
  const { tolerance, unit = '' } = question;
  const allowed = 'share' in tolerance ? Math.abs(expected.value) * tolerance.share : tolerance.absolute;
  const shown = (number: number): string => `${shownNumber(number)} ${unit}`.trim();
  const margin = 'share' in tolerance ? `${shownNumber(tolerance.share * 100)}%` : shown(tolerance.absolute);
  // A hair more than allowed, for what decimal fractions lose.
  const right = Math.abs(value - expected.value) <= allowed + Math.abs(expected.value) * 1e-9;
  return judged({ right, given: shown(value), expected: `${shown(expected.value)} ± ${margin}` });
}

function judgeChoice({ options }: QuestionOf<'choice'>, chosen: readonly string[]): Judged {
  const letters = options.map((_, index) => letterOf(index));
  const unknown = chosen.find((letter) => !letters.includes(letter));
  if (unknown !== undefined) return unjudged(`there is no option "${unknown}"`);
  const shown = (wanted: (index: number) => boolean): string =>
    options.flatMap(({ text }, index) => (wanted(index) ? [`${letterOf(index)}) ${text}`] : [])).join(' · ');
  const isChosen = (index: number): boolean => chosen.includes(letterOf(index));
  const isRight = (index: number): boolean => options[index]!.right === true;
  const right = options.every((_, index) => isChosen(index) === isRight(index));
  const remarks = options.flatMap(({ why }, index) =>
    isChosen(index) && !isRight(index) && why !== undefined ? [why] : [],
  );
  const judgement = { right, given: shown(isChosen), expected: shown(isRight) };
  return judged(remarks.length === 0 ? judgement : { ...judgement, remark: remarks.join(' ') });
}

function fits({ where }: QuestionOf<'pick'>, record: PickRecord): boolean {
  const has = (text: string, part: string | undefined): boolean => part === undefined || text.includes(part);
  return (
    (where.kind === undefined || where.kind === record.kind) &&
    has(record.name, where.name) &&
    has(record.track, where.track)
  );
}

/** The records that are right answers. */
export function rightPicks(question: QuestionOf<'pick'>, records: readonly PickRecord[]): readonly PickRecord[] {
  const fitting = records.filter((record) => fits(question, record));
  const { which = 'any' } = question;
  if (which === 'any') return fitting;
  if (which === 'first') return fitting.slice(0, 1);
  if (which === 'last') return fitting.slice(-1);
  return fitting.slice(which - 1, which);
}

function shownRecord({ name, track, atNs }: PickRecord): string {
  return `${name}, ${track}, at ${(atNs / 1e6).toFixed(3)} ms`;
}

function judgePick(question: QuestionOf<'pick'>, id: number, step: string, evidenceOf: EvidenceOf): Judged {
  const evidence = evidenceOf(question.of ?? step);
  if (evidence === undefined) return unjudged(`step "${question.of ?? step}" has not run yet`);
  const right = rightPicks(question, evidence.records);
  const given = evidence.records.find((record) => record.id === id);
  if (right.length === 0) return unjudged('nothing in the run fits the question');
  if (given === undefined) return unjudged(`the run has no record ${String(id)}`);
  const more = right.length > 1 ? ` (or another of ${String(right.length)})` : '';
  return judged({
    right: right.some((record) => record.id === id),
    given: shownRecord(given),
    expected: shownRecord(right[0]!) + more,
  });
}

const GRID = 200;
const SHARE_INSIDE = 0.75;

/** The measured curve on an even grid of times, in the question's unit; a series keeps its value until the next sample. */
export function measuredCurve(question: QuestionOf<'draw'>, series: SeriesData): { x: number; y: number }[] {
  const { fromSeconds, toSeconds, scale = 1 } = question;
  const curve: { x: number; y: number }[] = [];
  let at = 0;
  for (let i = 0; i <= GRID; i += 1) {
    const x = fromSeconds + ((toSeconds - fromSeconds) * i) / GRID;
    while (at + 1 < series.length && series.times[at + 1]! <= x * 1e9) at += 1;
    if (series.length > 0 && series.times[at]! <= x * 1e9) curve.push({ x, y: series.values[at]! * scale });
  }
  return curve.filter(({ y }) => Number.isFinite(y));
}

/** Height of a curve through points, straight between them; undefined outside. */
function heightAt(points: readonly (readonly [number, number])[], x: number): number | undefined {
  for (let i = 1; i < points.length; i += 1) {
    const [x0, y0] = points[i - 1]!;
    const [x1, y1] = points[i]!;
    if (x >= x0 && x <= x1) return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
  }
  return undefined;
}

function judgeDraw(
  question: QuestionOf<'draw'>,
  points: readonly (readonly [number, number])[],
  step: string,
  evidenceOf: EvidenceOf,
): Judged {
  const evidence = evidenceOf(question.of ?? step);
  if (evidence === undefined) return unjudged(`step "${question.of ?? step}" has not run yet`);
  const series = evidence.series.find(({ name }) => name === question.series);
  if (series === undefined) return unjudged(`the run has no series "${question.series}"`);
  const curve = measuredCurve(question, series);
  if (curve.length === 0) return unjudged(`"${question.series}" has no values there`);
  const heights = curve.map(({ y }) => y);
  const span = Math.max(...heights) - Math.min(...heights);
  const allowed = question.band * (span === 0 ? Math.abs(heights[0]!) : span);
  const drawn = [...points].sort((a, b) => a[0] - b[0]);
  const inside = curve.filter(({ x, y }) => Math.abs((heightAt(drawn, x) ?? Infinity) - y) <= allowed).length;
  const share = inside / curve.length;
  const wanted = question.share ?? SHARE_INSIDE;
  const percent = (value: number): string => `${String(Math.round(value * 100))}%`;
  return judged({
    right: share >= wanted,
    given: `${String(points.length)} points, ${percent(share)} of the time within the band`,
    expected: `${question.series} from ${String(question.fromSeconds)} to ${String(question.toSeconds)} s: at least ${percent(wanted)} within ± ${percent(question.band)} of its height`,
  });
}
