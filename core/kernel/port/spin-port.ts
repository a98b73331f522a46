// A port that any thread may take from, under a spinlock: many can wait, all are woken, and one of them finds the message
// (kernel.md §2.4). The waker clears the mark that somebody waits.

import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import type { Kernel } from '../kernel';
import { EASYNC, type Message, MessageFlag } from '../message';
import type { Thread } from '../thread';
import { Port } from './port';

export class SpinPort extends Port {
  private readonly lock: Line;
  private readonly waiters: Thread[] = [];

  constructor(
    private readonly kernel: Kernel,
    readonly name: string,
  ) {
    super();
    this.lock = kernel.machine.line();
    kernel.sharedPorts.push(this);
  }

  home(): undefined {
    return undefined;
  }

  put(cpu: Cpu, message: Message, _sender: Thread | undefined): number {
    this.countPut(cpu, message);
    this.touch(cpu, message);
    this.enqueue(message);
    this.wakeAll(cpu);
    return EASYNC;
  }

  reply(cpu: Cpu, message: Message): void {
    this.countReply(cpu, message);
    this.touch(cpu, message);
    if (!message.has(MessageFlag.sync)) this.enqueue(message);
    message.flags |= MessageFlag.done | MessageFlag.reply;
    this.wakeAll(cpu);
  }

  override get(cpu: Cpu): Message | undefined {
    cpu.charge(this.lock.atomic(cpu.id));
    return super.get(cpu);
  }

  mayTake(_thread: Thread): boolean {
    return true;
  }

  sleep(cpu: Cpu, thread: Thread): void {
    this.waiters.push(thread);
    cpu.block(thread);
  }

  private touch(cpu: Cpu, message: Message): void {
    const { profile } = this.kernel.machine;
    cpu.charge(profile.sendNs + this.lock.atomic(cpu.id) + message.line.write(cpu.id));
  }

  private wakeAll(cpu: Cpu): void {
    for (const thread of this.waiters.splice(0)) this.kernel.schedule(thread, cpu);
  }
}
