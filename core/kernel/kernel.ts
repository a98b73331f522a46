// The kernel of one machine: its CPUs, its threads, and what they share.

import { invariant, type Nanos } from '../base';
import { type Engine, Priority } from '../engine';
import type { Machine } from '../machine';
import { Calls, type KernelProgram } from './calls';
import { Cpu } from './cpu';
import { BigLock } from './lock/big-lock';
import { findDeadlock, type Lock } from './lock/lock';
import type { Faults } from './faults';
import type { InterruptSource } from './interrupt-source';
import { IMMIGRATE, WAKE } from './operations/running';
import { KERNEL_DEFAULTS, type KernelOptions } from './options';
import type { Port } from './port/port';
import { Thread, ThreadPriority } from './thread';
import { OwnerCpuToken } from './token/g1-owner-cpu';
import { PassiveRequestToken } from './token/g2-passive-request';
import { AtomicToken } from './token/g3-atomic-word';
import { Holdings } from './token/holdings';
import { TokenPool } from './token/pool';
import type { Token } from './token/token';
import { KernelTrace, type TraceNames } from './trace';

/** Up to 2^31 ns; longer waits count in the last one. */
const LATENCY_BINS = 32;

const TOKENS = { g1: OwnerCpuToken, g2: PassiveRequestToken, g3: AtomicToken } as const;

export interface ThreadWishes {
  readonly cpu?: number;
  /** 0 to 31, 31 first. */
  readonly priority?: number;
  /** It may preempt others on its CPU, as interrupt threads do. */
  readonly mayPreempt?: boolean;
  /** It needs the big lock from its start, as threads do that nobody has freed of it. */
  readonly bigLock?: boolean;
  /** Its own address space: switching to it costs more. */
  readonly addressSpace?: symbol;
}

export class Kernel {
  readonly options: KernelOptions;
  readonly cpus: readonly Cpu[];
  readonly threads: Thread[] = [];
  readonly tokens = new Holdings();
  readonly bigLock: BigLock;
  /** Times from waking to running, by priority; ns. The n-th bin counts those from 2^(n-1) to below 2^n. */
  readonly wakeLatency = Array.from({ length: 32 }, () => ({
    sumNs: 0,
    count: 0,
    maxNs: 0,
    bins: new Array<number>(LATENCY_BINS).fill(0),
  }));
  /** Which lock each waiting thread waits for, for finding deadlocks. */
  readonly waits = new Map<Thread, Lock>();
  /** Everything that threads share, in the order of making. */
  readonly allTokens: Token[] = [];
  readonly locks: Lock[] = [];
  readonly sharedPorts: Port[] = [];
  readonly interruptSources: InterruptSource[] = [];
  /** Tokens for objects that have none of their own. */
  readonly tokenPool = new TokenPool(this);
  /** Writes what happens into the cause log; undefined while that is off. */
  readonly trace: KernelTrace | undefined = undefined;
  /** What is to fail; nothing, if nobody says so. */
  faults: Faults | undefined = undefined;
  private living = 0;

  /** @param tracing writes what happens into the engine's cause log, under these names */
  constructor(
    readonly engine: Engine,
    readonly machine: Machine,
    options: Partial<KernelOptions> = {},
    tracing: { readonly names: TraceNames; readonly host: string; readonly isOnlyOne: boolean } | undefined = undefined,
  ) {
    const { causes } = engine;
    if (causes !== undefined && tracing !== undefined)
      this.trace = new KernelTrace(engine, causes, machine.cpus, tracing.names, tracing.host, tracing.isOnlyOne);
    this.options = { ...KERNEL_DEFAULTS, ...options };
    this.bigLock = new BigLock(this);
    this.cpus = Array.from({ length: machine.cpus }, (_, id) => new Cpu(this, id));
  }

  /** Makes a thread; it runs when it is scheduled. */
  create(name: string, program: KernelProgram, wishes: ThreadWishes = {}): Thread {
    const { cpu = 0, priority = ThreadPriority.daemon, mayPreempt = false, bigLock = false, addressSpace } = wishes;
    const home = this.cpus[cpu];
    invariant(home !== undefined, `thread ${name} wants CPU ${String(cpu)} of ${String(this.cpus.length)}`);
    invariant(priority >= 0 && priority < 32, `thread ${name} wants priority ${String(priority)}`);
    const thread = new Thread(this.threads.length, name, home, priority, (self) => program(new Calls(this, self)));
    thread.mayPreempt = mayPreempt;
    thread.bigLocks = bigLock ? 1 : 0;
    thread.addressSpace = addressSpace;
    this.threads.push(thread);
    this.living += 1;
    return thread;
  }

  /** Makes a thread and lets it run from now on. */
  start(name: string, program: KernelProgram, wishes: ThreadWishes = {}): Thread {
    const thread = this.create(name, program, wishes);
    this.launch(thread, this.engine.now);
    return thread;
  }

  /** Lets a thread that was created run from `at` on. */
  launch(thread: Thread, at: Nanos): void {
    const { cpu } = thread;
    this.engine.schedule(
      at,
      Priority.application,
      {
        onEvent: () => {
          this.boot(thread, cpu);
        },
      },
      thread.id,
    );
  }

  private boot(thread: Thread, cpu: Cpu): void {
    cpu.scheduler.enqueue(thread);
    cpu.go();
  }

  /** Wakes a thread on behalf of `from`, wherever it is. */
  schedule(thread: Thread, from: Cpu): void {
    if (this.faults !== undefined && !thread.isQueued && this.faults.strikes('wake'))
      this.cpus[(thread.cpu.id + 1) % this.cpus.length]!.scheduler.enqueue(thread);
    from.ipis.send(thread.cpu, WAKE, thread);
  }

  /** `cpu` is off this thread: it can be sent to where it is going. */
  sendMigrant(cpu: Cpu, thread: Thread): void {
    cpu.ipis.send(thread.destination!, IMMIGRATE, thread);
  }

  /** A token of the generation that this kernel uses. */
  token(name: string): Token {
    const token = new TOKENS[this.options.tokens](this, name);
    this.allTokens.push(token);
    return token;
  }

  /** Threads that wait for each other's locks in a circle; undefined if there is none. */
  deadlock(): Thread[] | undefined {
    return findDeadlock(this.waits);
  }

  /** Brings the accounts of all CPUs up to the present; changes nothing else. */
  settle(): void {
    for (const cpu of this.cpus) cpu.settleAccounts();
  }

  onRun(thread: Thread, waitedNs: number): void {
    const entry = this.wakeLatency[thread.priority]!;
    entry.sumNs += waitedNs;
    entry.count += 1;
    if (waitedNs > entry.maxNs) entry.maxNs = waitedNs;
    entry.bins[Math.min(LATENCY_BINS - 1, waitedNs < 1 ? 0 : 32 - Math.clz32(Math.min(waitedNs, 0x7fffffff)))]! += 1;
  }

  onExit(_thread: Thread): void {
    this.living -= 1;
  }

  /** Threads that have not ended. */
  get livingThreads(): number {
    return this.living;
  }
}
