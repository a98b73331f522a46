// A packet record as the bytes of an IPv4 datagram, and back. Not on any hot path: captures, and later live links.
// Headers: RFC 791, RFC 9293 §3.1, RFC 768, RFC 792; options in the order common stacks write them, so that the length is
// what `optionBytes` says. Payload bytes are a fixed function of their sequence number: a byte of a stream is
// the same whenever it is sent, and Wireshark sees retransmissions as such.

import { type SeqNum, seqNum, seqToU32, tsToU32, tsVal } from '../base';
import { formatIpv4 } from './addresses';
import { checksumAdd, checksumFinish } from './checksum';
import { makeWhole, mayFragment } from './fragments';
import { ICMP_HEADER_BYTES, ICMP_QUOTED_BYTES } from './icmp';
import {
  type Ecn,
  Flag,
  IPV4_HEADER_BYTES,
  Option,
  optionBytes,
  Packet,
  Protocol,
  SACK_BLOCKS_MAX,
  TCP_HEADER_BYTES,
  UDP_HEADER_BYTES,
} from './packet';

const Kind = { end: 0, nop: 1, mss: 2, windowScale: 3, sackPermitted: 4, sack: 5, timestamps: 8 } as const;
const DONT_FRAGMENT = 0x4000;
const MORE_FRAGMENTS = 0x2000;
const PAYLOAD_STEP = 0x9e3779b1;

/** The byte of a stream at this sequence number: a small letter, so that no analyser takes it for a protocol. */
export function payloadByte(seqU32: number): number {
  return 0x61 + ((Math.imul(seqU32, PAYLOAD_STEP) >>> 24) % 26);
}

/**
 * Encodes a packet between two IPv4 addresses; `packet.ipBytes` bytes, checksums included.
 * @param quotedDstIpv4 of an ICMP error: where the packet that it quotes was going
 */
export function encodePacket(
  packet: Packet,
  srcIpv4: number,
  dstIpv4: number,
  quotedDstIpv4: number = srcIpv4,
): Uint8Array {
  const bytes = new Uint8Array(packet.ipBytes);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x45);
  view.setUint8(1, packet.ecn);
  view.setUint16(2, packet.ipBytes);
  view.setUint16(4, packet.ipId);
  view.setUint16(6, fragmentField(packet));
  view.setUint8(8, packet.ttl);
  view.setUint8(9, packet.protocol);
  view.setUint32(12, srcIpv4);
  view.setUint32(16, dstIpv4);
  view.setUint16(10, checksumFinish(checksumAdd(bytes, 0, IPV4_HEADER_BYTES)));
  if (packet.icmp !== undefined) writeIcmp(bytes, packet, encodePacket(packet.icmp.quoted, dstIpv4, quotedDstIpv4));
  else if (packet.fragment !== undefined) bytes.set(pieceOf(packet, srcIpv4, dstIpv4), IPV4_HEADER_BYTES);
  else writeTransport(bytes, packet);
  return bytes;
}

/** The IPv4 header's flags and offset. */
function fragmentField(packet: Packet): number {
  const { fragment } = packet;
  if (fragment === undefined) return mayFragment(packet) ? 0 : DONT_FRAGMENT;
  return (fragment.more ? MORE_FRAGMENTS : 0) | (fragment.offsetBytes / 8);
}

/** A piece's share of the datagram's bytes, whose checksum covers all of them. */
function pieceOf(packet: Packet, srcIpv4: number, dstIpv4: number): Uint8Array {
  const from = IPV4_HEADER_BYTES + packet.fragment!.offsetBytes;
  const whole = Object.assign(new Packet(), packet);
  makeWhole(whole);
  return encodePacket(whole, srcIpv4, dstIpv4).subarray(from, from + packet.ipBytes - IPV4_HEADER_BYTES);
}

