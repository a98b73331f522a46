// Slow start and congestion avoidance: RFC 5681 §3.1, with byte counting (RFC 3465).

import type { CongestionControl } from './congestion-control';

export class Aimd implements CongestionControl {
  ssthresh = Infinity;
  /** In the slow start after a timeout an ACK grows the window by one segment at most (RFC 3465 §2.3). */
  private afterTimeout = false;
  /** Acknowledged bytes that have not yet earned a segment in congestion avoidance (RFC 3465 §2.1). */
  private credit = 0;

  /**
   * @param cwnd initial window, bytes
   * @param smss sender's maximum segment size, bytes
   * @param slowStartLimit growth per ACK in slow start, segments (L of RFC 3465)
   * @param byteCounting acknowledged bytes count, not ACKs
   * @param roundsSsthresh to whole segments, downwards
   */
  constructor(
    public cwnd: number,
    private readonly smss: number,
    private readonly slowStartLimit: number,
    private readonly byteCounting: boolean,
    private readonly roundsSsthresh: boolean,
  ) {}

  onAck(ackedBytes: number): void {
    if (this.cwnd < this.ssthresh) {
      const limit = this.afterTimeout ? 1 : this.slowStartLimit;
      this.cwnd += this.byteCounting ? Math.min(ackedBytes, limit * this.smss) : this.smss;
      return;
    }
    this.afterTimeout = false;
    if (!this.byteCounting) {
      // RFC 5681 equation (3).
      this.cwnd += Math.max(1, Math.floor((this.smss * this.smss) / this.cwnd));
      return;
    }
    this.credit += ackedBytes;
    if (this.credit >= this.cwnd) {
      this.credit -= this.cwnd;
      this.cwnd += this.smss;
    }
  }

  onLoss(flightBytes: number): void {
    const half = Math.floor(flightBytes / 2);
    this.ssthresh = Math.max(this.roundsSsthresh ? half - (half % this.smss) : half, 2 * this.smss);
    this.credit = 0;
  }

  onTimeout(flightBytes: number, again: boolean): void {
    if (!again) this.onLoss(flightBytes);
    this.credit = 0;
    this.afterTimeout = true;
    this.cwnd = this.smss;
  }

  adjust(bytes: number): void {
    this.cwnd = Math.max(this.smss, this.cwnd + bytes);
  }

  setWindow(bytes: number): void {
    this.cwnd = Math.max(this.smss, bytes);
    this.credit = 0;
  }

  restore(cwndBytes: number, ssthreshBytes: number): void {
    this.setWindow(cwndBytes);
    this.ssthresh = ssthreshBytes;
    this.afterTimeout = false;
  }

  onIdle(restartWindowBytes: number): void {
    this.cwnd = Math.min(this.cwnd, restartWindowBytes);
  }
}
