// What must hold of a connection after every entry. On in the property tests and under `--check`.

import { invariant, seqDiff, seqLeq } from '../base';
import { canSendData } from './send-data';
import { flightBytes } from './flight';
import { type Tcb, TcpState } from './tcb';

/** @throws InvariantError naming the rule that does not hold */
export function checkInvariants(tcb: Tcb): void {
  if (tcb.state === TcpState.closed) {
    invariant(!tcb.rtoArmed && !tcb.persistArmed, 'T1 a closed connection has no timer');
    return;
  }
  invariant(seqLeq(tcb.sndUna, tcb.sndNxt) && seqLeq(tcb.sndNxt, tcb.sndMax), 'T2 una <= nxt <= max');
  invariant(seqDiff(tcb.sndMax, tcb.sndEnd) <= (tcb.finQueued ? 1 : 0), 'T3 nothing is sent that was not written');
  invariant(seqLeq(tcb.rcvNxt, tcb.rcvAdv), 'T4 the window never lies left of what was received');
  invariant(tcb.readableBytes >= 0 && tcb.readableBytes <= tcb.rcvBufferBytes + 1, 'T5 buffer overrun');
  invariant(tcb.congestion.cwnd >= Math.min(tcb.smss, tcb.options.mss), 'T6 cwnd is at least a segment');
  invariant(!tcb.ackNow, 'T7 an ACK that is due leaves with the entry');
  if (!canSendData(tcb)) return;
  const waiting = flightBytes(tcb) > 0 && !tcb.probeOut;
  invariant(!waiting || tcb.rtoArmed, 'T8 outstanding data has a retransmission timer');
  const stuck = tcb.sndUna === tcb.sndMax && seqDiff(tcb.sndEnd, tcb.sndMax) > 0;
  invariant(!stuck || tcb.persistArmed || tcb.rtoArmed, 'T9 waiting data has a timer');
  invariant(!tcb.sack || tcb.scoreboard.pipe(tcb.sndUna, tcb.sndMax) >= 0, 'T10 pipe is not negative');
}
