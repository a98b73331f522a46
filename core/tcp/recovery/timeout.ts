// The retransmission timer expired: RFC 6298 §5.4-5.7, RFC 5681 §3.1 and §5, RFC 6582 §3.2 step 6.

import type { Nanos } from '../../base';
import { SendReason } from '../../packet';
import { flightForSsthresh } from '../flight';
import { disarmEarly } from '../dupack/early-retransmit';
import { noteReduction } from '../ecn';
import { RecoveryCause, type Tcb } from '../tcb';
import { retransmitFirst } from './fast-retransmit';

/** Goes back to the first unacknowledged octet with a window of one segment. The caller transmits. */
export function rollBack(tcb: Tcb, now: Nanos): void {
  tcb.rtoCount += 1;
  tcb.tailTimeout = tcb.timeoutsInRow === 0 ? tcb.dupAcks === 0 && tcb.scoreboard.empty : tcb.tailTimeout;
  tcb.spuriousDetection.onRecovery(tcb, 'timeout', now);
  tcb.congestion.onTimeout(flightForSsthresh(tcb), tcb.timeoutsInRow > 0);
  tcb.timeoutsInRow += 1;
  tcb.recovery.stop(tcb);
  disarmEarly(tcb);
  tcb.recover = tcb.sndMax;
  noteReduction(tcb);
  tcb.limitedBytes = 0;
  tcb.dupAcks = 0;
  tcb.rollBackReason = SendReason.timeout;
  tcb.recoveryCause = RecoveryCause.fast;
  tcb.sndNxt = tcb.sndUna;
  tcb.rtt.backOff();
  tcb.recovery.transmit(tcb, now);
  // A peer that closed its window meanwhile still gets the oldest segment (RFC 9293 §3.8.6.1).
  if (!tcb.rtoArmed) retransmitFirst(tcb, SendReason.timeout, now);
}
