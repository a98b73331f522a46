// What a plan measures: numbers of a run's summary by their path, and statistics of probes over time.

import type { Problem } from '../base';
import type { RunSummary } from '../measure';
import { nearest, pathOf } from '../scenario';
import type { Complain } from './levels';
import type { Measure, Plan } from './plan';
import { type Aggregate, AGGREGATES, type ReadPlan, type Statistic } from './plan-schema';
import { mean, quantile } from './statistics';

export function readMeasures(documents: ReadPlan['measures'], complain: Complain): Measure[] {
  return documents.map((document, index) => {
    const pointer = `/measures/${String(index)}`;
    const { name, label = name, summary, probe, over } = document;
    if ((summary === undefined) === (probe === undefined))
      complain(pointer, 'a measure has either "summary" or "probe"', 'write "summary": "/flows/f1/goodputBps"');
    const many = (summary ?? probe ?? '').split('/').includes('*');
    if (many && over === undefined)
      complain(pointer, '"*" may match several values', `say how they become one: "over": "${AGGREGATES[0]}"`);
    if (!many && over !== undefined)
      complain(`${pointer}/over`, 'there is nothing to combine', 'leave "over" out, or write "*" for an id');
    if (document.statistic !== undefined && probe === undefined)
      complain(`${pointer}/statistic`, 'a number of the summary has no statistic over time', 'leave it out');
    const path = pathOf(summary ?? '') ?? [];
    const field = (probe ?? summary ?? '').split('/').at(-1) ?? '';
    const unit = document.unit ?? unitOf(field);
    const source =
      probe === undefined
        ? ({ kind: 'summary', path } as const)
        : ({ kind: 'probe', probe, statistic: document.statistic ?? 'mean' } as const);
    return { name, label, unit, source, over };
  });
}

const UNIT_OF_PROBE: Readonly<Record<string, string>> = {
  cwnd: 'bytes',
  ssthresh: 'bytes',
  inflight: 'bytes',
  urgent: 'bytes',
  rwnd: 'bytes',
  srtt: 'ns',
  rto: 'ns',
  acked: 'bytes',
  throughput: 'bps',
  'reverse-throughput': 'bps',
  queue: 'packets',
  'reverse-queue': 'packets',
  busy: '1',
};

/** Names of fields end in their unit. */
export function unitOf(field: string): string {
  if (field.endsWith('Ns')) return 'ns';
  if (field.endsWith('Bps')) return 'bps';
  if (/^bytes|Bytes$/.test(field)) return 'bytes';
  if (/Packets$/.test(field)) return 'packets';
  if (field === 'utilisation') return '1';
  return UNIT_OF_PROBE[field] ?? 'count';
}

/** Every probe that a plan asks for, and where it does. */
export function probesOf({
  measures,
  warmUp,
}: Pick<Plan, 'measures' | 'warmUp'>): { probe: string; pointer: string }[] {
  const measured = measures.flatMap(({ source }, index) =>
    source.kind === 'probe' ? [{ probe: source.probe, pointer: `/measures/${String(index)}/probe` }] : [],
  );
  return warmUp.kind === 'mser-5' ? [...measured, { probe: warmUp.probe, pointer: '/warmUp/probe' }] : measured;
}

/** One value of several; NaN of none. */
export function combine(values: readonly number[], how: Aggregate | Statistic): number {
  if (values.length === 0) return Number.NaN;
  switch (how) {
    case 'mean':
      return mean(values);
    case 'sum':
      return values.reduce((sum, value) => sum + value, 0);
    case 'min':
      return values.reduce((least, value) => Math.min(least, value));
    case 'max':
      return values.reduce((most, value) => Math.max(most, value));
    case 'last':
      return values[values.length - 1]!;
    default:
      return quantile(values, shareOf(how));
  }
}

/** 0.95 of `p95`. */
export function shareOf(percentile: string): number {
  return Number(percentile.slice(1)) / 100;
}

