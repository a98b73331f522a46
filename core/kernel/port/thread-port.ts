// The port of one thread: no lock, for only the owner's CPU touches it. From elsewhere an IPI brings the message there,
// and follows the owner if it has moved (kernel.md §2.3, §2.4).

import { violated } from '../../base';
import type { Cpu } from '../cpu';
import type { IpiFunction } from '../ipi-ring';
import { EASYNC, type Message, MessageFlag } from '../message';
import type { Thread } from '../thread';
import { Port } from './port';

export class ThreadPort extends Port {
  /** The owner sleeps until something comes. */
  private isWaiting = false;

  constructor(readonly owner: Thread) {
    super();
  }

  get name(): string {
    return this.owner.name;
  }

  home(): Cpu {
    return this.owner.cpu;
  }

  put(cpu: Cpu, message: Message, _sender: Thread | undefined): number {
    this.countPut(cpu, message);
    if (this.owner.cpu === cpu) this.putHere(cpu, message);
    else cpu.ipis.send(this.owner.cpu, PUT, message);
    return EASYNC;
  }

  /** On the owner's CPU: queues, and wakes the owner only if it sleeps. */
  putHere(cpu: Cpu, message: Message): void {
    this.checkHere(cpu);
    const { profile } = cpu.kernel.machine;
    cpu.charge(profile.sendNs + message.line.write(cpu.id));
    this.enqueue(message);
    this.wake(cpu);
  }

  reply(cpu: Cpu, message: Message): void {
    this.countReply(cpu, message);
    if (this.owner.cpu === cpu) this.replyHere(cpu, message);
    else {
      // The target has replied; that it is done is told where it began.
      message.flags |= MessageFlag.reply;
      cpu.charge(message.line.write(cpu.id));
      cpu.ipis.send(this.owner.cpu, REPLY, message);
    }
  }

  /** On the owner's CPU. A synchronous message is not queued: its owner waits for itself alone. */
  replyHere(cpu: Cpu, message: Message): void {
    this.checkHere(cpu);
    const { profile } = cpu.kernel.machine;
    cpu.charge(profile.sendNs + message.line.write(cpu.id));
    if (!message.has(MessageFlag.sync)) this.enqueue(message);
    message.flags |= MessageFlag.done | MessageFlag.reply;
    message.holder = this.owner;
    this.wake(cpu);
  }

  mayTake(thread: Thread): boolean {
    return thread === this.owner;
  }

  sleep(cpu: Cpu, thread: Thread): void {
    this.isWaiting = true;
    cpu.scheduler.block(thread);
  }

  private checkHere(cpu: Cpu): void {
    if (this.owner.cpu !== cpu)
      violated(`K13.1 CPU ${String(cpu.id)} touches the port of ${this.owner.name}, which is elsewhere`);
  }

  private wake(cpu: Cpu): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    cpu.scheduler.enqueue(this.owner);
  }
}

/** Sends on what has come to a CPU that the owner has left. */
function follow(cpu: Cpu, owner: Thread, fn: IpiFunction, message: Message): boolean {
  cpu.ipis.send(owner.cpu, fn, message);
  return true;
}

const PUT: IpiFunction = {
  onIpi(cpu, arg) {
    const message = arg as Message;
    const port = message.port as ThreadPort;
    if (port.owner.cpu !== cpu) return follow(cpu, port.owner, PUT, message);
    port.putHere(cpu, message);
    return true;
  },
};

const REPLY: IpiFunction = {
  onIpi(cpu, arg) {
    const message = arg as Message;
    const port = message.replyPort as ThreadPort;
    if (port.owner.cpu !== cpu) return follow(cpu, port.owner, REPLY, message);
    port.replyHere(cpu, message);
    return true;
  },
};
