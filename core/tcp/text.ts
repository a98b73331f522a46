// The data half of an arriving segment (RFC 9293 §3.10.7.4, "seventh, process the segment text" and "eighth,
// check the FIN bit"), and when what arrived is acknowledged (RFC 5681 §4.2).

import { type Nanos, plus, type SeqNum, seqAdd, seqDiff, seqLeq, seqLt } from '../base';
import { Flag, type Packet, SendReason } from '../packet';
import { sendAck } from './control-segments';
import { windowUpdateDue } from './window';
import { TcpEvent, TcpTimer } from './sink';
import { type Tcb, TcpState } from './tcb';

/** Takes the payload and FIN of an acceptable segment. */
export function processText(tcb: Tcb, packet: Packet, now: Nanos): void {
  if (packet.payloadBytes > 0) acceptData(tcb, packet, now);
  if ((packet.flags & Flag.fin) !== 0) noteFin(tcb, packet);
  if (tcb.finSeen && tcb.rcvNxt === tcb.finSeq) reachFin(tcb, now);
}

/** Number of the first payload octet: a SYN takes one before it. */
function textStart(packet: Packet): SeqNum {
  return (packet.flags & Flag.syn) === 0 ? packet.seq : seqAdd(packet.seq, 1);
}

function acceptData(tcb: Tcb, packet: Packet, now: Nanos): void {
  const left = textStart(packet);
  let right = seqAdd(left, packet.payloadBytes);
  // What lies beyond the window does not fit.
  if (seqLt(tcb.rcvAdv, right)) right = tcb.rcvAdv;
  if (left === tcb.rcvNxt && tcb.reassembly.heldBytes === 0) {
    receiveInOrder(tcb, right, packet, now);
    return;
  }
  tcb.ackNow = true;
  if (seqLt(tcb.rcvNxt, left)) {
    if (seqLt(left, right)) tcb.reassembly.add(left, right);
    return;
  }
  if (seqLt(left, tcb.rcvNxt)) noteOverlap(tcb, left, right);
  else if (tcb.sack) tcb.reassembly.noteFirstOverlap(left, right);
  if (seqLt(tcb.rcvNxt, right)) deliver(tcb, tcb.reassembly.advance(right));
}

/** The common case: the next bytes, and nothing held above them. */
function receiveInOrder(tcb: Tcb, right: SeqNum, packet: Packet, now: Nanos): void {
  const bytes = seqDiff(right, tcb.rcvNxt);
  tcb.rcvNxt = right;
  tcb.readableBytes += bytes;
  tcb.bytesReceived += bytes;
  tcb.ackPendingBytes += bytes;
  tcb.ackPendingSegments += 1;
  if (packet.payloadBytes > tcb.rcvMss && packet.payloadBytes <= tcb.options.mss) tcb.rcvMss = packet.payloadBytes;
  if (isAckDue(tcb)) {
    if (tcb.sink.output.gathersAcks) tcb.sink.ackLater();
    else tcb.ackNow = true;
  } else if (!tcb.delayedAckArmed) {
    tcb.delayedAckArmed = true;
    tcb.sink.arm(TcpTimer.delayedAck, plus(now, tcb.options.delayedAckTimeoutNs));
  }
  tcb.sink.notify(TcpEvent.readable);
}

/** Whether what has arrived in order is acknowledged at once (RFC 5681 §4.2). */
function isAckDue(tcb: Tcb): boolean {
  const { options } = tcb;
  if (!options.delayedAck) return true;
  if (tcb.quickAcksLeft > 0) {
    tcb.quickAcksLeft -= 1;
    return true;
  }
  if (tcb.ackPendingBytes >= 2 * tcb.rcvMss) return true;
  return tcb.dialect.acksEverySecondSegment && tcb.ackPendingSegments >= 2;
}

