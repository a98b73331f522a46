// A message port: where messages are put, and where replies come back to (kernel.md §2). What a port does with them is its
// kind's business; who sends always sees the same face.

import { violated } from '../../base';
import type { Cpu } from '../cpu';
import { type Message, MessageFlag } from '../message';
import { MessageQueue } from '../message-queue';
import type { Thread } from '../thread';

export interface PortCounters {
  /** Messages put. */
  puts: number;
  /** Done by the port in the sender's context, without queueing. */
  synchronous: number;
  replies: number;
  aborts: number;
  drops: number;
  /** Largest number that waited at once. */
  depthMax: number;
}

export abstract class Port {
  readonly queue = new MessageQueue();
  readonly counters: PortCounters = { puts: 0, synchronous: 0, replies: 0, aborts: 0, drops: 0, depthMax: 0 };

  abstract readonly name: string;

  /** The CPU that a message or reply has to travel to; undefined if it can be put from anywhere. */
  abstract home(): Cpu | undefined;

  /**
   * Takes a message; `cpu` has room to reach `home`.
   * @returns EASYNC when it is kept, else the error that it is done with
   */
  abstract put(cpu: Cpu, message: Message, sender: Thread | undefined): number;

  /** Takes back a message that its target is done with; `cpu` has room to reach `home`. */
  abstract reply(cpu: Cpu, message: Message): void;

  /** Whether `thread` may take messages here. */
  abstract mayTake(thread: Thread): boolean;

  /** Lets `thread` sleep until something is put or replied; it looks again when it wakes. */
  abstract sleep(cpu: Cpu, thread: Thread): void;

  /** The next message, or undefined. */
  get(cpu: Cpu): Message | undefined {
    const message = this.queue.shift();
    if (message !== undefined) cpu.charge(message.line.read(cpu.id));
    return message;
  }

  protected countPut(cpu: Cpu, message: Message): void {
    this.counters.puts += 1;
    cpu.counters.messages += 1;
    cpu.kernel.trace?.messagePut(cpu, message, this);
  }

  protected countReply(cpu: Cpu, message: Message): void {
    this.counters.replies += 1;
    cpu.kernel.trace?.messageReplied(cpu, message, this);
  }

  protected enqueue(message: Message): void {
    if (message.has(MessageFlag.queued))
      violated(`K13.2 a message is put on port ${this.name} and is on a queue already`);
    message.flags |= MessageFlag.queued;
    this.queue.push(message);
    const { length } = this.queue;
    if (length > this.counters.depthMax) this.counters.depthMax = length;
  }
}
