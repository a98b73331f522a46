// How telling a spurious retransmission looks to a connection: a strategy watches the beginning of a recovery and the
// ACKs after it, and takes the recovery back when they show that nothing was lost.

import type { Nanos } from '../../base';
import type { Packet } from '../../packet';
import type { Tcb } from '../tcb';

export type RecoveryKind = 'fast' | 'timeout';

export interface SpuriousDetection {
  /** A recovery begins; cwnd and ssthresh are still what they were, and the retransmission follows at this instant. */
  onRecovery(tcb: Tcb, kind: RecoveryKind, now: Nanos): void;
  /**
   * An ACK of new data arrived; SND.UNA has moved, loss recovery has not seen it.
   * @returns whether this ACK has been dealt with: recovery must not see it and the window must not grow by it
   */
  onNewAck(tcb: Tcb, packet: Packet, ackedBytes: number, now: Nanos): boolean;
  /** A duplicate ACK arrived. @returns whether it has been dealt with */
  onDupAck(tcb: Tcb, now: Nanos): boolean;
}

export const noDetection: SpuriousDetection = {
  onRecovery: () => undefined,
  onNewAck: () => false,
  onDupAck: () => false,
};

/** Both watch; the first that deals with an ACK keeps it from the second. */
export function firstOf(one: SpuriousDetection, other: SpuriousDetection): SpuriousDetection {
  return {
    onRecovery(tcb, kind, now) {
      one.onRecovery(tcb, kind, now);
      other.onRecovery(tcb, kind, now);
    },
    onNewAck: (tcb, packet, ackedBytes, now) =>
      one.onNewAck(tcb, packet, ackedBytes, now) || other.onNewAck(tcb, packet, ackedBytes, now),
    onDupAck: (tcb, now) => one.onDupAck(tcb, now) || other.onDupAck(tcb, now),
  };
}
