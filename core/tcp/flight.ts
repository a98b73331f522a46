// How much of what was written is out, and how much is not: differences of sequence numbers.

import { seqDiff, seqLeq } from '../base';
import type { Tcb } from './tcb';

/** Bytes (and FIN) sent and not acknowledged: FlightSize as the sequence numbers tell it. */
export function flightBytes(tcb: Tcb): number {
  return seqDiff(tcb.sndMax, tcb.sndUna);
}

/** FlightSize for ssthresh: without what Limited Transmit sent (RFC 5681 §3.2 step 2). */
export function flightForSsthresh(tcb: Tcb): number {
  return flightBytes(tcb) - tcb.limitedBytes;
}

/** Bytes written and never sent. */
export function unsentBytes(tcb: Tcb): number {
  return Math.max(0, seqDiff(tcb.sndEnd, tcb.sndMax));
}

/** Whether all data and the FIN, if any, are acknowledged. */
export function allAcknowledged(tcb: Tcb): boolean {
  return seqLeq(tcb.sndMax, tcb.sndUna) && seqLeq(tcb.sndEnd, tcb.sndUna);
}
