// What leaves a connection: when (send limit, silly windows, Nagle), and how a segment is filled.
// Emit, then commit: sequence numbers, timers and counters change together, in `commit`, for every data segment.

import { type Nanos, plus, type SeqNum, seqAdd, seqDiff, seqLeq, seqLt, seqMax, tsVal } from '../base';
import {
  Ecn,
  Flag,
  IPV4_HEADER_BYTES,
  Option,
  optionBytes,
  type Packet,
  Protocol,
  sealTcp,
  SendReason,
  TCP_HEADER_BYTES,
} from '../packet';
import { tellReduction } from './ecn';
import { flightBytes } from './flight';
import { initialWindowBytes } from './options';
import { resetFor } from './reset';
import { type OutputOffer, TcpTimer } from './sink';
import { RecoveryCause, type Tcb, TcpState, offeredScale, UNSCALED_WINDOW_MAX } from './tcb';
import { isUrgentAhead, reachesMark, stampUrgent } from './urgent';

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

/** Size of the next new segment that the peer's window, silly-window avoidance and Nagle let go; 0 for none. */
export function newSegmentBytes(tcb: Tcb): number {
  const available = seqDiff(tcb.sndEnd, tcb.sndMax);
  const room = tcb.sndWnd - flightBytes(tcb);
  const bytes = Math.min(available, room, tcb.smss);
  if (bytes <= 0) return 0;
  const small = bytes === available && (!tcb.options.nagle || tcb.finQueued);
  return bytes === tcb.smss || small ? bytes : 0;
}

/** Sends what the congestion window and the peer's window allow, from SND.NXT on. */
export function transmitWindow(tcb: Tcb, now: Nanos): void {
  if (!canSendData(tcb)) return;
  restartAfterIdle(tcb, now);
  const { output } = tcb.sink;
  let turnsLeft = output.segmentsAtOnce;
  while (tcb.interfaceMtu === 0) {
    const seq = nextToSend(tcb);
    let bytes = sendableBytes(tcb, seq);
    if (bytes < 0) break;
    if (bytes === 0 && !finFits(tcb, seq)) break;
    if (turnsLeft <= 0) {
      tcb.sink.sendLater();
      break;
    }
    if (output.isFull) {
      // ENOBUFS: nothing goes out, and the window begins anew (tcp_quench). What is outstanding has its timer; if nothing
      // is, the persist timer asks again.
      tcb.congestion.setWindow(tcb.smss);
      break;
    }
    if (output.burstBytesMax > 0) bytes = burstBytes(tcb, seq, bytes, output);
    sendData(tcb, seq, bytes, reasonFor(tcb, seq, bytes), now);
    tcb.sndNxt = seqMax(seq, endOf(tcb, seq, bytes));
    turnsLeft -= bytes > tcb.smss ? bytes / tcb.smss : 1;
  }
  managePersist(tcb, now);
}

/**
 * How much goes out in one piece from `seq` on for the NIC to cut (kernel.md §9.1): what both windows allow, a whole number
 * of segments, at least two; else `plainBytes`, one segment. Nothing that is sent again is cut, and nothing while SACK blocks
 * are to be reported or urgent data lie ahead.
 */
function burstBytes(tcb: Tcb, seq: SeqNum, plainBytes: number, offer: OutputOffer): number {
  const reports = tcb.sack && tcb.reassembly.hasBlocks;
  if (plainBytes < tcb.smss || seqLt(seq, tcb.sndMax) || reports || tcb.probeOut) return plainBytes;
  if (isUrgentAhead(tcb, seq)) return plainBytes;
  const sent = seqDiff(seq, tcb.sndUna);
  const room = Math.min(tcb.congestion.cwnd - sentBytes(tcb, seq, sent), tcb.sndWnd - sent);
  const headerBytes = IPV4_HEADER_BYTES + TCP_HEADER_BYTES + optionBytes(tcb.timestamps ? Option.timestamps : 0, 0);
  const most = Math.min(seqDiff(tcb.sndEnd, seq), room, offer.burstBytesMax - headerBytes);
  const segments = Math.floor(most / tcb.smss);
  return segments < Math.max(2, offer.burstSegmentsMin) ? plainBytes : segments * tcb.smss;
}

