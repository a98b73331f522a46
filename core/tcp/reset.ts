// The answer to a segment that belongs to no connection (RFC 9293 §3.10.7.1).

import { seqAdd, seqNum } from '../base';
import { Flag, type Packet, Protocol, sealTcp, segmentLength } from '../packet';

/** Fills `out` with the RST that answers `packet`; not for segments that are resets themselves. */
export function resetFor(packet: Packet, out: Packet): void {
  out.protocol = Protocol.tcp;
  out.src = packet.dst;
  out.dst = packet.src;
  out.srcPort = packet.dstPort;
  out.dstPort = packet.srcPort;
  out.flow = packet.flow;
  out.payloadBytes = 0;
  out.window = 0;
  if ((packet.flags & Flag.ack) !== 0) {
    out.seq = packet.ack;
    out.ack = seqNum(0);
    out.flags = Flag.rst;
  } else {
    out.seq = seqNum(0);
    out.ack = seqAdd(packet.seq, segmentLength(packet));
    out.flags = Flag.rst | Flag.ack;
  }
  sealTcp(out);
}
