// A port that a serializer protects: whoever touches it must hold that already, so it has no lock of its own (kernel.md §2.4). A network
// driver and its helper thread talk through one.

import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import type { Kernel } from '../kernel';
import type { Serializer } from '../lock/serializer';
import { EASYNC, type Message, MessageFlag } from '../message';
import type { Thread } from '../thread';
import { Port } from './port';

export class SerializerPort extends Port {
  private readonly line: Line;
  private readonly waiters: Thread[] = [];

  constructor(
    private readonly kernel: Kernel,
    readonly name: string,
    private readonly serializer: Serializer,
  ) {
    super();
    this.line = kernel.machine.line();
    kernel.sharedPorts.push(this);
  }

  home(): undefined {
    return undefined;
  }

  put(cpu: Cpu, message: Message, sender: Thread | undefined): number {
    this.checkHeld(cpu, sender);
    this.countPut(cpu, message);
    this.touch(cpu, message);
    this.enqueue(message);
    this.wakeAll(cpu);
    return EASYNC;
  }

  reply(cpu: Cpu, message: Message): void {
    this.checkHeld(cpu, undefined);
    this.countReply(cpu, message);
    this.touch(cpu, message);
    if (!message.has(MessageFlag.sync)) this.enqueue(message);
    message.flags |= MessageFlag.done | MessageFlag.reply;
    this.wakeAll(cpu);
  }

  mayTake(thread: Thread): boolean {
    return this.serializer.holder === thread;
  }

  /** Lets go of the serializer while it sleeps; the program takes it again, and looks again, when it wakes. */
  sleep(cpu: Cpu, thread: Thread): void {
    this.waiters.push(thread);
    this.serializer.release(thread, cpu);
    cpu.block(thread);
  }

  private checkHeld(cpu: Cpu, sender: Thread | undefined): void {
    const thread = sender ?? cpu.current;
    if (thread !== undefined && this.serializer.holder !== thread)
      thread.misuse(
        `it uses port "${this.name}" without holding "${this.serializer.name}"`,
        'Take the serializer first: yield k.lock(serializer)',
      );
  }

  private touch(cpu: Cpu, message: Message): void {
    cpu.charge(this.kernel.machine.profile.sendNs + this.line.write(cpu.id) + message.line.write(cpu.id));
  }

  private wakeAll(cpu: Cpu): void {
    for (const thread of this.waiters.splice(0)) this.kernel.schedule(thread, cpu);
  }
}
