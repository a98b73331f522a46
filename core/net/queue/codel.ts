// Controlled Delay (RFC 8289): drops at the head while the time packets wait has stayed above a target for an
// interval, the oftener the longer it stays.

import type { Nanos } from '../../base';

export interface CodelOptions {
  /** Acceptable standing delay, ns (RFC 8289 §4.4: 5 ms). */
  readonly targetNs: number;
  /** About a worst-case round-trip time, ns (RFC 8289 §4.3: 100 ms). */
  readonly intervalNs: number;
  /** With no more than this in the queue nothing is dropped. */
  readonly mtuBytes: number;
}

export class Codel {
  /** When the delay will have been above target for an interval; -1 while it is below. */
  private firstAboveAt = -1;
  private dropping = false;
  private dropNextAt = 0;
  private count = 0;
  private lastCount = 0;

  constructor(private readonly options: CodelOptions) {}

  /** A packet passed without waiting. */
  bypass(): void {
    this.firstAboveAt = -1;
    this.dropping = false;
  }

  /**
   * Whether the packet just taken from the head is dropped; then ask about the next one.
   * @param sojournNs how long it waited
   * @param bytesLeft bytes still in the queue behind it
   */
  drops(now: Nanos, sojournNs: number, bytesLeft: number): boolean {
    const okToDrop = this.aboveForAnInterval(now, sojournNs, bytesLeft);
    if (!this.dropping) {
      if (!okToDrop) return false;
      this.enterDropping(now);
      return true;
    }
    if (!okToDrop) {
      this.dropping = false;
      return false;
    }
    if (now < this.dropNextAt) return false;
    this.count += 1;
    this.dropNextAt = this.controlLaw(this.dropNextAt);
    return true;
  }

  private aboveForAnInterval(now: Nanos, sojournNs: number, bytesLeft: number): boolean {
    const { targetNs, intervalNs, mtuBytes } = this.options;
    if (sojournNs < targetNs || bytesLeft <= mtuBytes) {
      this.firstAboveAt = -1;
      return false;
    }
    if (this.firstAboveAt < 0) {
      this.firstAboveAt = now + intervalNs;
      return false;
    }
    return now >= this.firstAboveAt;
  }

  /** Starts near the drop rate that last controlled the queue, if that was recent (RFC 8289 §5.4). */
  private enterDropping(now: Nanos): void {
    this.dropping = true;
    const delta = this.count - this.lastCount;
    const recent = now - this.dropNextAt < 16 * this.options.intervalNs;
    this.count = delta > 1 && recent ? delta : 1;
    this.dropNextAt = this.controlLaw(now);
    this.lastCount = this.count;
  }

  private controlLaw(from: number): number {
    return from + Math.round(this.options.intervalNs / Math.sqrt(this.count));
  }
}
