// NewReno: RFC 6582 §3.2. Partial ACKs keep the recovery going and retransmit one hole each; it ends when all
// that was outstanding at its start is acknowledged.

import { type Nanos, seqLeq } from '../../base';
import { SendReason } from '../../packet';
import { flightBytes, transmitWindow } from '../output';
import type { Tcb } from '../tcb';
import { beginRecovery, mayBegin, retransmitAndInflate, retransmitFirst } from './fast-retransmit';
import type { Recovery } from './recovery';

export class NewReno implements Recovery {
  active = false;
  private partialAcks = 0;

  /** @param restartOnEveryPartial "slow but steady" instead of "impatient" (RFC 6582 §4) */
  constructor(private readonly restartOnEveryPartial: boolean) {}

  onDupAck(tcb: Tcb, threshold: number, now: Nanos): void {
    if (this.active) {
      // Step 4: each further duplicate means that a segment has left the network.
      tcb.congestion.adjust(tcb.smss);
    } else if (tcb.dupAcks >= threshold && mayBegin(tcb)) {
      beginRecovery(tcb);
      this.active = true;
      this.partialAcks = 0;
      retransmitAndInflate(tcb, now);
    } else {
      return;
    }
    this.transmit(tcb, now);
  }

  onNewAck(tcb: Tcb, ackedBytes: number, now: Nanos): boolean {
    if (!this.active) return true;
    if (seqLeq(tcb.recover, tcb.sndUna)) {
      // Full acknowledgement, option 1 of step 5: no burst, whatever is left in flight.
      this.active = false;
      const flight = Math.max(flightBytes(tcb), tcb.smss) + tcb.smss;
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

  onTimeout(): void {
    this.active = false;
  }

  transmit(tcb: Tcb, now: Nanos): void {
    transmitWindow(tcb, now);
  }
}
