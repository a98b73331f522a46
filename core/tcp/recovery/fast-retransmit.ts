// What Reno and NewReno do alike when the duplicate-ACK threshold is reached (RFC 5681 §3.2 steps 2-4).

import { type Nanos, seqDiff, seqLt } from '../../base';
import { SendReason } from '../../packet';
import { armRetransmit, flightForSsthresh, sendData } from '../output';
import type { Tcb } from '../tcb';

/** Duplicate ACKs that have left the network when recovery begins, in segments of inflation. */
const DUP_THRESH = 3;

/**
 * Whether a fast retransmit may begin: the ACK must cover more than the last recovery did (RFC 6582 §3.2 step 2).
 * Otherwise the duplicates come from segments that a timeout sent a second time.
 */
export function mayBegin(tcb: Tcb): boolean {
  return seqLt(tcb.recover, tcb.sndUna);
}

/** Sets ssthresh and the recovery point; the caller chooses the window and retransmits. */
export function beginRecovery(tcb: Tcb): void {
  tcb.limitedRecovery = wasLimited(tcb);
  tcb.congestion.onLoss(flightForSsthresh(tcb));
  tcb.recover = tcb.sndMax;
  tcb.recoveries += 1;
}

/** Retransmits the segment at SND.UNA and inflates the window by what the duplicate ACKs stand for. */
export function retransmitAndInflate(tcb: Tcb, now: Nanos): void {
  tcb.congestion.setWindow(tcb.congestion.ssthresh + DUP_THRESH * tcb.smss);
  retransmitFirst(tcb, SendReason.fast, now);
  armRetransmit(tcb, now);
}

/** Sends the first unacknowledged segment again. */
export function retransmitFirst(tcb: Tcb, reason: SendReason, now: Nanos): void {
  sendData(tcb, tcb.sndUna, segmentAtUna(tcb), reason, now);
}

/** Payload of the segment at SND.UNA: a full segment, or what is left of what was sent. */
export function segmentAtUna(tcb: Tcb): number {
  const dataEnd = seqLt(tcb.sndMax, tcb.sndEnd) ? tcb.sndMax : tcb.sndEnd;
  return Math.min(tcb.smss, Math.max(0, seqDiff(dataEnd, tcb.sndUna)));
}

/** Whether three duplicates came only because Limited Transmit sent new segments. */
function wasLimited(tcb: Tcb): boolean {
  return tcb.limitedBytes > 0 && flightForSsthresh(tcb) <= DUP_THRESH * tcb.smss;
}
