// What a plan's references say, over the charts of what is measured, and the verdicts as a table.

import type { Plan, PlanSummary, Reference, Verdict } from '../experiment';
import { type ExperimentChart, experimentCharts } from './experiment-charts';
import { csv, type Field } from './experiment-csv';
import type { FigureLine } from './figure';
import type { FigureRange } from './marks';

/** Colour of what was not measured here: grey in every palette. */
const GREY = 7;
const MARKER = 3;

/** The charts of a plan, its references drawn in them. */
export function judgedCharts(plan: Plan, summary: PlanSummary): ExperimentChart[] {
  return experimentCharts(plan, summary).map((chart) => {
    const references = plan.references.filter((one) => isIn(plan, one, chart));
    if (references.length === 0) return chart;
    // Alone a line needs no name; beside a reference it does.
    const measured = chart.figure.lines.map((line) => (line.label === '' ? { ...line, label: 'measured' } : line));
    const lines = [...measured, ...references.map((one) => lineOf(plan, one, chart))];
    return { ...chart, figure: { ...chart.figure, lines } };
  });
}

/** The chart of that measure over that factor. */
function isIn(
  { measures, factors }: Plan,
  { measure, of, factor }: Reference,
  { id, figure }: ExperimentChart,
): boolean {
  const { name } = measures[measure]!;
  return id === (of === 'value' ? name : `${name}-difference`) && figure.xLabel === factors[factor]!.label;
}

/** Hollow marks at the values with their tolerance as whiskers; a line along bounds. */
function lineOf(
  { factors, measures }: Plan,
  { label, measure, factor, samples }: Reference,
  chart: ExperimentChart,
): FigureLine {
  const { levels } = factors[factor]!;
  const placed = samples
    .map(({ point, expected, low, high }) => {
      const level = point.levels[factor]!;
      const x = chart.figure.xNames === undefined ? level.x! : levels.indexOf(level);
      return { x, expected, low, high, value: expected ?? middle(low, high) };
    })
    .sort((a, b) => a.x - b.x);
  const column = (value: (sample: (typeof placed)[number]) => number): Float64Array => Float64Array.from(placed, value);
  const bounded = placed.some(({ expected }) => expected === undefined);
  const range: FigureRange = {
    low: column(({ low, value }) => (Number.isFinite(low) ? low : value)),
    high: column(({ high, value }) => (Number.isFinite(high) ? high : value)),
    as: bounded ? 'band' : 'whiskers',
  };
  const data = {
    name: label,
    unit: measures[measure]!.unit,
    times: column(({ x }) => x),
    values: column(({ value }) => value),
    length: placed.length,
  };
  return {
    label,
    data,
    shape: bounded ? 'slope' : 'points',
    look: { colour: GREY, dash: 2 },
    range,
    ...(bounded ? {} : { marker: { kind: MARKER, hollow: true } }),
  };
}

function middle(low: number, high: number): number {
  if (!Number.isFinite(low)) return high;
  return Number.isFinite(high) ? (low + high) / 2 : low;
}

/** A row for each sample of each reference; undefined when a plan has none. */
export function verdictsCsv(plan: Plan, verdicts: readonly Verdict[]): string | undefined {
  if (verdicts.length === 0) return undefined;
  const factors = plan.factors.map(({ name }) => name);
  const rows = verdicts.flatMap(({ label, measure, of, samples }) =>
    samples.map(({ point, measured, expected, low, high, pass }): Field[] => [
      label,
      plan.measures[measure]!.name,
      plan.measures[measure]!.unit,
      of,
      point,
      ...plan.points[point - 1]!.levels.map((level) => level.label),
      measured.estimate,
      measured.low,
      measured.high,
      expected,
      low,
      high,
      pass === undefined ? undefined : pass ? 'pass' : 'fail',
    ]),
  );
  const tail = ['measured', 'measured_low', 'measured_high', 'expected', 'allowed_from', 'allowed_to', 'verdict'];
  return csv(['reference', 'measure', 'unit', 'of', 'point', ...factors, ...tail], rows);
}
