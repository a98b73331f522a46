// The scheduler of user processes, above LWKT and separate from it (kernel.md §1.2): on each CPU one process is designated to run in user mode;
// only that one is on LWKT's queue with a user's priority. The others wait here. A process that blocks in the kernel gives the
// designation up when it is switched away from, and not before: a system call that does not block costs nothing (td_release).

import type { Calls } from '../calls';
import type { Cpu } from '../cpu';
import type { Operation } from '../operation';
import { type Thread, ThreadPriority } from '../thread';

type Call = Generator<Operation, void, void>;

export class UserScheduler {
  readonly counters = { designations: 0, passiveReleases: 0, expirations: 0 };
  private readonly designated = new Map<Cpu, Thread>();
  private readonly waiting = new Map<Cpu, Thread[]>();
  private readonly quantumLeftNs = new Map<Thread, number>();

  /** @param quantumNs user time after which the next process has its turn */
  constructor(private readonly quantumNs = 100_000_000) {}

  /** The process that may run in user mode on a CPU. */
  current(cpu: Cpu): Thread | undefined {
    return this.designated.get(cpu);
  }

  /** Computes in user mode for so long: yield* it from a program. Others have their turns meanwhile. */
  *compute(k: Calls, ns: number): Call {
    const { self } = k;
    for (let left = ns; left > 0;) {
      yield* this.enter(k);
      const quantum = this.quantumLeftNs.get(self) ?? this.quantumNs;
      if (quantum === 0) {
        yield* this.expire(k);
        continue;
      }
      const slice = Math.min(left, quantum, k.kernel.options.tickNs);
      yield k.work(slice);
      left -= slice;
      this.quantumLeftNs.set(self, quantum - slice);
      // User mode is left at the tick for whoever should run first.
      yield k.yieldQuick();
    }
    // Back in the kernel; the designation stays until this thread really blocks.
    yield k.setpri(ThreadPriority.kernelUser);
  }

  /** Waits until this process may run in user mode here. */
  private *enter(k: Calls): Call {
    const { self } = k;
    self.onBlock ??= (cpu) => {
      this.release(cpu, self);
    };
    const { cpu } = self;
    if (this.designated.get(cpu) === undefined) this.designate(cpu, self);
    while (this.designated.get(self.cpu) !== self) {
      this.queueOf(self.cpu).push(self);
      yield k.block();
    }
    yield k.setpri(ThreadPriority.userNormal);
  }

  /** Its quantum is over: if somebody waits, that one is next. */
  private *expire(k: Calls): Call {
    const { self } = k;
    this.quantumLeftNs.set(self, this.quantumNs);
    if (this.queueOf(self.cpu).length === 0) return;
    this.counters.expirations += 1;
    this.queueOf(self.cpu).push(self);
    yield k.setpri(ThreadPriority.kernelUser);
    // Blocking releases the designation, and the next in line gets it.
    yield k.block();
  }

  private designate(cpu: Cpu, thread: Thread): void {
    this.counters.designations += 1;
    this.designated.set(cpu, thread);
  }

  /** A thread has blocked: if it was designated, the next one is. */
  private release(cpu: Cpu, thread: Thread): void {
    if (this.designated.get(cpu) !== thread) return;
    this.counters.passiveReleases += 1;
    this.designated.delete(cpu);
    const next = this.queueOf(cpu).shift();
    if (next === undefined) return;
    this.designate(cpu, next);
    cpu.scheduler.enqueue(next);
  }

  private queueOf(cpu: Cpu): Thread[] {
    let queue = this.waiting.get(cpu);
    if (queue === undefined) {
      queue = [];
      this.waiting.set(cpu, queue);
    }
    return queue;
  }
}
