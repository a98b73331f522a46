// Reno: fast retransmit and fast recovery of RFC 5681 §3.2. The first ACK of new data ends it, whatever else of
// the window is missing; further losses need duplicates of their own, or the timer.

import type { Nanos } from '../../base';
import { transmitWindow } from '../output';
import type { Tcb } from '../tcb';
import { beginRecovery, mayBegin, retransmitAndInflate } from './fast-retransmit';
import type { Recovery } from './recovery';

export class FastRecovery implements Recovery {
  active = false;

  onDupAck(tcb: Tcb, threshold: number, now: Nanos): void {
    if (this.active) {
      tcb.congestion.adjust(tcb.smss);
    } else if (tcb.dupAcks >= threshold && mayBegin(tcb)) {
      beginRecovery(tcb, threshold, now);
      this.active = true;
      retransmitAndInflate(tcb, threshold, now);
    } else {
      return;
    }
    this.transmit(tcb, now);
  }

  onNewAck(tcb: Tcb): boolean {
    if (!this.active) return true;
    this.active = false;
    tcb.congestion.setWindow(tcb.congestion.ssthresh);
    return false;
  }

  restartsTimer(): boolean {
    return true;
  }

  stop(): void {
    this.active = false;
  }

  transmit(tcb: Tcb, now: Nanos): void {
    transmitWindow(tcb, now);
  }
}
