// What duplicate ACKs below the threshold are good for, and how many make a loss.

import type { Nanos } from '../../base';
import type { Tcb } from '../tcb';

/** RFC 5681 §3.2. */
export const DUP_THRESH = 3;

export interface DupAckPolicy {
  /** Duplicate ACKs that mean a loss, now (RFC 5681 §3.2: three). */
  threshold(tcb: Tcb): number;
  /** A duplicate ACK below the threshold arrived: may send new data. */
  onEarlyDupAck(tcb: Tcb, now: Nanos): void;
}
