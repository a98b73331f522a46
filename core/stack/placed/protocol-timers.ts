// Timers of the protocols on a host with CPUs: the clock of a partition's CPU interrupts, and its protocol thread does the work.

import { type Cpu, type Port, post } from '../../kernel';
import type { Partition } from '../partition';
import type { SynCacheQueue } from '../syn-cache-queue';
import type { TcpSocket } from '../tcp-socket';
import type { PlacedStack } from './placed-stack';
import { SYN_TIMER, TIMER } from './steps';
import type { WorkMessage } from './work';

export class ProtocolTimers {
  constructor(private readonly stack: PlacedStack) {}

  /** A timer of a connection has expired. */
  expired(socket: TcpSocket, kind: number): void {
    const message = this.stack.messages.about(socket, TIMER, this.clockCpu(socket.partition));
    message.amount = kind;
    this.interrupt(message, socket.partition);
  }

  /** A timer of a partition's SYN cache has expired. */
  synExpired({ partition }: SynCacheQueue, slot: number): void {
    const message = this.stack.messages.take(this.clockCpu(partition));
    message.step = SYN_TIMER;
    message.partition = partition;
    message.amount = slot;
    this.interrupt(message, partition);
  }

  private interrupt(message: WorkMessage, partition: Partition): void {
    const { kernel, threads } = this.stack;
    const port = threads.portOf(partition.index, message);
    kernel.cpus[this.clockCpu(partition)]!.interrupt(POST, { message, port });
  }

  /** The CPU whose clock has a partition's timers. */
  private clockCpu(partition: Partition): number {
    return this.stack.model.isPartitioned ? partition.index : 0;
  }
}

const POST = {
  onIpi(cpu: Cpu, arg: unknown): boolean {
    const { message, port } = arg as { message: WorkMessage; port: Port };
    post(cpu, message, port);
    return true;
  },
};
