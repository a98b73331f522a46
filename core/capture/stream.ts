// One direction of a captured TCP connection: which bytes of the stream were seen, and when each must have been
// written. Retransmissions, overlaps and duplicates fall away because a byte counts when it is first seen; a byte
// that was seen late, after bytes that follow it, was written no later than those.

/** A run of new bytes: where in the stream, and with which packet of the capture it came. */
interface Piece {
  readonly offset: number;
  readonly bytes: number;
  readonly packet: number;
}

/** Bytes that an application wrote, at the time of a packet of the capture. */
export interface StreamWrite {
  readonly bytes: number;
  readonly packet: number;
  /** The last byte is (RFC 6093). */
  readonly urgent: boolean;
}

/** The urgent pointer of Linux when the urgent data end further ahead than it reaches: no mark is there. */
const BEYOND_REACH = 0xffff;

export class StreamDirection {
  /** Sequence number of offset 0; undefined until a SYN or the first data. */
  private base: number | undefined = undefined;
  private readonly pieces: Piece[] = [];
  /** Disjoint ranges seen, ascending. */
  private readonly seen: { from: number; to: number }[] = [];
  private highest = 0;
  /** Where urgent data end, in the stream. */
  private readonly marks = new Set<number>();
  /** The connection began before the capture did. */
  startedEarlier = false;
  /** Packets whose bytes had all been seen before. */
  repeats = 0;

  /** The SYN of this direction. */
  syn(seqU32: number): void {
    this.base ??= (seqU32 + 1) >>> 0;
  }

  /** Data at `seqU32`, in packet number `packet`. */
  data(seqU32: number, bytes: number, packet: number): void {
    if (this.base === undefined) {
      this.base = seqU32;
      this.startedEarlier = true;
    }
    const from = this.offsetOf(seqU32);
    const before = this.pieces.length;
    this.addUnseen(Math.max(0, from), from + bytes, packet);
    if (this.pieces.length === before) this.repeats += 1;
    this.highest = Math.max(this.highest, from + bytes);
  }

  /** A segment at `seqU32` says that urgent data end so many bytes further on. */
  urgent(seqU32: number, pointer: number): void {
    if (this.base !== undefined && pointer !== BEYOND_REACH) this.marks.add(this.offsetOf((seqU32 + pointer) >>> 0));
  }

  /** Bytes from the start of the stream to the highest seen that the capture does not hold. */
  get missing(): number {
    return this.highest - this.seen.reduce((sum, { from, to }) => sum + to - from, 0);
  }

  get bytes(): number {
    return this.highest;
  }

  /** The writes in the order of the stream; what is urgent ends one. */
  writes(): StreamWrite[] {
    const marks = [...this.marks].sort((a, b) => a - b);
    let from = 0;
    let next = 0;
    return this.wholeWrites().flatMap(({ bytes, packet }) => {
      const to = from + bytes;
      const writes: StreamWrite[] = [];
      const end = (at: number): void => {
        if (at > from) writes.push({ bytes: at - from, packet, urgent: this.marks.has(at) });
        from = Math.max(from, at);
      };
      for (; next < marks.length && marks[next]! <= to; next += 1) end(marks[next]!);
      end(to);
      return writes;
    });
  }

  /** Missing bytes are taken to have been written with what follows them. */
  private wholeWrites(): Omit<StreamWrite, 'urgent'>[] {
    const ordered = [...this.pieces].sort((a, b) => a.offset - b.offset);
    const writes: Omit<StreamWrite, 'urgent'>[] = [];
    let packet = Infinity;
    let next = this.highest;
    for (let i = ordered.length - 1; i >= 0; i -= 1) {
      const piece = ordered[i]!;
      packet = Math.min(packet, piece.packet);
      writes.push({ bytes: next - piece.offset, packet });
      next = piece.offset;
    }
    if (next > 0 && writes.length > 0) {
      const first = writes.pop()!;
      writes.push({ bytes: first.bytes + next, packet: first.packet });
    }
    return writes.reverse();
  }

  /** Unwraps a sequence number next to the highest seen, so that streams may be longer than 4 GiB. */
  private offsetOf(seqU32: number): number {
    const relative = (seqU32 - (this.base ?? 0)) >>> 0;
    const wraps = Math.round((this.highest - relative) / 2 ** 32);
    return relative + wraps * 2 ** 32;
  }

  private addUnseen(from: number, to: number, packet: number): void {
    let at = from;
    let index = this.seen.length;
    while (index > 0 && this.seen[index - 1]!.to >= from) index -= 1;
    const first = index;
    let low = from;
    let high = to;
    while (index < this.seen.length && this.seen[index]!.from <= to) {
      const range = this.seen[index]!;
      if (range.from > at) this.pieces.push({ offset: at, bytes: range.from - at, packet });
      at = Math.max(at, range.to);
      low = Math.min(low, range.from);
      high = Math.max(high, range.to);
      index += 1;
    }
    if (at < to) this.pieces.push({ offset: at, bytes: to - at, packet });
    if (from < to) this.seen.splice(first, index - first, { from: low, to: high });
  }
}
