// NewReno: RFC 6582 §3.2. Partial ACKs keep the recovery going and retransmit one hole each; it ends when all
// that was outstanding at its start is acknowledged.

import { type Nanos, seqLeq } from '../../base';
import { SendReason } from '../../packet';
import { transmitWindow } from '../output';
import { flightBytes } from '../flight';
import type { Tcb } from '../tcb';
import { beginRecovery, mayBegin, retransmitAndInflate, retransmitFirst } from './fast-retransmit';
import type { Recovery } from './recovery';

export class NewReno implements Recovery {
  active = false;
  private partialAcks = 0;

  /**
   * @param restartOnEveryPartial "slow but steady" instead of "impatient" (RFC 6582 §4)
   * @param leavesAtSsthresh option 2 of step 3 instead of option 1
   */
  constructor(
    private readonly restartOnEveryPartial: boolean,
    private readonly leavesAtSsthresh: boolean,
  ) {}

  onDupAck(tcb: Tcb, threshold: number, now: Nanos): void {
    if (this.active) {
      // Step 4: each further duplicate means that a segment has left the network.
      tcb.congestion.adjust(tcb.smss);
    } else if (tcb.dupAcks >= threshold && mayBegin(tcb)) {
      beginRecovery(tcb, threshold, now);
      this.active = true;
      this.partialAcks = 0;
      retransmitAndInflate(tcb, threshold, now);
    } else {
      return;
    }
    this.transmit(tcb, now);
  }

  onNewAck(tcb: Tcb, ackedBytes: number, now: Nanos): boolean {
    if (!this.active) return true;
    if (seqLeq(tcb.recover, tcb.sndUna)) {
      // Full acknowledgement; option 1 sends no burst, whatever is left in flight.
      this.active = false;
      const flight = this.leavesAtSsthresh ? Infinity : Math.max(flightBytes(tcb), tcb.smss) + tcb.smss;
      tcb.congestion.setWindow(Math.min(tcb.congestion.ssthresh, flight));
      return false;
    }
    this.partialAcks += 1;
    retransmitFirst(tcb, SendReason.partial, now);
    tcb.congestion.adjust(ackedBytes >= tcb.smss ? tcb.smss - ackedBytes : -ackedBytes);
    return false;
  }

  restartsTimer(): boolean {
    return !this.active || this.restartOnEveryPartial || this.partialAcks <= 1;
  }

  stop(): void {
    this.active = false;
  }

  transmit(tcb: Tcb, now: Nanos): void {
    transmitWindow(tcb, now);
  }
}
