// Segments that carry nothing of the stream: ACKs, probes, SYNs and resets.

import { type Nanos, type SeqNum, seqAdd, seqLeq, seqLt, tsVal } from '../base';
import { Flag, Option, type Packet, sealTcp, SendReason } from '../packet';
import { resetFor } from './reset';
import { armRetransmit } from './retransmit-timer';
import { acknowledge, address, startSegment, timestamp } from './segment';
import { canSendData, sendData } from './send-data';
import { offeredScale, type Tcb, TcpState, UNSCALED_WINDOW_MAX } from './tcb';
import { reachesMark, stampUrgent } from './urgent';

/** Sends a segment without data: an ACK, a duplicate ACK, a window update, a challenge. */
export function sendAck(tcb: Tcb, reason: SendReason, now: Nanos): void {
  if (tcb.dialect.repeatsFin && reason !== SendReason.challenge && isFinOut(tcb)) {
    sendData(tcb, tcb.sndEnd, 0, SendReason.fin, now);
  } else {
    sendProbe(tcb, tcb.sndMax, reason, now);
  }
}

/** Whether our FIN was sent and not acknowledged, and all data before it was sent for the last time. */
function isFinOut(tcb: Tcb): boolean {
  return tcb.finQueued && tcb.sndNxt === tcb.sndMax && seqLt(tcb.sndEnd, tcb.sndMax) && seqLeq(tcb.sndUna, tcb.sndEnd);
}

/** Sends a segment without data at `seq`, which the peer must answer if it is not what it expects. */
export function sendProbe(tcb: Tcb, seq: SeqNum, reason: SendReason, now: Nanos): void {
  const packet = startSegment(tcb, now);
  packet.seq = seq;
  packet.payloadBytes = 0;
  packet.flags = Flag.ack;
  acknowledge(tcb, packet);
  if (tcb.sendsUrgent) stampUrgent(tcb, packet);
  sealTcp(packet);
  tcb.segmentsSent += 1;
  tcb.sink.emit(packet, reason);
}

/** Urgent data were written: if no segment that left could say so, an empty one does, however closed the window is (as the BSDs). */
export function announceUrgent(tcb: Tcb, segmentsBefore: number, now: Nanos): void {
  if (tcb.segmentsSent !== segmentsBefore || !canSendData(tcb) || !reachesMark(tcb, tcb.sndMax)) return;
  sendProbe(tcb, tcb.sndMax, SendReason.urgent, now);
}

/** Sends SYN, or SYN and ACK when the peer's SYN has come. */
export function sendSyn(tcb: Tcb, now: Nanos): void {
  const answering = tcb.state === TcpState.synReceived;
  const offersAgain = answering && tcb.dialect.offersAgain && tcb.openedActively;
  const packet = tcb.sink.takePacket();
  address(tcb, packet);
  packet.seq = tcb.iss;
  packet.payloadBytes = 0;
  packet.flags = answering ? Flag.syn | Flag.ack : Flag.syn;
  if (answering ? tcb.ecn : tcb.options.ecn === true && tcb.synRetransmits <= tcb.options.ecnSynRetries) {
    packet.flags |= answering ? Flag.ece : Flag.ece | Flag.cwr;
  }
  packet.ack = answering ? tcb.rcvNxt : (0 as unknown as SeqNum);
  packet.options = Option.mss;
  packet.mss = tcb.options.mss;
  if (answering && !offersAgain ? tcb.scalingAgreed : tcb.options.windowScaling) {
    packet.options |= Option.windowScale;
    packet.windowScale = offeredScale(tcb);
  }
  if (answering ? tcb.sack : tcb.options.sack) packet.options |= Option.sackPermitted;
  if (answering && !offersAgain ? tcb.timestamps : tcb.options.timestamps) {
    packet.options |= Option.timestamps;
    packet.tsVal = timestamp(tcb, now);
    packet.tsEcr = answering ? tcb.tsRecent : tsVal(0);
  }
  // The window of a SYN is never scaled (RFC 7323 §2.2).
  packet.window = Math.min(UNSCALED_WINDOW_MAX, tcb.rcvBufferBytes);
  if (answering) {
    tcb.rcvAdv = seqAdd(tcb.rcvNxt, packet.window);
    tcb.lastAckSent = tcb.rcvNxt;
  }
  sealTcp(packet);
  tcb.segmentsSent += 1;
  tcb.sndNxt = seqAdd(tcb.iss, 1);
  tcb.sndMax = tcb.sndNxt;
  tcb.lastSentAt = now;
  armRetransmit(tcb, now);
  tcb.sink.emit(packet, SendReason.syn);
}

/** Sends RST with this sequence number; the connection is over on our side. */
export function sendReset(tcb: Tcb, seq: SeqNum, now: Nanos): void {
  const packet = startSegment(tcb, now);
  packet.options = 0;
  packet.seq = seq;
  packet.payloadBytes = 0;
  packet.flags = Flag.rst | Flag.ack;
  packet.ack = tcb.rcvNxt;
  packet.window = 0;
  sealTcp(packet);
  tcb.segmentsSent += 1;
  tcb.sink.emit(packet, SendReason.reset);
}

/** Answers a segment that cannot be meant for this connection (RFC 9293 §3.10.7.1: <SEQ=SEG.ACK><CTL=RST>). */
export function answerWithReset(tcb: Tcb, packet: Packet): void {
  const reset = tcb.sink.takePacket();
  resetFor(packet, reset);
  reset.flow = tcb.ends.flow;
  tcb.segmentsSent += 1;
  tcb.sink.emit(reset, SendReason.reset);
}
