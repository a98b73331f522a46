// The ACK half of an arriving segment (RFC 9293 §3.10.7.4, "fifth, check the ACK field"): window, duplicates,
// new data acknowledged, round-trip time, loss recovery.

import { type Nanos, seqDiff, seqLeq, seqLt, type SeqNum, tsDiff, tsVal } from '../base';
import { Flag, Option, type Packet, segmentLength } from '../packet';
import { armEarly, delaysEarly, disarmEarly } from './dupack/early-retransmit';
import { onEcho } from './ecn';
import { armRetransmit, stopRetransmit } from './retransmit-timer';
import { timestamp } from './segment';
import { allAcknowledged, flightBytes, unsentBytes } from './flight';
import { isDsack } from './scoreboard';
import { TcpEvent } from './sink';
import type { Tcb } from './tcb';

const NO_ECHO = tsVal(0);

/** Takes the acknowledgement of an acceptable segment whose ACK field lies within [SND.UNA, SND.MAX] or below. */
export function processAck(tcb: Tcb, packet: Packet, now: Nanos): void {
  const { ack } = packet;
  const sameWindow = repeatsWindow(tcb, packet);
  const windowBefore = tcb.sndWnd;
  updateSendWindow(tcb, packet);
  const isDuplicateReport = tcb.sack && isDsack(packet, tcb.sndUna);
  if (isDuplicateReport) tcb.spurious += 1;
  const acked = seqDiff(ack, tcb.sndUna);
  if (acked > 0) {
    acknowledgeData(tcb, packet, acked, now);
    if (isDuplicateReport) tcb.dsackSeen = true;
    return;
  }
  if (isDuplicateReport) tcb.dsackSeen = true;
  const outstanding = tcb.sndMax !== tcb.sndUna && !tcb.probeOut;
  if (acked === 0 && outstanding) {
    const news = tcb.sack && packet.sackCount > 0 ? updateScoreboard(tcb, packet) : 0;
    if (isDuplicate(tcb, packet, sameWindow, news)) {
      onDuplicate(tcb, now);
      return;
    }
  }
  if (tcb.sndWnd > windowBefore && !tcb.outputWaits) tcb.recovery.transmit(tcb, now);
}

/**
 * RFC 5681 §2 (e). The window of a SYN could not be scaled: the first one after it only says it again, unless it is
 * smaller than what the SYN promised.
 */
function repeatsWindow(tcb: Tcb, packet: Packet): boolean {
  if (!tcb.lastWindowOfSyn || !tcb.scalingAgreed) return packet.window === tcb.lastWindowField;
  return packet.window << tcb.sndScale >= tcb.lastWindowField;
}

/** SND.WND follows the newest segment (RFC 9293 §3.10.7.4, SND.WL1 and SND.WL2). */
export function updateSendWindow(tcb: Tcb, packet: Packet): void {
  const { seq, ack } = packet;
  const newer = seqLt(tcb.sndWl1, seq) || (tcb.sndWl1 === seq && seqLeq(tcb.sndWl2, ack));
  if (!newer || seqLt(ack, tcb.sndUna)) return;
  tcb.sndWnd = packet.window << ((packet.flags & Flag.syn) === 0 ? tcb.sndScale : 0);
  if (tcb.sndWnd > tcb.sndWndMax) tcb.sndWndMax = tcb.sndWnd;
  tcb.lastWindowField = packet.window;
  tcb.lastWindowOfSyn = (packet.flags & Flag.syn) !== 0;
  tcb.sndWl1 = seq;
  tcb.sndWl2 = ack;
}

/** RFC 5681 §2 (a)-(e); with SACK an ACK that brings new SACK information (RFC 6675 §2). */
function isDuplicate(tcb: Tcb, packet: Packet, sameWindow: boolean, news: number): boolean {
  if (tcb.sack) return news > 0;
  return segmentLength(packet) === 0 && sameWindow;
}

function updateScoreboard(tcb: Tcb, packet: Packet): number {
  return tcb.scoreboard.update(packet, tcb.sndUna, tcb.sndMax, tcb.smss);
}

function onDuplicate(tcb: Tcb, now: Nanos): void {
  tcb.dupAcks += 1;
  tcb.dupAcksReceived += 1;
  if (tcb.spuriousDetection.onDupAck(tcb, now)) return;
  const threshold = tcb.dupAckPolicy.threshold(tcb);
  const lostBySack = tcb.sack && tcb.scoreboard.isLost(tcb.sndUna);
  if (!tcb.recovery.active && tcb.dupAcks >= threshold && !lostBySack && delaysEarly(tcb, threshold)) {
    armEarly(tcb, now);
  } else if (tcb.recovery.active || tcb.dupAcks >= threshold || lostBySack) {
    disarmEarly(tcb);
    tcb.recovery.onDupAck(tcb, threshold, now);
  } else tcb.dupAckPolicy.onEarlyDupAck(tcb, now);
}

