// What the first two generations of tokens share: a token belongs to a CPU, not to a thread. On that CPU taking it is free of
// atomic operations; any other has to ask for it by IPI (kernel.md §4.1 G1, G2). How one asks and waits is each generation's own.
//
// A token that no running thread uses is given to whoever asks, even when a thread that waits here for other tokens wants it
// too: so nobody waits while holding. Two CPUs that each need what the other has could swap for ever; a thread that has failed
// often enough therefore takes in one order, and keeps what comes before the one that it waits for (kernel.md §4.2 rule 3).

import { invariant, nanos } from '../../base';
import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import type { IpiFunction } from '../ipi-ring';
import type { Kernel } from '../kernel';
import type { Thread } from '../thread';
import type { Token, TokenCounters, TokenWait } from './token';

export interface OwnedTokenCounters extends TokenCounters {
  /** Requests sent to other CPUs. */
  requests: number;
  /** Requests that found that the token had gone on, or could not be given. */
  chases: number;
}

export abstract class OwnedToken implements Token, IpiFunction {
  readonly counters: OwnedTokenCounters = {
    collisions: 0,
    acquisitions: 0,
    handOffs: 0,
    dropped: 0,
    holdNs: 0,
    requests: 0,
    chases: 0,
  };
  abstract readonly wait: TokenWait;
  abstract readonly isCritical: boolean;
  readonly order: number;
  protected owner: Cpu;
  private user: Thread | undefined = undefined;
  private depth = 0;
  private heldSince = 0;
  /** It is kept for this thread, which waits for others of its tokens in their order. */
  private keptFor: Thread | undefined = undefined;
  /** It has come for a thread that spins for it and is about to look: nobody takes it away before. */
  private isPromised = false;
  private readonly line: Line;
  /** CPUs whose request is under way. */
  protected readonly asked = new Set<Cpu>();
  private waiting: { cpu: Cpu; thread: Thread | undefined }[] = [];

  constructor(
    protected readonly kernel: Kernel,
    readonly name: string,
  ) {
    this.order = kernel.allTokens.length;
    this.owner = kernel.cpus[0]!;
    this.line = kernel.machine.line();
  }

  get heldNs(): number {
    return this.counters.holdNs + (this.user === undefined ? 0 : this.kernel.engine.now - this.heldSince);
  }

  /** These generations know no sharing: who asks for it shared has it alone. */
  tryTake(thread: Thread, cpu: Cpu, _shared: boolean): boolean {
    thread.billNs += this.line.read(cpu.id);
    const isFree = this.user === undefined || this.user === thread;
    const isMine = this.keptFor === undefined || this.keptFor === thread;
    if (this.owner !== cpu || !isFree || !isMine) {
      this.counters.collisions += 1;
      this.request(cpu);
      return false;
    }
    if (this.user === undefined) this.heldSince = this.kernel.engine.now;
    this.user = thread;
    this.depth += 1;
    this.counters.acquisitions += 1;
    return true;
  }

  arrive(cpu: Cpu): void {
    if (this.owner === cpu) this.isPromised = false;
  }

  request(cpu: Cpu): void {
    if (this.owner === cpu || this.asked.has(cpu)) return;
    this.asked.add(cpu);
    this.counters.requests += 1;
    this.ask(cpu);
  }

  release(thread: Thread, cpu: Cpu, _shared: boolean): void {
    invariant(
      this.user === thread && this.owner === cpu,
      `K4.1 token ${this.name} is released by ${thread.name}, whose CPU does not have it`,
    );
    this.putBack(thread);
    if (this.depth > 0) return;
    this.counters.holdNs += this.kernel.engine.now - this.heldSince;
    this.passOn(cpu);
    this.tell(cpu, cpu);
  }

  putBack(_thread: Thread): void {
    this.depth -= 1;
    if (this.depth === 0) this.user = undefined;
    this.keptFor = undefined;
  }

  offer(cpu: Cpu): void {
    if (this.owner === cpu && this.isAvailable) this.passOn(cpu);
  }

  keepFor(thread: Thread): void {
    this.keptFor = thread;
  }

  await(cpu: Cpu, thread: Thread | undefined): void {
    this.waiting.push({ cpu, thread });
  }

  /** A request of the CPU `arg` has come to `cpu`. */
  abstract onIpi(cpu: Cpu, arg: unknown): boolean;

  /** Sends a request from `cpu` to whoever seems to own it. */
  protected abstract ask(cpu: Cpu): void;

  /** The last hold on `cpu` has ended: another CPU may be waiting. */
  protected abstract passOn(cpu: Cpu): void;

  /**
   * Whether the owner may give it away: nobody uses it, except a thread that spins for others of its tokens. When that one insists,
   * it keeps those that come before what it waits for.
   */
  protected get isAvailable(): boolean {
    if (this.keptFor !== undefined || this.isPromised) return false;
    const { user } = this;
    if (user === undefined) return true;
    return user.gathersFor !== undefined && (!user.insists || this.order > user.gathersFor.order);
  }

  /** `from` gives it to `to`; a thread that gathers tokens on `from` loses it again. */
  protected handOver(from: Cpu, to: Cpu): void {
    from.charge(this.line.write(from.id));
    if (this.user !== undefined) this.takeFrom(this.user);
    this.owner = to;
    this.isPromised = this.waiting.some(({ cpu, thread }) => cpu === to && thread?.gathersFor === this);
    this.asked.delete(to);
    this.counters.handOffs += 1;
    this.tell(from, to);
  }

  private takeFrom(user: Thread): void {
    for (const ref of user.tokens) {
      if (ref.token !== this || !ref.isHeld) continue;
      ref.isHeld = false;
      this.kernel.trace?.end(ref.record);
    }
    this.counters.holdNs += this.kernel.engine.now - this.heldSince;
    this.counters.dropped += 1;
    this.user = undefined;
    this.depth = 0;
  }

  /** Those who wait on `to` look again, when the news has come from `from`. */
  protected tell(from: Cpu, to: Cpu): void {
    const mine = this.waiting.filter(({ cpu }) => cpu === to);
    if (mine.length === 0) return;
    this.waiting = this.waiting.filter(({ cpu }) => cpu !== to);
    const travelNs = from === to ? 0 : Math.round(this.kernel.machine.transferNs(from.id, to.id));
    const at = nanos(from.owedAt + travelNs);
    for (const { cpu, thread } of mine) {
      if (thread === undefined) cpu.retryAt(at);
      else thread.endWaitAt(at);
    }
  }
}
