// The port of a protocol thread. A synchronous message that the thread sends itself is a direct call: waiting for
// itself it would wait forever. Asynchronous ones to itself are queued like any other (kernel.md §2.4, self-message rule).

import type { Cpu } from '../cpu';
import { type Message, MessageFlag } from '../message';
import type { Thread } from '../thread';
import { ThreadPort } from './thread-port';

export class ServicePort extends ThreadPort {
  /** @param dispatch works on one message at once and returns its error */
  constructor(
    owner: Thread,
    private readonly dispatch: (cpu: Cpu, message: Message) => number,
  ) {
    super(owner);
  }

  override put(cpu: Cpu, message: Message, sender: Thread | undefined): number {
    if (sender !== this.owner || !message.has(MessageFlag.sync)) return super.put(cpu, message, sender);
    this.countPut(cpu, message);
    this.counters.synchronous += 1;
    return this.dispatch(cpu, message);
  }
}