function acknowledgeData(tcb: Tcb, packet: Packet, acked: number, now: Nanos): void {
  sampleRtt(tcb, packet, now);
  const finAcked = tcb.finQueued && seqLt(tcb.sndEnd, packet.ack);
  const firstByteIsSyn = tcb.sndUna === tcb.iss;
  tcb.bytesAcked += acked - (finAcked ? 1 : 0) - (firstByteIsSyn ? 1 : 0);
  tcb.prevUna = tcb.sndUna;
  tcb.sndUna = packet.ack;
  if (tcb.sentStamps !== undefined) tcb.sentStamps.acknowledge(packet.ack, packet.tsEcr);
  if (tcb.segmentEnds !== undefined) forgetSegments(tcb.segmentEnds, tcb.sndUna);
  if (seqLt(tcb.sndNxt, tcb.sndUna)) tcb.sndNxt = tcb.sndUna;
  tcb.probeOut = false;
  tcb.dupAcks = 0;
  disarmEarly(tcb);
  tcb.timeoutsInRow = 0;
  tcb.progressAt = now;
  if (tcb.sack) {
    if (!tcb.scoreboard.empty || seqLt(tcb.scoreboard.highRxt, tcb.sndUna)) {
      tcb.scoreboard.advance(tcb.sndUna, tcb.smss);
    }
    if (packet.sackCount > 0 && updateScoreboard(tcb, packet) > 0) tcb.dupAcks = 1;
  }
  const echoed = tcb.ecn && onEcho(tcb, packet);
  if (!tcb.spuriousDetection.onNewAck(tcb, packet, acked, now) && tcb.recovery.onNewAck(tcb, acked, now) && !echoed) {
    growWindow(tcb, acked, now);
  }
  tcb.limitedBytes = 0;
  if (tcb.sndUna === tcb.sndMax) stopRetransmit(tcb);
  else if (tcb.recovery.restartsTimer(tcb)) armRetransmit(tcb, now);
  if (!tcb.outputWaits) tcb.recovery.transmit(tcb, now);
  tellWriter(tcb);
}

/** A window that the peer's buffer does not let us use is not grown further. */
function growWindow(tcb: Tcb, acked: number, now: Nanos): void {
  if (tcb.congestion.cwnd <= tcb.sndWndMax) tcb.congestion.onAck(acked, now, tcb.rtt.srttNs);
}

function forgetSegments(ends: SeqNum[], una: SeqNum): void {
  let gone = 0;
  while (gone < ends.length && seqLeq(ends[gone]!, una)) gone += 1;
  if (gone > 0) ends.splice(0, gone);
}

/** RFC 7323 §4.1 with timestamps, RFC 6298 §3 (Karn) without. */
function sampleRtt(tcb: Tcb, packet: Packet, now: Nanos): void {
  if (tcb.timestamps) {
    if (!echoesTimestamp(packet)) return;
    const ticks = tsDiff(timestamp(tcb, now), packet.tsEcr);
    if (ticks >= 0) tcb.rtt.sampleFrom(packet.ack, ticksToNs(tcb, ticks));
  } else if (tcb.timedAt !== 0 && seqLeq(tcb.timedEnd, packet.ack)) {
    tcb.rtt.sampleFrom(packet.ack, now - tcb.timedAt);
    tcb.timedAt = 0;
  }
}

/** A TSecr of zero is what peers send that have nothing to echo. */
export function echoesTimestamp(packet: Packet): boolean {
  return (packet.options & Option.timestamps) !== 0 && packet.tsEcr !== NO_ECHO;
}

/** A round trip within one tick counts as half a tick: zero would mean that there was no sample. */
export function ticksToNs(tcb: Tcb, ticks: number): number {
  return Math.max(ticks, 0.5) * tcb.options.timestampTickNs;
}

function tellWriter(tcb: Tcb): void {
  if (tcb.writeBlocked) {
    const used = seqDiff(tcb.sndEnd, tcb.sndUna);
    if (tcb.options.sendBufferBytes - used >= tcb.sendLowWaterBytes) {
      tcb.writeBlocked = false;
      tcb.sink.notify(TcpEvent.writable);
    }
  } else if (flightBytes(tcb) === 0 && unsentBytes(tcb) === 0 && allAcknowledged(tcb)) {
    tcb.sink.notify(TcpEvent.drained);
  }
}
