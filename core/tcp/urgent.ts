// Urgent data: RFC 9293 §3.8.5 and RFC 1122 §4.2.2.4, with the pointer as everybody has it (RFC 6093 §2.1: it names the octet behind
// the urgent data). The data stay in line, as RFC 6093 §4 recommends: what is urgent is a mark in the stream, and the receiver is told
// once of each mark that it hears of.
//
// A mark that lies further ahead than the 16 bits of the pointer reach is told of from where they do. No RFC says what to do before;
// Linux names a nearer place that is no mark, and the BSDs name a wrong one.

import { seqAdd, seqDiff, seqLeq, seqLt } from '../base';
import { Flag, type Packet } from '../packet';
import { TcpEvent } from './sink';
import { type Tcb, TcpState } from './tcb';

const POINTER_MAX = 0xffff;

/** What has been written so far is urgent: SND.UP is its end. */
export function markUrgent(tcb: Tcb): void {
  tcb.sndUp = tcb.sndEnd;
  tcb.sendsUrgent = true;
  tcb.urgentMarksSent += 1;
}

/** Whether urgent data begin or lie beyond `seq`: a segment from there says so, and the NIC cuts none (kernel.md §9.1). */
export function isUrgentAhead(tcb: Tcb, seq: Packet['seq']): boolean {
  return tcb.sendsUrgent && seqLt(seq, tcb.sndUp);
}

/** Whether the receiver can be told of the mark by a segment at `seq`. */
export function reachesMark(tcb: Tcb, seq: Packet['seq']): boolean {
  return isUrgentAhead(tcb, seq) && seqDiff(tcb.sndUp, seq) <= POINTER_MAX;
}

/** Says on a segment that urgent data lie ahead; call while `sendsUrgent`. */
export function stampUrgent(tcb: Tcb, packet: Packet): void {
  if (seqLeq(tcb.sndUp, tcb.sndUna)) tcb.sendsUrgent = false;
  if (!reachesMark(tcb, packet.seq)) return;
  packet.flags |= Flag.urg;
  packet.urgentPointer = seqDiff(tcb.sndUp, packet.seq);
  tcb.urgentSegmentsSent += 1;
}

/** A segment says that urgent data lie ahead (RFC 9293 §3.10.7.4, sixth): news if the mark is further on than any before. */
export function noteUrgent(tcb: Tcb, packet: Packet): void {
  const { state } = tcb;
  if (state !== TcpState.established && state !== TcpState.finWait1 && state !== TcpState.finWait2) return;
  const mark = seqAdd(packet.seq, packet.urgentPointer);
  if (!seqLt(tcb.rcvNxt, mark) || (tcb.expectsUrgent && !seqLt(tcb.rcvUp, mark))) return;
  tcb.rcvUp = mark;
  tcb.expectsUrgent = true;
  tcb.urgentMarksReceived += 1;
  tcb.sink.notify(TcpEvent.urgent);
}

/** The application has read; call while `expectsUrgent`. */
export function passMark(tcb: Tcb): void {
  if (bytesToMark(tcb) <= 0) tcb.expectsUrgent = false;
}

/** Bytes that the application has to read to have all urgent data: 1 at the mark itself (SIOCATMARK), 0 or less behind it. */
export function bytesToMark(tcb: Tcb): number {
  return seqDiff(tcb.rcvUp, tcb.rcvNxt) + tcb.readableBytes;
}
