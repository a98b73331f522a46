// The results of a plan as CSV. Numbers are written so that reading them gives the same double; what is not known is empty.

import { distributionOf, type Plan, type PlanSummary, type Point, QUANTILES } from '../experiment';
import type { FigureSpec } from './figure';

export type Field = string | number | null | undefined;

/** Rows under their header. */
export function csv(header: readonly string[], rows: readonly (readonly Field[])[]): string {
  return [header, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}

function field(value: Field): string {
  if (value === undefined || value === null || (typeof value === 'number' && !Number.isFinite(value))) return '';
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function levelsOf({ levels }: Point): string[] {
  return levels.map(({ label }) => label);
}

/** Long form: a row for each measure of each run. */
export function resultsCsv(plan: Plan, { runs }: PlanSummary): string {
  const factors = plan.factors.map(({ name }) => name);
  const rows = runs.flatMap(({ point, replication, seed, outcome }) => {
    const run = [point, replication, seed, ...levelsOf(plan.points[point - 1]!), outcome.status];
    if (outcome.status === 'failed') return [[...run, undefined, undefined, undefined, undefined]];
    return plan.measures.map(({ name, unit }, index) => [...run, outcome.digest, name, unit, outcome.values[index]]);
  });
  return csv(['point', 'replication', 'seed', ...factors, 'status', 'digest', 'measure', 'unit', 'value'], rows);
}

/** `p5` of 0.05. */
function percentile(share: number): string {
  return `p${String(Math.round(share * 100))}`;
}

/** A row for each measure at each point. New columns stand at the end, so that readers by place keep theirs. */
export function summaryCsv(plan: Plan, { cells }: PlanSummary): string {
  const header = ['measure', 'unit', 'count', 'missing', 'failed', 'mean', 'mean_low', 'mean_high', 'deviation'];
  const rest = ['median', 'median_low', 'median_high', 'min', 'max', 'confidence'];
  const others = QUANTILES.filter((share) => share !== 0.5).map(percentile);
  const spread = [
    ...['mean_bootstrap_low', 'mean_bootstrap_high', 'median_bootstrap_low', 'median_bootstrap_high'],
    ...others.flatMap((name) => ['', '_low', '_high', '_bootstrap_low', '_bootstrap_high'].map((end) => name + end)),
  ];
  const rows = cells.map((cell): Field[] => {
    const { point, measure, values, missing, failed, mean, deviation, median, min, max } = cell;
    const distribution = distributionOf(plan, cell);
    const middle = distribution.quantiles.find(({ share }) => share === 0.5)!;
    return [
      point.number,
      ...levelsOf(point),
      plan.measures[measure]!.name,
      plan.measures[measure]!.unit,
      values.length,
      missing,
      failed,
      mean.estimate,
      mean.low,
      mean.high,
      deviation,
      median.estimate,
      median.low,
      median.high,
      min,
      max,
      plan.confidence,
      distribution.mean.low,
      distribution.mean.high,
      middle.bootstrap.low,
      middle.bootstrap.high,
      ...distribution.quantiles
        .filter((one) => one !== middle)
        .flatMap(({ estimate, order, bootstrap }) => [estimate, order.low, order.high, bootstrap.low, bootstrap.high]),
    ];
  });
  return csv(['point', ...plan.factors.map(({ name }) => name), ...header, ...rest, ...spread], rows);
}

/** What a chart of a plan shows, point by point: `low` and `high` are its whiskers, `lower` and `upper` the hinges of its boxes. */
export function chartCsv({ lines, xNames }: FigureSpec): string {
  const rows = lines.flatMap(({ label, data, range }) =>
    Array.from({ length: data.length }, (_, i): Field[] => {
      const x = data.times[i]!;
      const level = xNames?.[Math.round(x)];
      return [label, x, level, data.values[i], range?.low[i], range?.high[i], range?.lower?.[i], range?.upper?.[i]];
    }),
  );
  return csv(['line', 'x', 'level', 'value', 'low', 'high', 'lower', 'upper'], rows);
}

/** A row for each measure of each level that is compared with the baseline; undefined when nothing is. */
export function differencesCsv(plan: Plan, { comparisons }: PlanSummary): string | undefined {
  if (plan.compare === undefined) return undefined;
  const rows = comparisons.map(({ measure, point, baseline, count, paired, difference, effect }) => [
    point.number,
    baseline.number,
    ...levelsOf(point),
    baseline.levels[plan.compare!.factor]!.label,
    plan.measures[measure]!.name,
    plan.measures[measure]!.unit,
    paired ? 'paired' : 'independent',
    count,
    difference.estimate,
    difference.low,
    difference.high,
    difference.t,
    difference.degrees,
    difference.p,
    effect.d,
    effect.g,
    plan.confidence,
  ]);
  const factors = plan.factors.map(({ name }) => name);
  const tail = ['difference', 'low', 'high', 't', 'degrees', 'p', 'cohen_d', 'hedges_g', 'confidence'];
  const header = ['point', 'baseline_point', ...factors, 'baseline', 'measure', 'unit', 'samples', 'count', ...tail];
  return csv(header, rows);
}

/** The analysis of variance of each measure; undefined when there is none. */
export function anovaCsv(plan: Plan, { effects }: PlanSummary): string | undefined {
  const rows = effects.flatMap(({ measure, anova }) => {
    if (anova === undefined) return [];
    const { name } = plan.measures[measure]!;
    const terms = anova.rows.map(({ factors, squares, degrees, f, p, etaSquared }): Field[] => [
      name,
      factors.map((factor) => plan.factors[factor]!.name).join(' × '),
      squares,
      degrees,
      f,
      p,
      etaSquared,
    ]);
    const others = [
      ...(anova.blocks === undefined ? [] : [['replication', anova.blocks] as const]),
      ['residual', anova.residual] as const,
    ];
    return [
      ...terms,
      ...others.map(([term, { squares, degrees }]): Field[] => [name, term, squares, degrees, '', '', '']),
    ];
  });
  return rows.length === 0 ? undefined : csv(['measure', 'term', 'squares', 'degrees', 'f', 'p', 'eta_squared'], rows);
}
