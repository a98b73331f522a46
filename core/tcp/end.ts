// The end of a connection.

import { TCP_TIMER_COUNT, type TcpEvent, type TcpTimer } from './sink';
import { type Tcb, TcpState } from './tcb';

/** CLOSED: no timer runs, and the socket is told once. */
export function endConnection(tcb: Tcb, event: TcpEvent): void {
  if (tcb.state === TcpState.closed) return;
  tcb.state = TcpState.closed;
  tcb.rtoArmed = false;
  tcb.persistArmed = false;
  tcb.delayedAckArmed = false;
  tcb.earlyArmed = false;
  tcb.ackNow = false;
  for (let timer = 0; timer < TCP_TIMER_COUNT; timer += 1) tcb.sink.disarm(timer as TcpTimer);
  tcb.sink.notify(event);
}
