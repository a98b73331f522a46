// Keep-alive (RFC 9293 §3.8.4, RFC 1122 §4.2.3.6): a connection on which nothing arrives asks whether the peer is
// still there, with a segment that the peer must answer.

import { type Nanos, plus, seqAdd } from '../base';
import { SendReason } from '../packet';
import { endConnection } from './end';
import { sendProbe, sendReset } from './control-segments';
import { TcpEvent, TcpTimer } from './sink';
import { type Tcb, TcpState } from './tcb';

/** Something arrived, or the connection begins: the silence counts from now. */
export function watchSilence(tcb: Tcb, now: Nanos): void {
  if (tcb.state === TcpState.closed || tcb.state === TcpState.timeWait) return;
  tcb.keepAliveProbesOut = 0;
  tcb.sink.arm(TcpTimer.keepAlive, plus(now, tcb.options.keepAliveIdleNs));
}

export function onKeepAliveTimeout(tcb: Tcb, now: Nanos): void {
  const { keepAliveProbes, keepAliveIntervalNs } = tcb.options;
  // While data is outstanding the retransmission timer asks.
  if (tcb.sndUna !== tcb.sndMax) {
    watchSilence(tcb, now);
    return;
  }
  if (tcb.keepAliveProbesOut >= keepAliveProbes) {
    sendReset(tcb, tcb.sndMax, now);
    endConnection(tcb, TcpEvent.timedOut);
    return;
  }
  tcb.keepAliveProbesOut += 1;
  tcb.keepAliveProbesSent += 1;
  // One below what the peer expects: not acceptable, so it is answered with an ACK (RFC 1122 §4.2.3.6).
  sendProbe(tcb, seqAdd(tcb.sndNxt, -1), SendReason.keepAlive, now);
  tcb.sink.arm(TcpTimer.keepAlive, plus(now, keepAliveIntervalNs));
}
