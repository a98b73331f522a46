// What runs are called in charts and tables: by what their scenarios differ in, if that is short, else by their names.

import type { ParameterRow } from './scenario-diff';

const PARAMETERS_MAX = 2;
const TEXT_MAX = 18;

/** A value as JSON the way people read it. */
export function shownValue(text: string | undefined): string {
  if (text === undefined) return 'not set';
  return text.startsWith('"') && text.endsWith('"') ? (JSON.parse(text) as string) : text;
}

/** @param names by run; with a seed where that is all that differs */
export function labelsOf(
  rows: readonly ParameterRow[],
  runs: readonly { readonly name: string; readonly seed: number | undefined }[],
): string[] {
  const telling = rows.slice(0, PARAMETERS_MAX);
  const byValue = runs.map((_, index) => telling.map(({ pointer, values }) => said(pointer, values[index])).join(', '));
  const short =
    rows.length <= PARAMETERS_MAX && rows.length > 0 && byValue.every((text) => text.length <= 2 * TEXT_MAX);
  const labels = short && areDistinct(byValue) ? byValue : runs.map(({ name }) => name);
  if (areDistinct(labels)) return labels;
  const withSeeds = labels.map((label, index) =>
    runs[index]!.seed === undefined ? label : `${label}, seed ${String(runs[index]!.seed)}`,
  );
  return areDistinct(withSeeds) ? withSeeds : withSeeds.map((label, index) => `${'ABCD'[index]!}: ${label}`);
}

/** `pmp`; of a switch also its name: `tso on`. */
function said(pointer: string, text: string | undefined): string {
  const field = pointer.slice(pointer.lastIndexOf('/') + 1);
  if (text === undefined) return `${field} not set`;
  if (text === 'true' || text === 'false') return `${field} ${text === 'true' ? 'on' : 'off'}`;
  const value = shownValue(text);
  return /^["]/.test(text) ? value : `${field} ${value}`;
}

function areDistinct(labels: readonly string[]): boolean {
  return new Set(labels).size === labels.length;
}
