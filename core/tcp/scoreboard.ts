// What the peer has selectively acknowledged, and the questions of RFC 6675 §4 about it.
//
// IsLost is monotone: more is SACKed above a lower octet. So all holes below one edge are lost and none above,
// and the edge is found from the top by looking at three ranges, or as many as make two segments.

import { type SeqNum, seqAdd, seqDiff, seqLeq, seqLt, seqMax } from '../base';
import type { Packet } from '../packet';
import { SeqRanges } from './seq-ranges';

const DUP_THRESH = 3;

export class Scoreboard {
  private readonly sacked = new SeqRanges();
  /** Everything un-SACKed below this is lost; meaningful while something is SACKed. */
  private lostEdge: SeqNum;
  /** End of the highest retransmission of this recovery (HighRxt as an exclusive end). */
  highRxt: SeqNum;
  /** A cumulative ACK must pass this before the last segment is sent again (RescueRxt of rule 4, exclusive end). */
  rescueRxt: SeqNum;

  constructor(una: SeqNum) {
    this.lostEdge = una;
    this.highRxt = una;
    this.rescueRxt = una;
  }

  get empty(): boolean {
    return this.sacked.count === 0;
  }

  get sackedBytes(): number {
    return this.sacked.bytes;
  }

  /** End of the highest SACKed range; only while not empty. */
  get highestSacked(): SeqNum {
    return this.sacked.right(this.sacked.count - 1);
  }

  /**
   * Takes the blocks of an ACK; D-SACKs and nonsense are left out.
   * @param una SND.UNA after this ACK @param max SND.MAX
   * @returns bytes newly SACKed: above 0 means that the ACK brought news
   */
  update(packet: Packet, una: SeqNum, max: SeqNum, smss: number): number {
    let news = 0;
    for (let i = 0; i < packet.sackCount; i += 1) {
      const left = packet.sackLeft(i);
      const right = packet.sackRight(i);
      const sane = seqLt(left, right) && seqLeq(una, left) && seqLeq(right, max);
      if (!sane || (i === 0 && isDsack(packet, una))) continue;
      news += this.sacked.add(left, right);
    }
    if (news > 0) this.findLostEdge(una, smss);
    return news;
  }

  /** SND.UNA moved. */
  advance(una: SeqNum, smss: number): void {
    this.sacked.removeBelow(una);
    if (seqLt(this.highRxt, una)) this.highRxt = una;
    this.findLostEdge(una, smss);
  }

  /** IsLost(S): whether the octet at `seq`, which is not SACKed, must be presumed lost. */
  isLost(seq: SeqNum): boolean {
    return this.sacked.count > 0 && seqLt(seq, this.lostEdge);
  }

  isSacked(seq: SeqNum): boolean {
    return this.sacked.indexOf(seq) >= 0;
  }

  /** SetPipe: bytes presumed to be in the network (RFC 6675 §4). */
  pipe(una: SeqNum, max: SeqNum): number {
    const flight = seqDiff(max, una);
    if (this.sacked.count === 0) return flight + seqDiff(this.highRxt, una);
    const lost = seqDiff(this.lostEdge, una) - this.sacked.bytesBelow(this.lostEdge);
    const retransmitted = seqDiff(this.highRxt, una) - this.sacked.bytesBelow(this.highRxt);
    return flight - this.sacked.bytes - lost + retransmitted;
  }

  /** Start of the smallest hole above HighRxt and below the highest SACKed octet, or undefined. */
  nextHole(una: SeqNum): SeqNum | undefined {
    if (this.sacked.count === 0) return undefined;
    const hole = this.sacked.firstGapFrom(seqMax(this.highRxt, una));
    return seqLt(hole, this.highestSacked) ? hole : undefined;
  }

  /** First octet at or above `seq` that is not SACKed. */
  skip(seq: SeqNum): SeqNum {
    return this.sacked.firstGapFrom(seq);
  }

  /** Bytes from `seq` to the next SACKed octet, at most `limit`. */
  holeBytes(seq: SeqNum, limit: number): number {
    const next = this.sacked.nextLeftAbove(seq);
    return next === undefined ? limit : Math.min(limit, seqDiff(next, seq));
  }

  /** SACKed bytes below `seq`. */
  sackedBelow(seq: SeqNum): number {
    return this.sacked.bytesBelow(seq);
  }

  /** Start of the last un-SACKed segment below `max`: what the rescue retransmission repeats. */
  lastGapStart(una: SeqNum, max: SeqNum, smss: number): SeqNum {
    const above = this.sacked.count === 0 ? una : seqMax(una, this.highestSacked);
    const start = seqAdd(max, -smss);
    return seqMax(start, above);
  }

  /** A recovery begins or ends: nothing of it was retransmitted yet. */
  startRecovery(una: SeqNum): void {
    this.highRxt = una;
    this.rescueRxt = una;
  }

  clear(una: SeqNum): void {
    this.sacked.clear();
    this.highRxt = una;
    this.lostEdge = una;
  }

  private findLostEdge(una: SeqNum, smss: number): void {
    let bytes = 0;
    let ranges = 0;
    this.lostEdge = una;
    for (let i = this.sacked.count - 1; i >= 0; i -= 1) {
      bytes += seqDiff(this.sacked.right(i), this.sacked.left(i));
      ranges += 1;
      // "more than (DupThresh - 1) * SMSS bytes": the word "more" is in RFC 6675.
      if (ranges >= DUP_THRESH || bytes > (DUP_THRESH - 1) * smss) {
        this.lostEdge = seqMax(una, this.sacked.left(i));
        return;
      }
    }
  }
}

/** Whether the first block reports a duplicate (RFC 2883 §4): below the ACK, or inside the second block. */
export function isDsack(packet: Packet, una: SeqNum): boolean {
  if (packet.sackCount === 0) return false;
  if (seqLt(packet.sackLeft(0), packet.ack) && seqLeq(packet.ack, una)) return true;
  if (packet.sackCount < 2) return false;
  return seqLeq(packet.sackLeft(1), packet.sackLeft(0)) && seqLeq(packet.sackRight(0), packet.sackRight(1));
}
