// What an application wants next, and who carries it out on an ideal host. A program is a generator that yields
// wishes and is resumed when they are fulfilled; on a host with a kernel a thread carries the same wishes out
// (style.md §3.5: same source, both worlds).

import { type Nanos, plus } from '../base';
import { type Engine, type EventTarget, Priority } from '../engine';
import { TcpEvent } from '../tcp';
import { isEnd, type SocketUser, type TcpSocket } from './tcp-socket';

/** One wish. Bytes may be Infinity: write for ever, read until the end of the stream. */
export type Wish =
  /** Hand over this many bytes, urgent or not (MSG_OOB); fulfilled when the send buffer has taken them all. */
  | { readonly verb: 'write'; readonly bytes: number; readonly urgent?: boolean }
  /** Take this many bytes; fulfilled when they came or the stream ended. Result: bytes taken. */
  | { readonly verb: 'read'; readonly bytes: number }
  /** Do nothing until this instant (or for now, if it has passed). */
  | { readonly verb: 'sleepUntil'; readonly at: Nanos }
  /** Do nothing for this long. */
  | { readonly verb: 'sleep'; readonly ns: number }
  /** Wait until everything written has been acknowledged. */
  | { readonly verb: 'drain' }
  /** Send FIN; reading goes on. */
  | { readonly verb: 'shutdown' }
  /** Close the socket; the program ends when it is done with its own business. */
  | { readonly verb: 'close' };

/** What an application does with one connection. The number sent in is the result of the wish before. */
export type Program = Generator<Wish, void, number>;

/** How a program's connection ended. */
export type ProgramEnd = 'done' | 'reset' | 'refused' | 'timedOut';

/** Is told when a connection has reached CLOSED. */
export type EndListener = (end: ProgramEnd, socket: TcpSocket) => void;

export class IdealApplication implements SocketUser, EventTarget {
  private wish: Wish | undefined = undefined;
  /** Bytes of the present wish that are done. */
  private progress = 0;
  private socket: TcpSocket | undefined = undefined;
  private advancing = false;
  private peerClosed = false;
  private over = false;

  /**
   * @param program is started when the connection is established
   * @param onEnd called once, when the connection has ended
   */
  constructor(
    private readonly engine: Engine,
    private readonly program: Program,
    private readonly onEnd: EndListener,
  ) {}

  onSocketEvent(socket: TcpSocket, event: TcpEvent): void {
    this.socket = socket;
    if (event === TcpEvent.established) this.next(0);
    else if (event === TcpEvent.peerClosed) this.peerClosed = true;
    else if (isEnd(event)) {
      this.finish(event, socket);
      return;
    }
    this.advance();
  }

  onEvent(): void {
    if (this.over || this.wish === undefined) return;
    if (this.wish.verb !== 'sleep' && this.wish.verb !== 'sleepUntil') return;
    this.next(0);
    this.advance();
  }

  private finish(event: TcpEvent, socket: TcpSocket): void {
    if (this.over) return;
    this.over = true;
    this.wish = undefined;
    if (!this.advancing) this.program.return();
    this.onEnd(programEnd(event), socket);
  }

  /** Resumes the program with the result of its wish. */
  private next(result: number): void {
    const step = this.program.next(result);
    this.progress = 0;
    this.wish = step.done === true ? undefined : step.value;
    if (this.wish === undefined || this.over) return;
    if (this.wish.verb === 'sleep') this.wakeAt(plus(this.engine.now, Math.max(0, Math.round(this.wish.ns))));
    if (this.wish.verb === 'sleepUntil') this.wakeAt(this.wish.at < this.engine.now ? this.engine.now : this.wish.at);
  }

  private wakeAt(at: Nanos): void {
    this.engine.schedule(at, Priority.application, this, 0);
  }

  /** Carries wishes out until one has to wait. Events that arrive meanwhile are seen by the loop itself. */
  private advance(): void {
    if (this.advancing) return;
    this.advancing = true;
    while (!this.over && this.wish !== undefined && this.fulfil(this.wish)) this.next(this.progress);
    this.advancing = false;
  }

  /** Does what can be done now; whether the wish is fulfilled. */
  private fulfil(wish: Wish): boolean {
    const socket = this.socket;
    if (socket === undefined) return false;
    switch (wish.verb) {
      case 'write':
        this.progress += socket.write(wish.bytes - this.progress, wish.urgent);
        return this.progress >= wish.bytes;
      case 'read':
        this.progress += socket.read(Math.min(socket.readableBytes, wish.bytes - this.progress));
        return this.progress >= wish.bytes || (this.peerClosed && socket.readableBytes === 0);
      case 'drain':
        return socket.connection.inflight === 0 && socket.connection.unsentBytes === 0;
      case 'shutdown':
        socket.shutdown();
        return true;
      case 'close':
        socket.close();
        return true;
      case 'sleep':
      case 'sleepUntil':
        return false;
    }
  }
}

/** What the end of its connection is to a program. */
export function programEnd(event: TcpEvent): ProgramEnd {
  switch (event) {
    case TcpEvent.closed:
      return 'done';
    case TcpEvent.refused:
    case TcpEvent.unreachable:
      return 'refused';
    case TcpEvent.timedOut:
      return 'timedOut';
    default:
      return 'reset';
  }
}
