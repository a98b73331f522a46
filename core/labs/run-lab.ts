// Runs a lab: all points of its plan, its chart, its verdict.

import type { FigureLine, FigureSpec } from '../export';
import type { Check } from './checks';
import type { Lab, Level, Point, Values } from './lab';
import { type Row, Table } from './table';

export interface LabResult {
  readonly lab: Lab;
  readonly quick: boolean;
  readonly table: Table;
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
  return { lab, quick, table, checks, pass: checks.every(({ pass }) => pass) };
}

function meanOf(runs: readonly Values[]): Values {
  const names = Object.keys(runs[0] ?? {});
  return Object.fromEntries(
    names.map((name) => [name, runs.reduce((sum, values) => sum + values[name]!, 0) / runs.length]),
  );
}

/** The lab's picture. */
export function labFigure({ lab, table }: LabResult): FigureSpec {
  const { x, y, lines, where = {} } = lab.chart;
  const factor = lab.factors.find(({ name }) => name === x)!;
  const measure = lab.measures.find(({ name }) => name === y)!;
  const kinds = combinations(table.where(where).map(({ point }) => lines.map((name) => point[name]!)));
  const drawn = kinds.map((levels): FigureLine => {
    const at = Object.fromEntries(lines.map((name, index) => [name, levels[index]!]));
    const samples = table.over(y, x, { ...where, ...at });
    return {
      label: levels.map((level, index) => labelOf(lab, lines[index]!, level)).join(', '),
      shape: 'slope',
      data: {
        name: levels.join('/'),
        unit: measure.unit,
        times: Float64Array.from(samples, (sample) => sample.x),
        values: Float64Array.from(samples, (sample) => sample.y),
        length: samples.length,
      },
    };
  });
  const xs = table.rows.map(({ point }) => Number(point[x]));
  return {
    xLabel: factor.label,
    xUnit: factor.unit ?? '1',
    xLog: lab.chart.log === true,
    yLabel: measure.label,
    yUnit: measure.unit,
    lines: drawn,
    fromNs: Math.min(...xs),
    toNs: Math.max(...xs),
  };
}

/** Numbers need their factor's name beside them. */
function labelOf(lab: Lab, factor: string, level: Level): string {
  if (typeof level === 'string') return level;
  return `${String(level)} ${lab.factors.find(({ name }) => name === factor)!.label.toLowerCase()}`;
}

function combinations(all: readonly (readonly Level[])[]): (readonly Level[])[] {
  return all.filter((one, index) => all.findIndex((other) => other.join('/') === one.join('/')) === index);
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
