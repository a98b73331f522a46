// RFC 3522, the Eifel detection algorithm: an ACK that echoes a timestamp from before the retransmission answers the
// original, so the retransmission was spurious. Response: RFC 4015 (response.ts).

import { type Nanos, tsLt, type TsVal, tsVal } from '../../base';
import { Option, type Packet } from '../../packet';
import { timestamp } from '../segment';
import { isDsack } from '../scoreboard';
import type { Tcb } from '../tcb';
import { type BeforeRecovery, rememberBefore, takeBack } from './response';
import type { RecoveryKind, SpuriousDetection } from './spurious-detection';

export class Eifel implements SpuriousDetection {
  private before: BeforeRecovery | undefined = undefined;
  /** RetransmitTS: timestamp of the first retransmission of this recovery; later ones do not replace it (step 2). */
  private retransmitTs: TsVal = tsVal(0);

  onRecovery(tcb: Tcb, kind: RecoveryKind, now: Nanos): void {
    // The first retransmission tells; a timeout on top of a fast retransmit takes the whole way back.
    if (this.before !== undefined) return;
    this.before = rememberBefore(tcb, kind);
    this.retransmitTs = timestamp(tcb, now);
  }

  onNewAck(tcb: Tcb, packet: Packet, ackedBytes: number): boolean {
    const { before } = this;
    if (before === undefined) return false;
    this.before = undefined;
    // Step 4: strictly older, in serial-number arithmetic; with an equal one nothing is known.
    if ((packet.options & Option.timestamps) === 0 || !tsLt(packet.tsEcr, this.retransmitTs)) return false;
    // Step 5: a receiver that ignores the timestamps of duplicates looks the same after a lost window of ACKs.
    if (isDsack(packet, tcb.sndUna)) return false;
    if (!tcb.dsackSeen && packet.ack === tcb.sndMax) return false;
    takeBack(tcb, before, packet, ackedBytes);
    return tcb.options.eifelResponse;
  }

  onDupAck(): boolean {
    return false;
  }
}
