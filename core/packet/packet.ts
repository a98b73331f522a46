// What travels: one record for every IPv4 packet with TCP, UDP or an ICMP error in it, from the segment that a connection
// emits to the frame that a link carries. Headers are fields, not bytes; the wire codec (codec.ts) makes the
// bytes when somebody wants to see them. Payload bytes are not carried: a byte of a stream is identified by
// its sequence number, and `seq`/`payloadBytes` name a range of the stream.
//
// Records are pooled: a run allocates as many as are in flight at once and then none. One constructor sets
// every field, so all records have one shape. Times are initialised with a fraction so that the field holds a
// double from the start. Links chain records through `next`, so a queue of packets owns no memory.

import { type CauseId, type FlowId, NO_CAUSE, type NodeId, type SeqNum, seqNum, type TsVal, tsVal } from '../base';

/** Value of the IPv4 protocol field. */
export const Protocol = { icmp: 1, tcp: 6, udp: 17 } as const;
export type Protocol = (typeof Protocol)[keyof typeof Protocol];

/** TCP flag bits as on the wire (RFC 9293 §3.1; ECE and CWR of RFC 3168). */
export const Flag = { fin: 0x01, syn: 0x02, rst: 0x04, psh: 0x08, ack: 0x10, urg: 0x20, ece: 0x40, cwr: 0x80 } as const;

/** ECN codepoints of the IPv4 header (RFC 3168 §5). */
export const Ecn = { none: 0, ect1: 1, ect0: 2, ce: 3 } as const;
export type Ecn = (typeof Ecn)[keyof typeof Ecn];

/** Which TCP options a segment carries; bits of `options`. */
export const Option = { mss: 0x01, windowScale: 0x02, sackPermitted: 0x04, timestamps: 0x08, sack: 0x10 } as const;

/** Why a segment was sent: a closed list that summaries, tables and causes read (style.md §3.7). */
export const SendReason = {
  syn: 0,
  new: 1,
  ack: 2,
  dupack: 3,
  windowUpdate: 4,
  fin: 5,
  fast: 6,
  partial: 7,
  sack: 8,
  limited: 9,
  early: 10,
  timeout: 11,
  probe: 12,
  reset: 13,
  challenge: 14,
  datagram: 15,
  keepAlive: 16,
  mtu: 17,
  icmp: 18,
  urgent: 19,
} as const;
export type SendReason = (typeof SendReason)[keyof typeof SendReason];

/** Names of SendReason values, by value. */
export const SEND_REASON_NAMES = Object.keys(SendReason) as readonly (keyof typeof SendReason)[];

/** Whether a segment sent for this reason repeats data that was sent before. */
export function isRetransmission(reason: SendReason): boolean {
  switch (reason) {
    case SendReason.fast:
    case SendReason.partial:
    case SendReason.sack:
    case SendReason.early:
    case SendReason.timeout:
    case SendReason.mtu:
      return true;
    default:
      return false;
  }
}

/** Bytes of an IPv4 header without options, and of the two transport headers without options. */
export const IPV4_HEADER_BYTES = 20;
export const TCP_HEADER_BYTES = 20;
export const UDP_HEADER_BYTES = 8;

/** A piece of a datagram (RFC 791 §3.2). Its record keeps the ports, though only the first piece has them on the wire. */
export interface Fragment {
  /** Where in the datagram's data, behind the IP header, it lies; bytes, a multiple of 8. */
  readonly offsetBytes: number;
  /** Others follow. */
  readonly more: boolean;
  /** Transport header and payload of the whole datagram: what its first piece says, and its checksum covers. */
  readonly datagramBytes: number;
}

/** An ICMP error (icmp.ts). */
export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  /** Of the next hop, with "fragmentation needed" (RFC 1191 §4); else 0. */
  readonly mtuBytes: number;
  /** The packet that it is about; its record belongs to no pool. */
  readonly quoted: Packet;
}

const NO_EDGES = new Int32Array(0);
/** Most SACK blocks a segment can carry: 40 bytes of options, 2 + 8 n of them for n blocks (RFC 2018 §3). */
export const SACK_BLOCKS_MAX = 4;

