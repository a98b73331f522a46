// Messages that nobody waits for. They are parts of mbufs, which each CPU caches: taking one allocates nothing (kernel.md §6.1).

import { type Kernel, PanicPort, retire } from '../../kernel';
import type { TcpSocket } from '../tcp-socket';
import { NO_BUFFER } from './bill';
import { type Step, WorkMessage } from './work';

export class MessageCache {
  /** Of messages that are never replied to. */
  readonly noReply = new PanicPort('no reply');
  /** The first that nobody uses, by CPU. */
  private readonly free: (WorkMessage | undefined)[];

  constructor(private readonly kernel: Kernel) {
    this.free = new Array<undefined>(kernel.machine.cpus).fill(undefined);
  }

  /** One from the cache of `cpu`. */
  take(cpu: number): WorkMessage {
    const message = this.free[cpu];
    if (message === undefined) return new WorkMessage(this.kernel, this.noReply, true);
    this.free[cpu] = message.nextFree;
    message.nextFree = undefined;
    return message;
  }

  /** It is done, on `cpu`. */
  release(message: WorkMessage, cpu: number): void {
    retire(message);
    message.packet = undefined;
    message.socket = undefined;
    message.datagrams = undefined;
    message.buffer = NO_BUFFER;
    message.nextFree = this.free[cpu];
    this.free[cpu] = message;
  }

  /** One that asks for a step on a connection. */
  about(socket: TcpSocket, step: Step, cpu: number): WorkMessage {
    const message = this.take(cpu);
    message.step = step;
    message.socket = socket;
    message.partition = socket.partition;
    return message;
  }
}
