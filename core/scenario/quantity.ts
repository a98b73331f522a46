// Quantities as people write them: `"10Mbps"`, `"25ms"`, `"64KiB"`, `"50p"`, or plain numbers in the base unit.

/** What a quantity measures; results are in bits per second, nanoseconds, bytes. */
export type QuantityKind = 'rate' | 'duration' | 'bytes';

interface KindFacts {
  readonly name: string;
  readonly baseUnit: string;
  readonly example: string;
  readonly units: Readonly<Record<string, number>>;
}

const FACTS: Readonly<Record<QuantityKind, KindFacts>> = {
  rate: {
    name: 'rate',
    baseUnit: 'bits per second',
    example: '"10Mbps"',
    units: { bps: 1, kbps: 1e3, Mbps: 1e6, Gbps: 1e9, Tbps: 1e12 },
  },
  duration: {
    name: 'duration',
    baseUnit: 'nanoseconds',
    example: '"25ms"',
    units: { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, min: 60e9, h: 3600e9 },
  },
  bytes: {
    name: 'size',
    baseUnit: 'bytes',
    example: '"64KiB"',
    units: {
      B: 1,
      kB: 1e3,
      KB: 1e3,
      MB: 1e6,
      GB: 1e9,
      TB: 1e12,
      KiB: 1024,
      MiB: 1024 ** 2,
      GiB: 1024 ** 3,
      TiB: 1024 ** 4,
    },
  },
};

/** Slips that are common enough to be answered by name. */
const SLIPS: Readonly<Record<string, string>> = {
  Mb: 'Mbps',
  'Mb/s': 'Mbps',
  'Mbit/s': 'Mbps',
  'Gb/s': 'Gbps',
  Gb: 'Gbps',
  kb: 'kbps',
  'kb/s': 'kbps',
  K: 'KiB',
  M: 'MiB',
  G: 'GiB',
  k: 'kB',
  sec: 's',
  secs: 's',
  second: 's',
  seconds: 's',
  msec: 'ms',
  usec: 'us',
  minutes: 'min',
  m: 'min',
};

export type ParsedQuantity =
  { readonly ok: true; readonly value: number } | { readonly ok: false; readonly error: string };

const NUMBER_THEN_UNIT = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*([^\s\d]\S*)?\s*$/u;

/** Reads a quantity; the result is a whole number of base units, not negative. Errors say what would be right. */
export function parseQuantity(kind: QuantityKind, input: string | number): ParsedQuantity {
  const facts = FACTS[kind];
  if (typeof input === 'number') return checkRange(facts, input, String(input));
  const match = NUMBER_THEN_UNIT.exec(input);
  if (match === null)
    return fail(`"${input}" is not a ${facts.name}; write a number and a unit, such as ${facts.example}`);
  const number = Number(match[1]);
  const unit = match[2];
  if (unit === undefined) {
    return fail(
      `"${input}" has no unit; write ${facts.example}, or the plain number ${String(number)} in ${facts.baseUnit}`,
    );
  }
  const factor = facts.units[unit] ?? facts.units[caseless(facts, unit) ?? ''];
  if (factor === undefined) return fail(unknownUnit(facts, match[1] ?? '', unit));
  return checkRange(facts, number * factor, `"${input}"`);
}

function caseless(facts: KindFacts, unit: string): string | undefined {
  const same = Object.keys(facts.units).filter((known) => known.toLowerCase() === unit.toLowerCase());
  return same.length === 1 ? same[0] : undefined;
}

function unknownUnit(facts: KindFacts, number: string, unit: string): string {
  const slip = SLIPS[unit];
  const known = Object.keys(facts.units).filter((name) => name !== 'µs' && name !== 'KB');
  const hint =
    slip !== undefined && slip in facts.units ? `did you mean "${number}${slip}"?` : `units are ${known.join(', ')}`;
  return `"${unit}" is not a unit of a ${facts.name}; ${hint}`;
}

function checkRange(facts: KindFacts, value: number, shown: string): ParsedQuantity {
  if (!Number.isFinite(value)) return fail(`${shown} is not a number; write a ${facts.name} such as ${facts.example}`);
  if (value < 0) return fail(`${shown} is negative; a ${facts.name} is zero or more, such as ${facts.example}`);
  if (value > Number.MAX_SAFE_INTEGER) {
    return fail(`${shown} is too large; the most is ${String(Number.MAX_SAFE_INTEGER)} ${facts.baseUnit}`);
  }
  return { ok: true, value: Math.round(value) };
}

function fail(error: string): ParsedQuantity {
  return { ok: false, error };
}

/** `"50p"` or `"50"` as packets. Undefined when it is not written as packets. */
export function parsePackets(input: string): number | undefined {
  const match = /^\s*(\d+)\s*(?:p|packets?)\s*$/u.exec(input);
  return match === null ? undefined : Number(match[1]);
}

/** A rate for people: the largest unit that needs no more than three decimals, `12.5Mbps`. */
export function formatRate(rateBps: number): string {
  return formatWith(rateBps, [
    ['Tbps', 1e12],
    ['Gbps', 1e9],
    ['Mbps', 1e6],
    ['kbps', 1e3],
    ['bps', 1],
  ]);
}

/** A duration for people, from nanoseconds. */
export function formatDuration(ns: number): string {
  return formatWith(ns, [
    ['s', 1e9],
    ['ms', 1e6],
    ['us', 1e3],
    ['ns', 1],
  ]);
}

/** A size for people: binary units when they come out even, else decimal ones. */
export function formatBytes(bytes: number): string {
  for (const [unit, factor] of [
    ['GiB', 1024 ** 3],
    ['MiB', 1024 ** 2],
    ['KiB', 1024],
  ] as const) {
    if (bytes >= factor && Number.isInteger(bytes / factor)) return `${String(bytes / factor)}${unit}`;
  }
  return formatWith(bytes, [
    ['GB', 1e9],
    ['MB', 1e6],
    ['kB', 1e3],
    ['B', 1],
  ]);
}

function formatWith(value: number, units: readonly (readonly [string, number])[]): string {
  for (const [unit, factor] of units) {
    const scaled = value / factor;
    if (scaled >= 1 && Number.isInteger(Math.round(scaled * 1e6) / 1e3)) return `${String(scaled)}${unit}`;
  }
  const [unit, factor] = units.find(([, size]) => value >= size) ?? units[units.length - 1] ?? ['', 1];
  return `${String(Number((value / factor).toPrecision(6)))}${unit}`;
}
