// On which CPU applications run: where their flow is, on the first, or on one after another (kernel.md §7).

import { type Cpu, ThreadPriority, type ThreadWishes } from '../../kernel';
import type { TcpSocket } from '../tcp-socket';
import type { StackOptions } from './options';

export class ApplicationPlaces {
  private placed = 0;

  constructor(
    private readonly cpus: number,
    private readonly rule: StackOptions['applications'],
  ) {}

  /**
   * Where an application's thread runs, and as what.
   * @param socket what it serves, if that is known
   * @param from where it is made, if by another thread
   */
  next(socket?: TcpSocket, from?: Cpu): ThreadWishes {
    return { cpu: this.cpuFor(socket, from), priority: ThreadPriority.userNormal, addressSpace: APPLICATION };
  }

  /**
   * Where an acceptor runs: pinned, on a CPU that the connections of its listener come to, since the same hash chooses both.
   * @param number of the acceptor, counted over the listeners of a group first
   */
  acceptor(number: number): ThreadWishes {
    const wishes = this.next();
    return this.rule === 'flow' ? { ...wishes, cpu: number % this.cpus } : wishes;
  }

  private cpuFor(socket: TcpSocket | undefined, from: Cpu | undefined): number {
    if (this.rule === 'first') return 0;
    if (this.rule === 'flow' && socket !== undefined) return socket.seat!.flowCpu;
    // The first CPU has the first interface's interrupts: its turn is last.
    this.placed += 1;
    return from?.id ?? this.placed % this.cpus;
  }
}

/** All applications of a host are one process's threads. */
const APPLICATION = Symbol('application');
