// What a sweep says at its end: a table for people, one document for programs.

import {
  type Interval,
  judgeReferences,
  type Plan,
  type PlanSummary,
  type Point,
  pointName,
  type Verdict,
} from '../experiment';
import { shownUnit } from '../export';
import { printJson, printLine, printTable, printWideTable } from './output';

const ROWS_MAX = 40;

/** `1.250 ± 0.031 s`: two digits of the half-width, and of the estimate what they leave meaningful. */
export function shownValue({ estimate, high }: Interval, unit: string): string {
  if (!Number.isFinite(estimate)) return '–';
  const shown = shownUnit(unit, Math.abs(estimate));
  const half = (high - estimate) / shown.divisor;
  const value = estimate / shown.divisor;
  const end = shown.unit === '' ? '' : ` ${shown.unit}`;
  if (!(half > 0)) return `${String(Number(value.toPrecision(4)))}${half === 0 ? ' ± 0' : ''}${end}`;
  const decimals = Math.min(20, Math.max(0, 1 - Math.floor(Math.log10(half))));
  return `${value.toFixed(decimals)} ± ${half.toFixed(decimals)}${end}`;
}

export function printSweep(plan: Plan, summary: PlanSummary, folder: string | undefined): void {
  const { measures, points } = plan;
  printLine(`${plan.name}: ${String(summary.runs.length)} runs at ${String(points.length)} points`);
  const rows = points.slice(0, ROWS_MAX).map(({ number, levels }, index) => {
    const cells = summary.cells.slice(index * measures.length, (index + 1) * measures.length);
    const counts = cells.map(({ values }) => values.length);
    return [
      String(number),
      ...levels.map(({ label }) => label),
      String(Math.max(...counts)),
      ...cells.map(({ mean, measure }) => shownValue(mean, measures[measure]!.unit)),
    ];
  });
  const head = ['point', ...plan.factors.map(({ name }) => name), 'runs', ...measures.map(({ name }) => name)];
  printWideTable([head, ...rows], head.length - measures.length);
  if (points.length > rows.length) printLine(`… and ${String(points.length - rows.length)} points more`);
  const compared = summary.comparisons
    .slice(0, ROWS_MAX)
    .map(({ point, measure, difference, effect }) => [
      measures[measure]!.name,
      ...point.levels.map(({ label }) => label),
      shownValue(difference, measures[measure]!.unit),
      Number.isNaN(difference.p) ? '' : difference.p.toPrecision(2),
      Number.isFinite(effect.g) ? effect.g.toFixed(2) : '',
    ]);
  if (plan.compare !== undefined && compared.length > 0) {
    const { name, levels } = plan.factors[plan.compare.factor]!;
    printLine(`change from ${name} = ${levels[plan.compare.baseline]!.label}:`);
    printTable([['measure', ...plan.factors.map((factor) => factor.name), 'change', 'p', 'g'], ...compared]);
  }
  printVerdicts(plan, judgeReferences(plan, summary));
  printLine(`digest ${summary.digest}`);
  if (folder !== undefined) printLine(`results in ${folder}`);
}

/** Each sample of each reference: measured, expected, verdict. */
function printVerdicts(plan: Plan, verdicts: readonly Verdict[]): void {
  for (const { label, measure, of, samples, pass } of verdicts) {
    const { name, unit } = plan.measures[measure]!;
    printLine(`${label}, ${of === 'difference' ? 'change of ' : ''}${name}: ${verdictWord(pass)}`);
    printTable(
      samples.map(({ point, measured, expected, low, high, pass: held }) => [
        pointName(plan, plan.points[point - 1]!),
        `measured ${shownValue(measured, unit)}`,
        `expected ${expectedText({ expected, low, high }, unit)}`,
        verdictWord(held),
      ]),
    );
  }
}

function verdictWord(pass: boolean | undefined): string {
  return pass === undefined ? 'not measured' : pass ? 'pass' : 'FAIL';
}

/** `3.2 (2.9 to 3.5)`, `at most 0`. */
function expectedText(
  { expected, low, high }: Pick<Verdict['samples'][number], 'expected' | 'low' | 'high'>,
  unit: string,
): string {
  const text = (value: number): string => shownValue({ estimate: value, low: Number.NaN, high: Number.NaN }, unit);
  if (expected !== undefined) return `${text(expected)} (${text(low)} to ${text(high)})`;
  if (low === -Infinity) return `at most ${text(high)}`;
  return high === Infinity ? `at least ${text(low)}` : `${text(low)} to ${text(high)}`;
}

function levelsOf({ factors }: Plan, { levels }: Point): Record<string, string> {
  return Object.fromEntries(levels.map(({ label }, index) => [factors[index]!.name, label]));
}

/** All of the summary by name; numbers that there are not are null. */
export function printSweepJson(plan: Plan, summary: PlanSummary, outcome: 'finished' | 'stopped'): void {
  printJson({
    format: 'odonata-sweep',
    version: 1,
    plan: plan.name,
    outcome,
    runs: summary.runs.length,
    digest: summary.digest,
    failed: summary.failures.map(({ point, replication, outcome: failed }) => ({
      job: `p${String(point)}r${String(replication)}`,
      reason: failed.status === 'failed' ? failed.reason : '',
    })),
    points: plan.points.map((point, index) => ({
      point: point.number,
      levels: levelsOf(plan, point),
      measures: Object.fromEntries(
        plan.measures.map(({ name, unit }, measure) => {
          const { values, missing, failed, mean, deviation, median, min, max } =
            summary.cells[index * plan.measures.length + measure]!;
          const { estimate, low, high } = mean;
          return [
            name,
            { unit, count: values.length, missing, failed, mean: estimate, low, high, deviation, median, min, max },
          ];
        }),
      ),
    })),
    comparisons: summary.comparisons.map(({ measure, point, baseline, count, paired, difference, effect }) => ({
      measure: plan.measures[measure]!.name,
      levels: levelsOf(plan, point),
      point: point.number,
      baseline: baseline.number,
      count,
      paired,
      ...difference,
      cohenD: effect.d,
      hedgesG: effect.g,
    })),
    references: judgeReferences(plan, summary).map(({ measure, factor, samples, ...rest }) => ({
      ...rest,
      measure: plan.measures[measure]!.name,
      factor: plan.factors[factor]!.name,
      // A bound that there is not is null.
      samples: samples.map(({ measured, ...sample }) => ({
        ...sample,
        measured: measured.estimate,
        interval: [measured.low, measured.high],
      })),
    })),
  });
}