/** Of the bytes sent before `seq`, those that the peer is not known to hold. */
function sentBytes(tcb: Tcb, seq: SeqNum, sent: number): number {
  return tcb.scoreboard.empty ? sent : sent - tcb.scoreboard.sackedBelow(seq);
}

/** SND.NXT, past what the peer is known to hold. */
function nextToSend(tcb: Tcb): SeqNum {
  if (tcb.scoreboard.empty || !seqLt(tcb.sndNxt, tcb.sndMax)) return tcb.sndNxt;
  tcb.sndNxt = tcb.scoreboard.skip(tcb.sndNxt);
  return tcb.sndNxt;
}

/** Payload that may go at `seq` now; 0 when only a FIN is left, below 0 when nothing may be sent. */
function sendableBytes(tcb: Tcb, seq: SeqNum): number {
  const available = seqDiff(tcb.sndEnd, seq);
  if (available === 0) return 0;
  if (available < 0) return -1;
  const sent = seqDiff(seq, tcb.sndUna);
  const room = Math.min(tcb.congestion.cwnd - sentBytes(tcb, seq, sent), tcb.sndWnd - sent);
  const again = seqLt(seq, tcb.sndMax);
  const full = segmentRoom(tcb);
  let bytes = Math.min(available, room, full);
  if (bytes <= 0) return -1;
  if (again && !tcb.scoreboard.empty) bytes = tcb.scoreboard.holeBytes(seq, bytes);
  if (bytes >= full || again) return bytes;
  return maySendSmall(tcb, bytes, available) ? bytes : -1;
}

/** RFC 9293 §3.8.6.2.1 (sender's silly windows) with Nagle's rule (§3.7.4). */
function maySendSmall(tcb: Tcb, bytes: number, available: number): boolean {
  if (bytes === available)
    return !tcb.options.nagle || tcb.sndUna === tcb.sndMax || tcb.finQueued || isUrgentAhead(tcb, tcb.sndMax);
  return bytes >= tcb.sndWndMax / 2;
}

/** Payload of a full segment, with room for SACK blocks when there are some to report. */
function segmentRoom(tcb: Tcb): number {
  if (!tcb.sack || !tcb.reassembly.hasBlocks) return tcb.smss;
  return Math.max(1, tcb.smss - optionBytes(Option.sack, sackRoom(tcb)));
}

/** Blocks that fit into the 40 bytes of options, and on a narrow path into a segment with some data. */
function sackRoom(tcb: Tcb): number {
  const most = tcb.timestamps ? 3 : 4;
  return tcb.smss > optionBytes(Option.sack, most) ? most : Math.max(0, Math.floor((tcb.smss - 5) / 8));
}

function finFits(tcb: Tcb, seq: SeqNum): boolean {
  return tcb.finQueued && seq === tcb.sndEnd && seqDiff(seq, tcb.sndUna) < Math.max(1, tcb.sndWnd);
}

/** End of a segment at `seq`; the FIN rides on the last data when the window has a place for it. */
function endOf(tcb: Tcb, seq: SeqNum, bytes: number): SeqNum {
  const end = seqAdd(seq, bytes);
  return finFits(tcb, end) ? seqAdd(end, 1) : end;
}

function reasonFor(tcb: Tcb, seq: SeqNum, bytes: number): SendReason {
  if (seqLt(seq, tcb.sndMax) && !tcb.probeOut) return tcb.rollBackReason;
  return bytes === 0 ? SendReason.fin : SendReason.new;
}

