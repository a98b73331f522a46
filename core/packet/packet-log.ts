// What the headers of packets said when they left their hosts, for tables and diagrams (workbench.md, Packets): a row of 16
// 32-bit numbers a packet (64 bytes) beside the cause log, and the edges of its SACK blocks in a list of their own.
// Exists only while somebody wants packets; whoever records a packet's cause asks for it there, so that a run without
// causes has no branch more than before.

import { NO_CAUSE, type Nanos } from '../base';
import { Flag, type Packet } from './packet';

/** Numbers in a row. */
export const PACKET_ROW_WIDTH = 16;

/** Places of a row's numbers. Several small fields share one, lowest bits first. */
const At = {
  cause: 0,
  atLow: 1,
  atHigh: 2,
  src: 3,
  dst: 4,
  /** Source port, destination port: 16 bits each. */
  ports: 5,
  seq: 6,
  ack: 7,
  /** Flags, protocol, options: 8 bits each; ECN: 2; SACK blocks: 3. */
  kinds: 8,
  /** Window as on the wire: 16 bits; window scale and reason: 8 each. */
  window: 9,
  payload: 10,
  ip: 11,
  flow: 12,
  tsVal: 13,
  tsEcr: 14,
  /** MSS option (with SYN) or urgent pointer (with URG), IP identification: 16 bits each. */
  mss: 15,
} as const;

const HIGH = 2 ** 32;
const CHUNK_ROWS = 1 << 12;
const EDGES_AT_FIRST = 1 << 10;

/** Rows of packets, oldest first, until `limit`; those that were taken away are forgotten here. */
export class PacketLog {
  private chunks: Int32Array[] = [];
  private edges = new Int32Array(EDGES_AT_FIRST);
  private edgeCount = 0;
  private count = 0;
  private inLast = CHUNK_ROWS;
  /** Packets that did not fit under the limit, or under that of the cause log. */
  lost = 0;

  constructor(readonly limit: number) {}

  /** Packets recorded so far. */
  get size(): number {
    return this.count;
  }

  /** Writes down what `packet` says now; `packet.cause` is the record that made it. The caller keeps the packet. */
  add(packet: Packet, at: Nanos): void {
    if (this.count >= this.limit || packet.cause === NO_CAUSE) {
      this.lost += 1;
      return;
    }
    if (this.inLast === CHUNK_ROWS) {
      this.chunks.push(new Int32Array(CHUNK_ROWS * PACKET_ROW_WIDTH));
      this.inLast = 0;
    }
    fill(this.chunks[this.chunks.length - 1]!, this.inLast * PACKET_ROW_WIDTH, packet, at);
    this.inLast += 1;
    this.count += 1;
    if (packet.sackCount > 0) this.addEdges(packet);
  }

  private addEdges({ sackEdges, sackCount }: Packet): void {
    if (this.edgeCount + 2 * sackCount > this.edges.length) {
      const more = new Int32Array(2 * this.edges.length);
      more.set(this.edges);
      this.edges = more;
    }
    this.edges.set(sackEdges.subarray(0, 2 * sackCount), this.edgeCount);
    this.edgeCount += 2 * sackCount;
  }

  /** All rows and SACK edges since the last time. */
  take(): { rows: Int32Array; edges: Int32Array } {
    const { chunks } = this;
    const whole = chunks.length === 0 ? 0 : (chunks.length - 1) * CHUNK_ROWS + this.inLast;
    const rows = new Int32Array(whole * PACKET_ROW_WIDTH);
    chunks.forEach((chunk, index) => {
      const isLast = index === chunks.length - 1;
      const part = isLast ? chunk.subarray(0, this.inLast * PACKET_ROW_WIDTH) : chunk;
      rows.set(part, index * CHUNK_ROWS * PACKET_ROW_WIDTH);
    });
    const edges = this.edges.slice(0, this.edgeCount);
    this.edgeCount = 0;
    // The chunk that is being filled is used again.
    this.chunks = chunks.length === 0 ? [] : [chunks[chunks.length - 1]!];
    this.inLast = chunks.length === 0 ? CHUNK_ROWS : 0;
    return { rows, edges };
  }
}

