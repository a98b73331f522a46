// One socket of the machine under test: what a file descriptor stands for, and how connections report to it.

import { TcpEvent } from '../tcp';
import type { SocketUser, TcpSocket } from '../stack';
import type { ProfileName, TcpSwitches } from './profile';

export class Socket implements SocketUser {
  nonblocking = false;
  /** Port of bind(), 0 before. */
  port = 0;
  /** Switches that socket options have changed. */
  switches: TcpSwitches = {};
  /** Bits of the IP header that socket options set. */
  tos = 0;
  ttl = 64;
  live: TcpSocket | undefined = undefined;
  /** Connections that nobody has accepted; defined while listening. */
  queue: Socket[] | undefined = undefined;
  /** Connections whose handshake a listener waits for. */
  readonly opening = new Set<Socket>();
  /** Where an accepted connection waits until it is accepted. */
  private parent: Socket | undefined = undefined;
  isEstablished = false;
  /** The peer's stream has ended. */
  isPeerClosed = false;
  isEnded = false;
  isShutForReading = false;
  isShutForWriting = false;
  /** close() was called; only the connection is left. */
  isOrphan = false;
  /** SO_LINGER with a time of zero: closing resets. */
  lingersZero = false;
  receiveLowWater = 1;
  /** SO_ERROR: name of an error that nobody has been told. */
  error: string | undefined = undefined;

  /** @param errorsOf the family whose error numbers it reports */
  constructor(private readonly errorsOf: ProfileName) {}

  /** A connection that this listener has just been asked for. */
  spawn(live: TcpSocket): Socket {
    const child = new Socket(this.errorsOf);
    child.live = live;
    child.port = this.port;
    child.switches = { ...this.switches };
    child.tos = this.tos;
    child.ttl = this.ttl;
    child.parent = this;
    this.opening.add(child);
    return child;
  }

  onSocketEvent(_socket: TcpSocket, event: TcpEvent): void {
    switch (event) {
      case TcpEvent.established:
        this.isEstablished = true;
        this.parent?.takeOpened(this);
        break;
      case TcpEvent.peerClosed:
        this.isPeerClosed = true;
        break;
      case TcpEvent.closed:
        this.end(undefined);
        break;
      case TcpEvent.reset:
        this.end(this.resetError());
        break;
      case TcpEvent.refused:
        this.end('ECONNREFUSED');
        break;
      case TcpEvent.unreachable:
        this.end('EHOSTUNREACH');
        break;
      case TcpEvent.timedOut:
        this.end(this.live?.connection.softError === true ? 'EHOSTUNREACH' : 'ETIMEDOUT');
        break;
      default:
        break;
    }
  }

  /** Linux tells a writer whose peer has closed another story than the BSDs. */
  private resetError(): string {
    if (this.errorsOf === 'linux') return this.isPeerClosed ? 'EPIPE' : 'ECONNRESET';
    return this.isEstablished ? 'ECONNRESET' : 'ECONNREFUSED';
  }

  /** Takes the pending error, as a call that reports it does. */
  takeError(): string | undefined {
    const { error } = this;
    this.error = undefined;
    return error;
  }

  private takeOpened(child: Socket): void {
    this.opening.delete(child);
    this.queue?.push(child);
  }

  private end(error: string | undefined): void {
    this.isEnded = true;
    this.error = error;
    this.parent?.opening.delete(this);
  }
}
