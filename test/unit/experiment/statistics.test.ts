// Statistics against published values. The samples `sleep`, `PlantGrowth` and `ToothGrowth` are those of R's package datasets; the
// figures are what the examples of R's documentation print (t.test, aov, quantile, fivenum), unless said otherwise.

import { describe, expect, test } from 'vitest';
import {
  anova,
  bootstrapInterval,
  boxPlot,
  ecdf,
  effectSize,
  histogram,
  intervalAbout,
  mean,
  meanInterval,
  type Observation,
  orderInterval,
  pairedDifference,
  pairedEffectSize,
  quantile,
  relativeHalfWidth,
  standardDeviation,
  variance,
  warmUpSamples,
  welchDifference,
} from '../../../core/experiment';
import { Streams } from '../../../core/engine';

/** Within half of this decimal. */
const close = (value: number, digits: number): unknown => expect.closeTo(value, digits);

const SLEEP_1 = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
const SLEEP_2 = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
const MOONS = [0, 0, 1, 2, 63, 61, 27, 13];
const PLANTS = [
  [4.17, 5.58, 5.18, 6.11, 4.5, 4.61, 5.17, 4.53, 5.33, 5.14],
  [4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69],
  [6.31, 5.12, 5.54, 5.5, 5.37, 5.29, 4.92, 6.15, 5.8, 5.26],
];
/** Supplement (orange juice, ascorbic acid), dose (0.5, 1, 2). */
const TEETH = [
  [
    [15.2, 21.5, 17.6, 9.7, 14.5, 10, 8.2, 9.4, 16.5, 9.7],
    [19.7, 23.3, 23.6, 26.4, 20, 25.2, 25.8, 21.2, 14.5, 27.3],
    [25.5, 26.4, 22.4, 24.5, 24.8, 30.9, 26.4, 27.3, 29.4, 23],
  ],
  [
    [4.2, 11.5, 7.3, 5.8, 6.4, 10, 11.2, 11.2, 5.2, 7],
    [16.5, 16.5, 15.2, 17.3, 22.5, 17.3, 13.6, 14.5, 18.8, 15.5],
    [23.6, 18.5, 33.9, 25.5, 26.4, 32.5, 26.7, 21.5, 23.3, 29.5],
  ],
];

describe('intervals', () => {
  test('Student t: the table of NIST/SEMATECH e-Handbook §1.3.6.7.2 at 97.5%', () => {
    for (const [degrees, critical] of [
      [1, 12.706],
      [2, 4.303],
      [5, 2.571],
      [9, 2.262],
      [30, 2.042],
      [100, 1.984],
    ] as const)
      expect(intervalAbout(0, 1, degrees, 0.95).high).toBeCloseTo(critical, 3);
  });

  test('the mean of 195 heat-flow meters lies between 9.258242 and 9.264679 (NIST §1.3.5.2, ZARR13.DAT)', () => {
    const { low, high } = intervalAbout(9.26146, 0.022789 / Math.sqrt(195), 194, 0.95);
    expect(low).toBeCloseTo(9.258242, 5);
    expect(high).toBeCloseTo(9.264679, 5);
  });

  test('paired differences: t.test(sleep, paired)', () => {
    const { estimate, low, high, t, degrees, p } = pairedDifference(SLEEP_1, SLEEP_2, 0.95);
    expect(estimate).toBeCloseTo(-1.58, 12);
    expect([low, high]).toEqual([close(-2.4598858, 7), close(-0.7001142, 7)]);
    expect([t, degrees, p]).toEqual([close(-4.0621, 4), 9, close(0.002833, 6)]);
  });

  test('independent samples with unequal variances: t.test(sleep), Welch', () => {
    const { low, high, t, degrees, p } = welchDifference(SLEEP_1, SLEEP_2, 0.95);
    expect([low, high]).toEqual([close(-3.3654832, 7), close(0.2054832, 7)]);
    expect([t, degrees, p]).toEqual([close(-1.8608, 4), close(17.776, 3), close(0.07939, 5)]);
  });

  test('one value has no interval, equal values have one of no width', () => {
    expect(meanInterval([3], 0.95)).toEqual({ estimate: 3, low: Number.NaN, high: Number.NaN });
    expect(meanInterval([3, 3, 3], 0.95)).toEqual({ estimate: 3, low: 3, high: 3 });
    expect(relativeHalfWidth([0, 0], 0.95)).toBe(0);
    expect(pairedDifference([1, 2, 3], [1, 2, 3], 0.95)).toMatchObject({ estimate: 0, t: 0, p: 1 });
    expect(pairedDifference([2, 3, 4], [1, 2, 3], 0.95)).toMatchObject({ estimate: 1, t: Infinity, p: 0 });
  });

  test('95% intervals of the mean of normal samples miss it in 5% of 4000 cases', () => {
    const stream = new Streams(5).named('normal');
    // Sum of twelve uniforms: normal for this purpose; the count is within three standard errors of 200.
    const normal = (): number => Array.from({ length: 12 }, () => stream.uniform()).reduce((a, b) => a + b) - 6;
    const missed = Array.from({ length: 4000 }, () => {
      const { low, high } = meanInterval(Array.from({ length: 8 }, normal), 0.95);
      return low > 0 || high < 0;
    }).filter(Boolean).length;
    expect(Math.abs(missed - 200)).toBeLessThan(3 * Math.sqrt(4000 * 0.05 * 0.95));
  });
});

