// RFC 5682, F-RTO: after a timeout the first ACK of new data is answered with two new segments instead of more
// retransmissions. If the next ACK moves on, too, the originals are arriving and the timeout was spurious; if it is a
// duplicate, they are lost. Needs no option. Response: RFC 4015 (response.ts).

import { type Nanos, seqLeq, type SeqNum } from '../../base';
import { type Packet, SendReason } from '../../packet';
import { newSegmentBytes } from '../output';
import { sendData } from '../send-data';
import type { Tcb } from '../tcb';
import { type BeforeRecovery, rememberBefore, takeBack } from './response';
import type { RecoveryKind, SpuriousDetection } from './spurious-detection';

const NEW_SEGMENTS = 2;
/** Window with which the conventional recovery goes on when the second ACK was a duplicate (§2.1 step 3a). */
const CONVENTIONAL_SEGMENTS = 3;

export class ForwardRto implements SpuriousDetection {
  private before: BeforeRecovery | undefined = undefined;
  /** End of what was outstanding at the timeout. */
  private recover: SeqNum | undefined = undefined;
  /** The new segments are out; the next ACK decides. */
  private asked = false;

  onRecovery(tcb: Tcb, kind: RecoveryKind): void {
    this.before = undefined;
    // Step 1: only the first timeout of a segment tells anything.
    if (kind !== 'timeout' || tcb.timeoutsInRow > 0) return;
    this.before = rememberBefore(tcb, kind);
    this.recover = tcb.sndMax;
    this.asked = false;
  }

  onNewAck(tcb: Tcb, packet: Packet, ackedBytes: number, now: Nanos): boolean {
    const { before, recover } = this;
    if (before === undefined || recover === undefined) return false;
    if (this.asked) {
      this.before = undefined;
      takeBack(tcb, before, packet, ackedBytes);
      return tcb.options.eifelResponse;
    }
    // Step 2a: everything is acknowledged: nothing to tell from. Step 2b needs new data to ask with.
    if (seqLeq(recover, packet.ack) || newSegmentBytes(tcb) === 0) {
      this.before = undefined;
      return false;
    }
    this.asked = true;
    for (let sent = 0; sent < NEW_SEGMENTS; sent += 1) {
      const bytes = newSegmentBytes(tcb);
      if (bytes > 0) sendData(tcb, tcb.sndMax, bytes, SendReason.new, now);
    }
    tcb.sndNxt = tcb.sndMax;
    return true;
  }

  onDupAck(tcb: Tcb, now: Nanos): boolean {
    if (this.before === undefined) return false;
    this.before = undefined;
    if (!this.asked) return false;
    // Step 3a: a real loss; from SND.UNA on, in slow start.
    tcb.congestion.setWindow(CONVENTIONAL_SEGMENTS * tcb.smss);
    tcb.sndNxt = tcb.sndUna;
    tcb.recovery.transmit(tcb, now);
    return true;
  }
}
