// A device's interrupts on one CPU, and the thread that serves them (kernel.md §1.7). The source stays masked until the
// thread has run its handler. More runs than the limit within a second put it into the livelocked state: from then on
// a timer lets it run at the limit's rate, whatever the device does, until the runs that find work in a second are fewer than the
// low-water mark.

import { type Nanos, nanos } from '../base';
import { type EventTarget, Priority } from '../engine';
import type { Calls } from './calls';
import type { Cpu } from './cpu';
import type { IpiFunction } from './ipi-ring';
import type { Kernel } from './kernel';
import type { Body, Thread } from './thread';
import { ThreadPriority } from './thread';

const SECOND_NS = 1e9;

export interface InterruptWishes {
  readonly cpu?: number;
  readonly priority?: number;
  /** Runs a second that make it livelocked; Infinity for no limit. 100 to 500,000 in the kernel. */
  readonly livelockLimit?: number;
  /** Runs a second below which it recovers. */
  readonly livelockLowWater?: number;
}

export interface InterruptCounters {
  /** Times the device wanted attention. */
  raised: number;
  /** Of these, while it was masked. */
  whileMasked: number;
  runs: number;
  livelocks: number;
  livelockedNs: number;
}

/** Serves a device once: at once, for as many ns as it returns; or step by step. */
export type InterruptHandler = ((cpu: Cpu) => number) | { serve(k: Calls): Body };

export class InterruptSource implements IpiFunction, EventTarget {
  readonly counters: InterruptCounters = { raised: 0, whileMasked: 0, runs: 0, livelocks: 0, livelockedNs: 0 };
  readonly thread: Thread;
  private isMasked = false;
  /** It was raised and no run has looked since. */
  private isPending = false;
  private isLivelocked = false;
  private livelockedSince = 0;
  /** The last tick of the timer that paces it while it is livelocked, ns. */
  private tickAt = 0;
  private secondBegan = 0;
  private runsThisSecond = 0;
  private readonly limit: number;
  private readonly lowWater: number;

  constructor(
    private readonly kernel: Kernel,
    name: string,
    private readonly handler: InterruptHandler,
    { cpu = 0, priority = ThreadPriority.interruptLow, livelockLimit, livelockLowWater }: InterruptWishes = {},
  ) {
    this.limit = livelockLimit ?? 40_000;
    this.lowWater = livelockLowWater ?? this.limit / 2;
    kernel.interruptSources.push(this);
    this.thread = kernel.create(name, (k) => this.serve(k), { cpu, priority, mayPreempt: true });
  }

  /** The device wants attention now. */
  raise(): void {
    this.counters.raised += 1;
    this.isPending = true;
    if (this.isMasked) {
      this.counters.whileMasked += 1;
      return;
    }
    this.isMasked = true;
    this.kernel.trace?.interruptRaised(this.thread.cpu, this.thread);
    this.thread.cpu.interrupt(this, undefined, this.kernel.machine.profile.interruptNs);
  }

  /** The hardware handler: the thread does the rest. */
  onIpi(cpu: Cpu): boolean {
    cpu.scheduler.enqueue(this.thread);
    return true;
  }

  private *serve(k: Calls): Body {
    for (;;) {
      const found = this.isPending;
      this.isPending = false;
      this.counters.runs += 1;
      if (typeof this.handler === 'function') yield k.work(this.handler(k.self.cpu));
      else yield* this.handler.serve(k);
      this.countRun(found);
      if (this.isLivelocked) this.armTimer();
      else {
        // Unmasking lets a device that has something raise again at once.
        if (this.isPending) continue;
        this.isMasked = false;
      }
      yield k.block();
    }
  }

  private countRun(found: boolean): void {
    const { now } = this.kernel.engine;
    if (now - this.secondBegan >= SECOND_NS) {
      if (this.isLivelocked && this.runsThisSecond < this.lowWater) this.recover();
      this.secondBegan = now;
      this.runsThisSecond = 0;
    }
    if (found) this.runsThisSecond += 1;
    if (this.isLivelocked || this.runsThisSecond <= this.limit) return;
    this.isLivelocked = true;
    this.livelockedSince = now;
    this.tickAt = now;
    this.counters.livelocks += 1;
  }

  private recover(): void {
    this.isLivelocked = false;
    this.counters.livelockedNs += this.kernel.engine.now - this.livelockedSince;
  }

  private armTimer(): void {
    const { engine } = this.kernel;
    const periodNs = SECOND_NS / this.limit;
    // The timer is periodic: how long a run took does not put off the next one, unless it took longer than that.
    const missed = Math.max(0, Math.floor((engine.now - this.tickAt) / periodNs));
    this.tickAt += (missed + 1) * periodNs;
    engine.schedule(nanos(Math.max(engine.now, Math.round(this.tickAt))), Priority.timer, this, 0);
  }

  /** The timer of the livelocked state. */
  onEvent(_now: Nanos, _arg: number): void {
    this.thread.cpu.interrupt(this, undefined);
  }
}
