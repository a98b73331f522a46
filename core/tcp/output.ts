// What leaves a connection, and when: the send limit, silly windows, Nagle's rule, and what goes out in one piece.

import { type Nanos, type SeqNum, seqDiff, seqLt, seqMax } from '../base';
import { IPV4_HEADER_BYTES, Option, optionBytes, SendReason, TCP_HEADER_BYTES } from '../packet';
import { flightBytes } from './flight';
import { initialWindowBytes } from './options';
import { managePersist } from './persist';
import { sackRoom } from './segment';
import { canSendData, endOf, finFits, sendData } from './send-data';
import type { OutputOffer } from './sink';
import type { Tcb } from './tcb';
import { isUrgentAhead } from './urgent';

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
