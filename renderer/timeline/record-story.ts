// What is told about a record of the timeline: what it is, where, why, and what came of it.

import { CauseKind } from '../../core/base';
import { recordName, shownUnit } from '../../core/export';
import type { LoggedRecord } from '../records';
import { nameOf } from './draw-timeline';
import type { Lanes } from './lanes';

const CHAIN_MAX = 8;
const EFFECTS_MAX = 8;

const SLICES: readonly number[] = [
  CauseKind.run,
  CauseKind.handler,
  CauseKind.syncHold,
  CauseKind.syncWait,
  CauseKind.transmit,
  CauseKind.dma,
  CauseKind.bus,
];
/** What belongs to a packet, and so to its story. */
const OF_PACKETS: readonly number[] = [
  CauseKind.send,
  CauseKind.transmit,
  CauseKind.dma,
  CauseKind.receive,
  CauseKind.drop,
];

/** Whether a record lasts, and is drawn as a slice. */
export function isSlice({ log }: Lanes, id: number): boolean {
  return SLICES.includes(log.kinds[id - 1] ?? 0);
}

export function durationText(ns: number): string {
  const { divisor, unit } = shownUnit('ns', Math.abs(ns));
  return `${(ns / divisor).toLocaleString('en', { maximumFractionDigits: 3 })} ${unit}`;
}

export function textOf({ log }: Lanes, record: LoggedRecord): string {
  return recordName(record, log.names.kernel);
}

export interface Told {
  readonly title: string;
  readonly where: string;
  readonly isOfPacket: boolean;
  readonly from: string;
  /** Undefined for what has no length. */
  readonly length: string | undefined;
}

/** Undefined when there is no such record (any more). */
export function tell(lanes: Lanes, id: number): Told | undefined {
  const record = lanes.log.at(id);
  if (record === undefined) return undefined;
  return {
    title: record.kind === CauseKind.run ? nameOf(lanes, id) : textOf(lanes, record),
    where: placeOf(lanes, record),
    isOfPacket: OF_PACKETS.includes(record.kind),
    from: durationText(lanes.beginOf(id)),
    length: isSlice(lanes, id) ? durationText(lanes.endOf(id) - lanes.beginOf(id)) : undefined,
  };
}

/** From the cause of a record back, at most eight. */
export function causesOf({ log }: Lanes, id: number): LoggedRecord[] {
  const records: LoggedRecord[] = [];
  for (let at = log.at(log.at(id)?.parent ?? 0); at !== undefined && records.length < CHAIN_MAX; at = log.at(at.parent))
    records.push(at);
  return records;
}

/** What a record has led to at once, at most eight. */
export function effectsOf({ log }: Lanes, id: number): LoggedRecord[] {
  return log
    .effects(id, EFFECTS_MAX + 8)
    .filter(({ kind }) => kind !== CauseKind.end)
    .slice(0, EFFECTS_MAX);
}

function placeOf({ log }: Lanes, { kind, subject, extra }: LoggedRecord): string {
  const { kernel, links, sockets } = log.names;
  switch (kind) {
    case CauseKind.syncHold:
    case CauseKind.syncWait:
      return kernel.syncs[subject] ?? '';
    case CauseKind.transmit:
    case CauseKind.drop:
    case CauseKind.dma:
    case CauseKind.bus:
      return links[subject] ?? '';
    case CauseKind.write:
    case CauseKind.receive:
    case CauseKind.timer: {
      const slice = extra > 0 ? log.at(extra) : undefined;
      return kernel.cpus[slice?.subject ?? -1] ?? sockets[subject] ?? '';
    }
    case CauseKind.send:
      return sockets[subject] ?? '';
    default:
      return kernel.cpus[subject] ?? '';
  }
}