function writeIcmp(bytes: Uint8Array, { icmp }: Packet, quoted: Uint8Array): void {
  const view = new DataView(bytes.buffer);
  const at = IPV4_HEADER_BYTES;
  view.setUint8(at, icmp!.type);
  view.setUint8(at + 1, icmp!.code);
  view.setUint16(at + 6, icmp!.mtuBytes);
  bytes.set(quoted.subarray(0, ICMP_QUOTED_BYTES), at + ICMP_HEADER_BYTES);
  view.setUint16(at + 2, checksumFinish(checksumAdd(bytes, at, bytes.length)));
}

/** Transport header, payload and checksum. */
function writeTransport(bytes: Uint8Array, packet: Packet): void {
  const view = new DataView(bytes.buffer);
  const payloadAt = packet.protocol === Protocol.tcp ? writeTcp(view, packet) : writeUdp(view, packet);
  const first = seqToU32(packet.seq);
  for (let i = 0; i < packet.payloadBytes; i += 1) bytes[payloadAt + i] = payloadByte((first + i) >>> 0);
  const checksumAt = IPV4_HEADER_BYTES + (packet.protocol === Protocol.tcp ? 16 : 6);
  view.setUint16(checksumAt, transportChecksum(bytes, packet.protocol));
}

/** Checksum of the transport header and payload with the pseudo-header; its own field must be zero. */
function transportChecksum(bytes: Uint8Array, protocol: number): number {
  const length = bytes.length - IPV4_HEADER_BYTES;
  const sum = checksumAdd(bytes, IPV4_HEADER_BYTES, bytes.length, checksumAdd(bytes, 12, 20) + protocol + length);
  const checksum = checksumFinish(sum);
  // A UDP checksum of zero would mean that there is none (RFC 768).
  return protocol === Protocol.udp && checksum === 0 ? 0xffff : checksum;
}

function writeUdp(view: DataView, packet: Packet): number {
  const at = IPV4_HEADER_BYTES;
  view.setUint16(at, packet.srcPort);
  view.setUint16(at + 2, packet.dstPort);
  view.setUint16(at + 4, UDP_HEADER_BYTES + packet.payloadBytes);
  return at + UDP_HEADER_BYTES;
}

function writeTcp(view: DataView, packet: Packet): number {
  const at = IPV4_HEADER_BYTES;
  const headerBytes = TCP_HEADER_BYTES + optionBytes(packet.options, packet.sackCount);
  view.setUint16(at, packet.srcPort);
  view.setUint16(at + 2, packet.dstPort);
  view.setUint32(at + 4, seqToU32(packet.seq));
  view.setUint32(at + 8, (packet.flags & Flag.ack) === 0 ? 0 : seqToU32(packet.ack));
  view.setUint8(at + 12, (headerBytes / 4) << 4);
  view.setUint8(at + 13, packet.flags);
  view.setUint16(at + 14, packet.window);
  if ((packet.flags & Flag.urg) !== 0) view.setUint16(at + 18, packet.urgentPointer);
  writeOptions(view, at + TCP_HEADER_BYTES, packet);
  return at + headerBytes;
}

function writeOptions(view: DataView, from: number, packet: Packet): void {
  let at = from;
  const put = (...values: number[]): void => {
    for (const value of values) {
      view.setUint8(at, value);
      at += 1;
    }
  };
  const put32 = (value: number): void => {
    view.setUint32(at, value);
    at += 4;
  };
  const has = (option: number): boolean => (packet.options & option) !== 0;
  if (has(Option.mss)) put(Kind.mss, 4, packet.mss >> 8, packet.mss & 0xff);
  if (has(Option.sackPermitted)) put(Kind.sackPermitted, 2);
  else if (has(Option.timestamps)) put(Kind.nop, Kind.nop);
  if (has(Option.timestamps)) {
    put(Kind.timestamps, 10);
    put32(tsToU32(packet.tsVal));
    put32(tsToU32(packet.tsEcr));
  } else if (has(Option.sackPermitted)) put(Kind.nop, Kind.nop);
  if (has(Option.windowScale)) put(Kind.nop, Kind.windowScale, 3, packet.windowScale);
  if (!has(Option.sack)) return;
  put(Kind.nop, Kind.nop, Kind.sack, 2 + 8 * packet.sackCount);
  for (let i = 0; i < packet.sackCount; i += 1) {
    put32(seqToU32(packet.sackLeft(i)));
    put32(seqToU32(packet.sackRight(i)));
  }
}

