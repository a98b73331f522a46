// What others published about a measure of a plan, or what a claim says of it: given by points with a tolerance, or by bounds, and
// judged by the means that the runs have. Tolerances come from the source or the claim, never from the result.

import type { PlanSummary } from './summarise';
import { type Complain, readBound } from './levels';
import type { Factor, Plan, Point } from './plan';
import type { ReferenceDocument } from './plan-schema';
import type { Interval } from './statistics';

export interface ReferenceSample {
  readonly point: Point;
  /** Undefined where there are bounds only. */
  readonly expected: number | undefined;
  /** What may be measured; infinite on a side without a bound. */
  readonly low: number;
  readonly high: number;
}

export interface Reference {
  readonly label: string;
  readonly source: string;
  /** Place among the measures. */
  readonly measure: number;
  /** The measure itself, or what a level changes against the baseline. */
  readonly of: 'value' | 'difference';
  /** Place of the factor whose levels the samples name. */
  readonly factor: number;
  readonly samples: readonly ReferenceSample[];
}

export interface JudgedSample {
  /** Number of the point. */
  readonly point: number;
  readonly measured: Interval;
  readonly expected: number | undefined;
  readonly low: number;
  readonly high: number;
  /** Undefined while nothing is measured there. */
  readonly pass: boolean | undefined;
}

export interface Verdict {
  readonly label: string;
  readonly source: string;
  readonly measure: number;
  readonly of: Reference['of'];
  readonly factor: number;
  readonly samples: readonly JudgedSample[];
  /** Undefined while a sample is missing and none is wrong. */
  readonly pass: boolean | undefined;
}

type Known = Pick<Plan, 'factors' | 'points' | 'measures' | 'compare'>;

/** Reads the references of a plan; what is wrong is noted at its place. */
export function readReferences(documents: readonly ReferenceDocument[], plan: Known, complain: Complain): Reference[] {
  return documents.flatMap((document, index): Reference[] => {
    const pointer = `/reference/${String(index)}`;
    const measure = plan.measures.findIndex(({ name }) => name === document.measure);
    const factor = plan.factors.findIndex(({ name }) => name === document.factor);
    const of = document.of ?? 'value';
    if (measure < 0)
      complain(`${pointer}/measure`, `there is no measure "${document.measure}"`, known(plan.measures.map(nameOf)));
    if (factor < 0)
      complain(`${pointer}/factor`, `there is no factor "${document.factor}"`, known(plan.factors.map(nameOf)));
    if (of === 'difference' && plan.compare === undefined)
      complain(`${pointer}/of`, 'nothing is compared', 'add "compare": {"factor": …, "baseline": …} to the plan');
    if (measure < 0 || factor < 0 || (of === 'difference' && plan.compare === undefined)) return [];
    const samples = document.samples.flatMap((sample, place) => {
      const where = `${pointer}/samples/${String(place)}`;
      const point = pointOf(plan, factor, document, sample.at, where, complain);
      const range = rangeOf(sample, document.tolerance, where, complain);
      return point === undefined || range === undefined ? [] : [{ point, ...range }];
    });
    return [{ label: document.label, source: document.source, measure, of, factor, samples }];
  });
}

const nameOf = ({ name }: { readonly name: string }): string => name;

function known(names: readonly string[]): string {
  return `there are ${names.join(', ')}`;
}

/** The one point at which a sample is measured. */
function pointOf(
  { factors, points }: Known,
  factor: number,
  { where = {} }: ReferenceDocument,
  at: string | number | boolean,
  pointer: string,
  complain: Complain,
): Point | undefined {
  const wanted = factors.map((one, index) => (index === factor ? at : where[one.name]));
  for (const [index, level] of wanted.entries()) {
    const { name, levels } = factors[index]!;
    if (level === undefined && levels.length > 1) {
      complain(
        pointer,
        `which "${name}" it is for is not said`,
        `add "where": {"${name}": "${labelOf(factors[index]!)}"}`,
      );
      return undefined;
    }
    if (level !== undefined && !levels.some(({ label }) => label === String(level))) {
      complain(pointer, `"${name}" has no level "${String(level)}"`, known(levels.map(({ label }) => label)));
      return undefined;
    }
  }
  const point = points.find(({ levels }) =>
    levels.every(({ label }, index) => wanted[index] === undefined || label === String(wanted[index])),
  );
  if (point === undefined) complain(pointer, 'the design leaves this combination out', 'a full design, or another one');
  return point;
}

const labelOf = ({ levels }: Factor): string => levels[0]!.label;

type Sample = ReferenceDocument['samples'][number];

function rangeOf(
  sample: Sample,
  tolerance: ReferenceDocument['tolerance'],
  pointer: string,
  complain: Complain,
): Omit<ReferenceSample, 'point'> | undefined {
  const read = (key: 'value' | 'from' | 'to'): number | undefined => {
    const bound = sample[key];
    if (bound === undefined) return undefined;
    const value = readBound(bound)?.value;
    if (value === undefined)
      complain(`${pointer}/${key}`, `"${String(bound)}" is not a quantity`, 'a number, or for example "1.2s"');
    return value;
  };
  const [expected, from, to] = [read('value'), read('from'), read('to')];
  if (expected === undefined) {
    if (from === undefined && to === undefined) {
      complain(pointer, 'a sample has a value or bounds', 'write {"at": 0.01, "value": 3.2} or {"at": 0.01, "to": 0}');
      return undefined;
    }
    return { expected, low: from ?? -Infinity, high: to ?? Infinity };
  }
  if (tolerance === undefined) {
    complain(
      pointer,
      'a value needs a tolerance',
      'add "tolerance": {"share": 0.1} to the reference, as its source says',
    );
    return undefined;
  }
  const unit = 'share' in tolerance ? Math.abs(expected) : 1;
  const given = 'share' in tolerance ? tolerance.share : tolerance.value;
  const { below, above } = typeof given === 'number' ? { below: given, above: given } : given;
  return { expected, low: expected - below * unit, high: expected + above * unit };
}

/** Judges what was measured by a plan's references. */
export function judgeReferences(plan: Plan, summary: Pick<PlanSummary, 'cells' | 'comparisons'>): Verdict[] {
  return plan.references.map(({ samples, ...reference }): Verdict => {
    const judged = samples.map(({ point, expected, low, high }): JudgedSample => {
      const measured = measuredAt(plan, summary, reference, point);
      const { estimate } = measured;
      const pass = Number.isFinite(estimate) ? estimate >= low && estimate <= high : undefined;
      return { point: point.number, measured, expected, low, high, pass };
    });
    const passes = judged.map(({ pass }) => pass);
    return {
      ...reference,
      samples: judged,
      pass: passes.includes(false) ? false : passes.includes(undefined) ? undefined : true,
    };
  });
}

const NOTHING: Interval = { estimate: Number.NaN, low: Number.NaN, high: Number.NaN };

function measuredAt(
  plan: Plan,
  { cells, comparisons }: Pick<PlanSummary, 'cells' | 'comparisons'>,
  { measure, of }: Pick<Reference, 'measure' | 'of'>,
  point: Point,
): Interval {
  if (of === 'value') return cells[(point.number - 1) * plan.measures.length + measure]?.mean ?? NOTHING;
  return comparisons.find((one) => one.measure === measure && one.point === point)?.difference ?? NOTHING;
}
