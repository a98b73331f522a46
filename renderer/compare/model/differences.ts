// The numbers in which runs differ, against one of them. With runs of the same seeds on both sides the differences are taken in pairs
// (common random numbers) and have a Student-t interval; with other seeds on either side, Welch's. A single run on a side has none.

import { mean, pairedDifference, standardDeviation, welchDifference } from '../../../core/experiment';

export interface Sample {
  readonly seed: number;
  /** Values by pointer. */
  readonly numbers: ReadonlyMap<string, number>;
}

export interface Side {
  /** The run that was chosen is one of them, at this place; -1 for none. */
  readonly own: number;
  readonly samples: readonly Sample[];
}

/** What the differences of a side from the baseline rest on. */
export type Basis =
  | { readonly kind: 'paired'; readonly pairs: number }
  | { readonly kind: 'independent'; readonly count: number; readonly baseline: number }
  | { readonly kind: 'single'; readonly sameSeed: boolean }
  /** One of the two has no numbers. */
  | { readonly kind: 'none' };

export interface Against {
  readonly difference: number;
  /** Over the size of the baseline's value; NaN where that is zero. */
  readonly relative: number;
  /** NaN without confidence, as are t, degrees and p. */
  readonly low: number;
  readonly high: number;
  readonly t: number;
  readonly degrees: number;
  readonly p: number;
  /** Pairs, or runs of the smaller side. */
  readonly count: number;
}

export interface Cell {
  readonly value: number;
  /** Runs that have the number. */
  readonly count: number;
  readonly deviation: number;
  /** Undefined for the baseline, and where it lacks the number. */
  readonly against: Against | undefined;
}

export interface NumberRow {
  readonly pointer: string;
  readonly unit: string;
  /** By side; undefined where no run has the number. */
  readonly cells: readonly (Cell | undefined)[];
}

export interface Differences {
  readonly rows: readonly NumberRow[];
  /** By side; undefined for the baseline. */
  readonly bases: readonly (Basis | undefined)[];
}

interface Setting {
  readonly baseline: number;
  readonly confidence: number;
  readonly units: ReadonlyMap<string, string>;
  /** Looks at replications too, not at the chosen runs alone. */
  readonly replications: boolean;
}

export function differences(sides: readonly Side[], setting: Setting): Differences {
  const used = setting.replications ? usedSamples(sides) : sides.map(ownSample);
  const bases = used.map((samples, index) =>
    index === setting.baseline ? undefined : basisOf(samples, used[setting.baseline]!),
  );
  const pointers = new Set(used.flatMap((samples) => samples.flatMap(({ numbers }) => [...numbers.keys()])));
  const rows: NumberRow[] = [];
  for (const pointer of pointers) {
    if (!differs(used, pointer)) continue;
    const cells = used.map((samples, index) =>
      cellOf(pointer, samples, used[setting.baseline]!, bases[index], setting),
    );
    rows.push({ pointer, unit: setting.units.get(pointer) ?? 'count', cells });
  }
  return { rows, bases };
}

function ownSample({ own, samples }: Side): readonly Sample[] {
  return samples[own] === undefined ? [] : [samples[own]];
}

/** The runs of seeds that all sides have, so that every number in a row is about the same seeds; else all runs, if that helps. */
function usedSamples(sides: readonly Side[]): readonly (readonly Sample[])[] {
  const withSome = sides.filter(({ samples }) => samples.length > 0);
  const [first, ...others] = withSome.map(({ samples }) => new Set(samples.map(({ seed }) => seed)));
  const common = new Set([...(first ?? [])].filter((seed) => others.every((seeds) => seeds.has(seed))));
  if (common.size > 1) return sides.map(({ samples }) => inOrder(samples.filter(({ seed }) => common.has(seed))));
  const several = withSome.filter(({ samples }) => samples.length > 1).length;
  return several > 1 ? sides.map(({ samples }) => inOrder(samples)) : sides.map(ownSample);
}

function inOrder(samples: readonly Sample[]): readonly Sample[] {
  return [...samples].sort((a, b) => a.seed - b.seed);
}

