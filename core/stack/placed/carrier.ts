// Which thread carries an application's program out: one of its own, which blocks, or one for each CPU that waits for events of all its
// connections at once (event-loop.ts).

import type { Body, Calls, Cpu, Operation, Thread } from '../../kernel';
import type { TcpSocket } from '../tcp-socket';
import { EventLoop } from './event-loop';
import type { PlacedStack } from './placed-stack';

export interface Carrier {
  /** Others are carried out by the same thread: no call may wait in the kernel for room or data. */
  readonly isShared: boolean;

  /** Begins, on behalf of `from`; undefined: of the engine. */
  begin(from: Cpu | undefined): void;

  /** What the program yields to wait until it is woken. */
  wait(k: Calls): Operation;

  /** What it yields to do nothing for so long. */
  sleep(k: Calls, ns: number): Operation;

  wake(from: Cpu): void;
}

/** A thread of the application's own. */
class OwnThread implements Carrier {
  readonly isShared = false;

  constructor(
    private readonly stack: PlacedStack,
    private readonly thread: Thread,
  ) {}

  begin(from: Cpu | undefined): void {
    const { kernel } = this.stack;
    if (from === undefined) kernel.launch(this.thread, kernel.engine.now);
    else kernel.schedule(this.thread, from);
  }

  wait(k: Calls): Operation {
    return k.block();
  }

  sleep(k: Calls, ns: number): Operation {
    return k.sleep(ns);
  }

  wake(from: Cpu): void {
    this.stack.kernel.schedule(this.thread, from);
  }
}

export class Carriers {
  /** By CPU, made when they are needed. */
  private readonly loops: (EventLoop | undefined)[] = [];

  constructor(private readonly stack: PlacedStack) {}

  /** Whoever is to carry a socket's program out. @param from where it is made, if by another thread */
  carrierFor(socket: TcpSocket, from: Cpu | undefined, program: (k: Calls) => Body): Carrier {
    const { kernel, options, places } = this.stack;
    const wishes = places.next(socket, from);
    if (!options.eventDriven)
      return new OwnThread(this.stack, kernel.create(`application ${String(socket.index)}`, program, wishes));
    const loop = (this.loops[wishes.cpu!] ??= new EventLoop(this.stack, wishes));
    socket.seat!.events = loop.events;
    return loop.task(socket, program);
  }
}