/** A measure of the summary; NaN when a run has no such value, as the completion time of a flow that did not complete. */
export function summaryValue(summary: RunSummary, { source, over }: Measure): number {
  if (source.kind !== 'summary') return Number.NaN;
  const found = followed(summary, source.path).filter((value): value is number => typeof value === 'number');
  return combine(found, over ?? 'last');
}

/** Keys by which items of lists are named: a flow or link by its id, a direction of it, a CPU of a host, and so on. */
const NAMING = ['id', 'host', 'name', 'thread', 'direction', 'link', 'cpu'] as const;

function followed(root: unknown, path: readonly string[]): unknown[] {
  let here: unknown[] = [root];
  let items = false;
  for (const part of path) {
    const lists = here.some(Array.isArray);
    const all = lists ? here.flat() : here;
    items ||= lists;
    if (part === '*') {
      // All CPUs of a host, both directions of a link: of items that one name has chosen, every one.
      here = items ? all : all.flatMap((value) => Object.values(value as Record<string, unknown>));
      continue;
    }
    // After one name has chosen several items, such as both directions of a link, another one may choose among them.
    const named = items ? all.filter((item) => NAMING.some((key) => isNamed(item, key, part))) : [];
    if (named.length > 0) here = named;
    else {
      here = all.flatMap((value) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, part)
          ? [(value as Record<string, unknown>)[part]]
          : [],
      );
      items = false;
    }
  }
  return here.flat();
}

function isNamed(item: unknown, key: string, name: string): boolean {
  return (
    typeof item === 'object' && item !== null && key in item && String((item as Record<string, unknown>)[key]) === name
  );
}

/** Values that a run may lack though another one has them. */
const NOT_ALWAYS = [
  'completionTimeNs',
  'completionTimes',
  'meanNs',
  'p50Ns',
  'p95Ns',
  'maxNs',
  'count',
  'datagramsSent',
  'datagramsReceived',
  'synCache',
  'counters',
];

/** What is wrong with the paths of a plan's measures, in the light of a summary of one of its scenarios, before it ran. */
export function summaryProblems({ measures }: Plan, sample: RunSummary, file: string): Problem[] {
  return measures.flatMap(({ source, over }, index): Problem[] => {
    if (source.kind !== 'summary' || source.path.some((part) => NOT_ALWAYS.includes(part))) return [];
    const pointer = `/measures/${String(index)}/summary`;
    const found = followed(sample, source.path);
    const shown = `"/${source.path.join('/')}"`;
    if (found.length === 0) return [{ file, pointer, ...missing(sample, source.path) }];
    if (found.some((value) => typeof value !== 'number'))
      return [
        {
          file,
          pointer,
          message: `${shown} is not a number`,
          suggestion: `it goes on with ${namesIn(found).join(', ')}`,
        },
      ];
    if (found.length > 1 && over === undefined)
      return [
        {
          file,
          pointer,
          message: `${shown} has ${String(found.length)} values`,
          suggestion: 'name one, such as "/links/bottleneck/forward/drops"',
        },
      ];
    return [];
  });
}

/** The first part of a path that leads nowhere. */
function missing(sample: RunSummary, path: readonly string[]): Pick<Problem, 'message' | 'suggestion'> {
  const length = path.findIndex((_, index) => followed(sample, path.slice(0, index + 1)).length === 0) + 1;
  const part = path[length - 1]!;
  const known = namesIn(followed(sample, path.slice(0, length - 1)));
  const near = nearest(part, known);
  const suggestion = near === undefined ? `there are ${known.slice(0, 24).join(', ')}` : `did you mean "${near}"?`;
  return { message: `summary.json has no "${part}" at "/${path.slice(0, length - 1).join('/')}"`, suggestion };
}

function namesIn(values: readonly unknown[]): string[] {
  const names = values.flat().flatMap((value) => {
    if (typeof value !== 'object' || value === null) return [];
    const naming = NAMING.filter((key) => key in value).map((key) => String((value as Record<string, unknown>)[key]));
    return [...naming, ...Object.keys(value)];
  });
  return [...new Set(names)];
}
