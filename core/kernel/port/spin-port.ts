// A shared port under a spinlock: any thread may take from it, and put from any CPU (kernel.md §2.4).

import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import type { Kernel } from '../kernel';
import type { Message } from '../message';
import type { Thread } from '../thread';
import { SharedPort } from './shared-port';

export class SpinPort extends SharedPort {
  private readonly lock: Line;

  constructor(kernel: Kernel, name: string) {
    super(kernel, name);
    this.lock = kernel.machine.line();
  }

  override get(cpu: Cpu): Message | undefined {
    cpu.charge(this.lock.atomic(cpu.id));
    return super.get(cpu);
  }

  mayTake(_thread: Thread): boolean {
    return true;
  }

  protected touch(cpu: Cpu, message: Message): void {
    const { profile } = this.kernel.machine;
    cpu.charge(profile.sendNs + this.lock.atomic(cpu.id) + message.line.write(cpu.id));
  }
}
