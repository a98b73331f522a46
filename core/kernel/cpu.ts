// One CPU: what it executes, its run queue, and how it is interrupted. Only this CPU touches what is in here; others ask by
// IPI (kernel.md §1.1).
//
// What it executes is a stack of frames: a thread, above it perhaps an interrupt handler, above that perhaps an interrupt
// thread that preempted. Only the top one gets time, and what is below keeps the rest of its bill. So a preempting thread
// cannot go anywhere but back to its victim (kernel.md §1.4).

import { type CauseId, type Nanos, nanos, NO_CAUSE, violated } from '../base';
import { type EventId, Priority } from '../engine';
import { newCounters } from './cpu-counters';
import { KernelProgramError } from './errors';
import { type Frame, Spin } from './frame';
import { InterruptFrame } from './interrupt-frame';
import { type IpiFunction, IpiRing } from './ipi-ring';
import type { Kernel } from './kernel';
import { RunQueue } from './run-queue';
import type { AddressSpace, Thread } from './thread';

/** Steps without any cost that a program may take in a row; beyond, it would go on for ever. */
const FREE_STEPS_MAX = 1_000_000;

/** What an event of a CPU stands for. */
const Wake = { paid: 0, ipi: 1, lookAgain: 2, tick: 3, retry: 4, interrupt: 5 } as const;

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

export class Cpu {
  readonly runQueue = new RunQueue();
  readonly counters = newCounters();
  /** Rings from other CPUs, by their number; made when first used. */
  readonly inbox: (IpiRing | undefined)[] = [];
  /** Somebody has sent an interrupt, or we are draining: no other is needed (gd_npoll). */
  isPolled = false;
  /** A thread that should run first has come; taken notice of at reschedule points. */
  wantsReschedule = false;

  /** Who hears where the time goes; nobody costs one check per span. */
  observer: CpuObserver | undefined = undefined;

  private readonly frames: Frame[] = [];
  /** The last of them. */
  private top: Frame | undefined = undefined;
  private readonly handlers: InterruptFrame[] = [];
  private handlersInUse = 0;
  /** The thread that runs, under whatever handler may be above it. */
  current: Thread | undefined = undefined;
  /** Who ran last: switching to it again is no switch. */
  private last: Thread | undefined = undefined;
  /** Device and timer interrupts that wait, in order of arrival. */
  private readonly interrupts: { fn: IpiFunction; arg: unknown; entryNs: number; cause: CauseId; at: number }[] = [];
  private ipiPending = false;
  /** Interrupts of IPIs that are on their way here. */
  private ipisComing = 0;
  /** Threads that left for another CPU and are told of once we are off them. */
  private readonly migrants: Thread[] = [];

  /** The frame that takes its step now. */
  private acting: Frame | undefined = undefined;
  private isGoing = false;
  private isPaying = false;
  private paidFrom: Nanos = nanos(0);
  private paidAt: Nanos = nanos(0);
  private payEvent: EventId = 0;
  /** Fractions of a nanosecond that nobody has paid. */
  private carryNs = 0;
  private debtUntil = 0;
  private addressSpace: AddressSpace | undefined = undefined;
  private idleSince: Nanos = nanos(0);
  private isIdle = true;
  /** A thread could not run for want of a token or the big lock. */
  private isContested = false;
  private idlesContested = false;
  private ticks = false;
  /** Since when the top frame spins for something that is not paid by the clock; -1 when it does not. */
  private spinningSince = -1;
  /** Steps taken since time passed here. */
  private freeSteps = 0;
  /** Messages whose sender found a ring full where it could not wait; it spins until they are sent. */
  private readonly unsent: { target: Cpu; fn: IpiFunction; arg: unknown; passive: boolean }[] = [];

  constructor(
    readonly kernel: Kernel,
    readonly id: number,
  ) {}

  private push(frame: Frame): void {
    this.frames.push(frame);
    this.top = frame;
  }

  private pop(): Frame {
    const frame = this.frames.pop()!;
    this.top = this.frames.at(-1);
    return frame;
  }

  // Costs

