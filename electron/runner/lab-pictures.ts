// The pictures of a lab's run: its figures with confidence intervals, and names instead of a place where all was measured at one place.

import { type Interval, meanInterval } from '../../core/experiment';
import type { FigureLine, FigureSpec } from '../../core/export';
import { type LabChart, labFigures, type LabResult } from '../../core/labs';

const CONFIDENCE = 0.95;
/** How far what others published stands beside what is measured, of the way to the next name. */
const ASIDE = 0.1;

export function picturesOf(result: LabResult): FigureSpec[] {
  return labFigures(result).map((figure, index) => spread(withIntervals(figure, result, index === 0)));
}

/** Whiskers on lines of what was measured here; none where all seeds agree to the last digit, or there is one. */
function withIntervals(figure: FigureSpec, { lab, table, references }: LabResult, isMain: boolean): FigureSpec {
  const measure = lab.measures.find(({ label }) => label === figure.yLabel);
  if (measure === undefined) return figure;
  const own = references.find(({ chart }) => chart?.y === measure.name)?.chart;
  const chart = isMain || own === undefined ? lab.chart : own;
  const lines = figure.lines.map((line): FigureLine => {
    if (line.range !== undefined || line.legend !== undefined) return line;
    const intervals = intervalsAlong(line, chart, table.rows, measure.name);
    if (intervals.every((each) => each === undefined)) return line;
    const bound = (which: 'low' | 'high'): Float64Array =>
      Float64Array.from(intervals, (each) => each?.[which] ?? Number.NaN);
    return { ...line, range: { low: bound('low'), high: bound('high'), as: 'whiskers' } };
  });
  return { ...figure, lines };
}

/** The interval of each sample of a line: of the row that has its levels and its place to the right. */
function intervalsAlong(
  { data }: FigureLine,
  { x, lines, where = {} }: LabChart,
  rows: LabResult['table']['rows'],
  measure: string,
): (Interval | undefined)[] {
  const along = rows.filter(
    ({ point }) =>
      lines.map((name) => point[name]).join('/') === data.name &&
      Object.entries(where).every(([name, level]) => point[name] === level),
  );
  return [...data.times].map((at) => {
    const row = along.find(({ point }) => Number(point[x]) === at);
    return row === undefined ? undefined : intervalOf(row.runs.map((values) => values[measure]!));
  });
}

/** 95% confidence of a mean; undefined for a single value. */
export function intervalOf(values: readonly number[]): Interval | undefined {
  return values.length < 2 ? undefined : meanInterval(values, CONFIDENCE);
}

/** Points that lie above each other stand beside each other, under the names of their lines. */
function spread(figure: FigureSpec): FigureSpec {
  const measured = figure.lines.filter(({ legend }) => legend === undefined);
  const places = new Set(figure.lines.flatMap(({ data }) => [...data.times]));
  if (places.size !== 1 || measured.length < 2) return figure;
  const [only] = places;
  const colours = measured.map(({ look }) => look?.colour);
  const lines = figure.lines.flatMap((line): FigureLine[] => {
    // A reference of all lines would have to stand at each of them.
    const at = colours.indexOf(line.look?.colour);
    const place = line.legend === undefined ? at : at - ASIDE;
    return at < 0 ? [] : [{ ...line, data: { ...line.data, times: Float64Array.from(line.data.times, () => place) } }];
  });
  const unit = figure.xUnit === undefined || figure.xUnit === '1' ? '' : ` ${figure.xUnit}`;
  return {
    ...figure,
    xLabel: `${figure.xLabel}: ${String(only)}${unit}`,
    xNames: measured.map(({ label }) => label),
    xLog: false,
    fromNs: 0,
    toNs: measured.length - 1,
    lines,
  };
}
