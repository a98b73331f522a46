// What Reno and NewReno do alike when the duplicate-ACK threshold is reached (RFC 5681 §3.2 steps 2-4).

import { type Nanos, seqDiff, seqLt } from '../../base';
import { SendReason } from '../../packet';
import { armRetransmit } from '../retransmit-timer';
import { sendData } from '../send-data';
import { flightForSsthresh } from '../flight';
import { DUP_THRESH } from '../dupack/dup-ack-policy';
import { noteReduction } from '../ecn';
import { RecoveryCause, type Tcb } from '../tcb';

/** The ACK heuristic tells a loss from a go-back-N by how far the last ACK jumped, segments (RFC 6582 §4.1). */
const HEURISTIC_SEGMENTS = 4;

/**
 * Whether a fast retransmit may begin: the ACK must cover more than the last recovery did (RFC 6582 §3.2 step 2).
 * Otherwise the duplicates come from segments that a timeout sent a second time, unless a heuristic knows better.
 */
export function mayBegin(tcb: Tcb): boolean {
  if (seqLt(tcb.recover, tcb.sndUna)) return true;
  switch (tcb.options.newrenoHeuristic) {
    case 'none':
      return false;
    case 'rfc2582':
      return true;
    case 'ack':
      return tcb.congestion.cwnd > tcb.smss && seqDiff(tcb.sndUna, tcb.prevUna) <= HEURISTIC_SEGMENTS * tcb.smss;
    case 'timestamp':
      return tcb.sentStamps?.lastAckMatches === true;
  }
}

/** Sets ssthresh and the recovery point; the caller chooses the window and retransmits. */
export function beginRecovery(tcb: Tcb, threshold: number, now: Nanos): void {
  if (threshold < DUP_THRESH) tcb.recoveryCause = RecoveryCause.early;
  else tcb.recoveryCause = wasLimited(tcb) ? RecoveryCause.limited : RecoveryCause.fast;
  tcb.spuriousDetection.onRecovery(tcb, 'fast', now);
  tcb.congestion.onLoss(flightForSsthresh(tcb));
  // From here on they are data in flight like any other: a timeout in this recovery counts them.
  tcb.limitedBytes = 0;
  tcb.recover = tcb.sndMax;
  noteReduction(tcb);
  tcb.recoveries += 1;
}

/** Retransmits the segment at SND.UNA and inflates the window by what the duplicate ACKs stand for. */
export function retransmitAndInflate(tcb: Tcb, threshold: number, now: Nanos): void {
  tcb.congestion.setWindow(tcb.congestion.ssthresh + threshold * tcb.smss);
  retransmitFirst(tcb, firstReason(tcb), now);
  armRetransmit(tcb, now);
}

/** Why the first retransmission of a recovery goes out. */
export function firstReason(tcb: Tcb): SendReason {
  return tcb.recoveryCause === RecoveryCause.early ? SendReason.early : SendReason.fast;
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