/** What `decodePacket` found beside the packet itself. */
export interface Decoded {
  /** Addresses as text. */
  readonly src: string;
  readonly dst: string;
  /** Payload bytes that are there; a capture may have cut the rest off. */
  readonly payloadPresent: number;
  /** Checksums of a whole IPv4 datagram are right; false also when that cannot be told. */
  readonly checksumOk: boolean;
}

const IPV6_HEADER_BYTES = 40;

/**
 * Decodes an IPv4 or IPv6 datagram with TCP or UDP into `packet`.
 * @returns the addresses, or a sentence that says why it is not one. Never throws, whatever the bytes are.
 */
export function decodePacket(bytes: Uint8Array, packet: Packet): Decoded | string {
  if (bytes.length < IPV4_HEADER_BYTES) return 'shorter than an IP header';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint8(0) >> 4;
  if (version !== 4 && version !== 6) return 'neither IPv4 nor IPv6';
  const header = version === 4 ? readIpv4(view, packet) : readIpv6(view, packet);
  if (typeof header === 'string') return header;
  const { headerBytes, protocol, src, dst } = header;
  const total = packet.ipBytes;
  if (protocol !== Protocol.tcp && protocol !== Protocol.udp) return 'neither TCP nor UDP';
  packet.protocol = protocol;
  const failed =
    protocol === Protocol.tcp ? readTcp(view, headerBytes, total, packet) : readUdp(view, headerBytes, total, packet);
  if (failed !== undefined) return failed;
  const payloadPresent = Math.max(0, Math.min(bytes.length, total) - (total - packet.payloadBytes));
  const whole = version === 4 && bytes.length >= total && headerBytes === IPV4_HEADER_BYTES;
  return { src, dst, payloadPresent, checksumOk: whole && checksumHolds(bytes.subarray(0, total), protocol) };
}

interface IpHeader {
  readonly headerBytes: number;
  readonly protocol: number;
  readonly src: string;
  readonly dst: string;
}

function readIpv4(view: DataView, packet: Packet): IpHeader | string {
  const headerBytes = (view.getUint8(0) & 0x0f) * 4;
  // Segmentation offload leaves the length at zero in captures of one's own traffic.
  const total = view.getUint16(2) === 0 ? view.byteLength : view.getUint16(2);
  if (headerBytes < IPV4_HEADER_BYTES || total < headerBytes || view.byteLength < headerBytes)
    return 'broken IPv4 header';
  if ((view.getUint16(6) & 0x3fff) !== 0) return 'a fragment';
  packet.ipBytes = total;
  packet.ecn = (view.getUint8(1) & 3) as Ecn;
  packet.ipId = view.getUint16(4);
  packet.ttl = view.getUint8(8);
  const protocol = view.getUint8(9);
  return { headerBytes, protocol, src: formatIpv4(view.getUint32(12)), dst: formatIpv4(view.getUint32(16)) };
}

/** Extension headers are not followed: TCP and UDP with them are rare, and said to be left out. */
function readIpv6(view: DataView, packet: Packet): IpHeader | string {
  if (view.byteLength < IPV6_HEADER_BYTES) return 'shorter than an IPv6 header';
  const payload = view.getUint16(4);
  packet.ipBytes = payload === 0 ? view.byteLength : IPV6_HEADER_BYTES + payload;
  packet.ecn = ((view.getUint8(1) >> 4) & 3) as Ecn;
  packet.ipId = 0;
  packet.ttl = view.getUint8(7);
  const address = (at: number): string =>
    Array.from({ length: 8 }, (_, i) => view.getUint16(at + 2 * i).toString(16)).join(':');
  return { headerBytes: IPV6_HEADER_BYTES, protocol: view.getUint8(6), src: address(8), dst: address(24) };
}

