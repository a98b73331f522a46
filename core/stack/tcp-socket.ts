// A TCP socket: it gives a connection its timers and its way to the network, and tells the application what happened. On an
// ideal host there are no CPU, no copies and no locks; elsewhere the host's placement says what each step costs.

import { CauseKind, type FlowId, type Nanos, type NodeId, type SeqNum } from '../base';
import { LazyTimer, type TimerOwner } from '../engine';
import type { Packet, SendReason } from '../packet';
import {
  checkInvariants,
  type OutputOffer,
  TcpConnection,
  TcpEvent,
  type TcpOptions,
  type TcpSink,
  type TcpTimer,
} from '../tcp';
import type { DemuxKey } from './demux';
import type { Host } from './host';
import type { Listener } from './placement';
import type { Partition } from './partition';
import type { SocketSeat } from './placed/socket-seat';

/** Who is told about a socket: an application, or the flow that counts connections. */
export interface SocketUser {
  onSocketEvent(socket: TcpSocket, event: TcpEvent): void;
}

/** The two ends and the flow that a socket belongs to. */
export interface SocketEnds {
  readonly localPort: number;
  readonly remote: NodeId;
  readonly remotePort: number;
  readonly flow: FlowId;
}

export class TcpSocket implements TcpSink, TimerOwner, DemuxKey {
  readonly localPort: number;
  readonly remote: NodeId;
  readonly remotePort: number;
  readonly index: number;
  readonly connection: TcpConnection;
  user: SocketUser | undefined = undefined;
  /** Whose half-open connection this is. */
  listener: Listener | undefined = undefined;
  /** Whose handshake the SYN cache has completed. */
  cachedBy: Listener | undefined = undefined;
  /** What it has on a machine; undefined on an ideal host. */
  seat: SocketSeat | undefined = undefined;
  private readonly timers: (LazyTimer | undefined)[] = [];

  constructor(
    readonly host: Host,
    readonly partition: Partition,
    options: TcpOptions,
    ends: SocketEnds,
    iss: SeqNum,
  ) {
    this.localPort = ends.localPort;
    this.remote = ends.remote;
    this.remotePort = ends.remotePort;
    this.index = host.wire.nextSocketIndex(host.id, ends.flow, ends.localPort);
    this.connection = new TcpConnection(
      this,
      options,
      {
        local: host.id,
        remote: ends.remote,
        localPort: ends.localPort,
        remotePort: ends.remotePort,
        flow: ends.flow,
      },
      iss,
    );
    host.placement?.adopt(this);
  }

  // What an application does

  /** Hands over `bytes` to send, the last of them marked if `urgent`; returns how many fitted. `TcpEvent.writable` follows when fewer did. */
  write(bytes: number, urgent = false): number {
    const { engine } = this.host.wire;
    if (engine.causes !== undefined) {
      const { causes } = engine;
      engine.cause = causes.record(CauseKind.write, engine.now, engine.cause, this.index, bytes, causes.slice);
    }
    return this.connection.write(bytes, engine.now, urgent);
  }

  /** Takes up to `bytes` of what has arrived in order; returns how many there were. */
  read(bytes: number): number {
    return this.connection.read(bytes, this.host.wire.engine.now);
  }

  get readableBytes(): number {
    return this.connection.readableBytes;
  }

  /** Sends FIN after what was written; reading goes on. */
  shutdown(): void {
    this.connection.shutdown(this.host.wire.engine.now);
  }

  close(): void {
    this.connection.close(this.host.wire.engine.now);
  }

  abort(): void {
    this.connection.abort(this.host.wire.engine.now);
  }

  // What the connection asks for

  takePacket(): Packet {
    return this.host.wire.pool.take();
  }

  emit(packet: Packet, reason: SendReason): void {
    const { host } = this;
    if (host.placement !== undefined) host.placement.output(packet, this);
    host.transmit(packet, reason, this, this.partition);
  }

  get output(): OutputOffer {
    return this.host.offer(this.partition, this.remote);
  }

  sendLater(): void {
    this.host.placement?.sendLater(this);
  }

  ackLater(): void {
    this.host.placement?.ackLater(this);
  }

  arm(timer: TcpTimer, at: Nanos): void {
    let lazy = this.timers[timer];
    if (lazy === undefined) {
      while (this.timers.length < timer) this.timers.push(undefined);
      lazy = new LazyTimer(this.host.wire.engine, this, timer);
      this.timers[timer] = lazy;
    }
    lazy.arm(at);
  }

  disarm(timer: TcpTimer): void {
    const lazy = this.timers[timer];
    if (lazy !== undefined) lazy.disarm();
  }

  notify(event: TcpEvent): void {
    const { placement } = this.host;
    if (placement !== undefined && event === TcpEvent.established && (this.listener ?? this.cachedBy) !== undefined)
      placement.completed(this);
    if (this.listener !== undefined && (event === TcpEvent.established || isEnd(event))) {
      this.listener.halfOpen -= 1;
      this.listener = undefined;
    }
    if (isEnd(event)) this.host.forget(this);
    if (this.user !== undefined) this.user.onSocketEvent(this, event);
    if (placement !== undefined) placement.deliver(this);
  }

  onTimer(kind: number, now: Nanos): void {
    const { placement } = this.host;
    if (placement === undefined) this.runTimer(kind, now);
    else placement.timer(this, kind);
  }

  /** What is to be done when a timer has expired. */
  runTimer(kind: number, now: Nanos): void {
    const { engine } = this.host.wire;
    if (engine.causes !== undefined) {
      const { causes } = engine;
      engine.cause = causes.record(CauseKind.timer, now, engine.cause, this.index, kind, causes.slice);
    }
    this.connection.timer(kind as TcpTimer, now);
    if (this.host.wire.checked) checkInvariants(this.connection);
  }
}

/** Whether after this event the connection is CLOSED. */
export function isEnd(event: TcpEvent): boolean {
  return (
    event === TcpEvent.closed ||
    event === TcpEvent.reset ||
    event === TcpEvent.timedOut ||
    event === TcpEvent.refused ||
    event === TcpEvent.unreachable
  );
}
