// Locks of one purpose (one in each of thousands of sockets) that are counted as one.

import type { Kernel } from '../kernel';
import { type Lock, type LockCounters, noCounts } from './lock';

export class LockFamily implements Lock {
  readonly counters: LockCounters = noCounts();
  readonly holder = undefined;

  /** @param kind of its members */
  constructor(
    kernel: Kernel,
    readonly name: string,
    readonly kind: string,
  ) {
    kernel.locks.push(this);
  }

  get heldNs(): number {
    return this.counters.holdNs;
  }

  take(): boolean {
    throw new Error(`"${this.name}" stands for many locks: take one of them`);
  }

  release(): void {
    this.take();
  }
}
