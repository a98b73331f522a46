// The hand-in's log: what a student may do when, that every change shows, and what marks come of it.

import { expect, test } from 'vitest';
import { evidenceOfLab } from '../../../core/classroom';
import {
  appended,
  type Deed,
  flawsOf,
  guidedLabById,
  type HandIn,
  handInOf,
  markHandIn,
  marksCsv,
  objection,
  readHandIn,
  standingAfter,
  studentReportHtml,
  writeHandIn,
} from '../../../core/course';
import { begin, BEGAN_AT, logOf, rightAnswer, worked } from './student';

const lab = guidedLabById('small-windows')!;
const evidenceOf = evidenceOfLab(lab);
const allRight = worked(lab, evidenceOf, (question, step) => rightAnswer(question, step, evidenceOf));
const run = (step: string): Deed => ({ do: 'run', step, digest: evidenceOf(step)!.summary.digest });
const predict = (question: string, value: number): Deed => ({
  do: 'predict',
  question,
  answer: { kind: 'number', value },
});
const answer = (question: string, value: number): Deed => ({
  do: 'answer',
  question,
  answer: { kind: 'number', value },
});
const hint = (question: string, number: number): Deed => ({ do: 'hint', question, hint: number });

const objectionAfter = (deeds: readonly Deed[], next: Deed): string | undefined =>
  objection(lab, standingAfter(lab, logOf(deeds)), next);

test('a run waits for its predictions, and a prediction that was made stands', () => {
  const begun = [begin(lab)];
  expect(objectionAfter(begun, run('plain'))).toBe('predict "duplicates" before the run');
  expect(objectionAfter(begun, predict('duplicates', 2))).toBeUndefined();
  const predicted = [...begun, predict('duplicates', 3)];
  expect(objectionAfter(predicted, predict('duplicates', 2))).toBe('a prediction stands');
  expect(objectionAfter(predicted, answer('duplicates', 2))).toBe('"duplicates" is a prediction');
  expect(objectionAfter(predicted, run('plain'))).toBeUndefined();
  expect(objectionAfter([...predicted, run('plain')], predict('duplicates', 2))).toBe(
    'the run is over: nothing is left to predict',
  );
});

test('an answer waits for the run, hints come in order, and nothing comes after the end', () => {
  const predicted = [begin(lab), predict('duplicates', 2)];
  expect(objectionAfter(predicted, answer('time-plain', 1500))).toBe('run step "plain" first');
  expect(objectionAfter(predicted, hint('duplicates', 1))).toContain('has 1 hints');
  expect(objectionAfter([...predicted, hint('duplicates', 0)], hint('duplicates', 0))).toBe(
    'hints come one after the other',
  );
  expect(objectionAfter([...predicted, { do: 'finish' }], run('plain'))).toBe('the lab has been handed in');
  expect(objectionAfter([], run('plain'))).toBe('the lab has not begun');
});

test('what is written is read again, the same, and holds', () => {
  const handIn = handInOf(logOf(allRight), 'dragonfly');
  const read = readHandIn(writeHandIn(handIn), 'a');
  expect(read).toEqual({ ok: true, value: handIn, problems: [] });
  expect(flawsOf(handIn, 'dragonfly')).toEqual([]);
  expect(flawsOf(handIn)).toEqual([]);
});

/** A copy that one may change. */
const copyOf = (handIn: HandIn): HandIn => JSON.parse(JSON.stringify(handIn)) as HandIn;

test('each entry that is changed, left out, put in or moved shows', () => {
  const whole = handInOf(logOf(allRight));
  for (let index = 0; index < whole.entries.length; index += 1) {
    const later = copyOf(whole);
    later.entries[index]!.atMs += 1;
    expect(flawsOf(later), `entry ${String(index)} later`).not.toEqual([]);
    const without = copyOf(whole);
    without.entries.splice(index, 1);
    expect(flawsOf(without), `without entry ${String(index)}`).not.toEqual([]);
    const twice = copyOf(whole);
    twice.entries.splice(index, 0, twice.entries[index]!);
    expect(flawsOf(twice), `entry ${String(index)} twice`).not.toEqual([]);
  }
  const moved = copyOf(whole);
  moved.entries.splice(3, 2, moved.entries[4]!, moved.entries[3]!);
  expect(flawsOf(moved)).not.toEqual([]);
});

test('a log that was computed anew holds, but its seal does not', () => {
  const honest = handInOf(logOf(allRight), 'dragonfly');
  const other = logOf([begin(lab, 'Somebody else'), ...allRight.slice(1)]);
  const forged: HandIn = { ...handInOf(other), seal: honest.seal };
  expect(flawsOf(forged)).toEqual([]);
  expect(flawsOf(forged, 'dragonfly')).toEqual([
    'the seal does not fit the class key: the log was made anew, or with another key',
  ]);
  expect(flawsOf(handInOf(other), 'dragonfly')).toEqual(['there is no seal of the class key']);
  expect(flawsOf(handInOf(other, 'another'), 'dragonfly')).toHaveLength(1);
});

