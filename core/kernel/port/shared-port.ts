// A port that several threads may take from: many can wait, all are woken, and one of them finds the message; spurious wake-ups are
// allowed (kernel.md §2.4). What protects its queue is each kind's own.

import type { Cpu } from '../cpu';
import type { Kernel } from '../kernel';
import { EASYNC, type Message, MessageFlag } from '../message';
import type { Thread } from '../thread';
import { Port } from './port';

export abstract class SharedPort extends Port {
  private readonly waiters: Thread[] = [];

  constructor(
    protected readonly kernel: Kernel,
    readonly name: string,
  ) {
    super();
    kernel.sharedPorts.push(this);
  }

  /** Pays for changing the queue, and checks that `sender` may; undefined for whoever runs on `cpu`. */
  protected abstract touch(cpu: Cpu, message: Message, sender: Thread | undefined): void;

  home(): undefined {
    return undefined;
  }

  put(cpu: Cpu, message: Message, sender: Thread | undefined): number {
    this.countPut(cpu, message);
    this.touch(cpu, message, sender);
    this.enqueue(message);
    this.wakeAll(cpu);
    return EASYNC;
  }

  reply(cpu: Cpu, message: Message): void {
    this.countReply(cpu, message);
    this.touch(cpu, message, undefined);
    if (!message.has(MessageFlag.sync)) this.enqueue(message);
    message.flags |= MessageFlag.done | MessageFlag.reply;
    this.wakeAll(cpu);
  }

  sleep(cpu: Cpu, thread: Thread): void {
    this.waiters.push(thread);
    cpu.scheduler.block(thread);
  }

  private wakeAll(cpu: Cpu): void {
    if (this.waiters.length === 0) return;
    for (const thread of this.waiters.splice(0)) this.kernel.schedule(thread, cpu);
  }
}
