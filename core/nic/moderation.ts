// Interrupt moderation: a vector interrupts at most so often; what happens in between waits for the next time (kernel.md §9.3:
// 6,000 a second on emx).

import { type Nanos, nanos } from '../base';
import { type Engine, type EventTarget, Priority } from '../engine';

const NS_PER_SECOND = 1e9;

export class Moderation implements EventTarget {
  /** Interrupts that were raised, and requests that found one on its way. */
  raised = 0;
  merged = 0;
  private readonly gapNs: number;
  private lastAt = -Infinity;
  /** When the one that is on its way comes; -1 for none. */
  private pendingAt = -1;

  /** @param rate interrupts a second at most; Infinity for no limit */
  constructor(
    private readonly engine: Engine,
    rate: number,
    private readonly raise: () => void,
  ) {
    this.gapNs = rate === Infinity ? 0 : Math.round(NS_PER_SECOND / rate);
  }

  /** Something has happened that the CPU is to hear of, at `at` or later. */
  request(at: Nanos): void {
    if (this.pendingAt >= 0) {
      this.merged += 1;
      return;
    }
    const due = Math.max(at, this.engine.now, this.lastAt + this.gapNs);
    this.pendingAt = due;
    this.engine.schedule(nanos(due), Priority.arrival, this, 0);
  }

  onEvent(now: Nanos, _arg: number): void {
    this.pendingAt = -1;
    this.lastAt = now;
    this.raised += 1;
    this.raise();
  }
}
