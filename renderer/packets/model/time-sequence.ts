// A connection over time in the manner of tcptrace (S. Ostermann): segments as bars where they were sent, and from the sender's point of
// view the acknowledgments that came, the window above them, and SACK blocks.

import { isRetransmission, packetRow, Protocol, type SendReason } from '../../../core/packet';
import type { PacketTable } from '../../records';

export interface SequenceData {
  /** Segments in the order of sending. */
  readonly segments: readonly {
    readonly row: number;
    readonly atNs: number;
    readonly from: number;
    readonly to: number;
    readonly isAgain: boolean;
    readonly isDropped: boolean;
  }[];
  /** Acknowledgments in the order in which they came to the sender, with the right edge of the window that they offered. */
  readonly acks: readonly {
    readonly row: number;
    readonly atNs: number;
    readonly ack: number;
    readonly windowEdge: number;
  }[];
  readonly sacks: readonly {
    readonly row: number;
    readonly atNs: number;
    readonly from: number;
    readonly to: number;
  }[];
}

/** Which side of a connection has more to say: 0 the end that sent first. */
export function busierSide(table: PacketTable, connection: number): 0 | 1 {
  const [first, second] = table.connections[connection]!.ends;
  return second.reach > first.reach ? 1 : 0;
}

export function sequenceData(table: PacketTable, connection: number, side: 0 | 1): SequenceData {
  const segments: SequenceData['segments'][number][] = [];
  const acks: SequenceData['acks'][number][] = [];
  const sacks: SequenceData['sacks'][number][] = [];
  const { firstRow, protocol } = table.connections[connection]!;
  if (protocol !== Protocol.tcp) return { segments, acks, sacks };
  for (let row: number | undefined = firstRow; row !== undefined; row = table.nextOf(row)) {
    const isSent = table.isBack(row) === (side === 1);
    if (isSent) {
      const length = table.sequenceLength(row);
      if (length === 0) continue;
      const from = table.sequence(row);
      const reason = packetRow.reason(table.rows, table.base(row)) as SendReason;
      segments.push({
        row,
        atNs: table.at(row),
        from,
        to: from + length,
        isAgain: isRetransmission(reason),
        isDropped: table.fate(row) === 'dropped',
      });
      continue;
    }
    const ack = table.acknowledged(row);
    if (ack === undefined || table.fate(row) !== 'delivered') continue;
    const atNs = table.log.ats[table.lastRecord(row) - 1]!;
    acks.push({ row, atNs, ack, windowEdge: ack + table.windowBytes(row) });
    for (const { left, right } of table.sackBlocks(row)) sacks.push({ row, atNs, from: left, to: right });
  }
  // Some come out of order, and lines are drawn from left to right.
  acks.sort((a, b) => a.atNs - b.atNs);
  return { segments, acks, sacks };
}