  /** Adds to what whoever runs here has to pay before its next step. */
  charge(ns: number): void {
    const payer = this.payer;
    if (payer !== undefined) payer.billNs += ns;
  }

  /** Whose step it is; a thread that was preempted within its own step is not on top any more, and still pays for it. */
  private get payer(): Frame | undefined {
    return this.acting ?? this.top;
  }

  /** When what was done so far in this step is paid: nobody elsewhere sees it earlier. */
  get owedAt(): Nanos {
    const { payer } = this;
    return nanos(this.kernel.engine.now + (payer === undefined ? 0 : Math.ceil(payer.billNs)));
  }

  // The loop

  onEvent(_now: Nanos, kind: number): void {
    switch (kind) {
      case Wake.paid:
        this.isPaying = false;
        this.settle(this.top!);
        break;
      case Wake.ipi:
        this.ipisComing -= 1;
        this.ipiPending = true;
        this.interruptTop();
        break;
      case Wake.interrupt:
        if (!this.isInterruptible(this.top)) this.counters.interruptsDeferred += 1;
        this.interruptTop();
        break;
      case Wake.lookAgain:
        this.endSpin();
        break;
      case Wake.tick:
        this.onTick();
        break;
      default:
        break;
    }
    this.go();
  }

  /**
   * Executes until time has to pass that somebody else may use. Call it at the end of an event only: this CPU may run
   * ahead of what the caller still wants to do now.
   */
  go(): void {
    if (this.isGoing || this.isPaying) return;
    this.isGoing = true;
    while (this.proceed());
    this.isGoing = false;
  }

  private proceed(): boolean {
    const top = this.top;
    if (this.spinningSince >= 0) this.accountSpin(top!);
    if (this.hasRequest && this.isInterruptible(top)) {
      this.enterHandler();
      return true;
    }
    if (top === undefined) return this.dispatch();
    if (top.billNs > 0) return this.pay(top);
    if (top.spin !== Spin.none) {
      this.spinningSince = this.kernel.engine.now;
      return false;
    }
    this.freeSteps += 1;
    if (this.freeSteps > FREE_STEPS_MAX) this.rejectEndlessLoop();
    this.kernel.trace?.enter(top);
    this.acting = top;
    top.step(this);
    this.acting = undefined;
    this.kernel.trace?.leave(top);
    return true;
  }

  private rejectEndlessLoop(): never {
    throw new KernelProgramError(
      this.current?.name ?? `handler of CPU ${String(this.id)}`,
      `it took ${String(FREE_STEPS_MAX)} steps in no time`,
      'A loop needs something that takes time: k.work(100), say, or a message to wait for',
    );
  }

  /** Lets the bill's time pass: at once when nothing else happens meanwhile, else until an event. */
  private pay(top: Frame): boolean {
    const { engine } = this.kernel;
    const exact = top.billNs + this.carryNs;
    const whole = Math.floor(exact);
    if (whole > 0) this.freeSteps = 0;
    this.carryNs = exact - whole;
    this.paidFrom = engine.now;
    this.paidAt = nanos(engine.now + whole);
    if (whole === 0 || engine.advance(this.paidAt, Wake.paid)) {
      this.settle(top);
      return true;
    }
    this.isPaying = true;
    this.payEvent = engine.schedule(this.paidAt, Priority.application, this, Wake.paid);
    return false;
  }

  private settle(top: Frame): void {
    top.billNs = 0;
    this.account(top, this.paidFrom, this.paidAt);
  }

  private account(by: Frame, from: number, to: number, hasEnded = true): void {
    by.account(to - from);
    this.observer?.span(by, from, to, hasEnded);
  }

  private accountSpin(top: Frame, hasEnded = true): void {
    const { now } = this.kernel.engine;
    this.account(top, this.spinningSince, now, hasEnded);
    this.spinningSince = -1;
  }

  /** Brings all accounts up to the present; changes nothing else. */
  settleAccounts(): void {
    const { now } = this.kernel.engine;
    const top = this.top;
    if (this.isPaying) {
      this.account(top!, this.paidFrom, now, false);
      this.paidFrom = now;
    } else if (this.spinningSince >= 0) {
      this.accountSpin(top!, false);
      this.spinningSince = now;
    } else if (this.isIdle) {
      this.accountIdle(false);
      this.idleSince = now;
    }
  }

