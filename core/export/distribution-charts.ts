// How the values of a plan's measures are spread: box plots, empirical distribution functions and histograms. A line is a point of the
// plan, or, where that would be too many, a level of one factor over all else.

import { binCount, boxPlot, type Cell, ecdf, histogram, type Plan, type PlanSummary } from '../experiment';
import type { ExperimentChart } from './experiment-charts';
import type { FigureLine } from './figure';

/** More curves over each other cannot be told apart. */
const CURVES_MAX = 8;
/** A histogram is an outline; of these fewer can be. */
const OUTLINES_MAX = 4;
/** Boxes beside each other at one level. */
const BOXES_MAX = 6;
/** Share of the distance of two levels that their boxes take. */
const BOXES_SHARE = 0.72;
/** Room beside the smallest and the largest value, as a share of what lies between. */
const MARGIN = 0.04;

interface Group {
  readonly label: string;
  readonly values: readonly number[];
}

/** @param axis place of the factor that goes to the right in the plan's other charts; undefined when nothing varies */
export function distributionCharts(
  plan: Plan,
  { cells }: PlanSummary,
  measure: number,
  axis: number | undefined,
): ExperimentChart[] {
  const mine = cells.filter((cell) => cell.measure === measure && cell.values.length > 0);
  if (mine.every(({ values }) => values.length < 2)) return [];
  const apart = plan.compare?.factor ?? axis;
  return [
    boxes(plan, mine, measure, axis),
    distribution(plan, groupsOf(plan, mine, apart, CURVES_MAX), measure),
    histograms(plan, groupsOf(plan, mine, apart, OUTLINES_MAX), measure),
  ];
}

/** The varying levels of a point, but for those of one factor. */
function nameOf(plan: Plan, { point }: Cell, without?: number): string {
  return point.levels
    .flatMap(({ label }, index) => {
      const factor = plan.factors[index]!;
      return index === without || factor.levels.length < 2 ? [] : [`${factor.label} ${label}`];
    })
    .join(', ');
}

function groupsOf(plan: Plan, cells: readonly Cell[], apart: number | undefined, max: number): readonly Group[] {
  if (cells.length <= max || apart === undefined)
    return cells.slice(0, max).map((cell) => ({ label: nameOf(plan, cell), values: cell.values }));
  const { label, levels } = plan.factors[apart]!;
  return levels.slice(0, max).map((level) => ({
    label: `${label} ${level.label}, all else`,
    values: cells.filter(({ point }) => point.levels[apart] === level).flatMap(({ values }) => values),
  }));
}

function boxes(plan: Plan, cells: readonly Cell[], measure: number, axis: number | undefined): ExperimentChart {
  const { name, label, unit } = plan.measures[measure]!;
  const levels = axis === undefined ? undefined : plan.factors[axis]!.levels;
  const groups = new Map<string, Cell[]>();
  for (const cell of cells) {
    const group = nameOf(plan, cell, axis);
    groups.set(group, [...(groups.get(group) ?? []), cell]);
  }
  const shown = [...groups].slice(0, BOXES_MAX);
  const width = BOXES_SHARE / shown.length;
  const lines = shown.flatMap(([group, members], index) => {
    const offset = (index - (shown.length - 1) / 2) * width;
    const places = members.map((cell) => (axis === undefined ? 0 : levels!.indexOf(cell.point.levels[axis]!)) + offset);
    return boxLines(group === '' ? label : group, unit, index, { places, width: width * 0.85, members });
  });
  const xNames = levels?.map((level) => level.label) ?? [''];
  const xLabel = axis === undefined ? '' : plan.factors[axis]!.label;
  const figure = { xLabel, xNames, fromNs: -0.5, toNs: xNames.length - 0.5, yLabel: label, yUnit: unit, lines };
  return { id: `${name}-box`, title: `${label}: medians, quartiles, outliers`, figure };
}

interface Boxes {
  readonly places: readonly number[];
  readonly width: number;
  readonly members: readonly Cell[];
}

/** The boxes of a group, and its outliers as points of their own. */
function boxLines(label: string, unit: string, index: number, { places, width, members }: Boxes): FigureLine[] {
  const plots = members.map(({ values }) => boxPlot(values));
  const look = { colour: index, dash: 0 };
  const outliers = plots.flatMap((plot, at) => plot.outliers.map((value) => [places[at]!, value] as const));
  const column = (value: (plot: (typeof plots)[number]) => number): Float64Array => Float64Array.from(plots, value);
  const box: FigureLine = {
    label,
    shape: 'points',
    look,
    data: dataOf(
      label,
      unit,
      places,
      plots.map(({ median }) => median),
    ),
    range: {
      as: 'boxes',
      low: column(({ lowerWhisker }) => lowerWhisker),
      high: column(({ upperWhisker }) => upperWhisker),
      lower: column(({ lowerHinge }) => lowerHinge),
      upper: column(({ upperHinge }) => upperHinge),
      width,
    },
  };
  if (outliers.length === 0) return [box];
  const name = `${label} outliers`;
  const data = dataOf(
    name,
    unit,
    outliers.map(([x]) => x),
    outliers.map(([, value]) => value),
  );
  return [box, { label: name, shape: 'points', look, data, legend: 'none' }];
}

function distribution(plan: Plan, groups: readonly Group[], measure: number): ExperimentChart {
  const { name, label, unit } = plan.measures[measure]!;
  const span = spanOf(groups);
  const lines = groups.map(({ label: group, values }): FigureLine => {
    const steps = ecdf(values);
    const xs = [span.fromNs, ...steps.map(({ value }) => value)];
    return { label: group, shape: 'step', data: dataOf(group, '1', xs, [0, ...steps.map(({ share }) => share)]) };
  });
  const figure = { xLabel: label, xUnit: unit, ...span, yLabel: 'Share of runs up to it', yUnit: '1', lines };
  return { id: `${name}-ecdf`, title: `${label}: empirical distribution`, figure };
}

function histograms(plan: Plan, groups: readonly Group[], measure: number): ExperimentChart {
  const { name, label, unit } = plan.measures[measure]!;
  const all = groups.flatMap(({ values }) => values);
  const ends = [Math.min(...all), Math.max(...all)] as const;
  const count = Math.max(...groups.map(({ values }) => binCount(values)));
  const lines = groups.map(({ label: group, values }): FigureLine => {
    const bins = histogram(values, count, ends);
    const xs = [ends[0], ...bins.map(({ from }) => from), ends[1]];
    return { label: group, shape: 'step', data: dataOf(group, 'count', xs, [0, ...bins.map((bin) => bin.count), 0]) };
  });
  const figure = { xLabel: label, xUnit: unit, ...spanOf(groups), yLabel: 'Runs', yUnit: 'count', lines };
  return { id: `${name}-histogram`, title: `${label}: histogram`, figure };
}

function spanOf(groups: readonly Group[]): { fromNs: number; toNs: number } {
  const all = groups.flatMap(({ values }) => values);
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const room = high > low ? MARGIN * (high - low) : Math.max(1, Math.abs(low)) * MARGIN;
  return { fromNs: low - room, toNs: high + room };
}

function dataOf(name: string, unit: string, xs: readonly number[], values: readonly number[]): FigureLine['data'] {
  return { name, unit, times: Float64Array.from(xs), values: Float64Array.from(values), length: xs.length };
}
