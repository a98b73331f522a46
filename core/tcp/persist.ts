// The persist timer: a window that stays closed, or too small for a good segment, is asked about (RFC 9293 §3.8.6.1).

import { type Nanos, plus, seqAdd, seqDiff, seqLt, seqMax } from '../base';
import { SendReason } from '../packet';
import { sendProbe } from './control-segments';
import { canSendData, endOf, sendData } from './send-data';
import { TcpTimer } from './sink';
import type { Tcb } from './tcb';

/** While data waits and nothing is out that could bring an ACK, the persist timer keeps asking (RFC 9293 §3.8.6.1). */
export function managePersist(tcb: Tcb, now: Nanos): void {
  const stuck = dataWaits(tcb) && (tcb.sndUna === tcb.sndMax || tcb.probeOut);
  if (stuck === tcb.persistArmed) return;
  if (stuck) {
    tcb.persistBackoffs = 0;
    armPersist(tcb, now);
  } else {
    tcb.persistArmed = false;
    tcb.sink.disarm(TcpTimer.persist);
  }
}

/** Whether there is data or a FIN from SND.NXT on. */
function dataWaits(tcb: Tcb): boolean {
  return seqLt(tcb.sndNxt, tcb.sndEnd) || (tcb.finQueued && tcb.sndNxt === tcb.sndEnd);
}

/**
 * The persist timer expired: sends what the window has room for though it is less than a good segment (the
 * override of RFC 9293 §3.8.6.2.1), or one byte beyond a closed window.
 */
export function onPersistTimeout(tcb: Tcb, now: Nanos): void {
  tcb.persistArmed = false;
  if (!canSendData(tcb) || !dataWaits(tcb)) return;
  const available = seqDiff(tcb.sndEnd, tcb.sndNxt);
  const room = tcb.sndWnd - seqDiff(tcb.sndNxt, tcb.sndUna);
  if (room > 0) {
    const bytes = Math.min(available, room, tcb.smss);
    const seq = tcb.sndNxt;
    sendData(tcb, seq, bytes, SendReason.new, now);
    tcb.sndNxt = seqMax(tcb.sndNxt, endOf(tcb, seq, bytes));
    return;
  }
  tcb.probesSent += 1;
  if (tcb.dialect.probesWithData) sendData(tcb, tcb.sndUna, 1, SendReason.probe, now);
  else sendProbe(tcb, seqAdd(tcb.sndUna, -1), SendReason.probe, now);
  tcb.persistBackoffs += 1;
  armPersist(tcb, now);
}

/** Sets the persist timer: the RTO, doubled with each probe up to its bound. */
function armPersist(tcb: Tcb, now: Nanos): void {
  const intervalNs = Math.min(tcb.options.rtoMaxNs, tcb.rtt.rtoNs * 2 ** tcb.persistBackoffs);
  tcb.persistArmed = true;
  tcb.sink.arm(TcpTimer.persist, plus(now, intervalNs));
}