  /** Something has arrived: what is being paid for stops, if it may be interrupted. */
  private interruptTop(): void {
    const top = this.top;
    if (!this.isPaying || top === undefined || !this.isInterruptible(top)) return;
    this.suspend(top);
  }

  private suspend(top: Frame): void {
    const { engine } = this.kernel;
    engine.cancel(this.payEvent);
    this.isPaying = false;
    top.billNs = this.paidAt - engine.now;
    this.account(top, this.paidFrom, engine.now);
  }

  // Interrupts

  private get hasRequest(): boolean {
    return this.ipiPending || this.interrupts.length > 0;
  }

  /** Handlers are not interrupted, threads are outside of critical sections; who spins on a ring always is. */
  private isInterruptible(top: Frame | undefined): boolean {
    if (top === undefined) return true;
    if (top.spin === Spin.draining) return this.kernel.options.drainsWhileSpinning;
    return top === this.current && this.current.critical === 0;
  }

  private enterHandler(): void {
    const frame = (this.handlers[this.handlersInUse] ??= new InterruptFrame());
    this.handlersInUse += 1;
    this.becomeBusy();
    this.push(frame);
    const interrupt = this.interrupts.shift();
    if (interrupt === undefined) {
      this.ipiPending = false;
      frame.beginIpis(this);
    } else {
      this.counters.interrupts += 1;
      this.counters.interruptDelayNs += this.kernel.engine.now - interrupt.at;
      frame.beginInterrupt(this, interrupt);
    }
    this.kernel.trace?.handlerBegins(this, frame, interrupt?.cause);
  }

  /** The handler on top is done. */
  leaveHandler(): void {
    const frame = this.pop();
    this.kernel.trace?.sliceEnds(frame);
    this.handlersInUse -= 1;
  }

  /** A device or timer interrupts this CPU now; runs in a handler, whose entry takes `entryNs`, as soon as that is allowed. */
  interrupt(fn: IpiFunction, arg: unknown, entryNs = this.kernel.machine.profile.ipiHandlerNs): void {
    const { engine } = this.kernel;
    this.interrupts.push({ fn, arg, entryNs, cause: engine.cause, at: engine.now });
    // Not at once: this CPU may run ahead only when nothing is left to do at this instant.
    engine.schedule(engine.now, Priority.arrival, this, Wake.interrupt);
  }

  // IPI messages

  /**
   * Makes sure that a message can be sent to `target`; the top frame spins until there is room when there is none.
   * @returns whether it can be sent now
   */
  hasRoomTo(target: Cpu): boolean {
    if (target === this) return true;
    const ring = target.inbox[this.id];
    if (ring === undefined || !ring.isFull) return true;
    this.counters.ipiFifoFull += 1;
    ring.waiting = this;
    this.spinDraining();
    // It may be full of entries that nobody was told of.
    this.interruptOther(target);
    return false;
  }

  /** Calls `fn` on `target`: now if that is this CPU, else through its ring. `hasRoomTo` was asked before. */
  send(target: Cpu, fn: IpiFunction, arg: unknown, passive = false): void {
    if (target === this) {
      fn.onIpi(this, arg);
      return;
    }
    const { machine, options, trace } = this.kernel;
    const ring = (target.inbox[this.id] ??= new IpiRing(options.ipiRingEntries, machine.line()));
    if (ring.length >= ring.size || this.unsent.length > 0) {
      this.defer(ring, target, fn, arg, passive);
      return;
    }
    this.charge(ring.line.write(this.id));
    ring.push(fn, arg, trace?.ipiSent(this, target) ?? NO_CAUSE);
    this.counters.ipiSent += 1;
    if (passive) {
      this.counters.ipiPassive += 1;
      target.ensureTick();
    } else if (target.isPolled && options.ipiInterlock) this.counters.ipiAvoided += 1;
    else this.interruptOther(target);
  }

