// Which connection a segment belongs to: an open-addressing table keyed by (local port, remote node, remote port)
// with linear probing, and in front of it the one connection that was found last (BSD kept the same one-entry
// cache). A host with one connection owns a table of four places; a lookup allocates nothing.

import type { NodeId } from '../base';

/** What the table needs to know of an entry. */
export interface DemuxKey {
  readonly localPort: number;
  readonly remote: NodeId;
  readonly remotePort: number;
}

export class Demux<Entry extends DemuxKey> {
  private places: (Entry | undefined)[] = [undefined, undefined, undefined, undefined];
  private count = 0;
  private last: Entry | undefined = undefined;

  get size(): number {
    return this.count;
  }

  find(localPort: number, remote: NodeId, remotePort: number): Entry | undefined {
    const last = this.last;
    if (
      last !== undefined &&
      last.remotePort === remotePort &&
      last.localPort === localPort &&
      last.remote === remote
    ) {
      return last;
    }
    const places = this.places;
    const mask = places.length - 1;
    for (let at = hash(localPort, remote, remotePort) & mask; ; at = (at + 1) & mask) {
      const entry = places[at];
      if (entry === undefined) return undefined;
      if (entry.remotePort === remotePort && entry.localPort === localPort && entry.remote === remote) {
        this.last = entry;
        return entry;
      }
    }
  }

  /** Adds an entry whose key is not in the table. */
  add(entry: Entry): void {
    if (2 * (this.count + 1) > this.places.length) this.grow();
    this.put(entry);
    this.count += 1;
  }

  /** Removes an entry; harmless if it is not there. */
  remove(entry: Entry): void {
    if (this.last === entry) this.last = undefined;
    const places = this.places;
    const mask = places.length - 1;
    let hole = home(entry) & mask;
    while (places[hole] !== entry) {
      if (places[hole] === undefined) return;
      hole = (hole + 1) & mask;
    }
    this.count -= 1;
    // Close the gap: move back every follower that would no longer be found past an empty place.
    for (let at = (hole + 1) & mask; ; at = (at + 1) & mask) {
      const follower = places[at];
      if (follower === undefined) break;
      const distanceFromHome = (at - home(follower)) & mask;
      if (distanceFromHome >= ((at - hole) & mask)) {
        places[hole] = follower;
        hole = at;
      }
    }
    places[hole] = undefined;
  }

  /** All entries, in no particular order; for sums only. */
  forEach(visit: (entry: Entry) => void): void {
    for (const entry of this.places) {
      if (entry !== undefined) visit(entry);
    }
  }

  private put(entry: Entry): void {
    const mask = this.places.length - 1;
    let at = home(entry) & mask;
    while (this.places[at] !== undefined) at = (at + 1) & mask;
    this.places[at] = entry;
  }

  private grow(): void {
    const old = this.places;
    this.places = Array.from({ length: old.length * 2 }, () => undefined);
    for (const entry of old) {
      if (entry !== undefined) this.put(entry);
    }
  }
}

function home(entry: DemuxKey): number {
  return hash(entry.localPort, entry.remote, entry.remotePort);
}

function hash(localPort: number, remote: number, remotePort: number): number {
  const mixed = Math.imul(Math.imul(remote + 1, 0x9e3779b1) ^ ((localPort << 16) | remotePort), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
