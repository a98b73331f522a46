// A segment arrives: RFC 9293 §3.10.7 in its order, with RFC 5961 (blind attacks) and RFC 7323 (PAWS).

import { type Nanos, plus, seqAdd, seqDiff, seqLeq, seqLt, tsLt } from '../base';
import { Flag, Option, type Packet, segmentLength, SendReason } from '../packet';
import { processAck, updateSendWindow } from './acknowledgment';
import { noteMark } from './ecn';
import { becomeEstablished, inputInSynSent, sampleHandshake } from './handshake';
import { endConnection } from './end';
import { watchSilence } from './keep-alive';
import { answerWithReset, sendAck, sendReset, sendSyn } from './control-segments';
import { canSendData } from './send-data';
import { acceptedBytes } from './window';
import { TcpEvent, TcpTimer } from './sink';
import { type Tcb, TcpState } from './tcb';
import { acknowledgeIfDue, enterTimeWait, noteDuplicateSegment, processText } from './text';
import { noteUrgent } from './urgent';

/** An idle connection's TS.Recent is too old to judge by after 24 days (RFC 7323 §5.5). */
const TS_RECENT_LIFETIME_NS = 24 * 86_400 * 1e9;

/** Takes one segment of this connection; borrows the packet. */
export function input(tcb: Tcb, packet: Packet, now: Nanos): void {
  tcb.segmentsReceived += 1;
  if (tcb.options.keepAlive && canSendData(tcb)) watchSilence(tcb, now);
  if (tcb.state === TcpState.closed) return;
  if (tcb.state === TcpState.synSent) inputInSynSent(tcb, packet, now);
  else arrive(tcb, packet, now);
  if (isOpen(tcb)) acknowledgeIfDue(tcb, now);
}

/** Asked after steps that may have ended the connection. */
function isOpen(tcb: Tcb): boolean {
  return tcb.state !== TcpState.closed;
}

function arrive(tcb: Tcb, packet: Packet, now: Nanos): void {
  if (tcb.state === TcpState.synReceived && isRepeatedSyn(tcb, packet)) {
    if ((packet.flags & Flag.ack) === 0) sendSyn(tcb, now);
    else acceptAckOfSyn(tcb, packet, now);
    return;
  }
  if (tcb.timestamps && !passesPaws(tcb, packet, now)) return;
  if (!isAcceptable(tcb, packet)) {
    reject(tcb, packet, now);
    return;
  }
  const { flags } = packet;
  if (tcb.timestamps) rememberTimestamp(tcb, packet, now);
  if ((flags & Flag.rst) !== 0) {
    onReset(tcb, packet, now);
    return;
  }
  if ((flags & Flag.syn) !== 0) {
    onSyn(tcb, now);
    return;
  }
  if ((flags & Flag.ack) === 0) return;
  if (tcb.ecn) noteMark(tcb, packet);
  const hasText = packet.payloadBytes > 0 || (flags & Flag.fin) !== 0;
  tcb.outputWaits = hasText;
  const goesOn = acceptAck(tcb, packet, now);
  if ((flags & Flag.urg) !== 0 && goesOn) noteUrgent(tcb, packet);
  if (hasText && goesOn) acceptText(tcb, packet, now);
  tcb.outputWaits = false;
  if (hasText && goesOn && mayHaveToSend(tcb) && canSendData(tcb)) tcb.recovery.transmit(tcb, now);
}

/** Whether output has anything to look at: a receiver that only acknowledges has not. */
function mayHaveToSend(tcb: Tcb): boolean {
  return tcb.sndUna !== tcb.sndEnd || tcb.finQueued || tcb.persistArmed;
}

/** The peer's SYN once more, alone or (simultaneous open) with the ACK of ours. */
function isRepeatedSyn(tcb: Tcb, packet: Packet): boolean {
  return (packet.flags & (Flag.syn | Flag.rst)) === Flag.syn && packet.seq === tcb.irs;
}

/** First of all, PAWS (RFC 7323 §5.3 R1): an old timestamp is an old segment. */
function passesPaws(tcb: Tcb, packet: Packet, now: Nanos): boolean {
  if ((packet.flags & Flag.rst) !== 0) return true;
  // RFC 7323 §3.2: once negotiated, a segment without timestamps is dropped.
  if ((packet.options & Option.timestamps) === 0) return tcb.options.tolerateMissingTimestamps;
  if (!tsLt(packet.tsVal, tcb.tsRecent) || now - tcb.tsRecentAt > TS_RECENT_LIFETIME_NS) return true;
  noteDuplicateSegment(tcb, packet);
  sendAck(tcb, SendReason.challenge, now);
  return false;
}

/** RFC 7323 §4.3 (2): the timestamp to echo is that of the segment that advanced the window last. */
function rememberTimestamp(tcb: Tcb, packet: Packet, now: Nanos): void {
  if ((packet.options & Option.timestamps) === 0 || seqLt(tcb.lastAckSent, packet.seq)) return;
  if (tsLt(packet.tsVal, tcb.tsRecent) && now - tcb.tsRecentAt <= TS_RECENT_LIFETIME_NS) return;
  tcb.tsRecent = packet.tsVal;
  tcb.tsRecentAt = now;
}

/**
 * Whether any part of the segment lies in the receive window (RFC 9293 §3.10.7.4, first). A segment without
 * length may stand at the right edge: a sender that has filled the window acknowledges from there. A reset may not
 * (RFC 5961, errata 4845); it counts as one octet, so that one at RCV.NXT passes a closed window.
 */
