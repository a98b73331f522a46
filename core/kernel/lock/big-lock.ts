// The big giant lock, as LWKT carries it: not a mode of the kernel but a count in each thread. The scheduler takes it for
// who needs it and lets go of it when that one stops running, so subsystems can leave it one at a time (kernel.md §6.8).

import { type CauseId, nanos, NO_CAUSE } from '../../base';
import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import type { Kernel } from '../kernel';

export class BigLock {
  readonly name = 'big lock';
  readonly counters = { acquisitions: 0, collisions: 0, holdNs: 0 };
  private holder: Cpu | undefined = undefined;
  private heldSince = 0;
  private record: CauseId = NO_CAUSE;
  private readonly line: Line;
  private waiting: Cpu[] = [];

  /** CPUs that were refused and did not get it since. */
  private readonly refused = new Set<Cpu>();

  constructor(private readonly kernel: Kernel) {
    this.line = kernel.machine.line();
  }

  get heldNs(): number {
    return this.counters.holdNs + (this.holder === undefined ? 0 : this.kernel.engine.now - this.heldSince);
  }

  isHeldBy(cpu: Cpu): boolean {
    return this.holder === cpu;
  }

  /** Tries to take it for `cpu`; `pay` is told what that costs. Who does not get it is told when it is free. */
  tryTake(cpu: Cpu, pay: (ns: number) => void): boolean {
    if (this.holder === cpu) return true;
    pay(this.line.atomic(cpu.id));
    if (this.holder !== undefined) {
      // However often its scheduler tries again, that is one request that has to wait.
      if (!this.refused.has(cpu)) this.counters.collisions += 1;
      this.refused.add(cpu);
      if (!this.waiting.includes(cpu)) this.waiting.push(cpu);
      return false;
    }
    this.refused.delete(cpu);
    this.holder = cpu;
    this.heldSince = this.kernel.engine.now;
    this.counters.acquisitions += 1;
    this.record = this.kernel.trace?.holdBegins(undefined, this) ?? NO_CAUSE;
    return true;
  }

  release(cpu: Cpu): void {
    if (this.holder !== cpu) return;
    cpu.charge(this.line.write(cpu.id));
    this.holder = undefined;
    this.kernel.trace?.end(this.record);
    this.counters.holdNs += this.kernel.engine.now - this.heldSince;
    const { waiting } = this;
    this.waiting = [];
    for (const other of waiting) {
      const travelNs = Math.round(this.kernel.machine.transferNs(cpu.id, other.id));
      other.retryAt(nanos(cpu.owedAt + travelNs));
    }
  }
}
