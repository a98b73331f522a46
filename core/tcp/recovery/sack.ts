// SACK-based recovery: RFC 6675 §5. During a recovery the pipe, not the sequence numbers, says how much may be
// sent, and NextSeg says what.

import { type Nanos, type SeqNum, seqAdd, seqDiff, seqLeq, seqLt } from '../../base';
import { SendReason } from '../../packet';
import { newSegmentBytes, transmitWindow } from '../output';
import { armRetransmit } from '../retransmit-timer';
import { sendData } from '../send-data';
import type { Tcb } from '../tcb';
import { beginRecovery, firstReason, segmentAtUna } from './fast-retransmit';
import type { Recovery } from './recovery';

export class SackRecovery implements Recovery {
  active = false;

  onDupAck(tcb: Tcb, threshold: number, now: Nanos): void {
    if (!this.active) {
      // Step 1, 2: enough duplicates, or the scoreboard alone says that the first octet is lost.
      const lost = tcb.dupAcks >= threshold || tcb.scoreboard.isLost(tcb.sndUna);
      if (!lost || !seqLeq(tcb.recover, tcb.sndUna)) return;
      this.begin(tcb, threshold, now);
    }
    this.transmit(tcb, now);
  }

  onNewAck(tcb: Tcb): boolean {
    if (!this.active) return true;
    // Step A: everything that was outstanding at the start is acknowledged; cwnd already is ssthresh.
    if (seqLeq(tcb.recover, tcb.sndUna)) this.active = false;
    return false;
  }

  restartsTimer(): boolean {
    return true;
  }

  stop(tcb: Tcb): void {
    this.active = false;
    tcb.scoreboard.startRecovery(tcb.sndUna);
    // A receiver that dropped what it had SACKed is told by a SACKed SND.UNA (RFC 2018 §8).
    if (tcb.scoreboard.isSacked(tcb.sndUna)) tcb.scoreboard.clear(tcb.sndUna);
  }

  transmit(tcb: Tcb, now: Nanos): void {
    if (!this.active) {
      transmitWindow(tcb, now);
      return;
    }
    // Step C.
    let pipe = tcb.scoreboard.pipe(tcb.sndUna, tcb.sndMax);
    while (tcb.congestion.cwnd - pipe >= tcb.smss) {
      const sent = this.sendNext(tcb, now);
      if (sent === 0 || tcb.interfaceMtu > 0) return;
      pipe += sent;
    }
  }

  /** Steps 4.1 to 4.3. */
  private begin(tcb: Tcb, threshold: number, now: Nanos): void {
    beginRecovery(tcb, threshold, now);
    this.active = true;
    tcb.congestion.setWindow(tcb.congestion.ssthresh);
    tcb.scoreboard.startRecovery(tcb.sndUna);
    this.retransmit(tcb, tcb.sndUna, tcb.scoreboard.holeBytes(tcb.sndUna, segmentAtUna(tcb)), now);
    tcb.scoreboard.rescueRxt = tcb.scoreboard.highRxt;
  }

  /** NextSeg (RFC 6675 §4), and sending it; returns the bytes sent, 0 when there is nothing. */
  private sendNext(tcb: Tcb, now: Nanos): number {
    const hole = tcb.scoreboard.nextHole(tcb.sndUna);
    if (hole !== undefined && tcb.scoreboard.isLost(hole)) return this.repair(tcb, hole, now);
    const fresh = newSegmentBytes(tcb);
    if (fresh > 0) return this.sendNew(tcb, fresh, now);
    if (hole !== undefined) return this.repair(tcb, hole, now);
    return this.rescue(tcb, now);
  }

  private repair(tcb: Tcb, hole: SeqNum, now: Nanos): number {
    const bytes = tcb.scoreboard.holeBytes(hole, Math.min(tcb.smss, seqDiff(dataEnd(tcb), hole)));
    if (bytes <= 0) return 0;
    this.retransmit(tcb, hole, bytes, now);
    return bytes;
  }

  private sendNew(tcb: Tcb, bytes: number, now: Nanos): number {
    sendData(tcb, tcb.sndMax, bytes, SendReason.new, now);
    tcb.sndNxt = tcb.sndMax;
    return bytes;
  }

  /** Rule 4: once per recovery, the last segment, when nothing else can be sent; HighRxt stays. */
  private rescue(tcb: Tcb, now: Nanos): number {
    if (!seqLt(tcb.scoreboard.rescueRxt, tcb.sndUna) || !seqLt(tcb.sndUna, tcb.recover)) return 0;
    tcb.scoreboard.rescueRxt = tcb.recover;
    const start = tcb.scoreboard.lastGapStart(tcb.sndUna, dataEnd(tcb), tcb.smss);
    const bytes = seqDiff(dataEnd(tcb), start);
    if (bytes <= 0) return 0;
    sendData(tcb, start, bytes, SendReason.sack, now);
    return bytes;
  }

  private retransmit(tcb: Tcb, seq: SeqNum, bytes: number, now: Nanos): void {
    sendData(tcb, seq, bytes, seq === tcb.sndUna ? firstReason(tcb) : SendReason.sack, now);
    const end = seqAdd(seq, bytes);
    if (seqLt(tcb.scoreboard.highRxt, end)) tcb.scoreboard.highRxt = end;
    if (seq === tcb.sndUna) armRetransmit(tcb, now);
  }
}

/** End of the data that has been sent (the FIN does not count). */
function dataEnd(tcb: Tcb): SeqNum {
  return seqLt(tcb.sndEnd, tcb.sndMax) ? tcb.sndEnd : tcb.sndMax;
}
