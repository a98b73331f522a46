// The pictures of a plan: each measure over the factor with the most levels, what a level changes against the baseline, main effects
// and interactions; all with the confidence intervals of the means.

import type { Cell, LevelMean, Plan, PlanSummary, Point } from '../experiment';
import { distributionCharts } from './distribution-charts';
import type { FigureLine, FigureSpec } from './figure';

export interface ExperimentChart {
  /** File name without its ending. */
  readonly id: string;
  readonly title: string;
  readonly figure: FigureSpec;
}

/** More lines than this tell nobody anything. */
const LINES_MAX = 24;
const INTERACTIONS_MAX = 6;
/** Levels over so many powers of two are spread over a logarithmic axis. */
const LOG_RATIO = 32;
/** Room beside the first and the last level, as a share of what lies between. */
const MARGIN = 0.04;

interface Sample {
  readonly x: number;
  readonly mean: { readonly estimate: number; readonly low: number; readonly high: number };
}

export function experimentCharts(plan: Plan, summary: PlanSummary): ExperimentChart[] {
  return plan.measures.flatMap((_, measure) => {
    if (plan.design === 'latin-hypercube') return scatters(plan, summary, measure);
    if (plan.factors.every(({ levels }) => levels.length < 2))
      return distributionCharts(plan, summary, measure, undefined);
    return [
      ...overview(plan, summary, measure),
      ...differences(plan, summary, measure),
      ...mainEffects(plan, summary, measure),
      ...interactions(plan, summary, measure),
      ...distributionCharts(plan, summary, measure, axisFactor(plan)),
    ];
  });
}

/** Place of the factor that goes to the right: of those with numbers the one with the most levels, else of all. */
function axisFactor({ factors }: Plan, without?: number): number | undefined {
  const places = factors
    .map((_, index) => index)
    .filter((index) => index !== without && factors[index]!.levels.length > 1);
  const numeric = places.filter((index) => hasNumbers(factors[index]!.levels));
  const best = (list: readonly number[]): number | undefined =>
    list.reduce<number | undefined>(
      (most, index) =>
        most === undefined || factors[index]!.levels.length > factors[most]!.levels.length ? index : most,
      undefined,
    );
  return best(numeric) ?? best(places);
}

function hasNumbers(levels: readonly { readonly x: number | undefined }[]): boolean {
  return levels.every(({ x }) => x !== undefined);
}

/** How a factor lies to the right. */
function axis(
  { factors }: Plan,
  factor: number,
): Pick<FigureSpec, 'xLabel' | 'xUnit' | 'xLog' | 'xNames' | 'fromNs' | 'toNs'> {
  const { label, unit, levels } = factors[factor]!;
  if (!hasNumbers(levels)) {
    return { xLabel: label, xNames: levels.map((level) => level.label), fromNs: 0, toNs: levels.length - 1 };
  }
  return { xLabel: label, xUnit: unit, ...spanOf(levels.map(({ x }) => x!)) };
}

/** The range of an axis; on a linear one with room for the bars at its ends. */
function spanOf(places: readonly number[]): Pick<FigureSpec, 'xLog' | 'fromNs' | 'toNs'> {
  const low = Math.min(...places);
  const high = Math.max(...places);
  if (low > 0 && high / low >= LOG_RATIO) return { xLog: true, fromNs: low, toNs: high };
  const room = MARGIN * (high - low);
  return { fromNs: low >= 0 ? Math.max(0, low - room) : low - room, toNs: high + room };
}

function placeOf({ factors }: Plan, factor: number, point: Point): number {
  const { levels } = factors[factor]!;
  const level = point.levels[factor]!;
  return hasNumbers(levels) ? level.x! : levels.indexOf(level);
}

function lineOf(
  label: string,
  unit: string,
  samples: readonly Sample[],
  shape: FigureLine['shape'] = 'slope',
): FigureLine {
  const known = samples.filter(({ mean }) => Number.isFinite(mean.estimate)).sort((a, b) => a.x - b.x);
  const column = (value: (sample: Sample) => number): Float64Array => Float64Array.from(known, value);
  return {
    label,
    shape,
    data: {
      name: label,
      unit,
      times: column(({ x }) => x),
      values: column(({ mean }) => mean.estimate),
      length: known.length,
    },
    range: { low: column(({ mean }) => mean.low), high: column(({ mean }) => mean.high), as: 'whiskers' },
  };
}

/** Lines by the levels of all factors but one. */
function linesBy<T extends { readonly point: Point }>(
  plan: Plan,
  factor: number,
  items: readonly T[],
  sample: (item: T) => Sample['mean'],
  unit: string,
  without?: number,
): FigureLine[] {
  const groups = new Map<string, Sample[]>();
  for (const item of items) {
    const others = item.point.levels.flatMap(({ label }, index) => {
      const { label: factorLabel, levels } = plan.factors[index]!;
      return index === factor || index === without || levels.length < 2 ? [] : [`${factorLabel} ${label}`];
    });
    const name = others.join(', ');
    const samples = groups.get(name) ?? [];
    groups.set(name, samples);
    samples.push({ x: placeOf(plan, factor, item.point), mean: sample(item) });
  }
  return [...groups].slice(0, LINES_MAX).map(([name, samples]) => lineOf(name, unit, samples));
}

