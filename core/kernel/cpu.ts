// One CPU: what it executes, how that is paid for, and how it is interrupted. Only this CPU touches what is in here; others ask by
// IPI (kernel.md §1.1).
//
// What it executes is a stack of frames: a thread, above it perhaps an interrupt handler, above that perhaps an interrupt
// thread that preempted. Only the top one gets time, and what is below keeps the rest of its bill. So a preempting thread
// cannot go anywhere but back to its victim (kernel.md §1.4).

import { type CauseId, type Nanos, nanos } from '../base';
import { type EventId, Priority } from '../engine';
import { newCounters } from './cpu-counters';
import { CpuIpis } from './cpu-ipis';
import { CpuScheduler } from './cpu-scheduler';
import { CpuTime } from './cpu-time';
import { KernelProgramError } from './errors';
import { type Frame, Spin } from './frame';
import { InterruptFrame } from './interrupt-frame';
import type { IpiFunction } from './ipi-ring';
import type { Kernel } from './kernel';
import type { Thread } from './thread';

/** Steps without any cost that a program may take in a row; beyond, it would go on for ever. */
const FREE_STEPS_MAX = 1_000_000;

/** What an event of a CPU stands for. */
const Wake = { paid: 0, ipi: 1, lookAgain: 2, tick: 3, retry: 4, interrupt: 5 } as const;

export class Cpu {
  readonly counters = newCounters();
  readonly time: CpuTime;
  readonly scheduler: CpuScheduler;
  readonly ipis: CpuIpis;

  private readonly frames: Frame[] = [];
  /** The last of them. */
  top: Frame | undefined = undefined;
  private readonly handlers: InterruptFrame[] = [];
  private handlersInUse = 0;
  /** Device and timer interrupts that wait, in order of arrival. */
  private readonly interrupts: { fn: IpiFunction; arg: unknown; entryNs: number; cause: CauseId; at: number }[] = [];

  /** The frame that takes its step now. */
  private acting: Frame | undefined = undefined;
  private isGoing = false;
  private isPaying = false;
  private paidFrom: Nanos = nanos(0);
  private paidAt: Nanos = nanos(0);
  private payEvent: EventId = 0;
  /** Fractions of a nanosecond that nobody has paid. */
  private carryNs = 0;
  private ticks = false;
  /** Since when the top frame spins for something that is not paid by the clock; -1 when it does not. */
  private spinningSince = -1;
  /** Steps taken since time passed here. */
  private freeSteps = 0;

  constructor(
    readonly kernel: Kernel,
    readonly id: number,
  ) {
    this.time = new CpuTime(kernel.engine, this.counters);
    this.scheduler = new CpuScheduler(this);
    this.ipis = new CpuIpis(this);
  }

  /** It gets the time from now on. */
  push(frame: Frame): void {
    this.frames.push(frame);
    this.top = frame;
  }

  /** The frame on top is off the CPU. */
  pop(): Frame {
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
  get payer(): Frame | undefined {
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
        this.ipis.arrive();
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
    if (top === undefined) return this.scheduler.dispatch();
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
      this.scheduler.current?.name ?? `handler of CPU ${String(this.id)}`,
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
    this.time.give(top, this.paidFrom, this.paidAt);
  }

  private accountSpin(top: Frame, hasEnded = true): void {
    const { now } = this.kernel.engine;
    this.time.give(top, this.spinningSince, now, hasEnded);
    this.spinningSince = -1;
  }

  /** Brings all accounts up to the present; changes nothing else. */
  settleAccounts(): void {
    const { now } = this.kernel.engine;
    const top = this.top;
    if (this.isPaying) {
      this.time.give(top!, this.paidFrom, now, false);
      this.paidFrom = now;
    } else if (this.spinningSince >= 0) {
      this.accountSpin(top!, false);
      this.spinningSince = now;
    } else if (this.time.idles) this.time.settleIdle();
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
    this.time.give(top, this.paidFrom, engine.now);
  }

  // Interrupts

  private get hasRequest(): boolean {
    return this.ipis.isPending || this.interrupts.length > 0;
  }

  /** Handlers are not interrupted, threads are outside of critical sections; who spins on a ring always is. */
  private isInterruptible(top: Frame | undefined): boolean {
    if (top === undefined) return true;
    if (top.spin === Spin.draining) return this.kernel.options.drainsWhileSpinning;
    const { current } = this.scheduler;
    return top === current && current.critical === 0;
  }

  private enterHandler(): void {
    const frame = (this.handlers[this.handlersInUse] ??= new InterruptFrame());
    this.handlersInUse += 1;
    this.time.becomeBusy();
    this.push(frame);
    const interrupt = this.interrupts.shift();
    if (interrupt === undefined) {
      this.ipis.isPending = false;
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

  /** Another CPU interrupts this one, to look at its rings. */
  interruptForIpisAt(at: Nanos): void {
    this.kernel.engine.schedule(at, Priority.arrival, this, Wake.ipi);
  }

  get isInHandler(): boolean {
    return this.handlersInUse > 0;
  }

  // Looking again

  /** Whoever spins here for something that is not its clock looks again then. */
  lookAgainAt(at: Nanos): void {
    this.kernel.engine.schedule(at, Priority.arrival, this, Wake.lookAgain);
  }

  /** Whoever spins on a ring looks again, when it is on top. */
  private endSpin(): void {
    for (const frame of this.frames) if (frame.spin === Spin.draining) frame.spin = Spin.none;
    this.ipis.sendDeferred();
  }

  /** What a thread spins for may be free: it looks again instead of paying on. */
  endWait(thread: Thread): void {
    if (this.top === thread && this.isPaying) this.suspend(thread);
    thread.billNs = 0;
    thread.spin = Spin.none;
    this.go();
  }

  /** Something that a thread here could not have is free: it is worth looking again. */
  retryAt(at: Nanos): void {
    this.kernel.engine.schedule(at, Priority.arrival, this, Wake.retry);
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
    if (this.ipis.hasEntries) {
      this.ipis.isPending = true;
      this.interruptTop();
    }
    if (this.kernel.options.rotation === 'tick' && this.scheduler.runQueue.length > 1) {
      this.scheduler.turnAtTick();
      this.ensureTick();
    }
  }

  /** Whether nothing runs here and nothing waits to. */
  get isQuiet(): boolean {
    return this.frames.length === 0 && !this.hasRequest;
  }
}
