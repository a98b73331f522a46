// Cause records of a run in the window: columns that grow by doubling, with what each record led to and when it ended. Never reactive;
// `version` tells that there is more.

import { CauseKind } from '../../core/base';
import type { RecordNames } from '../../electron/ipc';

const WIDTH = 6;

/** A record, for whoever looks at a single one. */
export interface LoggedRecord {
  readonly id: number;
  readonly parent: number;
  readonly kind: number;
  readonly at: number;
  readonly subject: number;
  readonly detail: number;
  readonly extra: number;
}

const NO_NAMES: RecordNames = {
  links: [],
  ends: [],
  nodes: [],
  flows: [],
  sockets: [],
  kernel: { cpus: [], threads: [], ports: [], syncs: [] },
};

export class RecordLog {
  kinds = new Uint8Array(1024);
  ats = new Float64Array(1024);
  parents = new Int32Array(1024);
  subjects = new Int32Array(1024);
  details = new Float64Array(1024);
  extras = new Float64Array(1024);
  /** The latest record that a record caused, and the one that its cause had caused before it; 0 for none. */
  private lastChildren = new Int32Array(1024);
  private elders = new Int32Array(1024);
  /** When what a record began was over; 0 for what has not ended, or has no length. */
  private endTimes = new Float64Array(1024);
  /** Records; their ids run from 1 to this, their places in the columns from 0. */
  size = 0;
  version = 0;
  names = NO_NAMES;
  /** Records that the run had no room for. */
  lost = 0;

  add(rows: Float64Array, names: RecordNames | undefined, lost: number): void {
    const count = rows.length / WIDTH;
    this.makeRoom(this.size + count);
    for (let row = 0; row < count; row += 1) {
      const to = this.size + row;
      const base = row * WIDTH;
      this.kinds[to] = rows[base]!;
      this.ats[to] = rows[base + 1]!;
      this.parents[to] = rows[base + 2]!;
      this.subjects[to] = rows[base + 3]!;
      this.details[to] = rows[base + 4]!;
      this.extras[to] = rows[base + 5]!;
      this.link(to + 1, rows[base]!, rows[base + 2]!, rows[base + 3]!, rows[base + 1]!);
    }
    this.size += count;
    if (names !== undefined) this.names = names;
    this.lost = lost;
    this.version += 1;
  }

  at(id: number): LoggedRecord | undefined {
    if (id < 1 || id > this.size) return undefined;
    const place = id - 1;
    return {
      id,
      kind: this.kinds[place]!,
      at: this.ats[place]!,
      parent: this.parents[place]!,
      subject: this.subjects[place]!,
      detail: this.details[place]!,
      extra: this.extras[place]!,
    };
  }

  /** Records that this one caused, the first `max` of them. */
  effects(id: number, max: number): LoggedRecord[] {
    const ids: number[] = [];
    for (let at = this.lastChildren[id - 1] ?? 0; at !== 0; at = this.elders[at - 1]!) ids.push(at);
    return ids
      .reverse()
      .slice(0, max)
      .map((child) => this.at(child)!);
  }

  /** When it began: a transmission when its first bit was sent. */
  beginOf(id: number): number {
    return this.kinds[id - 1] === CauseKind.transmit ? this.details[id - 1]! : this.ats[id - 1]!;
  }

  /** When it ended: a transmission when its last bit had come; `lastNs` for what has not ended yet. */
  endOf(id: number, lastNs: number): number {
    const kind = this.kinds[id - 1];
    if (kind === CauseKind.transmit) return Math.max(this.beginOf(id), this.extras[id - 1]!);
    if (kind === CauseKind.dma || kind === CauseKind.bus) return this.details[id - 1]!;
    const end = this.endTimes[id - 1]!;
    return end === 0 ? lastNs : end;
  }

  private link(id: number, kind: number, parent: number, subject: number, at: number): void {
    if (kind === CauseKind.end) this.endTimes[subject - 1] = at;
    if (parent < 1 || kind === CauseKind.end) return;
    this.elders[id - 1] = this.lastChildren[parent - 1]!;
    this.lastChildren[parent - 1] = id;
  }

  private makeRoom(size: number): void {
    if (size <= this.ats.length) return;
    const length = Math.max(size, 2 * this.ats.length);
    this.kinds = grown(this.kinds, new Uint8Array(length));
    this.ats = grown(this.ats, new Float64Array(length));
    this.parents = grown(this.parents, new Int32Array(length));
    this.subjects = grown(this.subjects, new Int32Array(length));
    this.details = grown(this.details, new Float64Array(length));
    this.extras = grown(this.extras, new Float64Array(length));
    this.lastChildren = grown(this.lastChildren, new Int32Array(length));
    this.elders = grown(this.elders, new Int32Array(length));
    this.endTimes = grown(this.endTimes, new Float64Array(length));
  }
}

/** The longer column with what the shorter one held. */
export function grown<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
