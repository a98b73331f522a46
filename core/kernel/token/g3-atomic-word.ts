// The third generation of tokens, from 2009: one word, changed atomically (kernel.md §4.1 G3). Bit 0 says that it is held
// alone, bit 1 that somebody wants it alone, the rest counts who share it; here they are three fields.

import { nanos, violated } from '../../base';
import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import type { Kernel } from '../kernel';
import type { Thread } from '../thread';
import type { Token, TokenCounters } from './token';

export class AtomicToken implements Token {
  readonly counters: TokenCounters = { collisions: 0, acquisitions: 0, handOffs: 0, dropped: 0, holdNs: 0 };
  readonly wait = 'backoff';
  readonly isCritical = false;
  readonly order: number;
  private holder: Thread | undefined = undefined;
  /** Nested holds of the one who has it alone. */
  private depth = 0;
  private sharers = 0;
  /** Somebody wants it alone: new sharers stand back, unless they hold other tokens. */
  private isWanted = false;
  private heldSince = 0;
  private lastCpu = -1;
  private readonly word: Line;
  /** Who looks again when it is free, in the order of asking. */
  private waiting: { cpu: Cpu; thread: Thread | undefined }[] = [];

  constructor(
    private readonly kernel: Kernel,
    readonly name: string,
  ) {
    this.order = kernel.allTokens.length;
    this.word = kernel.machine.line();
  }

  get heldNs(): number {
    return this.counters.holdNs + (this.holder === undefined ? 0 : this.kernel.engine.now - this.heldSince);
  }

  tryTake(thread: Thread, cpu: Cpu, shared: boolean): boolean {
    thread.billNs += this.word.atomic(cpu.id);
    if (!(shared ? this.tryShare(thread) : this.tryAlone(thread))) {
      this.counters.collisions += 1;
      return false;
    }
    this.counters.acquisitions += 1;
    if (this.lastCpu !== cpu.id && this.lastCpu >= 0) this.counters.handOffs += 1;
    this.lastCpu = cpu.id;
    return true;
  }

  private tryAlone(thread: Thread): boolean {
    if (this.holder === thread) {
      this.depth += 1;
      return true;
    }
    if (this.holder !== undefined || this.sharers > 0) {
      this.isWanted = true;
      return false;
    }
    this.isWanted = false;
    this.holder = thread;
    this.depth = 1;
    this.heldSince = this.kernel.engine.now;
    return true;
  }

  private tryShare(thread: Thread): boolean {
    if (this.holder === thread) {
      this.depth += 1;
      return true;
    }
    // Who holds nothing else can wait for those who want it alone; who does would wait while holding.
    const standsBack = this.isWanted && thread.tokens.length <= 1;
    if (this.holder !== undefined || standsBack) return false;
    this.sharers += 1;
    return true;
  }

  release(thread: Thread, cpu: Cpu, shared: boolean): void {
    cpu.charge(this.word.write(cpu.id));
    const wasAlone = this.holder === thread;
    this.putBack(thread, shared);
    if (wasAlone && this.holder === undefined) this.counters.holdNs += this.kernel.engine.now - this.heldSince;
    this.tell(cpu);
  }

  putBack(thread: Thread, shared: boolean): void {
    if (this.holder === thread) {
      this.depth -= 1;
      if (this.depth === 0) this.holder = undefined;
      return;
    }
    if (!shared || this.sharers === 0)
      violated(`K4.2 token ${this.name} is released by ${thread.name}, who does not hold it`);
    this.sharers -= 1;
  }

  request(_cpu: Cpu): void {
    // It is nowhere but in memory.
  }

  arrive(_cpu: Cpu): void {
    // It comes to nobody.
  }

  offer(_cpu: Cpu): void {
    // Who holds it keeps it until it switches.
  }

  keepFor(_thread: Thread): void {
    // Who finds all of its tokens free has them at one instant: nobody can swap with it.
  }

  await(cpu: Cpu, thread: Thread | undefined): void {
    // Several threads of an idle CPU may want it: one look is enough.
    if (thread === undefined && this.waiting.some((other) => other.cpu === cpu && other.thread === undefined)) return;
    this.waiting.push({ cpu, thread });
  }

  /** The word has changed: whoever reads it sees that when the line has come. */
  private tell(from: Cpu): void {
    if (this.waiting.length === 0 || this.holder !== undefined) return;
    const { waiting } = this;
    this.waiting = [];
    for (const { cpu, thread } of waiting) {
      const travelNs = Math.round(this.kernel.machine.transferNs(from.id, cpu.id));
      const at = nanos(from.owedAt + travelNs);
      if (thread === undefined) cpu.retryAt(at);
      else thread.endWaitAt(at);
    }
  }
}
