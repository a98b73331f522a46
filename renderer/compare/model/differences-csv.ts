// The difference table as CSV in long form: a row for each number of each run, to the last digit; empty what is not known.

import type { Basis, Differences } from './differences';

export interface CsvSide {
  readonly label: string;
  /** Run id, or experiment and point. */
  readonly origin: string;
}

type Field = string | number | undefined;

const HEADER = [
  'number',
  'unit',
  'run',
  'origin',
  'runs',
  'value',
  'deviation',
  'baseline',
  'samples',
  'count',
  'difference',
  'relative',
  'low',
  'high',
  't',
  'degrees',
  'p',
  'confidence',
];

export function differencesCsv(
  { rows, bases }: Differences,
  sides: readonly CsvSide[],
  { baseline, confidence }: { readonly baseline: number; readonly confidence: number },
): string {
  const lines = rows.flatMap(({ pointer, unit, cells }) =>
    cells.map((cell, index): Field[] => {
      const { label, origin } = sides[index]!;
      const { against } = cell ?? {};
      const sure = against !== undefined && !Number.isNaN(against.low);
      return [
        pointer,
        unit,
        label,
        origin,
        cell?.count ?? 0,
        cell?.value,
        cell?.deviation,
        index === baseline ? undefined : sides[baseline]!.label,
        samplesOf(bases[index]),
        against?.count,
        against?.difference,
        against?.relative,
        against?.low,
        against?.high,
        against?.t,
        against?.degrees,
        against?.p,
        sure ? confidence : undefined,
      ];
    }),
  );
  return [HEADER, ...lines].map((line) => `${line.map(field).join(',')}\n`).join('');
}

function samplesOf(basis: Basis | undefined): string | undefined {
  return basis === undefined || basis.kind === 'none' ? undefined : basis.kind;
}

function field(value: Field): string {
  if (value === undefined || Number.isNaN(value)) return '';
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
