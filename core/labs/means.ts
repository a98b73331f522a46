// Means of all points of a lab, with their intervals where there are several seeds: what a page, a report and a file show.

import type { LabResult } from './run-lab';

export interface LabMeans {
  readonly columns: readonly string[];
  /** Numbers to the last digit; empty where a point has no interval. */
  readonly rows: readonly (readonly string[])[];
}

export function labMeans({ lab, table }: LabResult): LabMeans {
  const several = table.rows.some(({ runs }) => runs.length > 1);
  const columns = [
    ...lab.factors.map(named),
    ...lab.measures.flatMap((measure) => (several ? [named(measure), '± 95%'] : [named(measure)])),
  ];
  const rows = table.rows.map(({ point, mean, interval }) => [
    ...lab.factors.map(({ name }) => String(point[name])),
    ...lab.measures.flatMap(({ name }) => {
      const value = String(mean[name]);
      if (!several) return [value];
      const half = interval[name]!.high - mean[name]!;
      return [value, Number.isNaN(half) ? '' : String(half)];
    }),
  ]);
  return { columns, rows };
}

export function labMeansCsv(result: LabResult): string {
  const { columns, rows } = labMeans(result);
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\n`).join('');
}

function named({ label, unit }: { readonly label: string; readonly unit?: string }): string {
  return unit === undefined || unit === '1' ? label : `${label} (${unit})`;
}

function cell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
