// RFC 3042: the first two duplicate ACKs each send one new segment, if the peer's window allows and no more than
// two segments are out beyond cwnd. cwnd does not change. With SACK the same idea works through the pipe
// (RFC 6675 §5 step 3), and only ACKs that bring news are counted at all.

import { type Nanos, seqAdd, seqDiff, seqLeq, seqLt } from '../../base';
import { SendReason } from '../../packet';
import { newSegmentBytes } from '../output';
import { sendData } from '../send-data';
import { flightBytes } from '../flight';
import type { Tcb } from '../tcb';
import type { DupAckPolicy } from './dup-ack-policy';

/** Segments beyond cwnd that may be out. */
const EXTRA_SEGMENTS = 2;

/** @param inner decides the threshold */
export function limitedTransmit(inner: DupAckPolicy): DupAckPolicy {
  return {
    threshold: (tcb) => inner.threshold(tcb),
    onEarlyDupAck(tcb, now) {
      // After a timeout the duplicates come from our own go-back-N, and old data would be sent (RFC 6582 §3.2).
      if (tcb.sndNxt !== tcb.sndMax) return;
      if (tcb.sack) {
        if (seqLeq(tcb.recover, tcb.sndUna)) sendThroughPipe(tcb, now);
      } else if (seqLt(tcb.recover, tcb.sndUna)) {
        sendOne(tcb, now);
      }
    },
  };
}

function sendOne(tcb: Tcb, now: Nanos): void {
  const bytes = newSegmentBytes(tcb);
  if (bytes === 0) return;
  if (flightBytes(tcb) + bytes > tcb.congestion.cwnd + EXTRA_SEGMENTS * tcb.smss) return;
  sendLimited(tcb, bytes, now);
}

function sendThroughPipe(tcb: Tcb, now: Nanos): void {
  for (;;) {
    const bytes = newSegmentBytes(tcb);
    const room = tcb.congestion.cwnd - tcb.scoreboard.pipe(tcb.sndUna, tcb.sndMax);
    if (bytes === 0 || room < tcb.smss) return;
    sendLimited(tcb, bytes, now);
  }
}

function sendLimited(tcb: Tcb, bytes: number, now: Nanos): void {
  const before = tcb.sndMax;
  sendData(tcb, tcb.sndMax, bytes, SendReason.limited, now);
  tcb.sndNxt = seqAdd(before, bytes);
  tcb.limitedBytes += seqDiff(tcb.sndMax, before);
}
