// Cause records of a run in the window: columns that grow by doubling. Never reactive; `version` tells that there is more.

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
    const found: LoggedRecord[] = [];
    for (let place = id; place < this.size && found.length < max; place += 1)
      if (this.parents[place] === id) found.push(this.at(place + 1)!);
    return found;
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
  }
}

function grown<T extends Uint8Array | Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
