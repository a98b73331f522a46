// How values are spread, in the tables and pictures of a plan: quantiles with their intervals, boxes, distribution functions, histograms.
// Figures are those of R's fivenum and boxplot on its dataset sleep, and of the book of Efron and Tibshirani.

import { describe, expect, test } from 'vitest';
import {
  bootstrapIntervals,
  distributionOf,
  expandPlan,
  orderInterval,
  type Plan,
  quantileOfSorted,
  summarisePlan,
} from '../../../core/experiment';
import { Streams } from '../../../core/engine';
import {
  chartCsv,
  type ExperimentChart,
  experimentCharts,
  renderFigure,
  FIGURE_PRESETS,
  summaryCsv,
} from '../../../core/export';
import { doneRun, finished, planOf } from '../../plans';

const SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

/** A plan of two points, whose runs measured the two groups of sleep. */
function sleepPlan(first: readonly number[] = SLEEP_1): { plan: Plan; summary: ReturnType<typeof summarisePlan> } {
  const plan = planOf({
    factors: [{ name: 'sack', pointer: '/defaults/tcp/sack', levels: [false, true] }],
    replications: 10,
    measures: [{ name: 'extra', unit: 'h', summary: '/flows/f/retransmits' }],
  });
  const runs = expandPlan(plan).map((job) =>
    doneRun(job, finished((job.point.number === 1 ? first : SLEEP_2)[job.replication - 1]!)),
  );
  return { plan, summary: summarisePlan(plan, runs) };
}

function rows(csv: string): Record<string, string>[] {
  const [head, ...lines] = csv.trim().split('\n');
  const names = head!.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, index) => [names[index]!, value])));
}

function chart(id: string, { plan, summary } = sleepPlan()): ExperimentChart {
  return experimentCharts(plan, summary).find((one) => one.id === id)!;
}

describe('intervals', () => {
  // An Introduction to the Bootstrap (1993), table 2.1: survival of the treated mice. The median of a resample is at most the k-th value
  // with the probability that at least four of seven draws are among the first k: 0.0102 for the first, 0.1082 for the second, 0.8918 for
  // the fifth, 0.9898 for the sixth. So the percentile interval of 95% goes from the second value to the sixth.
  test('the bootstrap interval of the median of seven mice goes from the second value to the sixth', () => {
    const mice = [94, 197, 16, 38, 99, 141, 23];
    const stream = new Streams(1).named('mice');
    const [median, maximum] = bootstrapIntervals(
      mice,
      [(sample) => quantileOfSorted(sample, 0.5), (sample) => sample[sample.length - 1]!],
      0.95,
      stream,
    );
    expect(median).toEqual({ estimate: 94, low: 23, high: 141 });
    // The largest of a resample is the largest of all with probability 1 - (6/7)^7 = 0.66, and below the fourth with (3/7)^7 = 0.003.
    expect(maximum).toMatchObject({ estimate: 197, high: 197 });
    expect([99, 141]).toContain(maximum!.low);
  });

  test('of 20 values the lower quartile lies between the 2nd and the 10th: P(B ≤ 1) = 0.0243, P(B ≤ 8) = 0.9591, P(B ≤ 9) = 0.9861', () => {
    const values = Array.from({ length: 20 }, (_, index) => 20 - index);
    expect(orderInterval(values, 0.25, 0.95)).toMatchObject({ low: 2, high: 10 });
    expect(orderInterval(values, 0.75, 0.95)).toMatchObject({ low: 11, high: 19 });
  });

  test('the same plan gives the same intervals, points and seeds their own', () => {
    const { plan, summary } = sleepPlan();
    const [first, second] = summary.cells;
    expect(distributionOf(plan, first!)).toEqual(distributionOf(plan, first!));
    const sameValues = { ...second!, values: first!.values };
    expect(distributionOf(plan, sameValues).mean).not.toEqual(distributionOf(plan, first!).mean);
    expect(distributionOf({ ...plan, seed: 6 }, first!).mean).not.toEqual(distributionOf(plan, first!).mean);
  });

  test('summary.csv keeps its columns in their places and adds quantiles of R definition 7 with both intervals', () => {
    const { plan, summary } = sleepPlan();
    const csv = summaryCsv(plan, summary);
    expect(csv).toMatch(
      /^point,sack,measure,unit,count,missing,failed,mean,mean_low,mean_high,deviation,median,median_low,median_high,min,max,confidence,/,
    );
    const [first] = rows(csv);
    // quantile(c(0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2), c(0.05, 0.25, 0.75, 0.95)): -1.42 -0.175 1.7 3.565
    for (const [name, value] of [
      ['p5', -1.42],
      ['p25', -0.175],
      ['median', 0.35],
      ['p75', 1.7],
      ['p95', 3.565],
    ] as const) {
      expect(Number(first![name]), name).toBeCloseTo(value, 12);
      expect(Number(first![`${name}_bootstrap_low`]), name).toBeLessThanOrEqual(value);
      expect(Number(first![`${name}_bootstrap_high`]), name).toBeGreaterThanOrEqual(value);
    }
    // The largest order statistic of ten is no upper bound of the 95th percentile with such confidence: 1 - 0.95^10 = 0.40.
    expect(first!['p95_high']).toBe('');
    expect([first!['median_low'], first!['median_high']]).toEqual(['-1.2', '3.4']);
  });
});

