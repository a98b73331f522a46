// Moments of a run that belong to the chosen one: the same packet's way, and what caused it. A person who chose a packet means one of them.

import { CauseKind } from '../../../core/base';
import { recordName } from '../../../core/export';
import type { LoggedRecord, PacketTable, RecordLog } from '../../records';

export interface Moment {
  readonly id: number;
  readonly atNs: number;
  readonly text: string;
}

const CAUSES_MAX = 6;

export function momentsAround(chosen: number, log: RecordLog, packets: PacketTable): Moment[] {
  const ids = new Set<number>([chosen]);
  const row = packets.rowOf(chosen);
  if (row !== undefined) for (const id of [packets.madeBy(row), ...packets.records(row)]) ids.add(id);
  let at = log.at(row === undefined ? chosen : packets.madeBy(row));
  for (let depth = 0; depth < CAUSES_MAX && at !== undefined && at.parent > 0; depth += 1) {
    ids.add(at.parent);
    at = log.at(at.parent);
  }
  return [...ids]
    .map((id) => log.at(id))
    .filter((record): record is LoggedRecord => record !== undefined && record.kind !== CauseKind.end)
    .sort((a, b) => a.at - b.at || a.id - b.id)
    .map((record) => momentOf(record, log));
}

function momentOf(record: LoggedRecord, log: RecordLog): Moment {
  const place = placeOf(record, log);
  const name = recordName(record, log.names.kernel);
  return { id: record.id, atNs: record.at, text: place === '' ? name : `${name}, ${place}` };
}

/** Where it happened, by the name of the link, lock, CPU or socket. */
function placeOf({ kind, subject }: LoggedRecord, { names }: RecordLog): string {
  const { transmit, drop, dma, change, syncWait, syncHold, run, end } = CauseKind;
  if (kind === transmit || kind === drop || kind === dma) return names.links[subject] ?? '';
  if (kind === change) return '';
  if (kind === syncWait || kind === syncHold) return names.kernel.syncs[subject] ?? '';
  if (kind >= run && kind < end) return names.kernel.cpus[subject] ?? '';
  return names.sockets[subject] ?? '';
}

/** `12.345 ms`. */
export function shownTime(atNs: number): string {
  return `${(atNs / 1e6).toFixed(3)} ms`;
}
