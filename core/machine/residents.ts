// What the second-level cache of one CPU holds, region by region. When there is no room, those go first that have not been used since
// the last look ("second chance", a pseudo-LRU as caches have it), so that a use costs a bit only.

import type { Region } from './region';

export class Residents {
  private readonly held = new Map<Region, number>();
  private lines = 0;

  /** @param linesMax that the cache holds */
  constructor(
    private readonly cpu: number,
    private readonly linesMax: number,
  ) {}

  /** A region comes in; others go while there is no room. */
  enter(region: Region): void {
    const before = this.held.get(region);
    if (before === undefined) {
      this.held.set(region, region.lines);
      this.lines += region.lines;
    }
    if (this.lines > this.linesMax) this.makeRoom(region);
  }

  private makeRoom(kept: Region): void {
    // Each region is passed over once at most: the second look finds its bit cleared.
    for (const [region, lines] of this.held) {
      if (this.lines <= this.linesMax) return;
      if (region !== kept && !region.takeUse(this.cpu)) {
        this.held.delete(region);
        this.lines -= lines;
        region.evict(this.cpu);
        continue;
      }
      if (this.held.size === 1) return;
      this.held.delete(region);
      this.held.set(region, lines);
    }
  }
}
