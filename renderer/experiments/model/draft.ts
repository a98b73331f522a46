// A plan while it is made: everything but its scenario, which is the open one. Edits are pure functions.

import { levelLabels, type PlanDocument } from '../../../core/experiment';
import { formatBytes, formatDuration, formatRate, parsePackets, parseQuantity } from '../../../core/scenario';
import type { Parameter } from '../../shared';
import { wholeLevels } from './whole-levels';

export type PlanDraft = Omit<PlanDocument, 'scenario'>;
export type FactorDraft = PlanDraft['factors'][number];
export type MeasureDraft = PlanDraft['measures'][number];
export type LevelDraft = NonNullable<FactorDraft['levels']>[number];

const CHOICES_MAX = 8;
const NAME_MAX = 63;
/** Columns that results have already. */
const TAKEN = ['job', 'point', 'replication', 'seed', 'status', 'digest', 'measure', 'unit', 'value'];

export function newDraft(name: string, measures: readonly MeasureDraft[]): PlanDraft {
  return {
    format: 'odonata-plan',
    version: 1,
    name,
    seed: 1,
    factors: [],
    seeds: 'common',
    replications: 10,
    measures: [...measures],
  };
}

/** A plan without its scenario. */
export function draftOf(document: PlanDocument): PlanDraft {
  const draft: Partial<PlanDocument> = { ...document };
  delete draft.scenario;
  return draft as PlanDraft;
}

/** The plan as its file has it: what it is about first. */
export function documentOf(
  { format, version, name, description, seed, ...rest }: PlanDraft,
  scenario: object,
): PlanDocument {
  return {
    format,
    version,
    name,
    ...(description === undefined ? {} : { description }),
    ...(seed === undefined ? {} : { seed }),
    scenario: scenario as Record<string, unknown>,
    ...rest,
  };
}

export function pointersOf({ pointer, pointers }: FactorDraft): readonly string[] {
  return pointers ?? (pointer === undefined ? [] : [pointer]);
}

/** Makes a parameter a factor; one that is a factor already is none any more. */
export function toggleFactor(draft: PlanDraft, parameter: Parameter): PlanDraft {
  const place = draft.factors.findIndex((factor) => pointersOf(factor).includes(parameter.pointer));
  if (place >= 0) return removeFactor(draft, place);
  const { pointer, label } = parameter;
  const factor = { name: factorName(draft, pointer), label, pointer, levels: startLevels(parameter) };
  // A whole comes before its parts, which it would undo.
  const part = draft.factors.findIndex((other) => pointersOf(other).some((one) => one.startsWith(`${pointer}/`)));
  const before = part < 0 ? draft.factors.length : part;
  return { ...draft, factors: draft.factors.toSpliced(before, 0, factor) };
}

/** The plan with a factor changed; where its levels only have other names, what is said of them elsewhere follows. */
export function changeFactor(draft: PlanDraft, place: number, next: FactorDraft): PlanDraft {
  const { name, levels: before = [] } = draft.factors[place]!;
  const changed = { ...draft, factors: draft.factors.with(place, next) };
  if (before.length !== next.levels?.length) return changed;
  const names = levelLabels(next.levels);
  const renamed = new Map(levelLabels(before).map((label, index) => [label, names[index]!]));
  const now = <T>(level: T): T | string => renamed.get(String(level)) ?? level;
  const { compare, reference } = changed;
  return {
    ...changed,
    ...(compare?.factor !== name || compare.baseline === undefined
      ? {}
      : { compare: { ...compare, baseline: now(compare.baseline) } }),
    ...(reference === undefined
      ? {}
      : {
          reference: reference.map(({ where, ...one }) => ({
            ...one,
            ...(where === undefined
              ? {}
              : {
                  where: Object.fromEntries(
                    Object.entries(where).map(([of, level]) => [of, of === name ? now(level) : level]),
                  ),
                }),
            samples:
              one.factor === name ? one.samples.map((sample) => ({ ...sample, at: now(sample.at) })) : one.samples,
          })),
        }),
  };
}

/** Removes a factor, and what is said of it elsewhere in the plan. */
export function removeFactor(draft: PlanDraft, place: number): PlanDraft {
  const name = draft.factors[place]?.name;
  const { compare, reference, ...rest } = draft;
  const references = reference?.filter((one) => one.factor !== name && !Object.hasOwn(one.where ?? {}, name ?? ''));
  return {
    ...rest,
    factors: draft.factors.filter((_, index) => index !== place),
    ...(compare === undefined || compare.factor === name ? {} : { compare }),
    ...(references === undefined || references.length === 0 ? {} : { reference: references }),
  };
}

/** Removes a measure, and what is said of it elsewhere in the plan. */
export function removeMeasure(draft: PlanDraft, place: number): PlanDraft {
  const name = draft.measures[place]?.name;
  const { stop, reference, ...rest } = draft;
  const references = reference?.filter(({ measure }) => measure !== name);
  return {
    ...rest,
    measures: draft.measures.filter((_, index) => index !== place),
    ...(stop === undefined ? {} : stop.measure === name ? { replications: stop.max } : { stop }),
    ...(references === undefined || references.length === 0 ? {} : { reference: references }),
  };
}

