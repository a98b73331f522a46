// A shared port that a serializer protects: whoever touches it must hold that already, so it has no lock of its own (kernel.md §2.4). A
// network driver and its helper thread talk through one.

import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import type { Kernel } from '../kernel';
import type { Serializer } from '../lock/serializer';
import type { Message } from '../message';
import type { Thread } from '../thread';
import { SharedPort } from './shared-port';

export class SerializerPort extends SharedPort {
  private readonly line: Line;

  constructor(
    kernel: Kernel,
    name: string,
    private readonly serializer: Serializer,
  ) {
    super(kernel, name);
    this.line = kernel.machine.line();
  }

  mayTake(thread: Thread): boolean {
    return this.serializer.holder === thread;
  }

  /** Lets go of the serializer while it sleeps; the program takes it again, and looks again, when it wakes. */
  override sleep(cpu: Cpu, thread: Thread): void {
    this.serializer.release(thread, cpu);
    super.sleep(cpu, thread);
  }

  protected touch(cpu: Cpu, message: Message, sender: Thread | undefined): void {
    const thread = sender ?? cpu.scheduler.current;
    if (thread !== undefined && this.serializer.holder !== thread)
      thread.misuse(
        `it uses port "${this.name}" without holding "${this.serializer.name}"`,
        'Take the serializer first: yield k.lock(serializer)',
      );
    cpu.charge(this.kernel.machine.profile.sendNs + this.line.write(cpu.id) + message.line.write(cpu.id));
  }
}