/** What came with the SYN of a simultaneous open waits for the handshake (RFC 9293 §3.10.7.3, fifth). */
export function holdTextOfSyn(tcb: Tcb, syn: Packet): void {
  if (syn.payloadBytes > 0) tcb.reassembly.add(tcb.rcvNxt, seqAdd(tcb.rcvNxt, syn.payloadBytes));
}

/** The handshake is over: what was held is delivered. */
export function releaseTextOfSyn(tcb: Tcb): void {
  if (tcb.reassembly.heldBytes > 0) deliver(tcb, tcb.reassembly.advance(tcb.rcvNxt));
}

function deliver(tcb: Tcb, nxt: SeqNum): void {
  const bytes = seqDiff(nxt, tcb.rcvNxt);
  tcb.rcvNxt = nxt;
  tcb.readableBytes += bytes;
  tcb.bytesReceived += bytes;
  tcb.sink.notify(TcpEvent.readable);
}

/** Bytes that were here before are reported once by D-SACK (RFC 2883 §4). */
function noteOverlap(tcb: Tcb, left: SeqNum, right: SeqNum): void {
  const end = seqLt(right, tcb.rcvNxt) ? right : tcb.rcvNxt;
  if (!seqLt(left, end)) return;
  tcb.duplicateBytesReceived += seqDiff(end, left);
  if (tcb.sack) tcb.reassembly.noteDuplicate(left, end);
}

/** A segment that is not acceptable because all of it came before. */
export function noteDuplicateSegment(tcb: Tcb, packet: Packet): void {
  if (packet.payloadBytes > 0) noteOverlap(tcb, packet.seq, seqAdd(packet.seq, packet.payloadBytes));
}

function noteFin(tcb: Tcb, packet: Packet): void {
  const at = seqAdd(textStart(packet), packet.payloadBytes);
  if (tcb.finSeen || seqLt(at, tcb.rcvNxt) || seqLt(tcb.rcvAdv, at)) return;
  tcb.finSeen = true;
  tcb.finSeq = at;
  tcb.ackNow = true;
}

/** The peer's stream ends here. */
function reachFin(tcb: Tcb, now: Nanos): void {
  tcb.rcvNxt = seqAdd(tcb.finSeq, 1);
  if (seqLt(tcb.rcvAdv, tcb.rcvNxt)) tcb.rcvAdv = tcb.rcvNxt;
  tcb.finSeen = false;
  tcb.ackNow = true;
  if (tcb.state === TcpState.established) tcb.state = TcpState.closeWait;
  else if (tcb.state === TcpState.finWait1) tcb.state = TcpState.closing;
  else if (tcb.state === TcpState.finWait2) enterTimeWait(tcb, now);
  tcb.sink.notify(TcpEvent.peerClosed);
}

/** TIME-WAIT: 2 MSL from now (RFC 9293 §3.10.7.4); no other timer runs. */
export function enterTimeWait(tcb: Tcb, now: Nanos): void {
  tcb.state = TcpState.timeWait;
  tcb.rtoArmed = false;
  tcb.persistArmed = false;
  tcb.sink.disarm(TcpTimer.retransmit);
  tcb.sink.disarm(TcpTimer.persist);
  tcb.sink.disarm(TcpTimer.finWait2);
  tcb.sink.arm(TcpTimer.timeWait, plus(now, 2 * tcb.options.mslNs));
}

/** Sends the ACK that is due, if nothing that left meanwhile carried it. Before both SYNs there is nothing to tell. */
export function acknowledgeIfDue(tcb: Tcb, now: Nanos): void {
  if (tcb.state === TcpState.synSent || tcb.state === TcpState.synReceived) return;
  if (tcb.ackNow) {
    const gap = tcb.reassembly.heldBytes > 0 && seqLeq(tcb.rcvNxt, tcb.lastAckSent);
    sendAck(tcb, gap ? SendReason.dupack : SendReason.ack, now);
  } else if (tcb.readSinceSent && tcb.ackPendingBytes === 0 && windowUpdateDue(tcb)) {
    sendAck(tcb, SendReason.windowUpdate, now);
  }
}
