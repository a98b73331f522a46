// What mutex, spinlock and serializer share: a word that is changed atomically, a holder, and a line of who waits, in the
// order of asking. They differ in how one waits and in what the holder may do.

import { type CauseId, nanos, NO_CAUSE } from '../../base';
import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import { Spin } from '../frame';
import type { Kernel } from '../kernel';
import type { Thread } from '../thread';
import type { LockFamily } from './family';
import { type Lock, type LockCounters, noCounts } from './lock';

/** How a thread waits for a lock that is held. */
export type Waiting = 'spin' | 'block';

interface Waiter {
  readonly thread: Thread;
  way: Waiting;
  readonly since: number;
}

export abstract class WaitingLock implements Lock {
  readonly counters: LockCounters;
  holder: Thread | undefined = undefined;
  private heldSince = 0;
  private record: CauseId = NO_CAUSE;
  private readonly word: Line;
  private readonly waiters: Waiter[] = [];

  constructor(
    protected readonly kernel: Kernel,
    readonly name: string,
    family?: LockFamily,
  ) {
    this.word = kernel.machine.line();
    this.counters = family?.counters ?? noCounts();
    if (family === undefined) kernel.locks.push(this);
  }

  abstract readonly kind: string;

  get heldNs(): number {
    return this.counters.holdNs + (this.holder === undefined ? 0 : this.kernel.engine.now - this.heldSince);
  }

  /** How `thread` waits now. */
  protected abstract waysOf(thread: Thread): Waiting;

  take(thread: Thread, cpu: Cpu): boolean {
    if (this.holder === thread) {
      if (thread.stage === 0) thread.misuse(`it takes "${this.name}" twice`, 'This lock does not nest; a token does');
      return true;
    }
    cpu.charge(this.word.atomic(cpu.id));
    if (this.holder === undefined) {
      const waited = this.waiters.findIndex((waiter) => waiter.thread === thread);
      if (waited >= 0) this.countWait(this.waiters.splice(waited, 1)[0]!);
      this.grant(thread);
      return true;
    }
    if (thread.stage === 0) this.counters.collisions += 1;
    this.kernel.trace?.waitBegins(thread, this);
    thread.stage = 1;
    const way = this.waysOf(thread);
    const known = this.waiters.find((waiter) => waiter.thread === thread);
    if (known === undefined) this.waiters.push({ thread, way, since: this.kernel.engine.now });
    else known.way = way;
    this.kernel.waits.set(thread, this);
    if (way === 'spin') {
      thread.beginWait();
      thread.spin = Spin.lock;
    } else {
      this.counters.blocks += 1;
      cpu.scheduler.block(thread);
    }
    return false;
  }

  /** Its holder does not run any more: who spins because it did looks again, and may block instead. */
  holderStopped(): void {
    const { engine, machine } = this.kernel;
    for (const { thread, way } of this.waiters)
      if (way === 'spin') thread.endWaitAt(nanos(engine.now + Math.round(machine.profile.lineTransferNs)));
  }

  private grant(thread: Thread): void {
    this.holder = thread;
    thread.locks.push(this);
    this.heldSince = this.kernel.engine.now;
    this.counters.acquisitions += 1;
    this.kernel.waits.delete(thread);
    const { trace } = this.kernel;
    trace?.waitEnds(thread);
    this.record = trace?.holdBegins(thread, this) ?? NO_CAUSE;
    this.onGrant(thread);
  }

  protected onGrant(_thread: Thread): void {
    // Most holders may do what they like.
  }

  protected onRelease(_thread: Thread): void {
    // Most holders may do what they like.
  }

  release(thread: Thread, cpu: Cpu): void {
    if (this.holder !== thread)
      thread.misuse(`it releases "${this.name}", which it does not hold`, 'Pair each k.unlock() with a k.lock()');
    cpu.charge(this.word.atomic(cpu.id));
    this.holder = undefined;
    thread.locks.splice(thread.locks.indexOf(this), 1);
    this.kernel.trace?.end(this.record);
    this.counters.holdNs += this.kernel.engine.now - this.heldSince;
    this.onRelease(thread);
    this.passOn(cpu);
  }

  /** Whether the lock goes to who has waited longest, so that a new one cannot take it in between. */
  protected readonly handsOver: boolean = true;

  private passOn(cpu: Cpu): void {
    if (this.handsOver) {
      const next = this.waiters.shift();
      if (next !== undefined) this.handTo(next, cpu);
      return;
    }
    // Who spins sees the word change; one that sleeps is woken, and takes the lock if it is still free then.
    const spins = this.waiters.findIndex(({ thread, way }) => way === 'spin' && !thread.isPreempted);
    if (spins >= 0) this.handTo(this.waiters.splice(spins, 1)[0]!, cpu);
    else {
      const sleeper = this.waiters.find(({ way }) => way === 'block');
      if (sleeper !== undefined) this.kernel.schedule(sleeper.thread, cpu);
    }
  }

  private handTo(next: Waiter, cpu: Cpu): void {
    this.countWait(next);
    this.grant(next.thread);
    if (next.way === 'block') {
      this.kernel.schedule(next.thread, cpu);
      return;
    }
    const { machine } = this.kernel;
    const travelNs = Math.round(machine.profile.atomicRemoteNs * (next.thread.cpu === cpu ? 0 : 1));
    next.thread.endWaitAt(nanos(cpu.owedAt + travelNs));
  }

  private countWait({ thread, since }: Waiter): void {
    const waitedNs = this.kernel.engine.now - since;
    this.counters.waitNs += waitedNs;
    thread.cpu.counters.lockWaitNs += waitedNs;
  }
}
