// A set of disjoint half-open ranges of sequence space, ascending: what a receiver holds out of order, and what a
// sender knows to be received (RFC 2018). Two plain arrays; changes happen near the end, where new data is.
// All ranges of one set lie within 2^31 of each other.

import { type SeqNum, seqDiff, seqLeq, seqLt } from '../base';

export class SeqRanges {
  private readonly lefts: SeqNum[] = [];
  private readonly rights: SeqNum[] = [];
  /** Bytes in all ranges. */
  bytes = 0;

  /** Number of ranges. */
  get count(): number {
    return this.lefts.length;
  }

  left(index: number): SeqNum {
    return this.lefts[index]!;
  }

  right(index: number): SeqNum {
    return this.rights[index]!;
  }

  /** Adds [left, right), merging what it touches; returns the bytes that were not in the set before. */
  add(left: SeqNum, right: SeqNum): number {
    const { lefts, rights } = this;
    // First range that is not wholly before the new one; searched from the top.
    let first = lefts.length;
    while (first > 0 && seqLeq(left, rights[first - 1]!)) first -= 1;
    let end = first;
    let from = left;
    let to = right;
    let covered = 0;
    while (end < lefts.length && seqLeq(lefts[end]!, to)) {
      covered += seqDiff(rights[end]!, lefts[end]!);
      if (seqLt(lefts[end]!, from)) from = lefts[end]!;
      if (seqLt(to, rights[end]!)) to = rights[end]!;
      end += 1;
    }
    if (end === first + 1) {
      lefts[first] = from;
      rights[first] = to;
    } else {
      lefts.splice(first, end - first, from);
      rights.splice(first, end - first, to);
    }
    const added = seqDiff(to, from) - covered;
    this.bytes += added;
    return added;
  }

  /** Removes everything below `edge`. */
  removeBelow(edge: SeqNum): void {
    const { lefts, rights } = this;
    let gone = 0;
    while (gone < lefts.length && seqLeq(rights[gone]!, edge)) {
      this.bytes -= seqDiff(rights[gone]!, lefts[gone]!);
      gone += 1;
    }
    if (gone > 0) {
      lefts.splice(0, gone);
      rights.splice(0, gone);
    }
    const first = lefts[0];
    if (first !== undefined && seqLt(first, edge)) {
      this.bytes -= seqDiff(edge, first);
      lefts[0] = edge;
    }
  }

  clear(): void {
    this.lefts.length = 0;
    this.rights.length = 0;
    this.bytes = 0;
  }

  /** Index of the range that contains `seq`, or -1. */
  indexOf(seq: SeqNum): number {
    for (let i = this.lefts.length - 1; i >= 0; i -= 1) {
      if (seqLeq(this.lefts[i]!, seq)) return seqLt(seq, this.rights[i]!) ? i : -1;
    }
    return -1;
  }

  /** Bytes of the set below `edge`. */
  bytesBelow(edge: SeqNum): number {
    let sum = 0;
    for (let i = 0; i < this.lefts.length && seqLt(this.lefts[i]!, edge); i += 1) {
      sum += seqDiff(seqLt(this.rights[i]!, edge) ? this.rights[i]! : edge, this.lefts[i]!);
    }
    return sum;
  }

  /** Smallest sequence number at or above `seq` that is not in the set. */
  firstGapFrom(seq: SeqNum): SeqNum {
    const index = this.indexOf(seq);
    return index < 0 ? seq : this.rights[index]!;
  }

  /** Left edge of the first range that begins above `seq`, or undefined. */
  nextLeftAbove(seq: SeqNum): SeqNum | undefined {
    let found: SeqNum | undefined = undefined;
    for (let i = this.lefts.length - 1; i >= 0 && seqLt(seq, this.lefts[i]!); i -= 1) found = this.lefts[i];
    return found;
  }
}
