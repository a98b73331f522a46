// Ports without a queue: what is put or replied is worked on at once, in the context of whoever does it (kernel.md §2.4).

import { invariant } from '../../base';
import type { Cpu } from '../cpu';
import { EASYNC, type Message, MessageFlag } from '../message';
import type { Thread } from '../thread';
import { Port } from './port';

abstract class UnqueuedPort extends Port {
  home(): undefined {
    return undefined;
  }

  mayTake(_thread: Thread): boolean {
    return false;
  }

  sleep(_cpu: Cpu, thread: Thread): void {
    thread.misuse(`it waits on "${this.name}", which never has a message`, 'Wait on a port that queues: k.port');
  }

  put(_cpu: Cpu, _message: Message, _sender: Thread | undefined): number {
    invariant(false, `K2.4 a message was put on "${this.name}", which is for replies only`);
    return EASYNC;
  }

  reply(_cpu: Cpu, _message: Message): void {
    invariant(false, `K2.4 a message was replied to "${this.name}", which takes none`);
  }
}

/** Replies end here: the message is marked, `then` may do something with it (free it, say). */
export class ReplyOnlyPort extends UnqueuedPort {
  constructor(
    readonly name: string,
    private readonly then: (cpu: Cpu, message: Message) => void = () => undefined,
  ) {
    super();
  }

  override reply(cpu: Cpu, message: Message): void {
    this.countReply(cpu, message);
    cpu.charge(message.line.write(cpu.id));
    message.flags |= MessageFlag.done | MessageFlag.reply;
    this.then(cpu, message);
  }
}

/** Runs each message in the sender's context; what `run` returns is the message's error (kernel.md §2.3: the target decides). */
export class PutOnlyPort extends UnqueuedPort {
  constructor(
    readonly name: string,
    private readonly run: (cpu: Cpu, message: Message) => number,
  ) {
    super();
  }

  override put(cpu: Cpu, message: Message, _sender: Thread | undefined): number {
    this.countPut(cpu, message);
    this.counters.synchronous += 1;
    return this.run(cpu, message);
  }
}

/** Any use is a mistake: for messages that must never be replied. */
export class PanicPort extends UnqueuedPort {
  constructor(readonly name: string) {
    super();
  }
}