  /** The ring is full, and the caller cannot be asked again: it spins at its next step, until this is sent. */
  private defer(ring: IpiRing, target: Cpu, fn: IpiFunction, arg: unknown, passive: boolean): void {
    this.counters.ipiFifoFull += 1;
    this.unsent.push({ target, fn, arg, passive });
    ring.waiting = this;
    this.spinDraining();
    this.interruptOther(target);
  }

  private sendDeferred(): void {
    if (this.unsent.length === 0) return;
    for (const { target, fn, arg, passive } of this.unsent.splice(0)) this.send(target, fn, arg, passive);
  }

  private interruptOther(target: Cpu): void {
    const { engine, machine } = this.kernel;
    target.isPolled = true;
    this.counters.ipiInterrupts += 1;
    if (this.kernel.faults?.strikes('interrupt') === true) return;
    target.ipisComing += 1;
    const at = nanos(this.owedAt + Math.round(machine.profile.ipiLatencyNs));
    engine.schedule(at, Priority.arrival, target, Wake.ipi);
  }

  /** A ring of ours has room again; tells who waits for it. */
  relax(ring: IpiRing): void {
    const { waiting } = ring;
    if (waiting === undefined || !ring.isRelaxed) return;
    ring.waiting = undefined;
    waiting.lookAgainAt(nanos(this.owedAt + Math.round(this.kernel.machine.transferNs(this.id, waiting.id))));
  }

  /** Whoever spins here for something that is not its clock looks again then. */
  lookAgainAt(at: Nanos): void {
    this.kernel.engine.schedule(at, Priority.arrival, this, Wake.lookAgain);
  }

  /** Whoever takes its step spins from now on, and works on the rings of this CPU meanwhile. */
  spinDraining(): void {
    const { payer } = this;
    if (payer === undefined) return;
    payer.spin = Spin.draining;
    if (!this.isPolled) return;
    // The handler that was to look at the rings cannot: others have to interrupt, and what waits already needs a look.
    this.isPolled = false;
    this.ipiPending ||= this.hasEntries;
  }

  /** Nobody interrupts this CPU because it is believed to be about to look at its rings; and nothing will make it look. */
  get isForgotten(): boolean {
    return this.isPolled && this.ipisComing === 0 && !this.ipiPending && this.handlersInUse === 0 && this.hasEntries;
  }

  private get hasEntries(): boolean {
    return this.inbox.some((ring) => ring !== undefined && ring.length > 0);
  }

  /** Whether the ring to `target` is two thirds full. */
  isNearlyFullTo(target: Cpu): boolean {
    const ring = target.inbox[this.id];
    return target !== this && ring !== undefined && ring.length >= (2 * ring.size) / 3;
  }

  /** Whoever spins on a ring looks again, when it is on top. */
  private endSpin(): void {
    for (const frame of this.frames) if (frame.spin === Spin.draining) frame.spin = Spin.none;
    this.sendDeferred();
  }

  // Clock

  /** The next tick is needed: somebody shares a priority, or a passive message waits. */
  ensureTick(): void {
    if (this.ticks) return;
    this.ticks = true;
    const { engine, options, cpus } = this.kernel;
    // The clocks of the CPUs are apart: ticks at the same instant would let CPUs that ask each other swap for ever.
    const offsetNs = Math.floor((options.tickNs * this.id) / cpus.length);
    const at = nanos((Math.floor((engine.now - offsetNs) / options.tickNs) + 1) * options.tickNs + offsetNs);
    engine.schedule(at, Priority.timer, this, Wake.tick);
  }

  private onTick(): void {
    this.ticks = false;
    if (this.hasEntries) {
      this.ipiPending = true;
      this.interruptTop();
    }
    if (this.kernel.options.rotation === 'tick' && this.runQueue.length > 1) {
      this.turnAtTick();
      this.ensureTick();
    }
  }

  /** The running thread, if it is first, goes behind its equals; the switch itself waits (lwkt_schedulerclock). */
  private turnAtTick(): void {
    const { current } = this;
    if (current === undefined) return;
    if (current === this.runQueue.first()) this.runQueue.rotate(current);
    this.wantsReschedule ||= current !== this.runQueue.first();
  }

  // Scheduling

