// CUBIC: RFC 9438. In congestion avoidance the window follows a cubic function of the time since the last reduction,
// flat around the window at which the loss happened; where Reno would be faster, it follows Reno (§4.3).
// Windows inside the formulas are in segments, times in seconds, as in the RFC.

import { type Nanos, NS_PER_SECOND, pow } from '../../base';
import type { CongestionControl } from './congestion-control';

/** C of §5, segments per second cubed. */
const SCALE = 0.4;
/** β_cubic of §4.6. */
const BETA = 0.7;
/** Growth of the Reno-friendly window while it is below the window before the loss (§4.3). */
const ALPHA = (3 * (1 - BETA)) / (1 + BETA);

export class Cubic implements CongestionControl {
  cwnd: number;
  ssthresh = Infinity;
  /** The window in segments with its fraction; `cwnd` is what of it is whole bytes. */
  private window: number;
  private wMax = 0;
  /** cwnd_prior: the window when it was reduced last. */
  private prior = 0;
  /** W_est: what Reno would have. */
  private reno = 0;
  private epochNs = -1;
  private inflectionSeconds = 0;
  /** The next epoch begins after a timeout: no plateau is known (§4.8). */
  private afterTimeout = false;
  private undo = { wMax: 0, prior: 0 };

  /** @param initialBytes initial window @param smss sender's maximum segment size, bytes */
  constructor(
    initialBytes: number,
    private readonly smss: number,
    private readonly slowStartLimit: number,
  ) {
    this.cwnd = initialBytes;
    this.window = initialBytes / smss;
  }

  onAck(ackedBytes: number, now: Nanos, srttNs: number): void {
    if (this.cwnd < this.ssthresh) {
      this.set(this.window + Math.min(ackedBytes / this.smss, this.slowStartLimit));
      return;
    }
    if (this.epochNs < 0) this.beginEpoch(now);
    const segments = ackedBytes / this.smss;
    const elapsed = (now - this.epochNs) / NS_PER_SECOND;
    this.reno += ((this.reno < this.prior ? ALPHA : 1) * segments) / this.window;
    const friendly = this.cubicAt(elapsed) < this.reno;
    if (friendly) {
      this.set(Math.max(this.window, this.reno));
      return;
    }
    const aim = this.cubicAt(elapsed + srttNs / NS_PER_SECOND);
    const target = Math.min(Math.max(aim, this.window), 1.5 * this.window);
    this.set(this.window + ((target - this.window) / this.window) * segments);
  }

  onLoss(flightBytes: number): void {
    this.undo = { wMax: this.wMax, prior: this.prior };
    const window = this.window;
    // Fast convergence (§4.7): a flow that lost below its last plateau makes room for others.
    this.wMax = window < this.wMax ? (window * (1 + BETA)) / 2 : window;
    this.prior = window;
    this.ssthresh = Math.max(Math.floor(flightBytes * BETA), 2 * this.smss);
    this.epochNs = -1;
  }

  onTimeout(flightBytes: number, again: boolean): void {
    if (!again) this.onLoss(flightBytes);
    this.afterTimeout = true;
    this.epochNs = -1;
    this.set(1);
  }

  adjust(bytes: number): void {
    this.set(this.window + bytes / this.smss);
  }

  setWindow(bytes: number): void {
    this.set(bytes / this.smss);
  }

  restore(cwndBytes: number, ssthreshBytes: number): void {
    ({ wMax: this.wMax, prior: this.prior } = this.undo);
    this.ssthresh = ssthreshBytes;
    this.afterTimeout = false;
    this.epochNs = -1;
    this.set(cwndBytes / this.smss);
  }

  onIdle(restartWindowBytes: number): void {
    this.epochNs = -1;
    if (restartWindowBytes < this.cwnd) this.set(restartWindowBytes / this.smss);
  }

  /** W_cubic(t) of §4.2, segments. */
  private cubicAt(seconds: number): number {
    const t = seconds - this.inflectionSeconds;
    return SCALE * t * t * t + this.wMax;
  }

  private beginEpoch(now: Nanos): void {
    this.epochNs = now;
    this.reno = this.window;
    if (this.afterTimeout || this.wMax < this.window) this.wMax = this.window;
    this.afterTimeout = false;
    const below = this.wMax - this.window;
    this.inflectionSeconds = below <= 0 ? 0 : pow(below / SCALE, 1 / 3);
  }

  private set(segments: number): void {
    this.window = Math.max(1, segments);
    this.cwnd = Math.floor(this.window * this.smss);
  }
}
