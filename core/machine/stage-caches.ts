// What it costs to run stages of a path through the caches of one CPU (kernel.md §7): each stage has code, and touches the data of the
// request that it works on. What is in the caches then decides; nothing is discounted for order as such.

import { Cache } from './cache';
import type { CostProfile } from './profile';

/** A piece of memory: where it begins, and its length; bytes. */
export interface Footprint {
  readonly address: number;
  readonly bytes: number;
}

export class StageCaches {
  readonly l1i: Cache;
  readonly l1d: Cache;
  readonly l2: Cache;

  constructor(private readonly profile: CostProfile) {
    const { lineBytes } = profile;
    this.l1i = new Cache(profile.l1i, lineBytes);
    this.l1d = new Cache(profile.l1d, lineBytes);
    this.l2 = new Cache(profile.l2, lineBytes);
  }

  /** Misses of all first-level caches so far, and of the second level. */
  get misses(): { readonly first: number; readonly second: number } {
    return { first: this.l1i.misses + this.l1d.misses, second: this.l2.misses };
  }

  /** Fetches code once; ns beyond what hits in the first level take, which the work itself contains. */
  run(code: Footprint): number {
    return this.touch(this.l1i, code);
  }

  /** Reads or writes data once; ns beyond hits. */
  access(data: Footprint): number {
    return this.touch(this.l1d, data);
  }

  /** Data comes in that somebody else accounts for; returns the lines that were missing in the first level. */
  fill({ address, bytes }: Footprint): number {
    const { lineBytes } = this.profile;
    let missing = 0;
    for (let line = Math.floor(address / lineBytes); line * lineBytes < address + bytes; line += 1) {
      if (this.l1d.touch(line)) continue;
      this.l2.touch(line);
      missing += 1;
    }
    return missing;
  }

  private touch(first: Cache, { address, bytes }: Footprint): number {
    const { lineBytes, l2HitNs, dramNs } = this.profile;
    let ns = 0;
    for (let line = Math.floor(address / lineBytes); line * lineBytes < address + bytes; line += 1) {
      if (first.touch(line)) continue;
      ns += this.l2.touch(line) ? l2HitNs : dramNs;
    }
    return ns;
  }
}
