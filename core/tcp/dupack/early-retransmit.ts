// RFC 5827, Early Retransmit: when less than four segments are outstanding and no new one may be sent, so few
// duplicate ACKs as can still arrive mean a loss. With SACK, all but one segment must have been SACKed.

import { type Nanos, plus, seqDiff, seqLt } from '../../base';
import { newSegmentBytes } from '../output';
import { TcpTimer } from '../sink';
import type { Tcb } from '../tcb';
import { DUP_THRESH, type DupAckPolicy } from './dup-ack-policy';

/** ownd below this many segments: with as many, three duplicates can still come. */
const OUTSTANDING_SEGMENTS = 4;
/** The delay variant waits this share of the smoothed round trip. */
const DELAY_SHARE = 4;

/** @param inner decides where this rule does not apply, and what early duplicates send */
export function earlyRetransmit(inner: DupAckPolicy, counting: 'bytes' | 'segments'): DupAckPolicy {
  return {
    threshold(tcb) {
      const usual = inner.threshold(tcb);
      // §2.1: no unsent data, or the peer's window forbids it; then Limited Transmit has nothing to send either.
      if (tcb.sndNxt !== tcb.sndMax || newSegmentBytes(tcb) > 0) return usual;
      const segments = outstandingSegments(tcb, counting);
      if (segments >= OUTSTANDING_SEGMENTS && !isSmallerThanFour(tcb, counting)) return usual;
      if (!tcb.sack) return Math.max(1, Math.min(usual, segments - 1));
      const missing = outstandingBytes(tcb) - tcb.scoreboard.sackedBytes;
      return missing <= tcb.smss ? Math.max(1, Math.min(usual, tcb.dupAcks)) : usual;
    },
    onEarlyDupAck: (tcb, now) => {
      inner.onEarlyDupAck(tcb, now);
    },
  };
}

/** ownd: data sent and not cumulatively acknowledged; the FIN is no data. */
function outstandingBytes(tcb: Tcb): number {
  return seqDiff(seqLt(tcb.sndEnd, tcb.sndMax) ? tcb.sndEnd : tcb.sndMax, tcb.sndUna);
}

function outstandingSegments(tcb: Tcb, counting: 'bytes' | 'segments'): number {
  if (counting === 'segments' && tcb.segmentEnds !== undefined) return tcb.segmentEnds.length;
  return Math.ceil(outstandingBytes(tcb) / tcb.smss);
}

/** The byte rule is about bytes: three full segments and a small one are less than four segments' worth. */
function isSmallerThanFour(tcb: Tcb, counting: 'bytes' | 'segments'): boolean {
  return counting === 'bytes' && outstandingBytes(tcb) < OUTSTANDING_SEGMENTS * tcb.smss;
}

/** Whether a recovery at this threshold waits for reordered segments first. */
export function delaysEarly(tcb: Tcb, threshold: number): boolean {
  return tcb.options.earlyRetransmitDelay && threshold < DUP_THRESH && tcb.dupAcks < DUP_THRESH;
}

export function armEarly(tcb: Tcb, now: Nanos): void {
  if (tcb.earlyArmed) return;
  tcb.earlyArmed = true;
  tcb.sink.arm(TcpTimer.earlyRetransmit, plus(now, Math.round(tcb.rtt.srttNs / DELAY_SHARE)));
}

export function disarmEarly(tcb: Tcb): void {
  if (!tcb.earlyArmed) return;
  tcb.earlyArmed = false;
  tcb.sink.disarm(TcpTimer.earlyRetransmit);
}

/** The quarter of a round trip is over and nothing new was acknowledged. */
export function onEarlyTimeout(tcb: Tcb, now: Nanos): void {
  tcb.earlyArmed = false;
  if (!tcb.recovery.active && tcb.dupAcks > 0) tcb.recovery.onDupAck(tcb, tcb.dupAcks, now);
}