  /** Puts a thread of this CPU on the run queue; nothing happens if it is there. */
  enqueue(thread: Thread): void {
    if (thread.isQueued || thread.isExited) return;
    if (thread.cpu !== this || thread.isMigrating)
      violated(`K13.1 CPU ${String(this.id)} queues ${thread.name}, which is not its own`);
    thread.isQueued = true;
    this.kernel.trace?.wake(this, thread);
    if (thread.wokenAt < 0 && !thread.isRunning) thread.wokenAt = this.kernel.engine.now;
    this.runQueue.insert(thread);
    this.charge(this.kernel.machine.profile.wakeNs);
    if (this.kernel.options.rotation === 'tick' && this.runQueue.length > 1) this.ensureTick();
    if (this.current !== undefined && !this.preempt(thread)) this.wantsReschedule ||= this.runQueue.first() === thread;
  }

  /** Takes a thread off the run queue; it goes on until it switches. */
  dequeue(thread: Thread): void {
    if (!thread.isQueued) return;
    thread.isQueued = false;
    this.runQueue.remove(thread);
  }

  /** A thread whose priority has changed is put where it belongs. */
  requeue(thread: Thread): void {
    thread.isQueued = true;
    this.runQueue.insert(thread);
    this.wantsReschedule ||= this.runQueue.first() !== thread;
  }

  /** Lets `target` run on top of what runs, if all of kernel.md §1.4 allows it. */
  private preempt(target: Thread): boolean {
    const { current, counters } = this;
    const { preemption } = this.kernel.options;
    if (current === undefined || current === target) return false;
    if (preemption === 'none' || (preemption === 'interrupt' && !target.mayPreempt)) return false;
    const isHigher = target.priority > current.priority;
    const lacksBigLock = target.bigLocks > 0 && !this.kernel.bigLock.isHeldBy(this);
    if (!isHigher || current.critical > 0 || current.syncs > 0 || target.tokens.length > 0 || lacksBigLock) {
      counters.preemptMiss += 1;
      return false;
    }
    if (current.isPreempted || target.isPreempted || target.isRunning) {
      counters.preemptWeird += 1;
      return false;
    }
    counters.preemptHit += 1;
    current.isPreempted = true;
    for (const lock of current.locks) lock.holderStopped();
    target.victim = current;
    target.interruptedReschedule = this.wantsReschedule;
    this.run(target);
    return true;
  }

  /** Gives the CPU to the first thread of the run queue that can have what it holds; false if there is none. */
  private dispatch(): boolean {
    this.tellMigrants();
    const next = this.pick();
    if (next === undefined) {
      this.becomeIdle();
      return false;
    }
    this.becomeBusy();
    this.run(next);
    if (this.kernel.options.rotation === 'switch') this.runQueue.rotate(next);
    return true;
  }

  private pick(): Thread | undefined {
    this.isContested = false;
    for (let thread = this.runQueue.first(); thread !== undefined; thread = this.runQueue.after(thread)) {
      if (this.kernel.tokens.takeAll(thread, this)) return thread;
      thread.contested += 1;
      this.counters.tokenCollisions += 1;
      this.isContested = true;
    }
    return undefined;
  }

  private run(next: Thread): void {
    const { profile } = this.kernel.machine;
    this.push(next);
    this.current = next;
    next.isRunning = true;
    this.kernel.trace?.runBegins(this, next);
    next.billNs += this.takeDebt();
    this.wantsReschedule = false;
    if (next.wokenAt >= 0) {
      this.kernel.onRun(next, this.kernel.engine.now - next.wokenAt);
      next.wokenAt = -1;
    }
    if (next === this.last) return;
    this.counters.switches += 1;
    next.switches += 1;
    next.billNs += profile.switchNs;
    if (next.addressSpace !== undefined && next.addressSpace !== this.addressSpace) {
      next.billNs += profile.addressSpaceNs;
      this.addressSpace = next.addressSpace;
    }
    this.last = next;
  }

  private takeDebt(): number {
    return Math.max(0, this.debtUntil - this.kernel.engine.now);
  }

