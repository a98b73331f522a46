// Tahoe (RFC 2001 history): three duplicate ACKs are a timeout without the wait. Everything from SND.UNA on is
// sent again in slow start, also what the receiver has.

import type { Nanos } from '../../base';
import { SendReason } from '../../packet';
import { transmitWindow } from '../output';
import { armRetransmit } from '../retransmit-timer';
import type { Tcb } from '../tcb';
import { beginRecovery, mayBegin } from './fast-retransmit';
import type { Recovery } from './recovery';

export class GoBackN implements Recovery {
  readonly active = false;

  onDupAck(tcb: Tcb, threshold: number, now: Nanos): void {
    if (tcb.dupAcks !== threshold || !mayBegin(tcb)) return;
    beginRecovery(tcb, threshold, now);
    tcb.congestion.setWindow(tcb.smss);
    tcb.sndNxt = tcb.sndUna;
    tcb.rollBackReason = SendReason.fast;
    this.transmit(tcb, now);
    armRetransmit(tcb, now);
  }

  onNewAck(): boolean {
    return true;
  }

  restartsTimer(): boolean {
    return true;
  }

  stop(): void {
    // Nothing is ever under way: go-back-N is only a lower SND.NXT.
  }

  transmit(tcb: Tcb, now: Nanos): void {
    transmitWindow(tcb, now);
  }
}