describe('charts', () => {
  test('boxes have the hinges of fivenum(sleep), and outliers are points of their own', () => {
    expect(rows(chartCsv(chart('extra-box').figure))).toEqual([
      { line: 'extra', x: '0', level: 'false', value: '0.35', low: '-1.6', high: '3.7', lower: '-0.2', upper: '2' },
      { line: 'extra', x: '1', level: 'true', value: '1.75', low: '-0.1', high: '5.5', lower: '0.8', upper: '4.4' },
    ]);
    // boxplot.stats of the first group with 9 instead of 3.7: the fence is at 2 + 1.5 × 2.2 = 5.3.
    const figure = chart('extra-box', sleepPlan([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 9, 0.8, 0, 2])).figure;
    expect(rows(chartCsv(figure)).map(({ line, value, high }) => [line, value, high])).toEqual([
      ['extra', '0.35', '3.4'],
      ['extra', '1.75', '5.5'],
      ['extra outliers', '9', ''],
    ]);
  });

  test('a box is drawn from hinge to hinge, its whiskers to the outermost values within the fences', () => {
    const svg = renderFigure(chart('extra-box').figure, FIGURE_PRESETS[0]!);
    const y = scaleOf(svg, -2, 6);
    const boxes = [...svg.matchAll(/M[\d.]+ ([\d.]+)H[\d.]+V([\d.]+)H[\d.]+Z/g)].map(([, lower, upper]) => [
      y(lower!),
      y(upper!),
    ]);
    expect(boxes).toEqual([
      [expect.closeTo(-0.2, 1), expect.closeTo(2, 1)],
      [expect.closeTo(0.8, 1), expect.closeTo(4.4, 1)],
    ]);
  });

  test('the distribution function steps from nothing to one, at values of either group', () => {
    const steps = rows(chartCsv(chart('extra-ecdf').figure)).filter(({ line }) => line === 'sack false');
    expect(steps.map(({ value }) => Number(value))).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(steps.slice(1).map(({ x }) => Number(x))).toEqual([...SLEEP_1].sort((a, b) => a - b));
  });

  test('histograms of several points share their bins, and count every run', () => {
    const lines = rows(chartCsv(chart('extra-histogram').figure));
    const edges = (name: string): string[] => lines.flatMap(({ line, x }) => (line === name ? [x!] : []));
    expect(edges('sack true')).toEqual(edges('sack false'));
    expect(edges('sack true')[0]).toBe('-1.6');
    expect(edges('sack true').at(-1)).toBe('5.5');
    for (const name of ['sack false', 'sack true'])
      expect(lines.filter(({ line }) => line === name).reduce((sum, { value }) => sum + Number(value), 0)).toBe(10);
  });

  test('where there are many points, curves are levels of one factor over all else', () => {
    const plan = planOf({
      factors: [
        { name: 'loss', pointer: '/links/l/loss/probability', levels: [0, 0.01, 0.02, 0.03, 0.04] },
        { name: 'sack', pointer: '/defaults/tcp/sack', levels: [false, true] },
      ],
      compare: { factor: 'sack', baseline: 'false' },
    });
    const runs = expandPlan(plan).map((job) => doneRun(job, finished(job.point.number, job.replication)));
    const { figure } = experimentCharts(plan, summarisePlan(plan, runs)).find(({ id }) => id === 'completion-ecdf')!;
    expect(figure.lines.map(({ label }) => label)).toEqual(['sack false, all else', 'sack true, all else']);
  });
});

/** From a height on the drawing to a value, by the lowest and highest line of the grid. */
function scaleOf(svg: string, low: number, high: number): (at: string) => number {
  const grid = [...svg.matchAll(/y1="([\d.]+)"[^>]*stroke="#dddddd"/g)].map(([, at]) => Number(at));
  const [bottom, top] = [Math.max(...grid), Math.min(...grid)];
  return (at) => low + ((bottom - Number(at)) / (bottom - top)) * (high - low);
}