describe('quantiles', () => {
  test('R definition 7: summary(moons)', () => {
    expect([0, 0.25, 0.5, 0.75, 1].map((share) => quantile(MOONS, share))).toEqual([0, 0.75, 7.5, 35.5, 63]);
  });

  test('intervals of the median are the ranks of Conover, table A3: 1 and 6 of 6, 2 and 9 of 10, 6 and 15 of 20', () => {
    for (const [count, low, high] of [
      [6, 1, 6],
      [10, 2, 9],
      [20, 6, 15],
    ] as const) {
      const ranks = Array.from({ length: count }, (_, index) => count - index);
      expect(orderInterval(ranks, 0.5, 0.95)).toMatchObject({ low, high });
    }
    expect(orderInterval([1, 2, 3, 4, 5], 0.5, 0.95).low).toBeNaN();
  });

  test('the bootstrap is repeatable, and close to Student for a mean', () => {
    const values = Array.from({ length: 60 }, (_, index) => (index * 37) % 60);
    const interval = bootstrapInterval(values, mean, 0.95, 7);
    expect(bootstrapInterval(values, mean, 0.95, 7)).toEqual(interval);
    expect(bootstrapInterval(values, mean, 0.95, 8)).not.toEqual(interval);
    const student = meanInterval(values, 0.95);
    // Of 2000 resamples an end has a standard error of about 4% of the half-width.
    const half = student.high - student.estimate;
    expect(Math.abs(interval.low - student.low)).toBeLessThan(0.15 * half);
    expect(Math.abs(interval.high - student.high)).toBeLessThan(0.15 * half);
  });
});

describe('shapes', () => {
  test('hinges are those of fivenum(moons), whiskers end within the fences', () => {
    const box = boxPlot(MOONS);
    expect(box).toMatchObject({ median: 7.5, lowerHinge: 0.5, upperHinge: 44, outliers: [] });
    const { outliers, lowerWhisker, upperWhisker } = boxPlot([1, 2, 3, 4, 5, 6, 7, 30]);
    // Hinges 2.5 and 6.5, fences -3.5 and 12.5.
    expect({ outliers, lowerWhisker, upperWhisker }).toEqual({ outliers: [30], lowerWhisker: 1, upperWhisker: 7 });
    expect(boxPlot([1, 2, 3, 4, 5])).toMatchObject({ lowerHinge: 2, upperHinge: 4 });
  });

  test('a histogram counts every value once, in the bins of Freedman and Diaconis', () => {
    const values = Array.from({ length: 1000 }, (_, index) => index);
    const bins = histogram(values);
    // Bins of width 2 * 499.5 / 10 over 999.
    expect(bins.length).toBe(Math.ceil(999 / (2 * 499.5 * 0.1)));
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
    for (const { from, to, count } of bins.slice(0, -1))
      expect(values.filter((value) => value >= from && value < to).length).toBe(count);
    expect(histogram([2, 2, 2])).toEqual([{ from: 2, to: 2, count: 3 }]);
    expect(histogram([0, 1, 2, 3], 3).map(({ count }) => count)).toEqual([1, 1, 2]);
  });

  test('the empirical distribution function steps at each value that occurs', () => {
    expect(ecdf([3, 1, 3, 2])).toEqual([
      { value: 1, share: 0.25 },
      { value: 2, share: 0.5 },
      { value: 3, share: 1 },
    ]);
  });
});

test('effect sizes of sleep: d is the mean difference over the deviation, g is d without its bias', () => {
  const paired = pairedEffectSize(SLEEP_1, SLEEP_2);
  // t = d sqrt(n).
  expect(paired.d).toBeCloseTo(-4.0621 / Math.sqrt(10), 4);
  expect(paired.g / paired.d).toBeCloseTo(1 - 3 / 35, 12);
  const { d, g } = effectSize(SLEEP_1, SLEEP_2);
  const spread = Math.sqrt((variance(SLEEP_1) + variance(SLEEP_2)) / 2);
  expect(d).toBeCloseTo(-1.58 / spread, 12);
  // effsize::cohen.d prints -0.8321811 for these samples.
  expect(d).toBeCloseTo(-0.8321811, 6);
  expect(g / d).toBeCloseTo(1 - 3 / 71, 12);
  expect(standardDeviation(SLEEP_1)).toBeCloseTo(1.78901, 5);
});