  /** The thread on top gives the CPU up: to its victim, or to whoever is first on the run queue. */
  switchAway(thread: Thread): void {
    this.kernel.tokens.dropAll(thread, this);
    if (thread.critical > 0)
      thread.misuse(
        'it blocks inside a critical section',
        'Leave the section before waiting; what it protects may change while you wait',
      );
    if (thread.syncs > 0)
      thread.misuse(
        'it gives its CPU up while others stand still for it',
        'Call k.cpusync_deinterlock before anything that waits',
      );
    this.pop();
    thread.isRunning = false;
    for (const lock of thread.locks) lock.holderStopped();
    this.kernel.trace?.sliceEnds(thread);
    // What letting go has cost is paid before anybody else runs.
    this.debtUntil = this.kernel.engine.now + thread.billNs;
    thread.billNs = 0;
    const { victim } = thread;
    if (victim === undefined) {
      this.current = undefined;
      if (!thread.isQueued && thread.onBlock !== undefined) thread.onBlock(this);
      if (thread.isQueued && thread.wokenAt < 0) thread.wokenAt = this.kernel.engine.now;
      return;
    }
    thread.victim = undefined;
    const first = this.runQueue.first();
    // Who came before the preemption, or during it, still wants to run first.
    this.wantsReschedule = thread.interruptedReschedule || (first !== undefined && first.priority > victim.priority);
    victim.isPreempted = false;
    // What it spun for may have become free meanwhile.
    if (victim.spin === Spin.lock) victim.spin = Spin.none;
    victim.billNs += this.takeDebt() + this.kernel.machine.profile.switchNs;
    this.counters.switches += 1;
    this.current = victim;
    this.last = victim;
  }

  /** What a thread spins for may be free: it looks again instead of paying on. */
  endWait(thread: Thread): void {
    if (this.top === thread && this.isPaying) this.suspend(thread);
    thread.billNs = 0;
    thread.spin = Spin.none;
    this.go();
  }

  /**
   * The thread on top waits until somebody schedules it. One that was preempted earlier in this very step does not wait yet: its
   * operation is asked again when it is back, and then waits if there still is a reason.
   */
  block(thread: Thread): void {
    if (this.top !== thread) return;
    this.dequeue(thread);
    this.switchAway(thread);
  }

  exit(thread: Thread): void {
    if (thread.tokens.length > 0)
      thread.misuse('it ends with a token', 'Release every token, the last one taken first');
    thread.isExited = true;
    this.block(thread);
    this.kernel.onExit(thread);
  }

  /** The thread on top goes to another CPU; it is sent there by whatever runs here next (kernel.md §1.6). */
  emigrate(thread: Thread): void {
    this.counters.migrations += 1;
    thread.isMigrating = true;
    thread.migratesSince = this.kernel.engine.now;
    thread.noteCpuTime();
    this.migrants.push(thread);
    this.block(thread);
  }

  private tellMigrants(): void {
    while (this.migrants.length > 0) {
      const thread = this.migrants[0]!;
      this.migrants.shift();
      this.kernel.sendMigrant(this, thread);
    }
  }

  // Idleness

  /** Something that a thread here could not have is free: it is worth looking again. */
  retryAt(at: Nanos): void {
    this.kernel.engine.schedule(at, Priority.arrival, this, Wake.retry);
  }

  private becomeIdle(): void {
    if (this.isIdle) return;
    this.isIdle = true;
    this.idlesContested = this.isContested;
    this.idleSince = this.kernel.engine.now;
    this.last = undefined;
  }

  private becomeBusy(): void {
    if (!this.isIdle) return;
    this.isIdle = false;
    this.accountIdle();
  }

  private accountIdle(hasEnded = true): void {
    const { now } = this.kernel.engine;
    const spanNs = now - this.idleSince;
    this.observer?.idle(this.idleSince, now, this.idlesContested, hasEnded);
    if (this.idlesContested) this.counters.contestedNs += spanNs;
    else this.counters.idleNs += spanNs;
  }

  /** Whether nothing runs here and nothing waits to. */
  get isQuiet(): boolean {
    return this.frames.length === 0 && !this.hasRequest;
  }
}
