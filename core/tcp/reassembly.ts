// What a receiver holds out of order, and the SACK blocks that tell the sender about it (RFC 2018 §4, RFC 2883).

import { type SeqNum, seqDiff, seqLeq, seqLt, seqMax } from '../base';
import { type Packet, SACK_BLOCKS_MAX } from '../packet';
import { SeqRanges } from './seq-ranges';

export class Reassembly {
  private readonly held = new SeqRanges();
  /** A sequence number inside each block reported lately, the latest first. */
  private readonly recent: SeqNum[] = [];
  private duplicateLeft: SeqNum | undefined = undefined;
  private duplicateRight: SeqNum | undefined = undefined;

  /** Whether anything is held or a duplicate waits to be reported. */
  get hasBlocks(): boolean {
    return this.held.count > 0 || this.duplicateLeft !== undefined;
  }

  get heldBytes(): number {
    return this.held.bytes;
  }

  /** Takes data [left, right) that lies above RCV.NXT; remembers the part that was here already as a duplicate. */
  add(left: SeqNum, right: SeqNum): void {
    this.noteFirstOverlap(left, right);
    this.held.add(left, right);
    this.remember(left);
  }

  /** The first stretch of [left, right) that is held already: one duplicate is reported (RFC 2883 §4). */
  noteFirstOverlap(left: SeqNum, right: SeqNum): void {
    for (let at = 0; at < this.held.count && seqLt(this.held.left(at), right); at += 1) {
      const from = seqMax(left, this.held.left(at));
      const to = seqLt(right, this.held.right(at)) ? right : this.held.right(at);
      if (!seqLt(from, to)) continue;
      this.noteDuplicate(from, to);
      return;
    }
  }

  /** RCV.NXT reached `nxt` from below; returns where it goes on to with what is held. */
  advance(nxt: SeqNum): SeqNum {
    let reached = nxt;
    while (this.held.count > 0 && seqLeq(this.held.left(0), reached)) {
      if (seqLt(reached, this.held.right(0))) reached = this.held.right(0);
      this.held.removeBelow(reached);
    }
    return reached;
  }

  /** A segment brought [left, right) a second time; the next ACK says so (RFC 2883). */
  noteDuplicate(left: SeqNum, right: SeqNum): void {
    this.duplicateLeft = left;
    this.duplicateRight = right;
  }

  /** Bytes of [left, right) that are held already. */
  overlap(left: SeqNum, right: SeqNum): number {
    return this.held.bytesBelow(right) - this.held.bytesBelow(left);
  }

  /** Writes the blocks into an ACK, at most `room` of them; a duplicate is reported once, first. */
  writeBlocks(packet: Packet, room: number): void {
    let count = 0;
    const most = Math.min(room, SACK_BLOCKS_MAX);
    if (this.duplicateLeft !== undefined && this.duplicateRight !== undefined) {
      packet.setSackBlock(0, this.duplicateLeft, this.duplicateRight);
      count = 1;
      // The block around the duplicate comes next, even if it is the same one (RFC 2883 §4).
      if (this.held.indexOf(this.duplicateLeft) >= 0) this.remember(this.duplicateLeft);
      this.duplicateLeft = undefined;
      this.duplicateRight = undefined;
    }
    const first = count;
    for (let i = 0; i < this.recent.length && count < most; i += 1) {
      const at = this.held.indexOf(this.recent[i]!);
      if (at < 0) {
        this.recent.splice(i, 1);
        i -= 1;
        continue;
      }
      const left = this.held.left(at);
      if (reported(packet, left, first, count)) continue;
      packet.setSackBlock(count, left, this.held.right(at));
      count += 1;
    }
    packet.sackCount = count;
  }

  private remember(seq: SeqNum): void {
    const { recent } = this;
    const at = this.held.indexOf(seq);
    for (let i = recent.length - 1; i >= 0; i -= 1) {
      if (this.held.indexOf(recent[i]!) === at) recent.splice(i, 1);
    }
    recent.unshift(seq);
    if (recent.length > 2 * SACK_BLOCKS_MAX) recent.pop();
  }
}

function reported(packet: Packet, left: SeqNum, from: number, to: number): boolean {
  for (let i = from; i < to; i += 1) {
    if (seqDiff(packet.sackLeft(i), left) === 0) return true;
  }
  return false;
}