describe('analysis of variance', () => {
  const plants = PLANTS.flatMap((group, level) =>
    group.map((value, block): Observation => ({ levels: [level], block, value })),
  );
  const teeth = TEETH.flatMap((supplement, first) =>
    supplement.flatMap((dose, second) =>
      dose.map((value, block): Observation => ({ levels: [first, second], block, value })),
    ),
  );

  test('one factor: aov(weight ~ group, PlantGrowth)', () => {
    const { rows, residual } = anova(plants, 1, { interactions: true, blocks: false })!;
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ squares: close(3.766, 3), degrees: 2 });
    expect(rows[0]).toMatchObject({ f: close(4.846, 3), p: close(0.0159, 4) });
    expect(residual).toEqual({ squares: close(10.492, 3), degrees: 27 });
    expect(rows[0]!.etaSquared).toBeCloseTo(3.766 / (3.766 + 10.492), 3);
  });

  test('two factors: aov(len ~ supp * factor(dose), ToothGrowth)', () => {
    const { rows, residual } = anova(teeth, 2, { interactions: true, blocks: false })!;
    expect(rows.map(({ factors, degrees }) => [factors, degrees])).toEqual([
      [[0], 1],
      [[1], 2],
      [[0, 1], 2],
    ]);
    const [supplement, dose, both] = rows;
    expect(supplement).toMatchObject({ squares: close(205.35, 2), f: close(15.572, 3) });
    expect(dose).toMatchObject({ squares: close(2426.43, 2), f: close(92, 2) });
    expect(both).toMatchObject({ squares: close(108.32, 2), f: close(4.107, 3) });
    expect(supplement!.p).toBeCloseTo(0.000231, 6);
    expect(both!.p).toBeCloseTo(0.02186, 5);
    expect(dose!.p).toBeLessThan(2e-16);
    expect(dose!.p).toBeGreaterThan(0);
    expect(residual).toEqual({ squares: close(712.11, 2), degrees: 54 });
  });

  test('two levels in blocks: F is the square of the paired t', () => {
    const sleep = [SLEEP_1, SLEEP_2].flatMap((group, level) =>
      group.map((value, block): Observation => ({ levels: [level], block, value })),
    );
    const { rows, residual, blocks } = anova(sleep, 1, { interactions: true, blocks: true })!;
    const { t, p } = pairedDifference(SLEEP_1, SLEEP_2, 0.95);
    expect(rows[0]!.f).toBeCloseTo(t * t, 9);
    expect(rows[0]!.p).toBeCloseTo(p, 9);
    expect([residual.degrees, blocks?.degrees]).toEqual([9, 9]);
  });

  test('unbalanced observations, and such that leave no residual, have none', () => {
    expect(anova(teeth.slice(1), 2, { interactions: true, blocks: false })).toBeUndefined();
    const single = teeth.filter(({ block }) => block === 0);
    expect(anova(single, 2, { interactions: true, blocks: false })).toBeUndefined();
    expect(anova(single, 2, { interactions: false, blocks: false })?.residual.degrees).toBe(2);
  });

  test('a factor that never varied is left out', () => {
    const padded = plants.map((one) => ({ ...one, levels: [0, ...one.levels] }));
    const { rows } = anova(padded, 2, { interactions: true, blocks: false })!;
    expect(rows.map(({ factors }) => factors)).toEqual([[1]]);
  });
});

describe('MSER-5', () => {
  /** The rule as it is written, without the running sums. */
  function byDefinition(samples: readonly number[]): number {
    const batches = Array.from({ length: Math.floor(samples.length / 5) }, (_, index) =>
      mean(samples.slice(5 * index, 5 * index + 5)),
    );
    const errors = batches.slice(0, -4).map((_, from) => {
      const rest = batches.slice(from);
      return rest.reduce((sum, value) => sum + (value - mean(rest)) ** 2, 0) / rest.length ** 2;
    });
    return 5 * errors.indexOf(Math.min(...errors));
  }

  test('leaves out what the definition leaves out', () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const stream = new Streams(seed).named('noise');
      const rise = 20 + stream.integer(150);
      const samples = Array.from({ length: 500 }, (_, i) => 10 * Math.max(0, 1 - i / rise) + stream.uniform());
      expect(warmUpSamples(samples), `seed ${String(seed)}`).toBe(byDefinition(samples));
      // Most of the start is gone, and not much more.
      expect(byDefinition(samples)).toBeGreaterThan(0.7 * rise);
      expect(byDefinition(samples)).toBeLessThan(rise + 60);
    }
  });

  test('a series that never settles has no answer, nor has a short one', () => {
    expect(warmUpSamples(Array.from({ length: 500 }, (_, i) => i))).toBeUndefined();
    expect(warmUpSamples([1, 2, 3])).toBeUndefined();
    expect(warmUpSamples(Array.from({ length: 100 }, () => 4))).toBe(0);
  });
});