/** Whether header and transport checksums of a whole datagram without IP options are right. */
function checksumHolds(bytes: Uint8Array, protocol: number): boolean {
  if (checksumFinish(checksumAdd(bytes, 0, IPV4_HEADER_BYTES)) !== 0) return false;
  const length = bytes.length - IPV4_HEADER_BYTES;
  const pseudo = checksumAdd(bytes, 12, 20) + protocol + length;
  return checksumFinish(checksumAdd(bytes, IPV4_HEADER_BYTES, bytes.length, pseudo)) === 0;
}

function readUdp(view: DataView, at: number, total: number, packet: Packet): string | undefined {
  if (view.byteLength < at + UDP_HEADER_BYTES || total < at + UDP_HEADER_BYTES) return 'shorter than a UDP header';
  packet.srcPort = view.getUint16(at);
  packet.dstPort = view.getUint16(at + 2);
  packet.payloadBytes = total - at - UDP_HEADER_BYTES;
  packet.flags = 0;
  packet.window = 0;
  packet.options = 0;
  packet.sackCount = 0;
  packet.seq = seqNum(0);
  packet.ack = seqNum(0);
  return undefined;
}

function readTcp(view: DataView, at: number, total: number, packet: Packet): string | undefined {
  if (view.byteLength < at + TCP_HEADER_BYTES || total < at + TCP_HEADER_BYTES) return 'shorter than a TCP header';
  const headerBytes = (view.getUint8(at + 12) >> 4) * 4;
  if (headerBytes < TCP_HEADER_BYTES || at + headerBytes > total || at + headerBytes > view.byteLength) {
    return 'broken TCP header';
  }
  packet.srcPort = view.getUint16(at);
  packet.dstPort = view.getUint16(at + 2);
  packet.seq = seqNum(view.getUint32(at + 4));
  packet.ack = seqNum(view.getUint32(at + 8));
  packet.flags = view.getUint8(at + 13);
  packet.window = view.getUint16(at + 14);
  packet.urgentPointer = view.getUint16(at + 18);
  packet.payloadBytes = total - at - headerBytes;
  packet.options = 0;
  packet.sackCount = 0;
  readOptions(view, at + TCP_HEADER_BYTES, at + headerBytes, packet);
  return undefined;
}

/** Reads the options it knows; a broken list ends where it breaks, as in real stacks. */
function readOptions(view: DataView, from: number, to: number, packet: Packet): void {
  let at = from;
  while (at < to) {
    const kind = view.getUint8(at);
    if (kind === Kind.end) return;
    if (kind === Kind.nop) {
      at += 1;
      continue;
    }
    const length = at + 1 < to ? view.getUint8(at + 1) : 0;
    if (length < 2 || at + length > to) return;
    readOption(view, at, kind, length, packet);
    at += length;
  }
}

function readOption(view: DataView, at: number, kind: number, length: number, packet: Packet): void {
  if (kind === Kind.mss && length === 4) {
    packet.options |= Option.mss;
    packet.mss = view.getUint16(at + 2);
  } else if (kind === Kind.windowScale && length === 3) {
    packet.options |= Option.windowScale;
    packet.windowScale = view.getUint8(at + 2);
  } else if (kind === Kind.sackPermitted && length === 2) {
    packet.options |= Option.sackPermitted;
  } else if (kind === Kind.timestamps && length === 10) {
    packet.options |= Option.timestamps;
    packet.tsVal = tsVal(view.getUint32(at + 2));
    packet.tsEcr = tsVal(view.getUint32(at + 6));
  } else if (kind === Kind.sack && (length - 2) % 8 === 0) {
    packet.options |= Option.sack;
    packet.sackCount = Math.min(SACK_BLOCKS_MAX, (length - 2) / 8);
    for (let i = 0; i < packet.sackCount; i += 1) {
      packet.setSackBlock(i, edge(view, at + 2 + 8 * i), edge(view, at + 6 + 8 * i));
    }
  }
}

function edge(view: DataView, at: number): SeqNum {
  return seqNum(view.getUint32(at));
}
