// ICMP errors that quote a segment of a connection: RFC 1122 §4.2.3.9, RFC 5461 (soft errors), RFC 5927 §4 (attacks),
// and path-MTU discovery (RFC 1191, RFC 8201).

import { type Nanos, seqLeq, seqLt, type SeqNum } from '../base';
import { IPV4_HEADER_BYTES, SendReason, TCP_HEADER_BYTES } from '../packet';
import { endConnection } from './end';
import { TcpEvent } from './sink';
import { type Tcb, TcpState } from './tcb';

/** What a router or the peer's host said; `tooBig` comes with the MTU of the next hop. */
export type IcmpError =
  { readonly kind: 'unreachable' | 'refused' | 'timeExceeded' } | { readonly kind: 'tooBig'; readonly mtu: number };

/** Every router carries this much (RFC 791); smaller claims are not believed. */
const SMALLEST_MTU = 68;
const HEADER_BYTES = IPV4_HEADER_BYTES + TCP_HEADER_BYTES;
/** Timestamps in every segment. */
const TIMESTAMP_BYTES = 12;

/** @param quotedSeq sequence number of the quoted segment */
export function onIcmpError(tcb: Tcb, error: IcmpError, quotedSeq: SeqNum, now: Nanos): void {
  if (tcb.state === TcpState.closed || tcb.state === TcpState.timeWait) return;
  // Only somebody on the path knows what is outstanding (RFC 5927 §4.1).
  if (!seqLeq(tcb.sndUna, quotedSeq) || !seqLt(quotedSeq, tcb.sndMax)) return;
  if (error.kind === 'tooBig') {
    shrinkSegments(tcb, error.mtu, now);
  } else if (tcb.state === TcpState.synSent || tcb.state === TcpState.synReceived) {
    endConnection(tcb, error.kind === 'refused' ? TcpEvent.refused : TcpEvent.unreachable);
  } else {
    // A living connection outlives it; the reason is told if it dies of silence (RFC 5461 §2).
    tcb.softError = true;
  }
}

/**
 * The host's own interface did not take a segment (EMSGSIZE of ip_output, kernel.md §9.1): nothing was lost on the way, and it is not
 * waited for.
 */
export function onInterfaceMtu(tcb: Tcb, now: Nanos): void {
  const mtu = tcb.interfaceMtu;
  tcb.interfaceMtu = 0;
  if (tcb.state !== TcpState.closed && tcb.state !== TcpState.timeWait) shrinkSegments(tcb, mtu, now);
}

/** The path carries less than we sent: what is outstanding goes again in smaller pieces, and nobody is to blame. */
function shrinkSegments(tcb: Tcb, mtu: number, now: Nanos): void {
  const options = tcb.timestamps ? TIMESTAMP_BYTES : 0;
  const smss = Math.max(SMALLEST_MTU, mtu) - HEADER_BYTES - options;
  if (smss >= tcb.smss) return;
  tcb.smss = smss;
  tcb.pathMtuChanges += 1;
  if (tcb.sndUna === tcb.sndMax || tcb.state === TcpState.synSent || tcb.state === TcpState.synReceived) return;
  endRecovery(tcb);
  tcb.sndNxt = tcb.sndUna;
  tcb.rollBackReason = SendReason.mtu;
  // The segments of before are gone, so their timing is too (Karn).
  tcb.timedAt = 0;
  tcb.recovery.transmit(tcb, now);
}

/** What a recovery under way takes to be in the network is not there. */
function endRecovery(tcb: Tcb): void {
  if (!tcb.recovery.active) return;
  tcb.recovery.stop(tcb);
  tcb.congestion.setWindow(tcb.congestion.ssthresh);
  tcb.dupAcks = 0;
}
