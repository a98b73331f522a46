// Reassembly (RFC 791 §3.2, RFC 815, ip_reass): pieces of a datagram wait until all are there, at most half a minute (RFC 1122
// §3.3.2, IPFRAGTTL). One lost piece loses the datagram. Identifications come again after 65,536 packets: pieces of two datagrams
// may then meet, which only the checksum notices (RFC 4963).

import { type Nanos, type SeqNum, seqAdd } from '../base';
import { IPV4_HEADER_BYTES, makeWhole, type Packet, UDP_HEADER_BYTES } from '../packet';

/** 60 ticks of half a second. */
const WAIT_NS = 30e9;
const IDS = 65_536;

export interface FragmentCounters {
  received: number;
  /** Pieces that brought nothing new. */
  duplicates: number;
  /** Datagrams that became whole; that did not in time; and whose pieces were not all of one datagram. */
  reassembled: number;
  timedOut: number;
  mixed: number;
}

/** A datagram of which some pieces have come. */
interface Incomplete {
  readonly since: Nanos;
  /** Tells datagrams with one identification apart: where in its sender's stream, and between which ports. */
  readonly start: SeqNum;
  readonly ports: number;
  /** Bytes that are there: disjoint, ascending. */
  readonly ranges: { from: number; to: number }[];
  /** Known from the last piece; -1 before. */
  endBytes: number;
  isMixed: boolean;
}

export class FragmentQueue {
  readonly counters: FragmentCounters = { received: 0, duplicates: 0, reassembled: 0, timedOut: 0, mixed: 0 };
  /** By sender and identification, in the order of their first pieces. All pieces are for this host, and of UDP. */
  private readonly waiting = new Map<number, Incomplete>();

  /** Datagrams that wait for pieces. */
  get length(): number {
    return this.waiting.size;
  }

  /**
   * Takes note of a piece; the caller keeps the record.
   * @returns whether its datagram is whole now: then the record is that of the datagram
   */
  add(piece: Packet, now: Nanos): boolean {
    const { fragment } = piece;
    if (fragment === undefined) return true;
    this.expire(now);
    this.counters.received += 1;
    const key = piece.src * IDS + piece.ipId;
    const { offsetBytes, more } = fragment;
    const start = seqAdd(piece.seq, offsetBytes === 0 ? 0 : UDP_HEADER_BYTES - offsetBytes);
    const ports = piece.srcPort * IDS + piece.dstPort;
    let datagram = this.waiting.get(key);
    if (datagram === undefined) {
      datagram = { since: now, start, ports, ranges: [], endBytes: -1, isMixed: false };
      this.waiting.set(key, datagram);
    } else if (datagram.start !== start || datagram.ports !== ports) datagram.isMixed = true;
    const endBytes = offsetBytes + piece.ipBytes - IPV4_HEADER_BYTES;
    if (!more) datagram.endBytes = endBytes;
    if (!cover(datagram.ranges, offsetBytes, endBytes)) this.counters.duplicates += 1;
    const [only] = datagram.ranges;
    if (datagram.ranges.length > 1 || only!.from > 0 || only!.to !== datagram.endBytes) return false;
    this.waiting.delete(key);
    if (datagram.isMixed) {
      this.counters.mixed += 1;
      return false;
    }
    this.counters.reassembled += 1;
    makeWhole(piece);
    return true;
  }

  /** Forgets what has waited too long. Nobody sees when that happens, only that it has: so nothing has to wake up for it. */
  expire(now: Nanos): void {
    for (const [key, { since }] of this.waiting) {
      if (now - since < WAIT_NS) return;
      this.waiting.delete(key);
      this.counters.timedOut += 1;
    }
  }
}

/** Adds [from, to) to disjoint ascending ranges; whether any of it was missing. */
function cover(ranges: { from: number; to: number }[], from: number, to: number): boolean {
  const first = ranges.findIndex((range) => range.to >= from);
  if (first < 0) {
    ranges.push({ from, to });
    return true;
  }
  if (ranges[first]!.from <= from && to <= ranges[first]!.to) return false;
  let next = first;
  const merged = { from, to };
  while (next < ranges.length && ranges[next]!.from <= to) {
    merged.from = Math.min(merged.from, ranges[next]!.from);
    merged.to = Math.max(merged.to, ranges[next]!.to);
    next += 1;
  }
  ranges.splice(first, next - first, merged);
  return true;
}
