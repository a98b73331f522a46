// Checks of a lab's result: each says what was measured, what was expected, and whether that holds. Nothing here is tuned to a
// result; tolerances stand in the labs, beside their sources.

import { type ShownUnit, shownUnit } from '../export';

export interface Check {
  readonly name: string;
  readonly measured: string;
  readonly expected: string;
  /** How far off it may be, where what is expected is not a range. */
  readonly tolerance?: string;
  readonly pass: boolean;
}

interface Sample {
  readonly x: number;
  readonly y: number;
}

/** A number as a person reads it: four digits, and all digits of a whole one. */
export function shown(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
}

/** The handy unit of values: of the largest of those that end. */
export function handyUnit(unit: string, values: readonly number[]): ShownUnit {
  return shownUnit(unit, Math.max(...values.map(Math.abs).filter(Number.isFinite)));
}

/**
 * Numbers in a handy unit: `0.9, 1.2 Gb/s`.
 * @param between what stands between them
 */
export function shownIn(handy: ShownUnit, values: readonly number[], between = ', '): string {
  const text = values.map((value) => shown(Number((value / handy.divisor).toPrecision(4)))).join(between);
  return `${text} ${handy.unit}`.trimEnd();
}

/**
 * A figure within a tolerance of a reference.
 * @param tolerance as a share of the reference
 */
export function near(name: string, measured: number, reference: number, tolerance: number): Check {
  return {
    name,
    measured: shown(measured),
    expected: shown(reference),
    tolerance: `± ${shown(100 * tolerance)}%`,
    pass: Math.abs(measured - reference) <= tolerance * Math.abs(reference),
  };
}

/** @param unit of the measure, to write large numbers in a handy one */
export function between(name: string, measured: number, low: number, high: number, unit = '1'): Check {
  const handy = handyUnit(unit, [measured, low, high]);
  const expected =
    high === Infinity
      ? `at least ${shownIn(handy, [low])}`
      : low === -Infinity
        ? `at most ${shownIn(handy, [high])}`
        : shownIn(handy, [low, high], ' to ');
  return { name, measured: shownIn(handy, [measured]), expected, pass: measured >= low && measured <= high };
}

export function exactly(name: string, measured: number, wanted: number): Check {
  return { name, measured: shown(measured), expected: shown(wanted), pass: measured === wanted };
}

/**
 * Never falls (or rises) by more than `slack`, a share of the largest value.
 * @param unit of the measure, to write large numbers in a handy one
 */
export function monotone(
  name: string,
  samples: readonly Sample[],
  direction: 'up' | 'down',
  slack = 0,
  unit = '1',
): Check {
  const values = samples.map(({ y }) => y);
  const largest = Math.max(...values.map(Math.abs));
  const worst = samples.slice(1).reduce((most, { y }, index) => {
    const step = y - samples[index]!.y;
    return Math.max(most, direction === 'up' ? -step : step);
  }, 0);
  return {
    name,
    measured: shownIn(handyUnit(unit, values), values),
    expected: direction === 'up' ? 'never falls' : 'never rises',
    ...(slack > 0 ? { tolerance: `by more than ${shown(100 * slack)}%` } : {}),
    pass: worst <= slack * largest,
  };
}

/** Lies on the straight line through its ends. @param tolerance as a share of the span of the values */
export function straight(name: string, samples: readonly Sample[], tolerance: number): Check {
  const first = samples[0]!;
  const last = samples[samples.length - 1]!;
  const span = Math.abs(last.y - first.y);
  const off = samples.map(({ x, y }) => {
    const wanted = first.y + ((x - first.x) / (last.x - first.x)) * (last.y - first.y);
    return Math.abs(y - wanted);
  });
  return {
    name,
    measured: `${shown((100 * Math.max(...off)) / span)}% off`,
    expected: 'a straight line',
    tolerance: `± ${shown(100 * tolerance)}%`,
    pass: Math.max(...off) <= tolerance * span,
  };
}

/** Two curves change places once, and where. */
export function crossover(
  name: string,
  first: readonly Sample[],
  second: readonly Sample[],
  low: number,
  high: number,
): Check {
  const signs = first.map(({ x, y }, index) => ({ x, sign: Math.sign(y - second[index]!.y) }));
  const changes = signs.slice(1).filter(({ sign }, index) => sign !== signs[index]!.sign);
  const at = changes[0]?.x;
  return {
    name,
    measured: changes.length === 0 ? 'no crossing' : `${String(changes.length)} crossing, by ${shown(at!)}`,
    expected: `one crossing between ${shown(low)} and ${shown(high)}`,
    pass: changes.length === 1 && at! >= low && at! <= high,
  };
}