export class Packet {
  // Network layer
  src: NodeId = 0 as NodeId;
  dst: NodeId = 0 as NodeId;
  /** One of Protocol, or of a protocol that somebody has registered. */
  protocol: number = Protocol.tcp;
  /** Length of the IPv4 packet: network and transport headers, options and payload. */
  ipBytes = 0;
  /** Identification field of the IPv4 header (RFC 6864 lets it be anything for atomic datagrams). */
  ipId = 0;
  ecn: Ecn = Ecn.none;
  /** Router hops left. */
  ttl = 64;

  // Transport layer
  srcPort = 0;
  dstPort = 0;
  seq: SeqNum = seqNum(0);
  ack: SeqNum = seqNum(0);
  flags = 0;
  /** Window field exactly as on the wire: 16 bits, not yet scaled. */
  window = 0;
  /** With URG: from `seq` to the octet behind the urgent data. */
  urgentPointer = 0;
  payloadBytes = 0;
  /** Not 0: a burst that the NIC cuts into segments of this payload (kernel.md §9); never on a wire. */
  segmentBytes = 0;
  /** Bits of Option. */
  options = 0;
  mss = 0;
  windowScale = 0;
  tsVal: TsVal = tsVal(0);
  tsEcr: TsVal = tsVal(0);
  sackCount = 0;
  /** Left and right edges of the SACK blocks, alternating, `2 * sackCount` of them valid. */
  sackEdges: Int32Array = NO_EDGES;

  // What few packets are
  fragment: Fragment | undefined = undefined;
  icmp: IcmpMessage | undefined = undefined;

  // For the lab, not on the wire
  /** Traffic flow this packet belongs to, -1 for none. */
  flow: FlowId = -1 as FlowId;
  reason: SendReason = SendReason.new;
  /** The record of the cause log that made this packet. */
  cause: CauseId = NO_CAUSE;
  /** Counts the lives of this record; a stale reference can be told by it. */
  generation = 0;

  // For whoever holds it: a link's queue, a host's memory
  next: Packet | undefined = undefined;
  /** What it lies in on a host whose memory is modelled; that host's business. */
  memory: object | undefined = undefined;
  /** Start of transmission on the present link. */
  startAt = -0.5;
  /** End of propagation on the present link. */
  arriveAt = -0.5;

  /** Sets SACK block `index`, making room on first use. Blocks are half open. */
  setSackBlock(index: number, left: SeqNum, right: SeqNum): void {
    if (this.sackEdges.length === 0) this.sackEdges = new Int32Array(2 * SACK_BLOCKS_MAX);
    this.sackEdges[2 * index] = left as unknown as number;
    this.sackEdges[2 * index + 1] = right as unknown as number;
  }

  sackLeft(index: number): SeqNum {
    return seqNum(this.sackEdges[2 * index]!);
  }

  sackRight(index: number): SeqNum {
    return seqNum(this.sackEdges[2 * index + 1]!);
  }
}

/** Bytes that these options take in a TCP header, padded as stacks do it (RFC 9293 §3.2, RFC 7323 app. A, RFC 2018 §3). */
export function optionBytes(options: number, sackCount: number): number {
  let bytes = 0;
  if ((options & Option.mss) !== 0) bytes += 4;
  if ((options & Option.windowScale) !== 0) bytes += 4;
  if ((options & Option.timestamps) !== 0) bytes += (options & Option.sackPermitted) !== 0 ? 10 : 12;
  if ((options & Option.sackPermitted) !== 0) bytes += (options & Option.timestamps) !== 0 ? 2 : 4;
  if ((options & Option.sack) !== 0) bytes += 4 + 8 * sackCount;
  return bytes;
}

/** Sets `ipBytes` of a TCP segment from its payload and options. */
export function sealTcp(packet: Packet): void {
  packet.ipBytes =
    IPV4_HEADER_BYTES + TCP_HEADER_BYTES + optionBytes(packet.options, packet.sackCount) + packet.payloadBytes;
}

/** Sequence space that a segment occupies: payload plus one each for SYN and FIN. */
export function segmentLength(packet: Packet): number {
  return packet.payloadBytes + ((packet.flags & Flag.syn) === 0 ? 0 : 1) + ((packet.flags & Flag.fin) === 0 ? 0 : 1);
}
