// Runs a lab: all points of its plan, its verdict, and both as tables.

import type { Check } from './checks';
import type { Lab, Point, Values } from './lab';
import { allowed, type Reference } from './reference';
import { type Row, Table } from './table';

export interface LabResult {
  readonly lab: Lab;
  readonly quick: boolean;
  readonly table: Table;
  readonly references: readonly Reference[];
  readonly checks: readonly Check[];
  readonly pass: boolean;
}

/** All combinations of the levels of a lab's factors, the last factor changing fastest. */
export function pointsOf({ factors }: Pick<Lab, 'factors'>, quick: boolean): Point[] {
  return factors.reduce<Point[]>(
    (points, { name, levels, quick: few }) =>
      points.flatMap((point) => (quick ? (few ?? levels) : levels).map((level) => ({ ...point, [name]: level }))),
    [{}],
  );
}

/** @param progress is told how many of how many measurements are done */
export function runLab(
  lab: Lab,
  quick: boolean,
  progress: (done: number, all: number) => void = () => undefined,
): LabResult {
  const points = pointsOf(lab, quick);
  const replications = quick ? lab.replications.quick : lab.replications.full;
  let done = 0;
  const rows = points.map((point): Row => {
    const runs: Values[] = [];
    for (let seed = 1; seed <= replications; seed += 1) {
      runs.push(lab.measure(point, { seed, quick }));
      done += 1;
      progress(done, points.length * replications);
    }
    return { point, mean: meanOf(runs), runs };
  });
  const table = new Table(rows);
  const checks = lab.checks(table);
  const references = lab.reference?.(table) ?? [];
  return { lab, quick, table, references, checks, pass: checks.every(({ pass }) => pass) };
}

function meanOf(runs: readonly Values[]): Values {
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, runs.reduce((sum, values) => sum + values[name]!, 0) / runs.length]),
  );
}

/** All points and their values as CSV: the means, and each replication. */
export function labCsv({ lab, table }: LabResult): string {
  const factors = lab.factors.map(({ name }) => name);
  const measures = lab.measures.map(({ name }) => name);
  const rows = table.rows.flatMap(({ point, runs }) =>
    runs.map((values, index) =>
      [...factors.map((name) => point[name]), index + 1, ...measures.map((name) => values[name])].map(String).join(','),
    ),
  );
  return `${[...factors, 'seed', ...measures].join(',')}\n${rows.join('\n')}\n`;
}

/** What others published, with what is allowed: a row for each of their values. */
export function referenceCsv({ lab, references }: LabResult): string {
  const rows = references.flatMap(({ label, kind, line = {}, chart = lab.chart, samples, tolerance, source }) => {
    const levels = Object.entries(line).map(([name, level]) => `${name}=${String(level)}`);
    return samples.map(({ x, y }) => {
      const { low, high } = allowed(y, tolerance);
      const values = [
        quoted(label),
        kind,
        quoted(levels.join('; ')),
        chart.x,
        chart.y,
        x,
        y,
        low,
        high,
        quoted(source),
      ];
      return values.map(String).join(',');
    });
  });
  return `reference,kind,line,x_factor,measure,x,y,low,high,source\n${rows.join('\n')}\n`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
