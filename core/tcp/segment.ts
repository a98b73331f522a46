// How a segment of a connection is filled: whose it is, its timestamps, and its acknowledging half.

import { type Nanos, tsVal } from '../base';
import { Flag, Option, optionBytes, type Packet, Protocol } from '../packet';
import { TcpTimer } from './sink';
import type { Tcb } from './tcb';
import { advertise } from './window';

/** The present value of our timestamp clock. */
export function timestamp(tcb: Tcb, now: Nanos): ReturnType<typeof tsVal> {
  return tsVal(Math.floor(now / tcb.options.timestampTickNs) + tcb.tsOffset);
}

export function address(tcb: Tcb, packet: Packet): void {
  const { ends } = tcb;
  packet.protocol = Protocol.tcp;
  packet.src = ends.local;
  packet.dst = ends.remote;
  packet.srcPort = ends.localPort;
  packet.dstPort = ends.remotePort;
  packet.flow = ends.flow;
}

export function startSegment(tcb: Tcb, now: Nanos): Packet {
  const packet = tcb.sink.takePacket();
  address(tcb, packet);
  if (tcb.timestamps) {
    packet.options = Option.timestamps;
    packet.tsVal = timestamp(tcb, now);
    packet.tsEcr = tcb.tsRecent;
  }
  return packet;
}

/** Blocks that fit into the 40 bytes of options, and on a narrow path into a segment with some data. */
export function sackRoom(tcb: Tcb): number {
  const most = tcb.timestamps ? 3 : 4;
  return tcb.smss > optionBytes(Option.sack, most) ? most : Math.max(0, Math.floor((tcb.smss - 5) / 8));
}

/** Fills the acknowledging half of a segment; whatever ACK was pending is sent with it. */
export function acknowledge(tcb: Tcb, packet: Packet): void {
  packet.ack = tcb.rcvNxt;
  packet.window = advertise(tcb);
  if (tcb.ecnEchoing) packet.flags |= Flag.ece;
  if (tcb.sack && tcb.reassembly.hasBlocks) {
    packet.options |= Option.sack;
    tcb.reassembly.writeBlocks(packet, sackRoom(tcb));
    if (packet.sackCount === 0) packet.options &= ~Option.sack;
  }
  tcb.lastAckSent = tcb.rcvNxt;
  tcb.ackPendingBytes = 0;
  tcb.ackPendingSegments = 0;
  tcb.ackNow = false;
  tcb.readSinceSent = false;
  if (tcb.delayedAckArmed) {
    tcb.delayedAckArmed = false;
    tcb.sink.disarm(TcpTimer.delayedAck);
  }
}
