// Sizes, spans and instants as a table shows them.

import type { Brought } from '../../../electron/ipc';

const SIZES = ['kB', 'MB', 'GB', 'TB'] as const;

/** Decimal, as disks are sold: `812 kB`, `4.2 MB`. */
export function formatBytes(bytes: number): string {
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < SIZES.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) return `${Math.ceil(value).toFixed(0)} kB`;
  return `${value < 99.95 ? value.toFixed(1) : value.toFixed(0)} ${SIZES[unit]!}`;
}

const SPANS = [
  { unit: 'h', ns: 3600e9 },
  { unit: 'min', ns: 60e9 },
  { unit: 's', ns: 1e9 },
  { unit: 'ms', ns: 1e6 },
  { unit: 'µs', ns: 1e3 },
] as const;

/** In the largest unit that gives at least one. */
export function formatSpan(ns: number): string {
  const { unit, ns: size } = SPANS.find((span) => ns >= span.ns) ?? { unit: 'ns', ns: 1 };
  return `${String(Number((ns / size).toFixed(2)))} ${unit}`;
}

export function formatWhen(ms: number): string {
  return ms === 0 ? '' : new Date(ms).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString()} ${count === 1 ? one : many}`;
}

/** What came from a bundle, and what of it did not: results of labs of which others are here. */
export function broughtText({ name, runIds, labs }: Brought): { taken?: string; stayed?: string } {
  const here = labs.filter(({ isHere }) => isHere).length;
  const other = labs.length - here;
  const parts = [
    ...(runIds.length > 0 || labs.length === 0 ? [formatCount(runIds.length, 'run')] : []),
    ...(here > 0 ? [`results of ${formatCount(here, 'lab')}`] : []),
  ];
  const taken = parts.join(', ').replace(/^r/, 'R');
  return {
    ...(taken === '' ? {} : { taken: `${taken} from ${name}` }),
    ...(other === 0
      ? {}
      : { stayed: `Results of ${formatCount(other, 'lab')} from ${name} were not taken: you have others of the same` }),
  };
}

/** How far an experiment is: `80 runs`, `12 of 80 runs`. */
export function runsText({
  runsDone,
  runsPlanned,
}: {
  runsDone?: number | undefined;
  runsPlanned?: number | undefined;
}): string {
  if (runsDone === undefined || runsPlanned === undefined) return '';
  return runsDone === runsPlanned
    ? formatCount(runsDone, 'run')
    : `${String(runsDone)} of ${formatCount(runsPlanned, 'run')}`;
}

interface Standing {
  readonly status: string;
}

/** It goes on, or will when it is its turn. */
export function isUnderWay({ status }: Standing): boolean {
  return status === 'running' || status === 'waiting';
}

/** Why these cannot be taken away, or packed, as they are; undefined when they can. */
export function underWayText(records: readonly Standing[]): string | undefined {
  if (records.some(({ status }) => status === 'running')) return 'A run is still going on; stop it first';
  if (records.some(isUnderWay)) return 'An experiment waits for its turn; open it and cancel it first';
  return undefined;
}

/** An experiment that was stopped can be resumed. */
export function statusText({ kind, status }: { kind: string; status: string }): string {
  return kind === 'experiment' && status === 'stopped' ? 'interrupted' : status;
}
