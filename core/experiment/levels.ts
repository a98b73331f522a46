// Levels of a factor: a list, equal steps, or equal factors; with or without units.

import { exp, ln } from '../base';
import { formatBytes, formatDuration, formatRate, parsePackets, parseQuantity, type QuantityKind } from '../scenario';
import { type Factor, type Level, UNCHANGED } from './plan';
import { type FactorDocument, wordOf } from './plan-schema';

const LEVELS_MAX = 10_000;
/** Digits that a computed level keeps: 0.1 + 0.2 is meant to be 0.3. */
const DIGITS = 12;

/** Notes a problem at a pointer of the plan. */
export type Complain = (pointer: string, message: string, suggestion: string) => void;

/** What a number measures; levels that are computed are written in the same way. */
type Kind = QuantityKind | 'packets' | 'number';

const FORMATS = { rate: formatRate, duration: formatDuration, bytes: formatBytes } as const;
const BASE_UNITS = { rate: 'bps', duration: 'ns', bytes: 'B' } as const;
const UNITS: Readonly<Record<Kind, string>> = {
  rate: 'bps',
  duration: 'ns',
  bytes: 'bytes',
  packets: 'packets',
  number: '1',
};

/** A number, or a quantity with its unit, in base units; undefined if it is neither. */
export function readBound(value: string | number): { kind: Kind; value: number } | undefined {
  if (typeof value === 'number') return { kind: 'number', value };
  const packets = parsePackets(value);
  if (packets !== undefined) return { kind: 'packets', value: packets };
  for (const kind of ['rate', 'duration', 'bytes'] as const) {
    const parsed = parseQuantity(kind, value);
    if (parsed.ok) return { kind, value: parsed.value };
  }
  return undefined;
}

/** Reads a factor; what is wrong with it is noted at its place. @param sampled a Latin hypercube draws from its range */
export function readFactor(document: FactorDocument, pointer: string, complain: Complain, sampled: boolean): Factor {
  const { name, label = name } = document;
  const pointers = document.pointers ?? (document.pointer === undefined ? [] : [document.pointer]);
  if ((document.pointer === undefined) === (document.pointers === undefined))
    complain(pointer, 'a factor has either "pointer" or "pointers"', 'write "pointer": "/links/bottleneck/rate"');
  const sources = [document.levels, document.range, document.logRange].filter((source) => source !== undefined);
  if (sources.length !== 1)
    complain(pointer, 'a factor has exactly one of "levels", "range" and "logRange"', 'write "levels": [0.01, 0.02]');
  const given = givenLevels(document.levels ?? []);
  const range = given.length > 0 ? undefined : readRange(document, pointer, complain, sampled);
  const levels = (range?.levels ?? given).map((level, index): Level => {
    if (level.values.length === pointers.length) return level;
    if (level.values.length === 1) return { ...level, values: pointers.map(() => level.values[0]) };
    const message = `${String(level.values.length)} values for ${String(pointers.length)} pointers`;
    complain(`${pointer}/levels/${String(index)}`, message, 'one value for each pointer, or one for all');
    return level;
  });
  sameLabels(levels, pointer, complain);
  const at = (share: number): Level => {
    if (range?.at === undefined || levels.length > 0)
      return levels[Math.min(levels.length - 1, Math.floor(share * levels.length))]!;
    const level = range.at(share);
    return { ...level, values: pointers.map(() => level.values[0]) };
  };
  return { name, label, unit: document.unit ?? range?.unit ?? unitOf(document), pointers, levels, at };
}

type LevelDocument = NonNullable<FactorDocument['levels']>[number];

/** What levels as they are written are called. */
export function levelLabels(documents: readonly LevelDocument[]): string[] {
  return givenLevels(documents).map(({ label }) => label);
}

function givenLevels(documents: readonly LevelDocument[]): Level[] {
  const wholes = documents.map((level) => objectIn(valuesOf(level)[0])).filter((value) => value !== undefined);
  return documents.map((level): Level => {
    const values = valuesOf(level);
    const named = typeof level === 'object' ? level.label : undefined;
    return { label: named ?? labelOf(values[0], wholes), values, x: placeOf(values[0]) };
  });
}

function valuesOf(level: LevelDocument): readonly unknown[] {
  if (typeof level !== 'object') return [level];
  if ('values' in level) return level.values;
  return 'value' in level ? [level.value] : ['absent' in level ? undefined : UNCHANGED];
}

type JsonObject = Readonly<Record<string, unknown>>;