test('a log whose deeds were not allowed is called tampered with, though its hashes are right', () => {
  const cheated = [begin(lab), run('plain'), predict('duplicates', 2)];
  const { tampered } = markHandIn(lab, handInOf(logOf(cheated)), 'a', evidenceOf);
  expect(tampered).toEqual(['entry 1 (run): predict "duplicates" before the run']);
});

const markOf = (deeds: readonly Deed[], question: string) =>
  markHandIn(lab, handInOf(logOf(deeds)), 'a', evidenceOf).marks.find((mark) => mark.question === question)!;

test('each hint and each wrong try takes a quarter, the last answer counts, and what is not answered has none', () => {
  const before = [begin(lab), predict('duplicates', 2), run('plain')];
  const right = evidenceOf('plain')!.summary.flows[0]!.completionTimeNs! / 1e6;
  expect(markOf([...before, answer('time-plain', right)], 'time-plain')).toMatchObject({
    points: 1,
    tries: 1,
    right: true,
  });
  expect(markOf([...before, answer('time-plain', 1), answer('time-plain', right)], 'time-plain').points).toBe(0.75);
  expect(markOf([...before, answer('time-plain', right), answer('time-plain', 1)], 'time-plain').points).toBe(0);
  expect(markOf(before, 'time-plain')).toMatchObject({ points: 0, given: '', tries: 0 });
  const hinted = [begin(lab), hint('duplicates', 0), predict('duplicates', 2), run('plain')];
  expect(markOf(hinted, 'duplicates')).toMatchObject({ points: 0.75, hints: 1, seconds: 120 });
});

test('a prediction earns its points by being made, unless the author wants it right', () => {
  const wrong = [begin(lab), predict('duplicates', 7), run('plain')];
  expect(markOf(wrong, 'duplicates')).toMatchObject({ right: false, points: 0, prediction: true });
  const early = [...allRight.slice(0, -1)].map((deed) =>
    deed.do === 'predict' && deed.question === 'threshold' ? predict('threshold', 7) : deed,
  );
  expect(markOf(early, 'threshold')).toMatchObject({ right: false, points: 1 });
});

test('a run with another result, another text and an unfinished log are noted and not held against anybody', () => {
  const deeds = allRight
    .slice(0, -1)
    .map((deed): Deed => (deed.do === 'run' && deed.step === 'early' ? { ...deed, digest: 'else' } : deed));
  const other: Deed = { ...(deeds[0] as Extract<Deed, { do: 'begin' }>), fingerprint: 'f'.repeat(64), edition: 9 };
  const marked = markHandIn(lab, handInOf(logOf([other, ...deeds.slice(1)])), 'a', evidenceOf);
  expect(marked.tampered).toEqual([]);
  expect(marked.points).toBe(marked.possible);
  expect(marked.notes).toEqual([
    'made with another text of the lab (edition 9; here it is 1)',
    'the run of step "early" had another result than here',
    'not finished',
  ]);
});

test('a clock that runs backwards shows', () => {
  const entries = appended(logOf([begin(lab)]), predict('duplicates', 2), BEGAN_AT - 1);
  expect(flawsOf(handInOf(entries))).toEqual(['entry 1 (predict) is earlier than the entry before it']);
});

test('a name that a spreadsheet would take for a formula is text in the marks, and tags are text in the report', () => {
  const deeds = [begin(lab, '=HYPERLINK("http://x","<b>y</b>")'), ...allRight.slice(1)];
  const marked = markHandIn(lab, handInOf(logOf(deeds)), 'a', evidenceOf);
  const rows = marksCsv([marked]).split('\r\n');
  expect(rows[0]).toBe('student,id,lab,question,given,expected,points,possible,hints,tries,tampered,seconds,file');
  expect(rows[1]).toMatch(/^"'=HYPERLINK\(""http:/);
  expect(rows).toHaveLength(marked.marks.length + 2);
  expect(studentReportHtml(lab, marked)).toContain('&lt;b&gt;y&lt;/b&gt;');
  expect(studentReportHtml(lab, marked)).not.toContain('<b>y');
});

test('what is not a hand-in is said to be none', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{"format":"odonata-hand-in"}',
    writeHandIn(handInOf(logOf(allRight))).slice(0, 900),
  ])
    expect(readHandIn(text, 'x')).toMatchObject({ ok: false, problems: [{ file: 'x' }] });
});