function fill(rows: Int32Array, base: number, packet: Packet, at: Nanos): void {
  rows[base + At.cause] = packet.cause;
  rows[base + At.atLow] = at | 0;
  rows[base + At.atHigh] = Math.floor(at / HIGH);
  rows[base + At.src] = packet.src;
  rows[base + At.dst] = packet.dst;
  rows[base + At.ports] = packet.srcPort | (packet.dstPort << 16);
  rows[base + At.seq] = packet.seq as unknown as number;
  rows[base + At.ack] = packet.ack as unknown as number;
  rows[base + At.kinds] =
    packet.flags | (packet.protocol << 8) | (packet.options << 16) | (packet.ecn << 24) | (packet.sackCount << 26);
  rows[base + At.window] = packet.window | (packet.windowScale << 16) | (packet.reason << 24);
  rows[base + At.payload] = packet.payloadBytes;
  rows[base + At.ip] = packet.ipBytes;
  rows[base + At.flow] = packet.flow;
  rows[base + At.tsVal] = packet.tsVal as unknown as number;
  rows[base + At.tsEcr] = packet.tsEcr as unknown as number;
  const isUrgent = (packet.flags & Flag.urg) !== 0;
  rows[base + At.mss] = (isUrgent ? packet.urgentPointer : packet.mss) | (packet.ipId << 16);
}

/** Reads rows, wherever they lie. All take the row's first place: `PACKET_ROW_WIDTH` times its number. */
export const packetRow = {
  cause: (rows: Int32Array, base: number): number => rows[base + At.cause]!,
  /** When it left its host, ns. */
  at: (rows: Int32Array, base: number): number => rows[base + At.atHigh]! * HIGH + (rows[base + At.atLow]! >>> 0),
  src: (rows: Int32Array, base: number): number => rows[base + At.src]!,
  dst: (rows: Int32Array, base: number): number => rows[base + At.dst]!,
  srcPort: (rows: Int32Array, base: number): number => rows[base + At.ports]! & 0xffff,
  dstPort: (rows: Int32Array, base: number): number => rows[base + At.ports]! >>> 16,
  /** Sequence numbers as signed 32-bit numbers: differences modulo 2^32 are `(a - b) | 0`. */
  seq: (rows: Int32Array, base: number): number => rows[base + At.seq]!,
  ack: (rows: Int32Array, base: number): number => rows[base + At.ack]!,
  flags: (rows: Int32Array, base: number): number => rows[base + At.kinds]! & 0xff,
  protocol: (rows: Int32Array, base: number): number => (rows[base + At.kinds]! >> 8) & 0xff,
  options: (rows: Int32Array, base: number): number => (rows[base + At.kinds]! >> 16) & 0xff,
  ecn: (rows: Int32Array, base: number): number => (rows[base + At.kinds]! >> 24) & 0x3,
  sackCount: (rows: Int32Array, base: number): number => (rows[base + At.kinds]! >> 26) & 0x7,
  window: (rows: Int32Array, base: number): number => rows[base + At.window]! & 0xffff,
  windowScale: (rows: Int32Array, base: number): number => (rows[base + At.window]! >> 16) & 0xff,
  reason: (rows: Int32Array, base: number): number => rows[base + At.window]! >>> 24,
  payloadBytes: (rows: Int32Array, base: number): number => rows[base + At.payload]!,
  ipBytes: (rows: Int32Array, base: number): number => rows[base + At.ip]!,
  flow: (rows: Int32Array, base: number): number => rows[base + At.flow]!,
  tsVal: (rows: Int32Array, base: number): number => rows[base + At.tsVal]! >>> 0,
  tsEcr: (rows: Int32Array, base: number): number => rows[base + At.tsEcr]! >>> 0,
  mss: (rows: Int32Array, base: number): number => rows[base + At.mss]! & 0xffff,
  /** With URG: from the first sequence number to the octet behind the urgent data. */
  urgentPointer: (rows: Int32Array, base: number): number => rows[base + At.mss]! & 0xffff,
  ipId: (rows: Int32Array, base: number): number => rows[base + At.mss]! >>> 16,
} as const;
