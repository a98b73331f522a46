// What others published about a lab's picture, or what a law or a claim says of it: drawn with what is measured, and judged by the same
// tolerance as is drawn. Tolerances come from the source or the claimed shape, never from the result.

import type { ShownUnit } from '../export';
import { type Check, handyUnit, shown, shownIn } from './checks';
import type { LabChart, Point } from './lab';
import type { Table } from './table';

export interface Sample {
  readonly x: number;
  readonly y: number;
}

/** How far what is measured may lie below and above: shares of the reference's value, or in its unit. */
export interface Tolerance {
  readonly of: 'share' | 'value';
  readonly below: number;
  readonly above: number;
}

export interface Reference {
  /** Whose it is, as short as in a legend. */
  readonly label: string;
  /** Where it stands, and where its tolerance comes from. */
  readonly source: string;
  /** Figures that somebody measured, a law's curve, or bounds that a claim sets. */
  readonly kind: 'points' | 'curve' | 'shape';
  /** The line of the chart that it belongs to, by the levels of the chart's factors; all when left out. */
  readonly line?: Point;
  /** A picture of its own, where the figures are of another measure than the lab's chart. */
  readonly chart?: LabChart;
  readonly samples: readonly Sample[];
  readonly tolerance: Tolerance;
}

export function share(below: number, above = below): Tolerance {
  return { of: 'share', below, above };
}

export function inUnits(below: number, above = below): Tolerance {
  return { of: 'value', below, above };
}

/** What may be measured where the reference has this value. */
export function allowed(y: number, { of, below, above }: Tolerance): { low: number; high: number } {
  const unit = of === 'share' ? Math.abs(y) : 1;
  return { low: y - below * unit, high: y + above * unit };
}

/** `± 8%`, `−20% … +10%`, `± 2 ms`. @param handy the unit of what stands beside it */
export function toleranceText({ of, below, above }: Tolerance, handy: ShownUnit = { divisor: 1, unit: '' }): string {
  const amount = (value: number): string =>
    of === 'share' ? `${shown(100 * value)}%` : `${shown(value / handy.divisor)} ${handy.unit}`.trimEnd();
  return below === above ? `± ${amount(below)}` : `−${amount(below)} … +${amount(above)}`;
}

/**
 * Is what is measured within the tolerance, wherever the reference says something?
 * @param unit of the measure, to write large numbers in a handy one
 * @throws Error if it says nothing about any measured point: such a check could not fail
 */
export function follows(table: Table, chart: LabChart, reference: Reference, unit = '1'): Check {
  const { label, line = {}, samples, tolerance } = reference;
  const measured = new Map(table.over(chart.y, chart.x, { ...chart.where, ...line }).map(({ x, y }) => [x, y]));
  const common = samples.filter(({ x }) => measured.has(x));
  if (common.length === 0) throw new Error(`nothing is measured where "${label}" has a value`);
  const expected = common.map(({ y }) => y);
  const handy = handyUnit(unit, expected);
  const levels = Object.values(line).map(String).join(', ');
  return {
    name: levels === '' ? label : `${levels}: ${label}`,
    measured: shownIn(
      handy,
      common.map(({ x }) => measured.get(x)!),
    ),
    expected: shownIn(handy, expected),
    tolerance: toleranceText(tolerance, handy),
    pass: common.every(({ x, y }) => {
      const { low, high } = allowed(y, tolerance);
      return measured.get(x)! >= low && measured.get(x)! <= high;
    }),
  };
}
