// How loss recovery looks to a connection. A strategy owns the course of a recovery from the duplicate ACK that
// begins it to the ACK that ends it; the timeout is common to all (timeout.ts).

import type { Nanos } from '../../base';
import type { Tcb } from '../tcb';

export interface Recovery {
  /** A recovery is under way: ACKs do not grow the window. */
  readonly active: boolean;
  /** A duplicate ACK arrived (already counted in `tcb.dupAcks`). @param threshold duplicates that mean a loss */
  onDupAck(tcb: Tcb, threshold: number, now: Nanos): void;
  /**
   * An ACK of new data arrived and SND.UNA has moved.
   * @returns whether the ACK is an ordinary one that may grow the window
   */
  onNewAck(tcb: Tcb, ackedBytes: number, now: Nanos): boolean;
  /** Whether this ACK of new data restarts the retransmission timer (RFC 6298 §5.3; RFC 6582 §4 for partial ones). */
  restartsTimer(tcb: Tcb): boolean;
  /** Whatever is under way is over: the retransmission timer expired, or nothing had been lost. */
  stop(tcb: Tcb): void;
  /** Sends what may be sent now. */
  transmit(tcb: Tcb, now: Nanos): void;
}
