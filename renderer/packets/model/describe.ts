// Packets in words: flags, options, numbers, what became of them.

import { CauseKind } from '../../../core/base';
import { shownUnit } from '../../../core/export';
import { Ecn, Flag, Option, packetRow, Protocol, SEND_REASON_NAMES, type SendReason } from '../../../core/packet';
import type { PacketTable } from '../../records';
import { directionName, linkId, nodeName } from './names';

const FLAG_NAMES: readonly (readonly [bit: number, name: string])[] = [
  [Flag.syn, 'SYN'],
  [Flag.fin, 'FIN'],
  [Flag.rst, 'RST'],
  [Flag.psh, 'PSH'],
  [Flag.ack, 'ACK'],
  [Flag.urg, 'URG'],
  [Flag.ece, 'ECE'],
  [Flag.cwr, 'CWR'],
];

export function flagNames(flags: number): string {
  return FLAG_NAMES.flatMap(([bit, name]) => ((flags & bit) === 0 ? [] : [name])).join(' ');
}

/** Why something was sent, in a clause that follows “it”. */
export const REASON_CLAUSES: Readonly<Record<keyof typeof SendReason, string>> = {
  syn: 'opened the connection',
  new: 'sent new data',
  ack: 'acknowledged what had come',
  dupack: 'sent a duplicate ACK: something had come out of order',
  windowUpdate: 'told that its window had opened',
  fin: 'closed its side',
  fast: 'sent a segment again without waiting for its timer (fast retransmit)',
  partial: 'sent the next missing segment again: the ACK covered only part of what was out',
  sack: 'sent a segment again that SACK blocks showed to be missing',
  limited: 'sent new data on a duplicate ACK (limited transmit)',
  early: 'sent a segment again early: too little was out for three duplicates',
  timeout: 'sent a segment again because its retransmission timer had run out',
  probe: 'probed the closed window',
  reset: 'refused with a reset',
  challenge: 'challenged a doubtful segment',
  datagram: 'sent a datagram',
  keepAlive: 'asked whether the other end is still there',
  icmp: 'reported an error (ICMP)',
  mtu: 'sent a segment again, smaller: the path carries less than it had sent',
  urgent: 'told of urgent data that the window had no room for',
};

const REASON_WORDS: Readonly<Partial<Record<keyof typeof SendReason, string>>> = {
  dupack: 'duplicate ACK',
  windowUpdate: 'window update',
  fast: 'fast retransmit',
  partial: 'partial ACK',
  sack: 'SACK retransmit',
  limited: 'limited transmit',
  early: 'early retransmit',
  timeout: 'timeout',
  keepAlive: 'keep-alive',
  icmp: 'ICMP error',
  mtu: 'path MTU',
  urgent: 'urgent data ahead',
};

export function reasonName(reason: number): string {
  const name = SEND_REASON_NAMES[reason];
  return name === undefined ? '' : (REASON_WORDS[name] ?? name);
}

export const DROP_CLAUSES = [
  'the queue was full',
  'it was lost on the wire',
  'the link was down',
  'the receive ring was full',
  'the driver’s queue was full',
  'there was no route',
  'it had been through too many routers',
  'it was larger than the next link carries',
] as const;

/** A span of time for people. */
export function duration(ns: number): string {
  const { divisor, unit } = shownUnit('ns', Math.abs(ns));
  return `${(ns / divisor).toLocaleString('en', { maximumFractionDigits: 3 })} ${unit}`;
}

/** An instant in seconds, to the nanosecond. */
export function instant(ns: number): string {
  return (ns / 1e9).toFixed(9);
}

export const count = (value: number): string => value.toLocaleString('en');

/** `5→80` style ends are for the table; this is the end with its host's name. */
export function endName(table: PacketTable, node: number): string {
  return nodeName(table.log.names, node);
}

export function optionText(table: PacketTable, row: number): string {
  const base = table.base(row);
  const { rows } = table;
  const options = packetRow.options(rows, base);
  const parts: string[] = [];
  if ((options & Option.mss) !== 0) parts.push(`MSS ${String(packetRow.mss(rows, base))}`);
  if ((options & Option.windowScale) !== 0) parts.push(`scale ${String(packetRow.windowScale(rows, base))}`);
  if ((options & Option.sackPermitted) !== 0) parts.push('SACK ok');
  const blocks = table.sackBlocks(row).map(({ left, right }) => `${String(left)}–${String(right)}`);
  if (blocks.length > 0) parts.push(`SACK ${blocks.join(' ')}`);
  if ((options & Option.timestamps) !== 0)
    parts.push(`TS ${String(packetRow.tsVal(rows, base))}/${String(packetRow.tsEcr(rows, base))}`);
  if (packetRow.ecn(rows, base) === Ecn.ce) parts.push('CE');
  return parts.join(', ');
}

