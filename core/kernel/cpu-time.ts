// Where a CPU's time goes: to frames, and to nobody while it idles. What is told here adds up to all of its time.

import { type Nanos, nanos } from '../base';
import type { Engine } from '../engine';
import type { CpuCounters } from './cpu-counters';
import type { Frame } from './frame';

/** Hears where a CPU's time goes. */
export interface CpuObserver {
  /**
   * `by` had the CPU from `fromNs` to `toNs`; the spans of one CPU come in order and do not overlap.
   * @param hasEnded false when it goes on, and somebody only wants to know what there is so far
   */
  span(by: Frame, fromNs: number, toNs: number, hasEnded: boolean): void;
  /** It idled; contested when a thread could have run, were a token or the big lock free. */
  idle(fromNs: number, toNs: number, isContested: boolean, hasEnded: boolean): void;
}

export class CpuTime {
  /** Nobody costs one check per span. */
  observer: CpuObserver | undefined = undefined;
  private isIdle = true;
  private idleSince: Nanos = nanos(0);
  private idlesContested = false;

  constructor(
    private readonly engine: Engine,
    private readonly counters: CpuCounters,
  ) {}

  /** A frame had the CPU. */
  give(to: Frame, fromNs: number, toNs: number, hasEnded = true): void {
    to.account(toNs - fromNs);
    this.observer?.span(to, fromNs, toNs, hasEnded);
  }

  /** @param isContested a thread could not run for want of a token or the big lock */
  becomeIdle(isContested: boolean): void {
    this.isIdle = true;
    this.idlesContested = isContested;
    this.idleSince = this.engine.now;
  }

  becomeBusy(): void {
    if (!this.isIdle) return;
    this.isIdle = false;
    this.countIdle(true);
  }

  get idles(): boolean {
    return this.isIdle;
  }

  /** Brings the account up to the present while the CPU idles on. */
  settleIdle(): void {
    this.countIdle(false);
    this.idleSince = this.engine.now;
  }

  private countIdle(hasEnded: boolean): void {
    const { now } = this.engine;
    const spanNs = now - this.idleSince;
    this.observer?.idle(this.idleSince, now, this.idlesContested, hasEnded);
    if (this.idlesContested) this.counters.contestedNs += spanNs;
    else this.counters.idleNs += spanNs;
  }
}
