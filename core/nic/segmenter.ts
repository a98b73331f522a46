// How a NIC cuts a burst into segments (kernel.md §9.2). It only cuts: window, retransmission and congestion control are the
// host's.

import { invariant, seqAdd } from '../base';
import { Flag, type Packet, type PacketPool, sealTcp } from '../packet';

/** What the IP identifications of a burst's segments are. */
export type IpIdMode = 'increment' | 'fixed';

/** Segments that a burst becomes; 1 for a packet that is none. */
export function segmentsOf(packet: Packet): number {
  return packet.segmentBytes === 0 ? 1 : Math.ceil(packet.payloadBytes / packet.segmentBytes);
}

/**
 * Cuts the segment with number `index` off a burst.
 * @returns a packet of its own, which the caller owns; the burst stays as it is
 */
export function cutSegment(burst: Packet, index: number, pool: PacketPool, ipIds: IpIdMode): Packet {
  const { segmentBytes, payloadBytes, flags } = burst;
  const offset = index * segmentBytes;
  const isLast = offset + segmentBytes >= payloadBytes;
  invariant(
    segmentBytes > 0 && offset < payloadBytes && (flags & (Flag.syn | Flag.rst | Flag.urg)) === 0,
    'K13.11 a NIC is asked to cut what no NIC cuts',
  );
  const segment = pool.copy(burst);
  segment.segmentBytes = 0;
  segment.seq = seqAdd(burst.seq, offset);
  segment.payloadBytes = Math.min(segmentBytes, payloadBytes - offset);
  if (!isLast) segment.flags &= ~(Flag.fin | Flag.psh);
  if (index > 0) segment.flags &= ~Flag.cwr;
  if (ipIds === 'increment') segment.ipId = (burst.ipId + index) & 0xffff;
  sealTcp(segment);
  return segment;
}