function overview(plan: Plan, { cells }: PlanSummary, measure: number): ExperimentChart[] {
  const factor = axisFactor(plan)!;
  const { name, label, unit } = plan.measures[measure]!;
  const mine = cells.filter((cell): cell is Cell => cell.measure === measure);
  const lines = linesBy(plan, factor, mine, ({ mean }) => mean, unit);
  return [{ id: name, title: label, figure: { ...axis(plan, factor), yLabel: label, yUnit: unit, lines } }];
}

function differences(plan: Plan, { comparisons }: PlanSummary, measure: number): ExperimentChart[] {
  const { compare } = plan;
  const mine = comparisons.filter((comparison) => comparison.measure === measure);
  if (compare === undefined || mine.length === 0) return [];
  const factor = axisFactor(plan, compare.factor) ?? compare.factor;
  const { name, label, unit } = plan.measures[measure]!;
  const compared = plan.factors[compare.factor]!;
  const without = compared.levels.length === 2 ? compare.factor : undefined;
  const lines = linesBy(plan, factor, mine, ({ difference }) => difference, unit, without);
  const title = `${label}: change from ${compared.label} ${compared.levels[compare.baseline]!.label}`;
  return [
    {
      id: `${name}-difference`,
      title,
      figure: { ...axis(plan, factor), yLabel: `${label}, change`, yUnit: unit, lines },
    },
  ];
}

/** All levels of all factors side by side, each factor its own line. */
function mainEffects(plan: Plan, { effects }: PlanSummary, measure: number): ExperimentChart[] {
  const main = effects.find((one) => one.measure === measure)?.main ?? [];
  if (main.length === 0 || new Set(main.map(({ factors }) => factors[0])).size < 2) return [];
  const { name, label, unit } = plan.measures[measure]!;
  const varied = plan.factors.map((_, index) => index).filter((index) => plan.factors[index]!.levels.length > 1);
  const names: string[] = [];
  const lines = varied.map((factor): FigureLine => {
    const first = names.length;
    const { levels, label: factorLabel } = plan.factors[factor]!;
    names.push(...levels.map((level) => level.label));
    const samples = main.filter(({ factors }) => factors[0] === factor).map(sampleAt(first));
    return lineOf(factorLabel, unit, samples);
  });
  const figure = {
    xLabel: 'Level',
    xNames: names,
    fromNs: 0,
    toNs: names.length - 1,
    yLabel: label,
    yUnit: unit,
    lines,
  };
  return [{ id: `${name}-effects`, title: `${label}: main effects`, figure }];
}

function sampleAt(first: number): (mean: LevelMean) => Sample {
  return ({ levels, mean }) => ({ x: first + levels[0]!, mean });
}

function interactions(plan: Plan, { effects }: PlanSummary, measure: number): ExperimentChart[] {
  const joint = effects.find((one) => one.measure === measure)?.joint ?? [];
  const pairs = [...new Set(joint.map(({ factors }) => factors))].slice(0, INTERACTIONS_MAX);
  // With two factors the overview is the interaction.
  if (plan.factors.filter(({ levels }) => levels.length > 1).length < 3) return [];
  const { name, label, unit } = plan.measures[measure]!;
  return pairs.map((pair) => {
    const [right, apart] = [plan.factors[pair[0]!]!, plan.factors[pair[1]!]!];
    const lines = apart.levels.slice(0, LINES_MAX).map((level, index) => {
      const samples = joint
        .filter(({ factors, levels }) => factors === pair && levels[1] === index)
        .map(({ levels, mean }) => ({ x: levels[0]!, mean }));
      return lineOf(`${apart.label} ${level.label}`, unit, samples);
    });
    const names = right.levels.map((level) => level.label);
    const figure = {
      xLabel: right.label,
      xNames: names,
      fromNs: 0,
      toNs: names.length - 1,
      yLabel: label,
      yUnit: unit,
      lines,
    };
    return {
      id: `${name}-interaction-${right.name}-${apart.name}`,
      title: `${label}: ${right.label} and ${apart.label}`,
      figure,
    };
  });
}

/** Points of a Latin hypercube over each factor. */
function scatters(plan: Plan, { cells }: PlanSummary, measure: number): ExperimentChart[] {
  const { name, label, unit } = plan.measures[measure]!;
  const mine = cells.filter((cell) => cell.measure === measure);
  return plan.factors.flatMap(({ name: factorName, label: xLabel, unit: xUnit }, factor) => {
    const samples = mine.flatMap(({ point, mean }) => {
      const { x } = point.levels[factor]!;
      return x === undefined ? [] : [{ x, mean }];
    });
    if (samples.length === 0) return [];
    const span = spanOf(samples.map(({ x }) => x));
    const lines = [lineOf(label, unit, samples, 'points')];
    const figure = { xLabel, xUnit, ...span, yLabel: label, yUnit: unit, lines };
    return [{ id: `${name}-by-${factorName}`, title: `${label} over ${xLabel}`, figure }];
  });
}