/** RFC 5681 §4.1: nothing outstanding and nothing sent for longer than the RTO. */
function restartAfterIdle(tcb: Tcb, now: Nanos): void {
  if (!tcb.options.idleRestart || tcb.sndUna !== tcb.sndMax || tcb.sndEnd === tcb.sndMax) return;
  if (now - tcb.lastSentAt <= tcb.rtt.rtoNs) return;
  tcb.congestion.onIdle(initialWindowBytes(tcb.options.initialWindow, tcb.smss, false));
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

/** (Re)starts the retransmission timer (RFC 6298 §5.1, §5.3). */
export function armRetransmit(tcb: Tcb, now: Nanos): void {
  tcb.rtoArmed = true;
  tcb.sink.arm(TcpTimer.retransmit, plus(now, tcb.rtt.rtoNs));
}

/** Everything is acknowledged (RFC 6298 §5.2). */
export function stopRetransmit(tcb: Tcb): void {
  if (!tcb.rtoArmed) return;
  tcb.rtoArmed = false;
  tcb.sink.disarm(TcpTimer.retransmit);
}

/** While data waits and nothing is out that could bring an ACK, the persist timer keeps asking (RFC 9293 §3.8.6.1). */
function managePersist(tcb: Tcb, now: Nanos): void {
  const stuck = dataWaits(tcb) && (tcb.sndUna === tcb.sndMax || tcb.probeOut);
  if (stuck === tcb.persistArmed) return;
  if (stuck) {
    tcb.persistBackoffs = 0;
    armPersist(tcb, now);
  } else {
    tcb.persistArmed = false;
    tcb.sink.disarm(TcpTimer.persist);
  }
}

/** Whether there is data or a FIN from SND.NXT on. */
function dataWaits(tcb: Tcb): boolean {
  return seqLt(tcb.sndNxt, tcb.sndEnd) || (tcb.finQueued && tcb.sndNxt === tcb.sndEnd);
}

/**
 * The persist timer expired: sends what the window has room for though it is less than a good segment (the
 * override of RFC 9293 §3.8.6.2.1), or one byte beyond a closed window.
 */
export function onPersistTimeout(tcb: Tcb, now: Nanos): void {
  tcb.persistArmed = false;
  if (!canSendData(tcb) || !dataWaits(tcb)) return;
  const available = seqDiff(tcb.sndEnd, tcb.sndNxt);
  const room = tcb.sndWnd - seqDiff(tcb.sndNxt, tcb.sndUna);
  if (room > 0) {
    const bytes = Math.min(available, room, tcb.smss);
    const seq = tcb.sndNxt;
    sendData(tcb, seq, bytes, SendReason.new, now);
    tcb.sndNxt = seqMax(tcb.sndNxt, endOf(tcb, seq, bytes));
    return;
  }
  tcb.probesSent += 1;
  if (tcb.dialect.probesWithData) sendData(tcb, tcb.sndUna, 1, SendReason.probe, now);
  else sendProbe(tcb, seqAdd(tcb.sndUna, -1), SendReason.probe, now);
  tcb.persistBackoffs += 1;
  armPersist(tcb, now);
}

/** Sets the persist timer: the RTO, doubled with each probe up to its bound. */
function armPersist(tcb: Tcb, now: Nanos): void {
  const intervalNs = Math.min(tcb.options.rtoMaxNs, tcb.rtt.rtoNs * 2 ** tcb.persistBackoffs);
  tcb.persistArmed = true;
  tcb.sink.arm(TcpTimer.persist, plus(now, intervalNs));
}

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

/** Urgent data were written: if no segment that left could say so, an empty one does, however closed the window is (as the BSDs). */
export function announceUrgent(tcb: Tcb, segmentsBefore: number, now: Nanos): void {
  if (tcb.segmentsSent !== segmentsBefore || !canSendData(tcb) || !reachesMark(tcb, tcb.sndMax)) return;
  sendProbe(tcb, tcb.sndMax, SendReason.urgent, now);
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

/** The present value of our timestamp clock. */
export function timestamp(tcb: Tcb, now: Nanos): ReturnType<typeof tsVal> {
  return tsVal(Math.floor(now / tcb.options.timestampTickNs) + tcb.tsOffset);
}

function address(tcb: Tcb, packet: Packet): void {
  const { ends } = tcb;
  packet.protocol = Protocol.tcp;
  packet.src = ends.local;
  packet.dst = ends.remote;
  packet.srcPort = ends.localPort;
  packet.dstPort = ends.remotePort;
  packet.flow = ends.flow;
}

function startSegment(tcb: Tcb, now: Nanos): Packet {
  const packet = tcb.sink.takePacket();
  address(tcb, packet);
  if (tcb.timestamps) {
    packet.options = Option.timestamps;
    packet.tsVal = timestamp(tcb, now);
    packet.tsEcr = tcb.tsRecent;
  }
  return packet;
}

/** Fills the acknowledging half of a segment; whatever ACK was pending is sent with it. */
function acknowledge(tcb: Tcb, packet: Packet): void {
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

/** How far the window could open: our buffer less what waits to be read. */
export function windowEdge(tcb: Tcb): SeqNum {
  return seqAdd(tcb.rcvNxt, Math.max(0, tcb.rcvBufferBytes - tcb.readableBytes));
}

/** All that is free, at most what the field can say, unless it is a sliver (the BSDs' tcp_output). */
function freeEdge(tcb: Tcb): SeqNum {
  const free = Math.max(0, tcb.rcvBufferBytes - tcb.readableBytes);
  const sliver = free < tcb.rcvBufferBytes / 4 && free < tcb.rcvMss;
  return sliver ? tcb.rcvNxt : seqAdd(tcb.rcvNxt, Math.min(free, UNSCALED_WINDOW_MAX * 2 ** tcb.rcvScale));
}

/**
 * The window that arriving segments are judged by. BSD judges by the buffer, not by what the field could say, once there
 * is a buffer: a listener answers SYNs without one.
 */
export function acceptedBytes(tcb: Tcb): number {
  const advertised = seqDiff(tcb.rcvAdv, tcb.rcvNxt);
  const hasBuffer = tcb.openedActively || tcb.state !== TcpState.synReceived;
  return tcb.dialect.advertisesAllFree && hasBuffer
    ? Math.max(advertised, tcb.rcvBufferBytes - tcb.readableBytes)
    : advertised;
}

/** Whether the window has opened enough to say so (receiver's silly windows, RFC 9293 §3.8.6.2.2). */
export function windowOpened(tcb: Tcb, leastBytes: number): boolean {
  return seqDiff(windowEdge(tcb), tcb.rcvAdv) >= Math.min(leastBytes, tcb.rcvBufferBytes / 2);
}

/** Whether the window that reading opened is told at once, without anything to acknowledge. */
export function windowUpdateDue(tcb: Tcb): boolean {
  if (!windowOpened(tcb, 2 * tcb.rcvMss)) return false;
  const known = Math.max(0, seqDiff(tcb.rcvAdv, tcb.rcvNxt));
  const buffer = tcb.rcvBufferBytes;
  switch (tcb.dialect.updatesWindow) {
    case 'by-segments':
      return true;
    case 'by-quarter':
      return seqDiff(windowEdge(tcb), tcb.rcvAdv) >= buffer / 4 || known <= buffer / 8 || buffer <= 8 * tcb.rcvMss;
    case 'by-doubling':
      return seqDiff(windowEdge(tcb), tcb.rcvNxt) >= 2 * known;
  }
}

/** The window field; moves the advertised right edge, forward only. */
function advertise(tcb: Tcb): number {
  if (tcb.dialect.advertisesAllFree) tcb.rcvAdv = seqMax(tcb.rcvAdv, freeEdge(tcb));
  else if (windowOpened(tcb, tcb.rcvMss)) tcb.rcvAdv = windowEdge(tcb);
  const bytes = Math.max(0, seqDiff(tcb.rcvAdv, tcb.rcvNxt));
  // Rounded up, so that rounding never takes back what an earlier segment gave; BSD rounds down.
  const up = tcb.dialect.advertisesAllFree ? 0 : (1 << tcb.rcvScale) - 1;
  const field = (bytes + up) >>> tcb.rcvScale;
  return field < UNSCALED_WINDOW_MAX ? field : UNSCALED_WINDOW_MAX;
}

/** Whether all data and the FIN, if any, are acknowledged. */
export function allAcknowledged(tcb: Tcb): boolean {
  return seqLeq(tcb.sndMax, tcb.sndUna) && seqLeq(tcb.sndEnd, tcb.sndUna);
}