function objectIn(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** What a level without a label is called; an object by its kind and what tells it from others of that kind: `red, limit 50p`. */
function labelOf(value: unknown, wholes: readonly JsonObject[]): string {
  if (value === undefined) return 'none';
  if (value === UNCHANGED) return 'unchanged';
  const object = objectIn(value);
  const word = object === undefined ? undefined : wordOf(object);
  if (object === undefined || word === undefined) return typeof value === 'string' ? value : JSON.stringify(value);
  const rivals = wholes.filter((other) => wordOf(other) === word);
  const apart = Object.keys(object).filter((key) =>
    rivals.some((rival) => JSON.stringify(rival[key]) !== JSON.stringify(object[key])),
  );
  const shown = (field: unknown): string => (typeof field === 'string' ? field : JSON.stringify(field));
  return [word, ...apart.map((key) => `${key} ${shown(object[key])}`)].join(', ');
}

function placeOf(value: unknown): number | undefined {
  return typeof value === 'number' || typeof value === 'string' ? readBound(value)?.value : undefined;
}

function unitOf({ levels = [] }: FactorDocument): string {
  const first = levels[0];
  const read = typeof first === 'string' || typeof first === 'number' ? readBound(first) : undefined;
  return read === undefined ? '1' : UNITS[read.kind];
}

function sameLabels(levels: readonly Level[], pointer: string, complain: Complain): void {
  levels.forEach(({ label }, index) => {
    if (levels.findIndex((other) => other.label === label) === index) return;
    complain(`${pointer}/levels/${String(index)}`, `the level "${label}" is there twice`, 'give each its own label');
  });
}

interface Range {
  readonly unit: string;
  /** Empty when a Latin hypercube draws between the ends. */
  readonly levels: readonly Level[];
  readonly at: (share: number) => Level;
}

function readRange(
  { range, logRange }: FactorDocument,
  pointer: string,
  complain: Complain,
  sampled: boolean,
): Range | undefined {
  const given = range ?? logRange;
  if (given === undefined) return undefined;
  const where = `${pointer}/${range === undefined ? 'logRange' : 'range'}`;
  const from = readBound(given.from);
  const to = readBound(given.to);
  if (from === undefined || to === undefined) {
    const [key, wrong] = from === undefined ? ['from', given.from] : ['to', given.to];
    complain(`${where}/${key}`, `"${String(wrong)}" is not a quantity`, 'a number, or for example "10ms"');
    return undefined;
  }
  if (from.kind !== to.kind) {
    complain(`${where}/to`, `"from" and "to" measure different things`, 'for example "1Mbps" and "1Gbps"');
    return undefined;
  }
  if (from.value >= to.value || (range === undefined && from.value <= 0)) {
    const wanted = range === undefined ? 'above zero, and "from" below "to"' : '"from" below "to"';
    complain(where, `a range from ${String(given.from)} to ${String(given.to)} is empty`, `ends ${wanted}`);
    return undefined;
  }
  const ends = { kind: from.kind, from: from.value, to: to.value };
  return range === undefined
    ? logarithmic(ends, logRange?.count, where, complain, sampled)
    : linear(ends, range.step, where, complain, sampled);
}

interface Ends {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
}

function linear(
  { kind, from, to }: Ends,
  step: string | number | undefined,
  where: string,
  complain: Complain,
  sampled: boolean,
): Range | undefined {
  const range = { unit: UNITS[kind], at: (share: number) => computed(kind, from + share * (to - from)) };
  if (step === undefined) {
    if (sampled) return { ...range, levels: [] };
    complain(where, 'a range has a step', 'add for example "step": 0.01');
    return undefined;
  }
  const read = readBound(step);
  if (read?.kind !== kind || read.value <= 0) {
    complain(
      `${where}/step`,
      `${JSON.stringify(step)} is not a step of this range`,
      'in the unit of its ends, above zero',
    );
    return undefined;
  }
  // A step that fits up to the last digits is meant to reach the end.
  const count = Math.floor((to - from) / read.value + 1e-9) + 1;
  if (count > LEVELS_MAX) {
    complain(`${where}/step`, `the range has ${String(count)} levels`, `a step for at most ${String(LEVELS_MAX)}`);
    return undefined;
  }
  return { ...range, levels: Array.from({ length: count }, (_, index) => computed(kind, from + index * read.value)) };
}

function logarithmic(
  { kind, from, to }: Ends,
  count: number | undefined,
  where: string,
  complain: Complain,
  sampled: boolean,
): Range | undefined {
  const span = ln(to / from);
  const at = (share: number): Level => computed(kind, share === 0 ? from : share === 1 ? to : from * exp(share * span));
  if (count === undefined) {
    if (sampled) return { unit: UNITS[kind], at, levels: [] };
    complain(where, 'a logarithmic range has a count', 'add for example "count": 5');
    return undefined;
  }
  return { unit: UNITS[kind], at, levels: Array.from({ length: count }, (_, index) => at(index / (count - 1))) };
}

/** A level of a range; quantities are whole base units, as scenarios keep them. */
function computed(kind: Kind, wanted: number): Level {
  if (kind === 'number') {
    const value = Number(wanted.toPrecision(DIGITS));
    return { label: String(value), values: [value], x: value };
  }
  const value = Math.round(wanted);
  if (kind === 'packets') return { label: `${String(value)}p`, values: [`${String(value)}p`], x: value };
  // Labels stand in tables and files: they are the value itself, in a unit that shortens it if that loses nothing.
  const short = FORMATS[kind](value);
  const exact = readBound(short)?.value === value ? short : `${String(value)}${BASE_UNITS[kind]}`;
  return { label: exact, values: [value], x: value };
}
