// A lab's pictures: what was measured, as lines with markers and with whiskers for the intervals of replicated points, and what others
// published or claim, dashed and hollow with its tolerance.

import type { FigureLine, FigureSpec } from '../export';
import type { Lab, LabChart, Level, Point } from './lab';
import { allowed, type Reference } from './reference';
import type { LabSoFar } from './run-lab';
import { sideBySide } from './side-by-side';
import type { Ends } from './table';

/** The lab's chart first; then those that references have of their own. */
export function labFigures(result: LabSoFar): FigureSpec[] {
  return [labFigure(result), ...ownCharts(result).map((chart) => labFigure(result, chart))].map(sideBySide);
}

function ownCharts({ references }: LabSoFar): LabChart[] {
  const charts = references.flatMap(({ chart }) => (chart === undefined ? [] : [chart]));
  return charts.filter((chart, index) => charts.findIndex(({ y }) => y === chart.y) === index);
}

/** One picture. @param chart the lab's own unless told */
export function labFigure({ lab, table, references }: LabSoFar, chart: LabChart = lab.chart): FigureSpec {
  const { x, y, lines, where = {} } = chart;
  const factor = lab.factors.find(({ name }) => name === x)!;
  const measure = lab.measures.find(({ name }) => name === y)!;
  const kinds = combinations(table.where(where).map(({ point }) => lines.map((name) => point[name]!)));
  const measured = kinds.map((levels, index): FigureLine => {
    const at = Object.fromEntries(lines.map((name, place) => [name, levels[place]!]));
    const samples = table.over(y, x, { ...where, ...at });
    return {
      label:
        levels.length === 0 ? 'Measured' : levels.map((level, place) => labelOf(lab, lines[place]!, level)).join(', '),
      shape: 'slope',
      look: { colour: index, dash: 0 },
      marker: { kind: index, hollow: false },
      data: series(levels.join('/'), measure.unit, samples),
      ...whiskers(samples, table.rows[0]?.runs.length ?? 0),
    };
  });
  const shown = references.filter((reference) => (reference.chart ?? lab.chart).y === y);
  const published = referenceLines(shown, lines, kinds, measure.unit);
  const xs = [...measured, ...published].flatMap(({ data }) => [...data.times]);
  return {
    xLabel: factor.label,
    xUnit: factor.unit ?? '1',
    xLog: chart.log === true,
    yLabel: measure.label,
    yUnit: measure.unit,
    lines: [...published, ...measured],
    fromNs: Math.min(...xs),
    toNs: Math.max(...xs),
  };
}

/** Of two values the interval of their mean is thirteen standard errors wide: true, and nothing else would be seen. */
const DRAWN_FROM = 3;

/** Intervals of a line, if any of them is wider than nothing. */
function whiskers(samples: readonly Ends[], replications: number): Pick<FigureLine, 'range'> {
  if (replications < DRAWN_FROM || !samples.some(({ low, high }) => high > low)) return {};
  // Where all replications agree there is nothing to show.
  const shown = samples.map((ends) => (ends.high > ends.low ? ends : { low: Number.NaN, high: Number.NaN }));
  return {
    range: {
      low: Float64Array.from(shown, ({ low }) => low),
      high: Float64Array.from(shown, ({ high }) => high),
      as: 'whiskers',
    },
  };
}

/** In the colour of the lines that they belong to; each of several names has dashes of its own, and stands in the legend once. */
function referenceLines(
  references: readonly Reference[],
  lines: readonly string[],
  kinds: readonly (readonly Level[])[],
  unit: string,
): FigureLine[] {
  const names = [...new Set(references.map(({ label }) => label))];
  const several = kinds.length > 1;
  return references.map((reference, index): FigureLine => {
    const { label, line = {}, kind, samples, tolerance } = reference;
    const colour = Math.max(
      0,
      kinds.findIndex((levels) => matches(line, lines, levels)),
    );
    const first = references.findIndex((one) => one.label === label) === index;
    const ranges = samples.map(({ y }) => allowed(y, tolerance));
    return {
      label,
      shape: 'slope',
      look: { colour, dash: 1 + names.indexOf(label) },
      legend: first ? 'grey' : 'none',
      data: series(several ? `${label} ${Object.values(line).join('/')}` : label, unit, samples),
      ...(kind === 'points' ? { marker: { kind: colour, hollow: true } } : {}),
      range: {
        low: Float64Array.from(ranges, ({ low }) => low),
        high: Float64Array.from(ranges, ({ high }) => high),
        as: kind === 'points' ? 'whiskers' : 'band',
      },
    };
  });
}

function matches(line: Point, names: readonly string[], levels: readonly Level[]): boolean {
  return names.every((name, place) => line[name] === undefined || line[name] === levels[place]);
}

function series(name: string, unit: string, samples: readonly { x: number; y: number }[]): FigureLine['data'] {
  return {
    name,
    unit,
    times: Float64Array.from(samples, ({ x }) => x),
    values: Float64Array.from(samples, ({ y }) => y),
    length: samples.length,
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
