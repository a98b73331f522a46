// The retransmission timer is set and stopped (RFC 6298 §5).

import { type Nanos, plus } from '../base';
import { TcpTimer } from './sink';
import type { Tcb } from './tcb';

/** (Re)starts the retransmission timer (RFC 6298 §5.1, §5.3). */
export function armRetransmit(tcb: Tcb, now: Nanos): void {
  tcb.rtoArmed = true;
  tcb.sink.arm(TcpTimer.retransmit, plus(now, tcb.rtt.rtoNs));
}

/** Everything is acknowledged (RFC 6298 §5.2). */
export function stopRetransmit(tcb: Tcb): void {
  if (!tcb.rtoArmed) return;
  tcb.rtoArmed = false;
  tcb.sink.disarm(TcpTimer.retransmit);
}
