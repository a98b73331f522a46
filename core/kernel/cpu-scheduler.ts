// The scheduler of one CPU: its run queue, who runs, who preempts whom, and switching (kernel.md §1.2, §1.4, §1.6). What it
// chooses becomes a frame of the CPU.

import { violated } from '../base';
import type { Cpu } from './cpu';
import { Spin } from './frame';
import type { Kernel } from './kernel';
import { RunQueue } from './run-queue';
import type { AddressSpace, Thread } from './thread';

export class CpuScheduler {
  readonly runQueue = new RunQueue();
  /** A thread that should run first has come; taken notice of at reschedule points. */
  wantsReschedule = false;
  /** The thread that runs, under whatever handler may be above it. */
  current: Thread | undefined = undefined;
  /** Who ran last: switching to it again is no switch. */
  private last: Thread | undefined = undefined;
  private addressSpace: AddressSpace | undefined = undefined;
  /** Until when whoever ran last would have gone on paying; the next one does it. */
  private debtUntil = 0;
  /** A thread could not run for want of a token or the big lock. */
  private isContested = false;
  /** Threads that left for another CPU and are told of once we are off them. */
  private readonly migrants: Thread[] = [];
  private readonly kernel: Kernel;

  constructor(private readonly cpu: Cpu) {
    this.kernel = cpu.kernel;
  }

  /** Puts a thread of this CPU on the run queue; nothing happens if it is there. */
  enqueue(thread: Thread): void {
    if (thread.isQueued || thread.isExited) return;
    if (thread.cpu !== this.cpu || thread.isMigrating)
      violated(`K13.1 CPU ${String(this.cpu.id)} queues ${thread.name}, which is not its own`);
    thread.isQueued = true;
    this.kernel.trace?.wake(this.cpu, thread);
    if (thread.wokenAt < 0 && !thread.isRunning) thread.wokenAt = this.kernel.engine.now;
    this.runQueue.insert(thread);
    this.cpu.charge(this.kernel.machine.profile.wakeNs);
    if (this.kernel.options.rotation === 'tick' && this.runQueue.length > 1) this.cpu.ensureTick();
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
    const { current } = this;
    const { counters } = this.cpu;
    const { preemption } = this.kernel.options;
    if (current === undefined || current === target) return false;
    if (preemption === 'none' || (preemption === 'interrupt' && !target.mayPreempt)) return false;
    const isHigher = target.priority > current.priority;
    const lacksBigLock = target.bigLocks > 0 && !this.kernel.bigLock.isHeldBy(this.cpu);
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
  dispatch(): boolean {
    this.tellMigrants();
    const next = this.pick();
    if (next === undefined) {
      this.idle();
      return false;
    }
    this.cpu.time.becomeBusy();
    this.run(next);
    if (this.kernel.options.rotation === 'switch') this.runQueue.rotate(next);
    return true;
  }

  private pick(): Thread | undefined {
    this.isContested = false;
    for (let thread = this.runQueue.first(); thread !== undefined; thread = this.runQueue.after(thread)) {
      if (this.kernel.tokens.takeAll(thread, this.cpu)) return thread;
      thread.contested += 1;
      this.cpu.counters.tokenCollisions += 1;
      this.isContested = true;
    }
    return undefined;
  }

  private run(next: Thread): void {
    const { profile } = this.kernel.machine;
    this.cpu.push(next);
    this.current = next;
    next.isRunning = true;
    this.kernel.trace?.runBegins(this.cpu, next);
    next.billNs += this.takeDebt();
    this.wantsReschedule = false;
    if (next.wokenAt >= 0) {
      this.kernel.onRun(next, this.kernel.engine.now - next.wokenAt);
      next.wokenAt = -1;
    }
    if (next === this.last) return;
    this.cpu.counters.switches += 1;
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
    this.kernel.tokens.dropAll(thread, this.cpu);
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
    this.cpu.pop();
    thread.isRunning = false;
    for (const lock of thread.locks) lock.holderStopped();
    this.kernel.trace?.sliceEnds(thread);
    // What letting go has cost is paid before anybody else runs.
    this.debtUntil = this.kernel.engine.now + thread.billNs;
    thread.billNs = 0;
    const { victim } = thread;
    if (victim === undefined) {
      this.current = undefined;
      if (!thread.isQueued && thread.onBlock !== undefined) thread.onBlock(this.cpu);
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
    this.cpu.counters.switches += 1;
    this.current = victim;
    this.last = victim;
  }

  /** The running thread, if it is first, goes behind its equals; the switch itself waits (lwkt_schedulerclock). */
  turnAtTick(): void {
    const { current } = this;
    if (current === undefined) return;
    if (current === this.runQueue.first()) this.runQueue.rotate(current);
    this.wantsReschedule ||= current !== this.runQueue.first();
  }

  /**
   * The thread on top waits until somebody schedules it. One that was preempted earlier in this very step does not wait yet: its
   * operation is asked again when it is back, and then waits if there still is a reason.
   */
  block(thread: Thread): void {
    if (this.cpu.top !== thread) return;
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
    this.cpu.counters.migrations += 1;
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
      this.kernel.sendMigrant(this.cpu, thread);
    }
  }

  private idle(): void {
    if (this.cpu.time.idles) return;
    this.cpu.time.becomeIdle(this.isContested);
    this.last = undefined;
  }
}
