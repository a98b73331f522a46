// A segment of the stream leaves: how it is filled, and what is taken note of. Commit, then emit: sequence numbers, timers and
// counters change together, in `commit`, for every data segment.

import { type Nanos, type SeqNum, seqAdd, seqDiff, seqLeq, seqLt } from '../base';
import { Ecn, Flag, sealTcp, SendReason } from '../packet';
import { tellReduction } from './ecn';
import { armRetransmit } from './retransmit-timer';
import { acknowledge, startSegment, timestamp } from './segment';
import { RecoveryCause, type Tcb, TcpState } from './tcb';
import { stampUrgent } from './urgent';

/** Whether data may flow: the handshake is over and nothing has ended our direction. */
export function canSendData(tcb: Tcb): boolean {
  switch (tcb.state) {
    case TcpState.established:
    case TcpState.closeWait:
    case TcpState.finWait1:
    case TcpState.closing:
    case TcpState.lastAck:
      return true;
    default:
      return false;
  }
}

export function finFits(tcb: Tcb, seq: SeqNum): boolean {
  return tcb.finQueued && seq === tcb.sndEnd && seqDiff(seq, tcb.sndUna) < Math.max(1, tcb.sndWnd);
}

/** End of a segment at `seq`; the FIN rides on the last data when the window has a place for it. */
export function endOf(tcb: Tcb, seq: SeqNum, bytes: number): SeqNum {
  const end = seqAdd(seq, bytes);
  return finFits(tcb, end) ? seqAdd(end, 1) : end;
}

/**
 * Sends one segment of the stream and takes note of it. The FIN is added when it is due.
 * @param bytes payload; may be 0 when only the FIN goes
 */
export function sendData(tcb: Tcb, seq: SeqNum, bytes: number, reason: SendReason, now: Nanos): void {
  const end = endOf(tcb, seq, bytes);
  const dataEnd = seqAdd(seq, bytes);
  const packet = startSegment(tcb, now);
  packet.seq = seq;
  packet.payloadBytes = bytes;
  if (bytes > tcb.smss) packet.segmentBytes = tcb.smss;
  packet.flags = Flag.ack;
  // BSD's rule: push what empties the send buffer.
  if (bytes > 0 && dataEnd === tcb.sndEnd) packet.flags |= Flag.psh;
  if (end !== dataEnd) packet.flags |= Flag.fin;
  if (tcb.ecn && bytes > 0 && reason !== SendReason.probe) {
    const isNew = seqLeq(tcb.sndMax, seq);
    if (isNew) packet.ecn = Ecn.ect0;
    if (isNew || tcb.dialect.tellsReductionAtOnce) tellReduction(tcb, packet);
  }
  acknowledge(tcb, packet);
  if (tcb.sendsUrgent) stampUrgent(tcb, packet);
  sealTcp(packet);
  commit(tcb, seq, end, reason, now);
  tcb.sink.emit(packet, reason);
}

/** Sequence numbers, timing, timer and counters after a segment of the stream. */
function commit(tcb: Tcb, seq: SeqNum, end: SeqNum, reason: SendReason, now: Nanos): void {
  const again = seqLt(seq, tcb.sndMax) && !tcb.probeOut;
  if (tcb.sentStamps !== undefined) tcb.sentStamps.note(end, timestamp(tcb, now));
  if (tcb.sndUna === tcb.sndMax) tcb.progressAt = now;
  const segments = countSegments(tcb, seq, end);
  tcb.segmentsSent += segments;
  tcb.dataSegmentsSent += segments;
  tcb.lastSentAt = now;
  tcb.probeOut = reason === SendReason.probe;
  if (again) {
    countRetransmission(tcb, reason);
    if (tcb.onRetransmission !== undefined) tcb.onRetransmission(seq, reason);
    // Karn: a segment sent twice is not timed.
    if (tcb.timedAt !== 0 && seqLt(seq, tcb.timedEnd)) tcb.timedAt = 0;
  } else if (!tcb.timestamps && tcb.timedAt === 0) {
    tcb.timedEnd = end;
    tcb.timedAt = now;
  }
  if (seqLt(tcb.sndMax, end)) {
    tcb.sndMax = end;
    if (tcb.segmentEnds !== undefined) noteSegmentEnds(tcb, seq, end);
  }
  if (!tcb.rtoArmed && reason !== SendReason.probe) armRetransmit(tcb, now);
}

/** Segments that leave the host for what is sent in one piece. */
function countSegments(tcb: Tcb, seq: SeqNum, end: SeqNum): number {
  const bytes = seqDiff(end, seq);
  return bytes <= tcb.smss + 1 ? 1 : Math.ceil((bytes - 1) / tcb.smss);
}

function noteSegmentEnds(tcb: Tcb, seq: SeqNum, end: SeqNum): void {
  const segments = countSegments(tcb, seq, end);
  for (let i = 1; i < segments; i += 1) tcb.segmentEnds!.push(seqAdd(seq, i * tcb.smss));
  tcb.segmentEnds!.push(end);
}

function countRetransmission(tcb: Tcb, reason: SendReason): void {
  switch (reason) {
    case SendReason.timeout:
      tcb.retransmitsTimeout += 1;
      if (tcb.tailTimeout) tcb.retransmitsTail += 1;
      break;
    case SendReason.mtu:
      tcb.retransmitsMtu += 1;
      break;
    case SendReason.fast:
    case SendReason.partial:
    case SendReason.sack:
    case SendReason.early:
      countFast(tcb);
      break;
    default:
      break;
  }
}

/** Retransmissions of a recovery that duplicate ACKs began, by what let it begin. */
function countFast(tcb: Tcb): void {
  if (tcb.recoveryCause === RecoveryCause.early) tcb.retransmitsEarly += 1;
  else if (tcb.recoveryCause === RecoveryCause.limited) tcb.retransmitsLimited += 1;
  else tcb.retransmitsFast += 1;
}
