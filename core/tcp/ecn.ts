// Explicit congestion notification (RFC 3168 §6.1): both ends of it, on one connection.

import { seqLt } from '../base';
import { Ecn, Flag, type Packet } from '../packet';
import { flightForSsthresh } from './flight';
import type { Tcb } from './tcb';

/** What the peer's SYN or SYN/ACK says (§6.1.1): a SYN with ECE and CWR offers, a SYN/ACK with ECE alone accepts. */
export function agreeOnEcn(tcb: Tcb, syn: Packet): void {
  const bits = syn.flags & (Flag.ece | Flag.cwr);
  const wanted = (syn.flags & Flag.ack) === 0 ? Flag.ece | Flag.cwr : Flag.ece;
  tcb.ecn = tcb.options.ecn !== false && bits === wanted && tcb.synRetransmits <= tcb.options.ecnSynRetries;
}

/** The receiver's half (§6.1.3): a mark is echoed on every ACK until the sender says that it has reduced its window. */
export function noteMark(tcb: Tcb, packet: Packet): void {
  if ((packet.flags & Flag.cwr) !== 0) tcb.ecnEchoing = false;
  if (packet.ecn === Ecn.ce) tcb.ecnEchoing = true;
}

/**
 * The sender's half (§6.1.2): an echo is a loss without the retransmission, once per window of data.
 * @returns whether the ACK carries an echo; then it does not grow the window either
 */
export function onEcho(tcb: Tcb, packet: Packet): boolean {
  if ((packet.flags & Flag.ece) === 0) return false;
  if (tcb.recovery.active || !seqLt(tcb.ecnRecover, packet.ack)) return true;
  tcb.congestion.onLoss(flightForSsthresh(tcb));
  tcb.congestion.setWindow(tcb.congestion.ssthresh);
  tcb.ecnReductions += 1;
  noteReduction(tcb);
  return true;
}

/** The window was reduced, for whatever reason: the next new data says so, and this window's echoes are dealt with. */
export function noteReduction(tcb: Tcb): void {
  if (!tcb.ecn) return;
  tcb.cwrPending = true;
  tcb.ecnRecover = tcb.sndMax;
}

/** The first data after a reduction of the window says so (§6.1.2). */
export function tellReduction(tcb: Tcb, packet: Packet): void {
  if (!tcb.cwrPending) return;
  tcb.cwrPending = false;
  packet.flags |= Flag.cwr;
}
