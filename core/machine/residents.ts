// What the second-level cache of one CPU holds, region by region. When there is no room, those go first that have not been used since
// the last look ("second chance", a pseudo-LRU as caches have it), so that a use costs a bit only.

import type { Region } from './region';

export class Residents {
  /** In the order of coming. */
  private readonly held = new Set<Region>();
  private lines = 0;

  /** @param linesMax that the cache holds */
  constructor(
    private readonly cpu: number,
    private readonly linesMax: number,
  ) {}

  /** A region comes in; others go while there is no room. */
  enter(region: Region): void {
    if (region.takeRoom(this.cpu)) {
      this.held.add(region);
      this.lines += region.lines;
    }
    if (this.lines > this.linesMax) this.makeRoom(region);
  }

  private makeRoom(kept: Region): void {
    // Each region is passed over once at most: the second look finds its bit cleared.
    for (const region of this.held) {
      if (this.lines <= this.linesMax) return;
      if (region !== kept && !region.takeUse(this.cpu)) {
        this.held.delete(region);
        this.lines -= region.lines;
        region.evict(this.cpu);
        continue;
      }
      if (this.held.size === 1) return;
      this.held.delete(region);
      this.held.add(region);
    }
  }
}
