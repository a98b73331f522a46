// Axes: nice ticks, and units that keep tick labels short.

/** A linear axis: data values are divided by `divisor` to be shown in `unit`. */
export interface Axis {
  readonly min: number;
  readonly max: number;
  /** Tick positions in data values, ascending, within [min, max]. */
  readonly ticks: readonly number[];
  readonly labels: readonly string[];
  readonly unit: string;
  readonly divisor: number;
}

/** How values of a base unit are shown: divided, in a handier one. */
export interface ShownUnit {
  readonly divisor: number;
  readonly unit: string;
}

/** How base units are shown, by size of the largest value. */
const SHOWN: Readonly<Record<string, readonly ShownUnit[]>> = {
  bytes: [
    { divisor: 1e9, unit: 'GB' },
    { divisor: 1e6, unit: 'MB' },
    { divisor: 1e3, unit: 'kB' },
    { divisor: 1, unit: 'B' },
  ],
  bps: [
    { divisor: 1e9, unit: 'Gb/s' },
    { divisor: 1e6, unit: 'Mb/s' },
    { divisor: 1e3, unit: 'kb/s' },
    { divisor: 1, unit: 'b/s' },
  ],
  '1/s': [
    { divisor: 1e6, unit: 'M/s' },
    { divisor: 1e3, unit: 'k/s' },
    { divisor: 1, unit: '/s' },
  ],
  ns: [
    { divisor: 1e9, unit: 's' },
    { divisor: 1e6, unit: 'ms' },
    { divisor: 1e3, unit: 'µs' },
    { divisor: 1, unit: 'ns' },
  ],
};

/** The unit in which values of a base unit, up to `largest`, are shown. */
export function shownUnit(unit: string, largest: number): ShownUnit {
  const steps = SHOWN[unit];
  if (steps === undefined) return { divisor: 1, unit: unit === 'count' || unit === '1' ? '' : unit };
  return steps.find(({ divisor }) => largest >= divisor) ?? steps[steps.length - 1]!;
}

/** An axis over [low, high] with about `wanted` ticks at 1, 2 or 5 times a power of ten of the shown unit. */
export function niceAxis(low: number, high: number, wanted: number, unit: string): Axis {
  const shown = shownUnit(unit, Math.max(Math.abs(low), Math.abs(high)));
  const from = low / shown.divisor;
  const to = high > low ? high / shown.divisor : from + 1;
  const step = niceStep((to - from) / Math.max(1, wanted));
  const first = Math.floor(from / step + 1e-9);
  const last = Math.ceil(to / step - 1e-9);
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: number[] = [];
  const labels: string[] = [];
  // Counted from zero: beyond 2^53 there is no next whole number.
  for (let k = 0; k <= last - first; k += 1) {
    ticks.push((first + k) * step * shown.divisor);
    labels.push(((first + k) * step).toFixed(decimals));
  }
  return {
    min: first * step * shown.divisor,
    max: last * step * shown.divisor,
    ticks,
    labels,
    unit: shown.unit,
    divisor: shown.divisor,
  };
}

/** How far beyond the data an axis may begin or end at a tick, as a factor. */
const TICK_BEYOND = 1.06;

/**
 * A logarithmic axis over [low, high], both above zero, which are its ends unless a tick is just beyond: ticks at powers of two for
 * numbers from one on, else at 1, 2 and 5 times powers of ten, or powers of ten alone where those would be too many.
 */
export function logAxis(low: number, high: number, wanted: number, unit: string): Axis {
  const shown = shownUnit(unit, high);
  const from = low / shown.divisor;
  const to = Math.max(high / shown.divisor, from * TICK_BEYOND);
  const doublings = Math.log2(to / from);
  const decades = Math.log10(to / from);
  const binary = from >= 1 && doublings <= Math.max(4, 1.5 * wanted);
  const mantissas = decades * 3 <= Math.max(4, 1.5 * wanted) ? [1, 2, 5] : [1];
  const candidates: number[] = [];
  if (binary) for (let p = Math.floor(Math.log2(from)); p <= Math.ceil(Math.log2(to)); p += 1) candidates.push(2 ** p);
  else
    for (let p = Math.floor(Math.log10(from)); p <= Math.ceil(Math.log10(to)); p += 1)
      candidates.push(...mantissas.map((mantissa) => Number(`${String(mantissa)}e${String(p)}`)));
  const ticks = candidates.filter((tick) => tick * TICK_BEYOND >= from && tick <= to * TICK_BEYOND);
  return {
    min: Math.min(from, ticks[0] ?? from) * shown.divisor,
    max: Math.max(to, ticks[ticks.length - 1] ?? to) * shown.divisor,
    ticks: ticks.map((tick) => tick * shown.divisor),
    labels: ticks.map((tick) => String(Number(tick.toPrecision(3)))),
    unit: shown.unit,
    divisor: shown.divisor,
  };
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const mantissa = rough / power;
  return (mantissa <= 1 ? 1 : mantissa <= 2 ? 2 : mantissa <= 5 ? 5 : 10) * power;
}
