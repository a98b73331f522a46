// What a step's run left, as far as questions ask about it: its summary, recorded series, and the records of its timeline under the names
// that the timeline shows. Plain data; those who run scenarios make it.

import { CauseKind } from '../base';
import { type KernelNames, recordName, type TraceRecord } from '../export';
import type { RunSummary, SeriesData } from '../measure';

/** A packet, slice or mark of the timeline. */
export interface PickRecord {
  readonly id: number;
  readonly kind: string;
  readonly name: string;
  readonly track: string;
  readonly atNs: number;
}

export interface Evidence {
  readonly summary: RunSummary;
  readonly series: readonly SeriesData[];
  /** Empty where no question picks from it. */
  readonly records: readonly PickRecord[];
}

/** By step. */
export type EvidenceOf = (step: string) => Evidence | undefined;

export interface RecordNames {
  readonly links: readonly string[];
  readonly sockets: readonly string[];
  readonly kernel: KernelNames;
}

const KIND_NAMES = new Map<number, string>(Object.entries(CauseKind).map(([name, kind]) => [kind, name]));
/** All names of kinds, for those who ask for one. */
export const PICK_KINDS: readonly string[] = [...KIND_NAMES.values()].filter((name) => name !== 'end');

/** Records of a cause log as a person sees them. */
export function pickRecords(log: Iterable<TraceRecord>, names: RecordNames): PickRecord[] {
  const records: PickRecord[] = [];
  for (const record of log) {
    if (record.kind === CauseKind.end) continue;
    records.push({
      id: record.id,
      kind: KIND_NAMES.get(record.kind) ?? '',
      name: recordName(record, names.kernel),
      track: trackOf(record, names),
      atNs: record.at,
    });
  }
  return records;
}

function trackOf({ kind, subject }: TraceRecord, { links, sockets, kernel }: RecordNames): string {
  const { transmit, drop, dma, change, syncWait, syncHold, run, end } = CauseKind;
  if (kind === transmit || kind === drop || kind === dma) return links[subject] ?? '';
  if (kind === change) return '';
  if (kind === syncWait || kind === syncHold) return kernel.syncs[subject] ?? '';
  if (kind >= run && kind < end) return kernel.cpus[subject] ?? '';
  return sockets[subject] ?? '';
}