/** The last part of a pointer, with the item before it where that is taken. */
function factorName({ factors, measures }: PlanDraft, pointer: string): string {
  const parts = pointer.split('/').filter((part) => part !== '');
  const last = parts.at(-1) ?? 'factor';
  const plain = last === 'probability' ? (parts.at(-2) ?? last) : last;
  const taken = new Set([...TAKEN, ...factors.map(({ name }) => name), ...measures.map(({ name }) => name)]);
  return freeName(taken, [plain, `${parts[1] ?? ''}-${plain}`, plain]);
}

/** The first of these names that is free, made plain; numbered if none is. */
export function freeName(taken: ReadonlySet<string>, wanted: readonly string[]): string {
  const plain = wanted.map((name) => {
    const tidy = name.replace(/[^\w.-]+/g, '-').replace(/^[^A-Za-z_]+/, '');
    return (tidy === '' ? 'x' : tidy).slice(0, NAME_MAX - 4);
  });
  const free = plain.find((name) => !taken.has(name));
  if (free !== undefined) return free;
  const base = plain[0] ?? 'x';
  let number = 2;
  while (taken.has(`${base}${String(number)}`)) number += 1;
  return `${base}${String(number)}`;
}

/** Levels to begin with: both states of a switch, all names of a choice, half and double of a quantity, in its unit. */
export function startLevels({ control, value, choices, wholes = [] }: Parameter): LevelDraft[] {
  if (control === 'presence')
    return [
      { label: 'with', unchanged: true },
      { label: 'without', absent: true },
    ];
  if (control === 'whole') return wholeLevels(value as Record<string, unknown> | undefined, wholes);
  if (control === 'flag')
    return [
      { label: 'off', value: false },
      { label: 'on', value: true },
    ];
  if (choices.length > 1 && (control === 'choice' || typeof value !== 'number')) return choices.slice(0, CHOICES_MAX);
  if (typeof value === 'number') return around(value);
  return typeof value === 'string' ? quantitiesAround(value) : [];
}

/** Half, same and double; whole numbers stay whole. */
function around(value: number): number[] {
  if (value === 0) return [0, 1];
  const half = Number.isInteger(value) && Math.abs(value) >= 1 ? Math.round(value / 2) : value / 2;
  const levels = [half, value, value * 2].map((level) => Number(level.toPrecision(12)));
  return [...new Set(levels)];
}

function quantitiesAround(text: string): LevelDraft[] {
  const match = /^([\d.]+)\s*([A-Za-z]+)$/.exec(text.trim());
  const number = Number(match?.[1]);
  if (match === null || !Number.isFinite(number) || number <= 0) return [text];
  const isWhole = parsePackets(text) !== undefined;
  const half = isWhole ? Math.max(1, Math.floor(number / 2)) : number / 2;
  return [...new Set([half, number, number * 2])].map(
    (level) => `${String(Number(level.toPrecision(12)))}${match[2]!}`,
  );
}

/** Levels as a person writes them in one line. */
export function levelsText(levels: readonly LevelDraft[]): string {
  return levelLabels(levels).join(', ');
}

/** Reads such a line; a level that was there before keeps its label and its value. */
export function levelsFrom(text: string, before: readonly LevelDraft[]): LevelDraft[] {
  const labels = levelLabels(before);
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => before[labels.indexOf(part)] ?? plainLevel(part));
}

function plainLevel(text: string): LevelDraft {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'on' || text === 'off') return { label: text, value: text === 'on' };
  return /^-?\d*\.?\d+(e-?\d+)?$/i.test(text) ? Number(text) : text;
}

/** What a bound of a range was typed as. */
export function boundFrom(text: string): string | number {
  const level = plainLevel(text.trim());
  return typeof level === 'number' ? level : text.trim();
}

export type LevelKind = 'levels' | 'range' | 'logRange';

export function levelKind({ range, logRange }: FactorDraft): LevelKind {
  return range !== undefined ? 'range' : logRange !== undefined ? 'logRange' : 'levels';
}

/** The same factor with its levels given in another way, between the same ends. */
export function asKind(factor: FactorDraft, kind: LevelKind): FactorDraft {
  const { levels, range, logRange, ...rest } = factor;
  const texts = levelLabels(levels ?? []);
  const from = range?.from ?? logRange?.from ?? boundFrom(texts[0] ?? '1');
  const to = range?.to ?? logRange?.to ?? boundFrom(texts.at(-1) ?? '10');
  if (kind === 'range') return { ...rest, range: { from, to, step: stepBetween(from, to) } };
  if (kind === 'logRange') return { ...rest, logRange: { from, to, count: 4 } };
  return { ...rest, levels: levels ?? [from, to] };
}

/** A quarter of the way, in the unit of the ends where they have one. */
function stepBetween(from: string | number, to: string | number): string | number {
  if (typeof from === 'number' && typeof to === 'number') return Number(((to - from) / 4).toPrecision(12));
  const [a, b] = [String(from), String(to)];
  for (const kind of ['rate', 'duration', 'bytes'] as const) {
    const [low, high] = [parseQuantity(kind, a), parseQuantity(kind, b)];
    if (!low.ok || !high.ok) continue;
    const step = Math.max(1, Math.round((high.value - low.value) / 4));
    return { rate: formatRate, duration: formatDuration, bytes: formatBytes }[kind](step);
  }
  const [low, high] = [parsePackets(a) ?? 0, parsePackets(b) ?? 4];
  return `${String(Math.max(1, Math.round((high - low) / 4)))}p`;
}
