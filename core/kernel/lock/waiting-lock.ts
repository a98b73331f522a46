// What mutex, spinlock and serializer share: a word that is changed atomically, a holder, and a line of who waits, in the
// order of asking. They differ in how one waits and in what the holder may do.

import { type CauseId, nanos, NO_CAUSE } from '../../base';
import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import { Spin } from '../frame';
import type { Kernel } from '../kernel';
import type { Thread } from '../thread';
import type { Lock, LockCounters } from './lock';

/** How a thread waits for a lock that is held. */
export type Waiting = 'spin' | 'block';

export abstract class WaitingLock implements Lock {
  readonly counters: LockCounters = { acquisitions: 0, collisions: 0, blocks: 0, waitNs: 0, holdNs: 0 };
  holder: Thread | undefined = undefined;
  private heldSince = 0;
  private record: CauseId = NO_CAUSE;
  private readonly word: Line;
  private readonly waiters: { readonly thread: Thread; readonly way: Waiting; readonly since: number }[] = [];

  constructor(
    protected readonly kernel: Kernel,
    readonly name: string,
  ) {
    this.word = kernel.machine.line();
    kernel.locks.push(this);
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
      this.grant(thread);
      return true;
    }
    if (thread.stage === 0) this.counters.collisions += 1;
    this.kernel.trace?.waitBegins(thread, this);
    thread.stage = 1;
    const way = this.waysOf(thread);
    this.waiters.push({ thread, way, since: this.kernel.engine.now });
    this.kernel.waits.set(thread, this);
    if (way === 'spin') {
      thread.beginWait();
      thread.spin = Spin.lock;
    } else {
      this.counters.blocks += 1;
      cpu.block(thread);
    }
    return false;
  }

  private grant(thread: Thread): void {
    this.holder = thread;
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
    this.kernel.trace?.end(this.record);
    this.counters.holdNs += this.kernel.engine.now - this.heldSince;
    this.onRelease(thread);
    this.passOn(cpu);
  }

  /** The lock goes to who has waited longest: a new one cannot take it in between. */
  private passOn(cpu: Cpu): void {
    const next = this.waiters.shift();
    if (next === undefined) return;
    const waitedNs = this.kernel.engine.now - next.since;
    this.counters.waitNs += waitedNs;
    next.thread.cpu.counters.lockWaitNs += waitedNs;
    this.grant(next.thread);
    if (next.way === 'block') {
      this.kernel.schedule(next.thread, cpu);
      return;
    }
    const { machine } = this.kernel;
    const travelNs = Math.round(machine.profile.atomicRemoteNs * (next.thread.cpu === cpu ? 0 : 1));
    next.thread.endWaitAt(nanos(cpu.owedAt + travelNs));
  }
}
