// The complete connections of one listening socket, and the threads that accept them (kernel.md §6.1: the listen completion
// queue, which all protocol threads and acceptors share).

import type { Body, Calls, Cpu, Thread } from '../../kernel';
import type { Region } from '../../machine';
import type { TcpSocket } from '../tcp-socket';
import { ApplicationThread } from './application-thread';
import type { Holding } from './holding';
import type { PlacedStack } from './placed-stack';
import { Stage } from './stage';
import { type Step, Runner } from './work';

export class AcceptQueue {
  readonly sockets: TcpSocket[] = [];
  readonly region: Region;
  accepted = 0;
  private readonly idle: Thread[] = [];

  constructor(
    private readonly stack: PlacedStack,
    readonly name: string,
    readonly holding: Holding,
    /** Its listener's place among those that share the port. */
    index: number,
  ) {
    this.region = stack.machine.region('socket', 2);
    const { acceptors, reusePort } = stack.options;
    for (let i = 0; i < acceptors; i += 1) {
      const wishes = stack.places.acceptor(index + i * reusePort);
      stack.kernel.start(`${name} acceptor ${String(i)}`, (k) => this.accept(k), wishes);
    }
  }

  /** One acceptor is told that there is something. */
  wakeOne(cpu: Cpu): void {
    const thread = this.idle.shift();
    if (thread !== undefined) this.stack.kernel.schedule(thread, cpu);
  }

  private *accept(k: Calls): Body {
    const runner = new Runner(this.stack);
    const errand = { ...runner.errand, step: ACCEPT };
    for (;;) {
      while (this.sockets.length === 0) {
        this.idle.push(k.self);
        yield k.block();
      }
      yield this.holding.take(k);
      const socket = this.sockets.shift();
      errand.socket = socket;
      if (socket !== undefined) yield runner.does(errand);
      yield this.holding.release(k);
      if (socket === undefined) continue;
      this.accepted += 1;
      const { user } = socket;
      if (user instanceof ApplicationThread) user.start(k.self.cpu);
    }
  }
}

/** A connection is taken from the queue. */
const ACCEPT: Step = (stack, work, bill) => {
  const { profile } = stack.machine;
  bill.work(Stage.systemCall, profile.syscallNs);
  bill.work(Stage.socket, profile.socketReceiveNs);
  bill.write(work.socket!.seat!.acceptQueue!.region);
  bill.write(work.socket!.seat!.socket);
};
