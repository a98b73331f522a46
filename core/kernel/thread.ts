// One LWKT thread (kernel.md §1.3). It belongs to a CPU, and that is its lock: nobody else touches it. Its body is a
// generator that yields operations; one operation is one step.

import { type CauseId, type Nanos, NO_CAUSE } from '../base';
import { type EventTarget, Priority } from '../engine';
import type { Cpu } from './cpu';
import { KernelProgramError } from './errors';
import { type Frame, Spin } from './frame';
import type { Operation } from './operation';
import type { Port } from './port/port';
import { gather } from './operations/tokens';
import { ThreadPort } from './port/thread-port';
import type { Message } from './message';
import type { Token, TokenRef } from './token/token';

export type Body = Generator<Operation, void, void>;

/** Bands of kernel.md §1.2. */
export const ThreadPriority = {
  idle: 0,
  userNormal: 6,
  kernelUser: 10,
  daemon: 12,
  softNormal: 14,
  softTimer: 16,
  interruptSupport: 20,
  interruptLow: 27,
  interruptMedium: 28,
  interruptHigh: 29,
} as const;

/** Failed attempts at a set of tokens before a thread insists (spin_loops). */
const ROUNDS_MAX = 10;

/** An address space that process threads share; kernel threads run in whichever is there. */
export type AddressSpace = symbol;

export class Thread implements Frame, EventTarget {
  billNs = 0;
  spin: Spin = Spin.none;
  cause: CauseId = NO_CAUSE;
  slice: CauseId = NO_CAUSE;
  /** The record of what woke it; and that of its wait for a token or lock. */
  wokenBy: CauseId = NO_CAUSE;
  waitRecord: CauseId = NO_CAUSE;

  // Where it stands; RUNQ and RUNNING are independent (kernel.md §1.3).
  isQueued = false;
  isRunning = false;
  isMigrating = false;
  isExited = false;
  /** It was preempted and will be returned to (TDF_PREEMPT_LOCK). */
  isPreempted = false;
  /** Whom it preempted. */
  victim: Thread | undefined = undefined;
  /** When it preempted, its victim was about to let somebody else run. */
  interruptedReschedule = false;
  /** Nesting of critical sections. */
  critical = 0;
  /** How often it needs the big lock; it runs only with it while this is not 0 (kernel.md §6.8). */
  bigLocks = 0;
  /** CPU synchronisations that it masters. */
  syncs = 0;
  /** Locks that it holds though it may not sleep with them. */
  spinlocks = 0;
  /** Interrupt threads and their helpers may preempt. */
  mayPreempt = false;
  addressSpace: AddressSpace | undefined = undefined;

  // Run queue links
  queuePrev: Thread | undefined = undefined;
  queueNext: Thread | undefined = undefined;

  /** Told when this thread has given its CPU up and is not to run (td_release). */
  onBlock: ((cpu: Cpu) => void) | undefined = undefined;

  /** Where it is going, while it migrates. */
  destination: Cpu | undefined = undefined;
  migratesSince = 0;
  /** Counts its waits for tokens, so that a late end of one does not end the next. */
  private waitNumber = 0;
  /** Since when it waits for a token; -1 when it does not. */
  waitsSince = -1;
  /** Until when it spins for a token, ns. */
  spinUntil = 0;

  /** What it spins for while it serves IPIs: the tokens that it has may be taken away meanwhile. */
  gathersFor: Token | undefined = undefined;
  /** It runs again and has to gather its tokens itself before it goes on. */
  mustGather = false;
  /** Times in a row that not all of its tokens could be had. */
  failedRounds = 0;
  /** References in the order of taking; held while the thread runs. */
  readonly tokens: TokenRef[] = [];
  /** Mutexes and the like that it has; unlike tokens they stay with it. */
  readonly locks: { holderStopped(): void }[] = [];
  /** The port that every thread has. */
  readonly port: ThreadPort;

  // The operation under way: its arguments, how far it is, and what it found.
  target: Port | undefined = undefined;
  message: Message | undefined = undefined;
  error = 0;
  amount = 0;
  subject: unknown = undefined;
  stage = 0;
  private operation: Operation | undefined = undefined;

  // Counters
  busyNs = 0;
  /** Of that, on CPUs that it has left, by their number. */
  private readonly busyElsewhere = new Map<number, number>();
  switches = 0;
  contested = 0;
  /** Since when it has been on the run queue without running; -1 when it is not. */
  wokenAt = -1;

  /** @param priority 0 to 31, 31 first */
  constructor(
    readonly id: number,
    readonly name: string,
    public cpu: Cpu,
    public priority: number,
    private readonly body: (thread: Thread) => Body,
  ) {
    this.port = new ThreadPort(this);
  }

  private started: Body | undefined = undefined;

  step(cpu: Cpu): void {
    if (this.mustGather) {
      this.mustGather = !gather(this, cpu);
      if (this.mustGather) return;
    }
    let operation = this.operation;
    if (operation === undefined) {
      this.started ??= this.body(this);
      const next = this.started.next();
      if (next.done === true) {
        cpu.scheduler.exit(this);
        return;
      }
      operation = next.value;
      this.stage = 0;
    }
    this.operation = operation;
    if (operation.act(this, cpu)) this.operation = undefined;
  }

  account(ns: number): void {
    this.busyNs += ns;
    if (this.critical > 0) this.cpu.counters.criticalNs += ns;
  }

  /** It leaves its CPU: what it had there is noted. */
  noteCpuTime(): void {
    this.busyElsewhere.set(this.cpu.id, this.busyOn(this.cpu.id));
  }

  /** CPU time that it had on one CPU, ns. */
  busyOn(cpu: number): number {
    const noted = this.busyElsewhere.get(cpu) ?? 0;
    if (cpu !== this.cpu.id) return noted;
    let elsewhere = 0;
    for (const [other, ns] of this.busyElsewhere) if (other !== cpu) elsewhere += ns;
    return this.busyNs - elsewhere;
  }

  /** It has failed too often: it takes its tokens in one order and keeps what it has (kernel.md §4.2 rule 3). */
  get insists(): boolean {
    return this.failedRounds >= ROUNDS_MAX;
  }

  /** Where it stands, as kernel.md §1.3 calls it. */
  get state(): 'new' | 'running' | 'runnable' | 'blocked' | 'preempted' | 'migrating' | 'exited' {
    if (this.isExited) return 'exited';
    if (this.isMigrating) return 'migrating';
    if (this.isPreempted) return 'preempted';
    if (this.isRunning) return 'running';
    if (this.isQueued) return 'runnable';
    return this.started === undefined ? 'new' : 'blocked';
  }

  /** A wait for a token begins. */
  beginWait(): void {
    this.waitNumber += 1;
  }

  /** The wait that is under way ends at `at`, if it has not ended before. */
  endWaitAt(at: Nanos): void {
    this.cpu.kernel.engine.schedule(at, Priority.arrival, this, this.waitNumber);
  }

  onEvent(_now: Nanos, waitNumber: number): void {
    if (waitNumber === this.waitNumber) this.cpu.endWait(this);
  }

  /** Stops the run: this program did what no thread may do. */
  misuse(problem: string, advice: string, rule?: string): never {
    throw new KernelProgramError(this.name, problem, advice, rule);
  }
}
