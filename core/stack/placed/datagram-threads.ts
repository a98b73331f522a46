// Applications that send and receive datagrams on a host with CPUs: a thread each for a socket that sends and one that is bound
// and receives. How a datagram gets to UDP is an option (kernel.md §6.6).

import type { NodeId } from '../../base';
import type { Body, Calls, Cpu, Thread } from '../../kernel';
import type { UdpSocket } from '../udp-socket';
import type { Mbuf } from './mbufs';
import { perform } from './perform';
import type { PlacedStack } from './placed-stack';
import { COPY_DATAGRAM, REPORT_ERROR, SEND_DATAGRAM, TAKE_DATAGRAM } from './steps';
import { Runner, WorkMessage } from './work';

interface Wanted {
  readonly remote: NodeId;
  readonly remotePort: number;
  readonly bytes: number;
}

/** What a socket's sending application does when its time has come. */
export class DatagramSender {
  private readonly wanted: Wanted[] = [];
  private next = 0;
  private isWaiting = false;
  private isClosing = false;
  readonly thread: Thread;

  constructor(
    private readonly stack: PlacedStack,
    private readonly socket: UdpSocket,
  ) {
    const name = `sender ${String(socket.index)}`;
    this.thread = stack.kernel.start(name, (k) => this.run(k), stack.places.next());
  }

  /** The application's own clock says that it is to send this. */
  want(remote: NodeId, remotePort: number, bytes: number): void {
    this.wanted.push({ remote, remotePort, bytes });
    this.stir();
  }

  /** It is to close its socket, when it has sent what it is to send. */
  close(): void {
    this.isClosing = true;
    this.stir();
  }

  private stir(): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.thread.cpu.interrupt(WAKE_SENDER, this);
  }

  wake(cpu: Cpu): void {
    this.stack.kernel.schedule(this.thread, cpu);
  }

  private *run(k: Calls): Body {
    const { stack, socket } = this;
    const { options, model } = stack;
    const runner = new Runner(stack);
    const { errand } = runner;
    const request = new WorkMessage(stack.kernel, k.port, false);
    for (;;) {
      while (this.next === this.wanted.length) {
        this.wanted.length = 0;
        this.next = 0;
        if (this.isClosing) {
          yield* stack.datagrams.rounds.detach(k, socket);
          return;
        }
        this.isWaiting = true;
        yield k.block();
      }
      const { remote, remotePort, bytes } = this.wanted[this.next]!;
      this.next += 1;
      if (!socket.isBound) yield* stack.datagrams.rounds.bind(k, socket, remote, remotePort);
      if (socket.failsNow()) {
        errand.step = REPORT_ERROR;
        yield runner.does(errand);
        continue;
      }
      const way = model.sendsMessages ? options.udpSends : 'direct';
      const work = way === 'direct' ? errand : way === 'sync' ? request : stack.messages.take(k.cpu);
      errand.step = COPY_DATAGRAM;
      errand.amount = bytes;
      errand.detail = way === 'async' && !options.udpConnected ? 1 : 0;
      yield runner.does(errand);
      work.step = SEND_DATAGRAM;
      work.datagrams = socket;
      work.amount = bytes;
      work.detail = remote;
      work.remotePort = remotePort;
      if (way === 'direct') {
        yield* perform(k, runner, work, stack.owners.datagramHoldings(socket, remote, remotePort));
        socket.failsNow();
        continue;
      }
      const port = stack.threads.portOf(stack.datagrams.ownerOfSender(socket, remote, remotePort), work);
      if (way === 'sync') {
        yield k.domsg(port, work as WorkMessage);
        socket.failsNow();
      } else yield k.sendmsg(port, work as WorkMessage);
    }
  }
}

/** What a bound socket's application does with what comes. */
export class DatagramReceiver {
  /** What the datagrams lie in. */
  readonly received: Mbuf[] = [];
  private readonly sizes: number[] = [];
  private isWaiting = false;
  private readonly thread: Thread;

  constructor(
    private readonly stack: PlacedStack,
    private readonly socket: UdpSocket,
  ) {
    const name = `receiver ${String(socket.index)}`;
    this.thread = stack.kernel.start(name, (k) => this.run(k), stack.places.next());
  }

  /** A datagram is in the socket's buffer. */
  arrived(bytes: number, cpu: Cpu): void {
    this.sizes.push(bytes);
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.stack.kernel.schedule(this.thread, cpu);
  }

  private *run(k: Calls): Body {
    const runner = new Runner(this.stack);
    const { errand } = runner;
    errand.step = TAKE_DATAGRAM;
    errand.datagrams = this.socket;
    for (;;) {
      const bytes = this.sizes.shift();
      if (bytes === undefined) {
        this.isWaiting = true;
        yield k.block();
        continue;
      }
      errand.amount = bytes;
      yield runner.does(errand);
    }
  }
}

const WAKE_SENDER = {
  onIpi(cpu: Cpu, arg: unknown): boolean {
    (arg as DatagramSender).wake(cpu);
    return true;
  },
};