function basisOf(samples: readonly Sample[], baseline: readonly Sample[]): Basis {
  if (samples.length === 0 || baseline.length === 0) return { kind: 'none' };
  const seeds = new Set(baseline.map(({ seed }) => seed));
  const pairs = samples.filter(({ seed }) => seeds.has(seed)).length;
  if (pairs > 1) return { kind: 'paired', pairs };
  if (samples.length > 1 && baseline.length > 1)
    return { kind: 'independent', count: samples.length, baseline: baseline.length };
  return { kind: 'single', sameSeed: pairs === 1 };
}

/** Sides of the same seeds differ if a pair does; others unless all runs have one and the same value. */
function differs(sides: readonly (readonly Sample[])[], pointer: string): boolean {
  const withSome = sides.filter((samples) => samples.length > 0);
  const seeds = withSome.map((samples) => samples.map(({ seed }) => seed).join());
  const texts = withSome.map((samples) => samples.map(({ numbers }) => String(numbers.get(pointer))));
  if (seeds.every((text) => text === seeds[0])) return texts.some((one) => one.join() !== texts[0]!.join());
  return new Set(texts.flat()).size > 1;
}

function valuesOf(samples: readonly Sample[], pointer: string): number[] {
  return samples.map(({ numbers }) => numbers.get(pointer)).filter((value) => value !== undefined);
}

function cellOf(
  pointer: string,
  samples: readonly Sample[],
  baseline: readonly Sample[],
  basis: Basis | undefined,
  { confidence }: Setting,
): Cell | undefined {
  const values = valuesOf(samples, pointer);
  if (values.length === 0) return undefined;
  const against = basis === undefined ? undefined : againstOf(pointer, [samples, baseline], basis, confidence);
  return { value: mean(values), count: values.length, deviation: standardDeviation(values), against };
}

function againstOf(
  pointer: string,
  [samples, baseline]: readonly [readonly Sample[], readonly Sample[]],
  basis: Basis,
  confidence: number,
): Against | undefined {
  // A single run of a seed that the baseline has too is compared with that run: the others would bring chance in.
  const inPairs = basis.kind === 'paired' || (basis.kind === 'single' && basis.sameSeed);
  const [first, second] = inPairs
    ? pairsOf(samples, baseline, pointer)
    : [valuesOf(samples, pointer), valuesOf(baseline, pointer)];
  if (first.length === 0 || second.length === 0) return undefined;
  const base = mean(second);
  const count = Math.min(first.length, second.length);
  const unsure = { low: Number.NaN, high: Number.NaN, t: Number.NaN, degrees: Number.NaN, p: Number.NaN };
  if (count < 2 || basis.kind === 'single' || basis.kind === 'none') {
    const difference = mean(first) - base;
    return { difference, relative: difference / Math.abs(base || Number.NaN), count, ...unsure };
  }
  const { estimate, ...rest } = (basis.kind === 'paired' ? pairedDifference : welchDifference)(
    first,
    second,
    confidence,
  );
  return { difference: estimate, relative: estimate / Math.abs(base || Number.NaN), count, ...rest };
}

/** Values of both sides for the seeds for which both have one. */
function pairsOf(first: readonly Sample[], second: readonly Sample[], pointer: string): [number[], number[]] {
  const other = new Map(second.map(({ seed, numbers }) => [seed, numbers.get(pointer)]));
  const both = first.flatMap(({ seed, numbers }) => {
    const [a, b] = [numbers.get(pointer), other.get(seed)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  return [both.map(([a]) => a), both.map(([, b]) => b)];
}

/** Whether the interval has the difference on one side of zero; undefined without an interval. */
export function isSure({ low, high }: Against): boolean | undefined {
  return Number.isNaN(low) ? undefined : low > 0 || high < 0;
}

/**
 * The runs with which the sides share `more` further seeds: first those that one side has had and another has not, then the first whole
 * numbers that nobody has had.
 */
export function furtherRuns(sides: readonly Side[], more: number): { side: number; seed: number }[] {
  const had = sides.map(({ samples }) => new Set(samples.map(({ seed }) => seed)));
  const known = new Set(had.flatMap((seeds) => [...seeds]));
  const seeds = [...known]
    .filter((seed) => had.some((one) => !one.has(seed)))
    .sort((a, b) => a - b)
    .slice(0, more);
  for (let seed = 1; seeds.length < more; seed += 1) if (!known.has(seed)) seeds.push(seed);
  return seeds.flatMap((seed) => had.flatMap((one, side) => (one.has(seed) ? [] : [{ side, seed }])));
}