/** What became of it, in a few words, and where it is or was last. */
export function fateText(table: PacketTable, row: number): { readonly text: string; readonly place: string } {
  const { log } = table;
  const last = log.at(table.lastRecord(row));
  if (last === undefined) return { text: 'under way', place: '' };
  const ends = log.names.ends[last.subject];
  const link = directionName(log.names, last.subject);
  const place = ends !== undefined && ends.from === ends.to ? link : linkId(link);
  switch (table.fate(row)) {
    case 'delivered': {
      // A SYN comes to a listener, which is no socket yet.
      const isSyn = (packetRow.flags(table.rows, table.base(row)) & Flag.syn) !== 0;
      return {
        text: last.subject < 0 && !isSyn ? 'came, no socket' : 'delivered',
        place: endName(table, packetRow.dst(table.rows, table.base(row))),
      };
    }
    case 'dropped':
      return {
        text: `dropped: ${DROP_SHORT[last.detail] ?? ''}`,
        place: last.subject < 0 ? nodeOfDrop(table, row) : place,
      };
    default:
      return {
        // What happened after the record was full is not known.
        text: log.lost > 0 ? 'not recorded' : 'under way',
        place: last.kind === CauseKind.send ? endName(table, packetRow.src(table.rows, table.base(row))) : place,
      };
  }
}

const DROP_SHORT = [
  'queue full',
  'lost on wire',
  'link down',
  'ring full',
  'send queue full',
  'no route',
  'hops',
  'larger than MTU',
] as const;

/** A router or host that had no way for it: where the link before ends. */
function nodeOfDrop(table: PacketTable, row: number): string {
  const { log } = table;
  const before = log.at(log.at(table.lastRecord(row))?.parent ?? 0);
  const node = before?.kind === CauseKind.transmit ? log.names.ends[before.subject]?.to : undefined;
  return endName(table, node ?? packetRow.src(table.rows, table.base(row)));
}

/** A packet in a few words: `ACK 2897`, `1449–2896`, `SYN`, `datagram of 1,000 bytes`. */
export function packetText(table: PacketTable, row: number): string {
  const base = table.base(row);
  const { rows } = table;
  const payload = packetRow.payloadBytes(rows, base);
  const protocol = packetRow.protocol(rows, base);
  if (protocol === Protocol.icmp) return 'ICMP error';
  if (protocol !== Protocol.tcp) return `datagram of ${count(payload)} bytes`;
  const flags = packetRow.flags(rows, base);
  const names = flagNames(flags & (Flag.syn | Flag.fin | Flag.rst));
  const ack = table.acknowledged(row);
  const seq = table.sequence(row);
  const parts = [
    ...(names === '' ? [] : [names]),
    ...(payload > 0 ? [`bytes ${count(seq)}–${count(seq + payload - 1)}`] : []),
    ...(payload === 0 && ack !== undefined && (flags & Flag.rst) === 0 ? [`ACK ${count(ack)}`] : []),
    ...((flags & Flag.urg) === 0
      ? []
      : [`(urgent data ahead, up to ${count(seq + packetRow.urgentPointer(rows, base) - 1)})`]),
  ];
  const blocks = table.sackBlocks(row).map(({ left, right }) => `${count(left)}–${count(right - 1)}`);
  return parts.join(' ') + (blocks.length === 0 ? '' : ` (has ${blocks.join(', ')})`);
}

/** A packet in a ladder, where room is short: `315,665 (1,448)`, `ACK 2,897`, `SYN`. */
export function shortText(table: PacketTable, row: number): string {
  const base = table.base(row);
  const payload = packetRow.payloadBytes(table.rows, base);
  const flags = packetRow.flags(table.rows, base) & (Flag.syn | Flag.fin | Flag.rst);
  if (payload === 0 || flags !== 0 || packetRow.protocol(table.rows, base) !== Protocol.tcp)
    return packetText(table, row);
  return `${count(table.sequence(row))} (${count(payload)})`;
}
