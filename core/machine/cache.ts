// A set-associative cache with least-recently-used replacement, fed with line numbers. Stages of the cohort model touch
// their footprints here, and what they miss is what they pay for (kernel.md §7).

import { invariant } from '../base';
import type { CacheGeometry } from './profile';

const EMPTY = -1;

export class Cache {
  hits = 0;
  misses = 0;
  private readonly sets: number;
  private readonly ways: number;
  /** Line numbers, most recently used first within each set. */
  private readonly tags: Float64Array;

  constructor({ bytes, ways }: CacheGeometry, lineBytes: number) {
    this.ways = ways;
    this.sets = bytes / lineBytes / ways;
    invariant(
      Number.isInteger(this.sets) && this.sets >= 1,
      `${String(bytes)} bytes do not make sets of ${String(ways)}`,
    );
    this.tags = new Float64Array(this.sets * ways).fill(EMPTY);
  }

  /** Touches a line; whether it was there. */
  touch(line: number): boolean {
    const { tags, ways } = this;
    const base = (line % this.sets) * ways;
    let at = 0;
    while (at < ways - 1 && tags[base + at] !== line) at += 1;
    const hit = tags[base + at] === line;
    for (let i = at; i > 0; i -= 1) tags[base + i] = tags[base + i - 1]!;
    tags[base] = line;
    if (hit) this.hits += 1;
    else this.misses += 1;
    return hit;
  }

  /** Touches `count` lines from `first` on; how many were missing. */
  touchRange(first: number, count: number): number {
    const before = this.misses;
    for (let line = first; line < first + count; line += 1) this.touch(line);
    return this.misses - before;
  }
}
