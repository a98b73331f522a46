// Fragments (RFC 791 §3.2): a datagram that is larger than the next link carries travels in pieces that have its identification and
// say where they belong. A piece may be cut again.

import { seqAdd } from '../base';
import { IPV4_HEADER_BYTES, type Packet, Protocol, UDP_HEADER_BYTES } from './packet';
import type { PacketPool } from './pool';

/** Offsets count in these units. */
const OFFSET_UNIT_BYTES = 8;

/** Whether routers may cut it: TCP says "don't fragment", for it finds the path MTU (RFC 1191 §3); others do not. */
export function mayFragment({ protocol }: Packet): boolean {
  return protocol !== Protocol.tcp;
}

/** Data of every piece but the last: what the MTU has room for, in whole units. */
export function fragmentDataBytes(mtuBytes: number): number {
  return Math.floor((mtuBytes - IPV4_HEADER_BYTES) / OFFSET_UNIT_BYTES) * OFFSET_UNIT_BYTES;
}

/**
 * Cuts a datagram, or a piece of one, into pieces of at most `mtuBytes`.
 * @param each gets the pieces in order and owns them; the datagram stays as it is
 */
export function cutFragments(packet: Packet, mtuBytes: number, pool: PacketPool, each: (piece: Packet) => void): void {
  const dataBytes = packet.ipBytes - IPV4_HEADER_BYTES;
  const { fragment } = packet;
  const baseBytes = fragment === undefined ? 0 : fragment.offsetBytes;
  const datagramBytes = fragment === undefined ? dataBytes : fragment.datagramBytes;
  const stepBytes = fragmentDataBytes(mtuBytes);
  for (let at = 0; at < dataBytes; at += stepBytes) {
    const bytes = Math.min(stepBytes, dataBytes - at);
    const isLast = at + bytes === dataBytes;
    const piece = pool.copy(packet);
    piece.fragment = {
      offsetBytes: baseBytes + at,
      more: !isLast || fragment?.more === true,
      datagramBytes,
    };
    piece.ipBytes = IPV4_HEADER_BYTES + bytes;
    piece.payloadBytes = bytes - headerBytesAt(baseBytes + at);
    piece.seq = seqAdd(packet.seq, at === 0 ? 0 : at - headerBytesAt(baseBytes));
    each(piece);
  }
}

/** Makes the record of a piece that of the whole datagram, once all of it has come. */
export function makeWhole(piece: Packet): void {
  const { fragment } = piece;
  if (fragment === undefined) return;
  const { offsetBytes, datagramBytes } = fragment;
  piece.seq = seqAdd(piece.seq, offsetBytes === 0 ? 0 : UDP_HEADER_BYTES - offsetBytes);
  piece.payloadBytes = datagramBytes - UDP_HEADER_BYTES;
  piece.ipBytes = IPV4_HEADER_BYTES + datagramBytes;
  piece.fragment = undefined;
}

/** Only the first piece has the transport header. */
function headerBytesAt(offsetBytes: number): number {
  return offsetBytes === 0 ? UDP_HEADER_BYTES : 0;
}
