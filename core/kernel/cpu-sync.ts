// Bringing CPUs to a standstill (kernel.md §5, cpusync): the master interrupts them, each says that it has come and spins; when the
// master lets them, each runs a function and says so. Used for what must change everywhere at once.

import { nanos } from '../base';
import type { Cpu } from './cpu';
import type { IpiCall } from './ipi-call';
import type { IpiFunction } from './ipi-ring';
import type { Thread } from './thread';

export class CpuSync implements IpiFunction {
  /** CPUs that spin, and such that have run the function. */
  arrived = 0;
  finished = 0;
  private asked = 0;
  private isFree = false;
  private readonly here = new Set<Cpu>();
  private master: Cpu | undefined = undefined;

  /**
   * @param targets other CPUs, ascending
   * @param call runs on each of them, and on the master's own CPU
   */
  constructor(
    readonly targets: readonly Cpu[],
    private readonly call: IpiCall,
  ) {}

  /** Asks the CPUs to come; false while there is no room to ask. */
  ask(thread: Thread, cpu: Cpu): boolean {
    if (this.master === undefined) {
      this.master = cpu;
      thread.syncs += 1;
      cpu.counters.cpuSyncs += 1;
    }
    for (; this.asked < this.targets.length; this.asked += 1) {
      const target = this.targets[this.asked]!;
      if (!cpu.ipis.hasRoomTo(target)) return false;
      cpu.ipis.send(target, this, undefined);
    }
    return true;
  }

  /** The master runs the function and lets the others run it. */
  free(cpu: Cpu): void {
    this.isFree = true;
    cpu.charge(this.call(cpu.id));
    for (const target of this.targets) target.lookAgainAt(nanos(cpu.owedAt + this.travelNs(cpu, target)));
  }

  end(thread: Thread): void {
    thread.syncs -= 1;
  }

  /** On one of the CPUs. */
  onIpi(cpu: Cpu): boolean {
    if (!this.here.has(cpu)) {
      this.here.add(cpu);
      this.arrived += 1;
      this.tellMaster(cpu);
    }
    if (!this.isFree) {
      cpu.ipis.spinDraining();
      return false;
    }
    cpu.charge(this.call(cpu.id));
    this.finished += 1;
    this.tellMaster(cpu);
    return true;
  }

  private tellMaster(cpu: Cpu): void {
    const master = this.master!;
    master.lookAgainAt(nanos(cpu.owedAt + this.travelNs(cpu, master)));
  }

  private travelNs(from: Cpu, to: Cpu): number {
    return Math.round(from.kernel.machine.transferNs(from.id, to.id));
  }
}
