// An application on a host with CPUs: a thread carries out what its program wishes, with system calls, copies and waits. The program is
// the one that ideal hosts run.

import { TcpEvent } from '../../tcp';
import type { Body, Calls, Cpu } from '../../kernel';
import { type EndListener, type Program, type ProgramEnd, programEnd, type Wish } from '../application';
import { isEnd, type SocketUser, type TcpSocket } from '../tcp-socket';
import type { Carrier } from './carrier';
import { TAKES_TURNS } from './event-loop';
import { perform } from './perform';
import type { PlacedStack } from './placed-stack';
import { readableOf, roomOf } from './socket-seat';
import { CLOSE, CONNECT, COPY_IN, COPY_IN_URGENT, COPY_OUT, RECEIVED, SEND, SEND_URGENT, SHUT_DOWN } from './steps';
import { Runner, type Step, WorkMessage } from './work';

export class ApplicationThread implements SocketUser {
  private socket: TcpSocket | undefined = undefined;
  private carrier: Carrier | undefined = undefined;
  private readonly runner: Runner;
  /** It sleeps until something happens to its socket. */
  private isWaiting = false;
  private isEstablished = false;
  private peerClosed = false;
  private end: ProgramEnd | undefined = undefined;
  /** The message with which it waits for its protocol thread. */
  private request: WorkMessage | undefined = undefined;

  /** @param onEnd called once, when the connection has ended */
  constructor(
    private readonly stack: PlacedStack,
    private readonly program: Program,
    private readonly onEnd: EndListener,
  ) {
    this.runner = new Runner(stack);
  }

  /** Lets a thread carry it out, on behalf of `from`; undefined: of the engine. */
  start(from: Cpu | undefined, connects = false): void {
    const socket = this.socket!;
    socket.seat!.wake = (cpu) => {
      this.wake(cpu);
    };
    this.carrier = this.stack.carriers.carrierFor(socket, from, (k) => this.run(k, connects));
    this.carrier.begin(from);
  }

  /** The socket that it is for, before anything happens to it. */
  adopt(socket: TcpSocket): void {
    this.socket = socket;
  }

  onSocketEvent(socket: TcpSocket, event: TcpEvent): void {
    this.socket = socket;
    if (event === TcpEvent.established) this.isEstablished = true;
    else if (event === TcpEvent.peerClosed) this.peerClosed = true;
    else if (isEnd(event) && this.end === undefined) {
      this.end = programEnd(event);
      this.onEnd(this.end, socket);
    }
  }

  private wake(cpu: Cpu): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.carrier!.wake(cpu);
  }

  private *run(k: Calls, connects: boolean): Body {
    if (connects) yield* this.ask(k, CONNECT, 0);
    while (!this.isEstablished && this.end === undefined) yield* this.sleep(k);
    let result = 0;
    while (this.end === undefined) {
      const step = this.program.next(result);
      if (step.done === true) break;
      result = yield* this.fulfil(k, step.value);
    }
    if (this.end !== undefined) this.program.return();
  }

  private *sleep(k: Calls): Generator<ReturnType<Calls['block']>, void, void> {
    this.isWaiting = true;
    yield this.carrier!.wait(k);
    this.isWaiting = false;
  }

  private *fulfil(k: Calls, wish: Wish): Generator<ReturnType<Calls['block']>, number, void> {
    switch (wish.verb) {
      case 'write':
        return yield* this.write(k, wish.bytes, wish.urgent ?? false);
      case 'read':
        return yield* this.read(k, wish.bytes);
      case 'sleep':
        if (wish.ns > 0) yield this.carrier!.sleep(k, wish.ns);
        return 0;
      case 'sleepUntil':
        if (wish.at > k.now) yield this.carrier!.sleep(k, wish.at - k.now);
        return 0;
      case 'drain':
        while (this.end === undefined && !this.isDrained) yield* this.sleep(k);
        return 0;
      case 'shutdown':
        yield* this.ask(k, SHUT_DOWN, 0);
        return 0;
      case 'close':
        yield* this.ask(k, CLOSE, 0);
        return 0;
    }
  }

  private get isDrained(): boolean {
    const { connection, seat } = this.socket!;
    return connection.inflight === 0 && connection.unsentBytes === 0 && seat!.pendingBytes === 0;
  }

  private *write(k: Calls, bytes: number, urgent: boolean): Generator<ReturnType<Calls['block']>, number, void> {
    const socket = this.socket!;
    const { options, model } = this.stack;
    const { errand } = this.runner;
    errand.socket = socket;
    const least = socket.connection.sendLowWaterBytes;
    let done = 0;
    while (done < bytes && this.end === undefined) {
      let left = Math.min(bytes - done, options.writeBytes);
      errand.detail = 1;
      while (left > 0 && this.end === undefined) {
        const room = roomOf(socket);
        if (room < Math.min(left, least)) {
          socket.connection.writeBlocked = true;
          yield* this.sleep(k);
          continue;
        }
        const chunk = Math.min(left, room);
        errand.step = urgent ? COPY_IN_URGENT : COPY_IN;
        errand.amount = chunk;
        yield this.runner.does(errand);
        errand.detail = 0;
        if (urgent) yield* this.ask(k, SEND_URGENT, chunk);
        else if (!model.sendsMessages || options.sends === 'sync') yield* this.ask(k, SEND, chunk);
        left -= chunk;
        done += chunk;
        // A call that must not wait takes what there is room for.
        if (this.carrier!.isShared) break;
      }
      if (this.carrier!.isShared) yield TAKES_TURNS;
    }
    return done;
  }

  private *read(k: Calls, bytes: number): Generator<ReturnType<Calls['block']>, number, void> {
    const socket = this.socket!;
    const seat = socket.seat!;
    const { options, model } = this.stack;
    const { errand } = this.runner;
    let done = 0;
    while (done < bytes) {
      const chunk = Math.min(readableOf(socket), bytes - done, options.readBytes);
      if (chunk === 0) {
        if ((this.peerClosed && seat.unappendedBytes === 0) || this.end !== undefined) break;
        yield* this.sleep(k);
        continue;
      }
      errand.socket = socket;
      errand.step = COPY_OUT;
      errand.amount = chunk;
      const held = seat.bufferHolding === undefined ? seat.holdings : [seat.bufferHolding];
      yield* perform(k, this.runner, errand, held);
      if (!model.sendsMessages || options.receives === 'sync') yield* this.ask(k, RECEIVED, 0);
      done += chunk;
      if (this.carrier!.isShared) yield TAKES_TURNS;
    }
    return done;
  }

  /** Has TCP do something: by a message that it waits for, or itself, holding what that takes. */
  private *ask(k: Calls, step: Step, amount: number): Generator<ReturnType<Calls['block']>, void, void> {
    const socket = this.socket!;
    const { stack } = this;
    if (!stack.model.sendsMessages) {
      const { errand } = this.runner;
      errand.step = step;
      errand.socket = socket;
      errand.amount = amount;
      yield* perform(k, this.runner, errand, socket.seat!.holdings);
      return;
    }
    const message = (this.request ??= new WorkMessage(stack.kernel, k.port, false));
    message.step = step;
    message.socket = socket;
    message.amount = amount;
    // Connecting begins where the application is, and moves from there (kernel.md §6.4).
    const cpu = step === CONNECT ? stack.owners.protocolCpu(k.cpu) : socket.partition.index;
    yield k.domsg(stack.threads.portOf(cpu, message), message);
  }
}