function isAcceptable(tcb: Tcb, packet: Packet): boolean {
  const length = segmentLength(packet);
  const window = acceptedBytes(tcb);
  const offset = seqDiff(packet.seq, tcb.rcvNxt);
  const isReset = (packet.flags & Flag.rst) !== 0;
  if (length === 0 && !isReset) return offset >= 0 && offset <= window;
  if (isReset && offset === 0) return true;
  return window > 0 && offset < window && offset + Math.max(1, length) > 0;
}

/** Not acceptable: an ACK tells the peer where we are, unless it was a reset. */
function reject(tcb: Tcb, packet: Packet, now: Nanos): void {
  if ((packet.flags & Flag.rst) !== 0) return;
  if ((packet.flags & Flag.syn) !== 0 || tcb.state === TcpState.synReceived) {
    challenge(tcb, now);
    return;
  }
  noteDuplicateSegment(tcb, packet);
  if (tcb.state === TcpState.timeWait && (packet.flags & Flag.fin) !== 0) enterTimeWait(tcb, now);
  // An old segment may still carry a fresh ACK: a probe into our closed window, a FIN sent again.
  const ackIsSane = (packet.flags & Flag.ack) !== 0 && seqLeq(packet.ack, tcb.sndMax);
  if (ackIsSane && seqLt(tcb.sndUna, packet.ack)) acceptAck(tcb, packet, now);
  // Urgent data are heard of though there is no room for what comes with it (RFC 9293 §3.10.7.4, MUST-66).
  if ((packet.flags & Flag.urg) !== 0 && ackIsSane && packet.seq === tcb.rcvNxt) noteUrgent(tcb, packet);
  if (isOpen(tcb)) tcb.ackNow = true;
}

/** RFC 5961 §4.2: a SYN on a connection is answered with a challenge; before it, one in the window was the end. */
function onSyn(tcb: Tcb, now: Nanos): void {
  if (tcb.options.synCheck === 'rfc5961' || tcb.state === TcpState.timeWait) {
    challenge(tcb, now);
    return;
  }
  sendReset(tcb, tcb.sndMax, now);
  endConnection(tcb, TcpEvent.reset);
}

/** RFC 5961 §3.2: only a reset at exactly RCV.NXT is believed. */
function onReset(tcb: Tcb, packet: Packet, now: Nanos): void {
  if (tcb.state === TcpState.timeWait && tcb.dialect.ignoresResetInTimeWait) return;
  if (packet.seq !== tcb.rcvNxt && tcb.options.resetCheck === 'rfc5961') {
    challenge(tcb, now);
    return;
  }
  const orderly = tcb.state === TcpState.timeWait || tcb.state === TcpState.lastAck || tcb.state === TcpState.closing;
  endConnection(tcb, orderly ? TcpEvent.closed : TcpEvent.reset);
}

/** RFC 5961 §7: an ACK that a legitimate peer answers with something believable. */
function challenge(tcb: Tcb, now: Nanos): void {
  sendAck(tcb, SendReason.challenge, now);
}

/** Fifth, check the ACK field. Returns whether the rest of the segment is to be processed. */
function acceptAck(tcb: Tcb, packet: Packet, now: Nanos): boolean {
  if (tcb.state === TcpState.synReceived) return acceptAckOfSyn(tcb, packet, now);
  if (seqLt(tcb.sndMax, packet.ack)) {
    tcb.ackNow = true;
    return false;
  }
  if (seqDiff(tcb.sndUna, packet.ack) > tcb.sndWndMax) {
    challenge(tcb, now);
    return false;
  }
  processAck(tcb, packet, now);
  if (tcb.finQueued && seqLt(tcb.sndEnd, tcb.sndUna)) onFinAcked(tcb, now);
  return isOpen(tcb);
}

function acceptAckOfSyn(tcb: Tcb, packet: Packet, now: Nanos): boolean {
  if (!seqLt(tcb.sndUna, packet.ack) || seqLt(tcb.sndMax, packet.ack)) {
    answerWithReset(tcb, packet);
    return false;
  }
  sampleHandshake(tcb, packet, now);
  tcb.sndUna = packet.ack;
  tcb.sndWl2 = packet.ack;
  tcb.sndWl1 = packet.seq;
  updateSendWindow(tcb, packet);
  becomeEstablished(tcb, now);
  return true;
}

function onFinAcked(tcb: Tcb, now: Nanos): void {
  if (tcb.state === TcpState.finWait1) {
    tcb.state = TcpState.finWait2;
    if (tcb.rcvClosed) tcb.sink.arm(TcpTimer.finWait2, plus(now, tcb.options.finWait2TimeoutNs));
  } else if (tcb.state === TcpState.closing) {
    enterTimeWait(tcb, now);
  } else if (tcb.state === TcpState.lastAck) {
    endConnection(tcb, TcpEvent.closed);
  }
}

function acceptText(tcb: Tcb, packet: Packet, now: Nanos): void {
  switch (tcb.state) {
    case TcpState.established:
    case TcpState.finWait1:
    case TcpState.finWait2: {
      const bringsData = packet.payloadBytes > 0 && seqLt(tcb.rcvNxt, seqAdd(packet.seq, packet.payloadBytes));
      if (tcb.rcvClosed && bringsData) {
        // Nobody will read it (RFC 9293 §3.6.1).
        answerWithReset(tcb, packet);
        endConnection(tcb, TcpEvent.reset);
        return;
      }
      processText(tcb, packet, now);
      return;
    }
    default:
      return;
  }
}
