// Why things happened: an append-only binary log in which every record names the record that caused it.
// Off (the default) nothing is allocated and nobody calls in. On, a record is six doubles in a typed array.
// The cause is ambient (style.md §3.7): the engine keeps the current one, `schedule` stamps it on events,
// and whoever sends a packet copies it into the packet; nobody passes a cause as a parameter.

import { type CauseId, type CauseKind, invariant, NO_CAUSE, type Nanos } from '../base';

/** One record, for whoever looks; the log itself stays flat. */
export interface CauseRecord {
  readonly id: CauseId;
  readonly parent: CauseId;
  readonly kind: CauseKind;
  readonly at: Nanos;
  readonly subject: number;
  readonly detail: number;
  readonly extra: number;
}

const WIDTH = 6;
const CHUNK_RECORDS = 1 << 16;

export class CauseLog {
  /** Chunks that nobody needs any more are undefined. */
  private readonly chunks: (Float64Array | undefined)[] = [];
  private count = 0;
  /** Records that did not fit under the limit; they have no id. */
  lost = 0;
  /** The slice of a CPU in which things happen now; NO_CAUSE where no kernel is at work. */
  slice: CauseId = NO_CAUSE;

  /** @param limit the most records kept (48 bytes each); later ones are counted in `lost`. */
  constructor(readonly limit = 20_000_000) {}

  /** Number of records; ids run from 1 to this. */
  get size(): number {
    return this.count;
  }

  /** Appends a record and returns its id, or NO_CAUSE when the log is full. */
  record(kind: CauseKind, at: Nanos, parent: CauseId, subject: number, detail: number, extra = 0): CauseId {
    if (this.count >= this.limit) {
      this.lost += 1;
      return NO_CAUSE;
    }
    const row = this.count % CHUNK_RECORDS;
    if (row === 0) this.chunks.push(new Float64Array(CHUNK_RECORDS * WIDTH));
    const chunk = this.chunks[this.chunks.length - 1]!;
    const base = row * WIDTH;
    chunk[base] = kind;
    chunk[base + 1] = at;
    chunk[base + 2] = parent;
    chunk[base + 3] = subject;
    chunk[base + 4] = detail;
    chunk[base + 5] = extra;
    this.count += 1;
    return this.count as CauseId;
  }

  /** The record with this id, or undefined for NO_CAUSE, ids that were never given, and forgotten ones. */
  at(id: number): CauseRecord | undefined {
    if (id < 1 || id > this.count) return undefined;
    const chunk = this.chunks[Math.floor((id - 1) / CHUNK_RECORDS)];
    if (chunk === undefined) return undefined;
    const base = ((id - 1) % CHUNK_RECORDS) * WIDTH;
    return {
      id: id as CauseId,
      kind: chunk[base]! as CauseKind,
      at: chunk[base + 1]! as Nanos,
      parent: chunk[base + 2]! as CauseId,
      subject: chunk[base + 3]!,
      detail: chunk[base + 4]!,
      extra: chunk[base + 5]!,
    };
  }

  /** A copy of up to `max` records from id `from` on: six numbers each: kind, at, parent, subject, detail, extra. */
  rows(from: number, max: number): Float64Array {
    const count = Math.max(0, Math.min(max, this.count - from + 1));
    const copy = new Float64Array(count * WIDTH);
    for (let done = 0; done < count;) {
      const row = from - 1 + done;
      const inChunk = row % CHUNK_RECORDS;
      const part = Math.min(count - done, CHUNK_RECORDS - inChunk);
      const chunk = this.chunks[Math.floor(row / CHUNK_RECORDS)];
      invariant(chunk !== undefined, `record ${String(row + 1)} of the cause log was forgotten`);
      copy.set(chunk.subarray(inChunk * WIDTH, (inChunk + part) * WIDTH), done * WIDTH);
      done += part;
    }
    return copy;
  }

  /** Lets go of records before `id`, as far as memory can be freed: somebody else has them. */
  forget(id: number): void {
    for (let chunk = Math.floor((id - 1) / CHUNK_RECORDS) - 1; chunk >= 0; chunk -= 1) {
      if (this.chunks[chunk] === undefined) break;
      this.chunks[chunk] = undefined;
    }
  }

  /** All records, oldest first. */
  *[Symbol.iterator](): Generator<CauseRecord> {
    for (let id = 1; id <= this.count; id += 1) yield this.at(id)!;
  }

  /** The chain from a record back to the first that nothing caused, nearest first. */
  *chain(id: CauseId): Generator<CauseRecord> {
    for (let record = this.at(id); record !== undefined; record = this.at(record.parent)) yield record;
  }
}
