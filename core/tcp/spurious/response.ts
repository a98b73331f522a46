// What a connection does once it knows that a retransmission was spurious: RFC 4015 (the Eifel response) after a
// timeout. For a fast retransmit no RFC says what to do; cwnd and ssthresh from before it come back, and as much may
// leave at once as an initial window (tcp.md §5).

import { Flag, type Packet } from '../../packet';
import { initialWindowBytes } from '../options';
import { flightBytes } from '../flight';
import type { Tcb } from '../tcb';
import type { RecoveryKind } from './spurious-detection';

/** What RFC 4015 §3.2 step (0) keeps when a recovery begins. */
export interface BeforeRecovery {
  readonly kind: RecoveryKind;
  readonly cwnd: number;
  readonly ssthresh: number;
  /** Largest of FlightSize and ssthresh, bytes: how much the network held without trouble. */
  readonly pipePrev: number;
  readonly srttNs: number;
  readonly rttvarNs: number;
}

export function rememberBefore(tcb: Tcb, kind: RecoveryKind): BeforeRecovery {
  const { cwnd, ssthresh } = tcb.congestion;
  return {
    kind,
    cwnd,
    ssthresh,
    pipePrev: Math.max(flightBytes(tcb), ssthresh),
    srttNs: tcb.rtt.srttNs + 2 * tcb.options.timestampTickNs,
    rttvarNs: tcb.rtt.rttvarNs,
  };
}

/** The recovery is over and was for nothing; the caller transmits. */
export function takeBack(tcb: Tcb, before: BeforeRecovery, packet: Packet, ackedBytes: number): void {
  // With SACK the peer's D-SACKs count the segments themselves.
  if (!tcb.sack) tcb.spurious += 1;
  tcb.spuriousRecoveries += 1;
  if (!tcb.options.eifelResponse) return;
  tcb.recovery.stop(tcb);
  // Step 8: go on with new data; what was sent is on its way.
  tcb.sndNxt = tcb.sndMax;
  if (before.kind === 'timeout') tcb.rtt.resumeFrom(before.srttNs, before.rttvarNs, tcb.sndMax);
  // Step 9: an echo of congestion on this very ACK forbids it.
  if ((packet.flags & Flag.ece) !== 0) return;
  const initial = initialWindowBytes(tcb.options.initialWindow, tcb.smss, false);
  if (before.kind === 'timeout') {
    tcb.congestion.restore(flightBytes(tcb) + Math.min(ackedBytes, initial), before.pipePrev);
  } else {
    tcb.congestion.restore(Math.min(before.cwnd, flightBytes(tcb) + initial), before.ssthresh);
  }
}
