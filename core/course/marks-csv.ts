// Marks of a class as CSV (RFC 4180), a row a question.

import type { Marked } from './marks';

const COLUMNS = [
  'student',
  'id',
  'lab',
  'question',
  'given',
  'expected',
  'points',
  'possible',
  'hints',
  'tries',
  'tampered',
  'seconds',
  'file',
];

export function marksCsv(all: readonly Marked[]): string {
  const rows = all.flatMap(({ student, lab, marks, tampered, file }) =>
    marks.map(({ question, given, expected, points, possible, hints, tries, seconds }) => [
      student.name,
      student.id,
      lab,
      question,
      given,
      expected,
      points,
      possible,
      hints,
      tries,
      tampered.length > 0 ? 'yes' : 'no',
      seconds,
      file,
    ]),
  );
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes text that begins with one of these for a formula; students write these texts. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) && !/^-?[\d.]+(e[+-]?\d+)?$/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
