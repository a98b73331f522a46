// How far virtual time may go: as fast as it can, or so many virtual seconds per wall second.

const NS_PER_MS = 1e6;

export class Pace {
  factor: number | undefined = undefined;
  private startWallMs = 0;
  private startNs = 0;

  /** @param factor virtual seconds per wall second; undefined for no limit */
  set(factor: number | undefined, wallMs: number, nowNs: number): void {
    this.factor = factor;
    this.startWallMs = wallMs;
    this.startNs = nowNs;
  }

  /** Virtual time that may be reached by `wallMs`, ns. */
  limitNs(wallMs: number): number {
    if (this.factor === undefined) return Infinity;
    return Math.floor(this.startNs + (wallMs - this.startWallMs) * NS_PER_MS * this.factor);
  }
}
