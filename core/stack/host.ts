// An ideal host: TCP and UDP sockets and a route to the network, with no CPU, no kernel and no time spent
// inside. What an experiment about networks alone wants.

import { CauseKind, type FlowId, invariant, type NodeId, type SeqNum, seqNum } from '../base';
import { type RandomStream } from '../engine';
import type { PacketReceiver } from '../net';
import { Flag, type Packet, Protocol, SendReason } from '../packet';
import { checkInvariants, type CompletedHandshake, resetFor, type SynCache, type TcpOptions } from '../tcp';
import { Demux } from './demux';
import { SynCacheQueue, synOf } from './syn-cache-queue';
import { type SocketUser, TcpSocket } from './tcp-socket';
import { UdpSocket } from './udp-socket';
import type { Wire } from './wire';

const FIRST_EPHEMERAL_PORT = 49_152;
const LAST_PORT = 65_535;

/** Makes the user of a connection that a listener has just accepted. */
export type Acceptor = (socket: TcpSocket) => SocketUser;

/** Where a host's packets go: a link, or whoever stands in for one. */
export interface Outlet {
  /** Takes a packet; owns it from now on. */
  send(packet: Packet): void;
}

/** What a socket asks for that differs from its host's own. */
export interface SocketWishes {
  readonly options?: TcpOptions;
  readonly localPort?: number;
}

/** A port that accepts connections, and how many of them are half open. */
export interface Listener {
  readonly flow: FlowId;
  readonly accept: Acceptor;
  readonly options: TcpOptions;
  halfOpen: number;
}

export class Host implements PacketReceiver {
  /** Packets that no socket or route wanted. */
  unroutable = 0;
  /** SYNs that a full backlog had no room for. */
  synDrops = 0;
  private synCacheQueue: SynCacheQueue | undefined = undefined;
  private readonly connections = new Demux<TcpSocket>();
  /** By port; hosts have one or neither of these tables, and thousands of hosts have none. */
  private listeners: Map<number, Listener> | undefined = undefined;
  private datagramSockets: Map<number, UdpSocket> | undefined = undefined;
  private onlyLink: Outlet | undefined = undefined;
  private routes: readonly (Outlet | undefined)[] | undefined = undefined;
  private nextPort = FIRST_EPHEMERAL_PORT;
  private nextIpId = 0;

  constructor(
    readonly wire: Wire,
    readonly id: NodeId,
    readonly tcp: TcpOptions,
    private readonly issRandom: RandomStream,
  ) {}

  /** Routes everything over one link (the host has no other) or by destination. */
  setRoutes(routes: Outlet | readonly (Outlet | undefined)[]): void {
    const isTable = Array.isArray(routes);
    this.onlyLink = isTable ? undefined : (routes as Outlet);
    this.routes = isTable ? (routes as readonly (Outlet | undefined)[]) : undefined;
  }

  /** Accepts connections to `port`. */
  listen(port: number, flow: FlowId, accept: Acceptor, options: TcpOptions = this.tcp): void {
    this.listeners ??= new Map();
    invariant(!this.listeners.has(port), `port ${String(port)} already has a listener`);
    this.listeners.set(port, { flow, accept, options, halfOpen: 0 });
    if (options.synQueue === 'cache') this.ensureSynCache(options).cache.addListener(port, options);
  }

  /** Accepts no more connections to `port`. */
  stopListening(port: number): void {
    this.listeners?.delete(port);
    this.synCacheQueue?.cache.removeListener(port);
  }

  /** Starts a connection; `user` is told how it goes. */
  connect(
    remote: NodeId,
    remotePort: number,
    flow: FlowId,
    user: SocketUser,
    { options = this.tcp, localPort }: SocketWishes = {},
  ): TcpSocket {
    const ends = { localPort: localPort ?? this.ephemeralPort(remote, remotePort), remote, remotePort, flow };
    const socket = new TcpSocket(this, options, ends, this.iss());
    socket.user = user;
    this.connections.add(socket);
    socket.connection.open(this.wire.engine.now);
    return socket;
  }

  /** Binds a UDP socket to `port`. */
  bindUdp(port: number, flow: FlowId): UdpSocket {
    this.datagramSockets ??= new Map();
    invariant(!this.datagramSockets.has(port), `UDP port ${String(port)} is taken`);
    const socket = new UdpSocket(this, port, flow);
    this.datagramSockets.set(port, socket);
    return socket;
  }

  /** The SYN cache, if a listener of this host uses it. */
  get synCache(): SynCache | undefined {
    return this.synCacheQueue?.cache;
  }

  /** Takes a socket out of the table: its connection is CLOSED. */
  forget(socket: TcpSocket): void {
    this.connections.remove(socket);
  }

  receive(packet: Packet): void {
    const { engine, tap, pool } = this.wire;
    if (packet.dst !== this.id) {
      this.unroutable += 1;
      pool.give(packet);
      return;
    }
    if (tap !== undefined) tap.packet(engine.now, this.id, 'in', packet);
    if (packet.protocol === Protocol.tcp) this.receiveSegment(packet);
    else this.receiveDatagram(packet);
    pool.give(packet);
  }

  /** Sends a packet that a socket of this host filled; owns it from now on. */
  transmit(packet: Packet, reason: SendReason, socketIndex: number): void {
    const { engine, tap } = this.wire;
    const link = this.onlyLink ?? this.routes?.[packet.dst];
    packet.reason = reason;
    packet.ipId = this.nextIpId;
    this.nextIpId = (this.nextIpId + 1) & 0xffff;
    this.wire.note(packet, engine.now);
    if (engine.causes !== undefined) {
      const seq = packet.seq as unknown as number;
      packet.cause = engine.causes.record(CauseKind.send, engine.now, engine.cause, socketIndex, seq >>> 0, reason);
    }
    if (link === undefined) {
      this.unroutable += 1;
      this.wire.pool.give(packet);
      return;
    }
    if (tap !== undefined) tap.packet(engine.now, this.id, 'out', packet);
    link.send(packet);
  }

  private receiveSegment(packet: Packet): void {
    const { engine } = this.wire;
    const socket = this.connections.find(packet.dstPort, packet.src, packet.srcPort);
    if (engine.causes !== undefined) {
      const ack = packet.ack as unknown as number;
      const subject = socket === undefined ? -1 : socket.index;
      engine.cause = engine.causes.record(CauseKind.receive, engine.now, packet.cause, subject, ack >>> 0);
    }
    const isFirst = (packet.flags & (Flag.syn | Flag.ack | Flag.rst)) === Flag.syn;
    const listener = isFirst ? this.listeners?.get(packet.dstPort) : undefined;
    if (socket !== undefined) {
      if (listener === undefined || !socket.connection.giveWay(packet)) {
        socket.connection.input(packet, engine.now);
        if (this.wire.checked) checkInvariants(socket.connection);
        return;
      }
    }
    if (listener !== undefined) this.acceptSyn(packet, listener);
    else if (this.synCacheQueue?.take(packet) === true) return;
    else if (this.answersWithReset(packet)) this.refuse(packet);
  }

  private acceptSyn(syn: Packet, listener: Listener): void {
    if (listener.options.synQueue === 'cache') {
      this.ensureSynCache(listener.options).cache.add(syn, this.wire.engine.now);
    } else if (listener.options.backlog > 0 && listener.halfOpen >= listener.options.backlog) {
      this.synDrops += 1;
    } else this.accept(syn, listener);
  }

  private ensureSynCache(options: TcpOptions): SynCacheQueue {
    this.synCacheQueue ??= new SynCacheQueue(this, options, () => this.issRandom.nextU32());
    return this.synCacheQueue;
  }

  /** A handshake of the SYN cache is complete: now it gets a socket. */
  expand({ entry }: CompletedHandshake, ack: Packet): void {
    const listener = this.listeners?.get(entry.localPort);
    if (listener === undefined) return;
    const { engine, pool } = this.wire;
    const ends = {
      localPort: entry.localPort,
      remote: entry.remote,
      remotePort: entry.remotePort,
      flow: listener.flow,
    };
    const socket = new TcpSocket(this, listener.options, ends, entry.iss);
    this.connections.add(socket);
    socket.user = listener.accept(socket);
    const syn = synOf(entry, pool.take());
    socket.connection.resume(syn, { sentAt: entry.sentAt, retransmits: entry.slot }, engine.now);
    pool.give(syn);
    socket.connection.input(ack, engine.now);
  }

  private accept(syn: Packet, listener: Listener): void {
    const ends = { localPort: syn.dstPort, remote: syn.src, remotePort: syn.srcPort, flow: listener.flow };
    const socket = new TcpSocket(this, listener.options, ends, this.iss());
    this.connections.add(socket);
    socket.user = listener.accept(socket);
    listener.halfOpen += 1;
    socket.listener = listener;
    socket.connection.accept(syn, this.wire.engine.now);
  }

  /** RFC 9293 §3.10.7.1 and §3.10.7.2: never a reset, and in LISTEN only what acknowledges something. */
  private answersWithReset(packet: Packet): boolean {
    if ((packet.flags & Flag.rst) !== 0) return false;
    const isListening = this.listeners?.has(packet.dstPort) ?? false;
    return !isListening || (packet.flags & Flag.ack) !== 0;
  }

  /** Answers a segment that belongs to no connection (RFC 9293 §3.10.7.1). */
  private refuse(packet: Packet): void {
    const reset = this.wire.pool.take();
    resetFor(packet, reset);
    this.transmit(reset, SendReason.reset, -1);
  }

  private receiveDatagram(packet: Packet): void {
    const socket = this.datagramSockets?.get(packet.dstPort);
    if (socket === undefined) this.unroutable += 1;
    else socket.input(packet);
  }

  private iss(): SeqNum {
    return seqNum(this.issRandom.nextU32());
  }

  /** The next free port of the dynamic range (RFC 6335 §6) towards this remote end. */
  private ephemeralPort(remote: NodeId, remotePort: number): number {
    for (let tries = FIRST_EPHEMERAL_PORT; tries <= LAST_PORT; tries += 1) {
      const port = this.nextPort;
      this.nextPort = port === LAST_PORT ? FIRST_EPHEMERAL_PORT : port + 1;
      if (this.connections.find(port, remote, remotePort) === undefined) return port;
    }
    throw new Error(`node ${String(this.id)} has no free port towards node ${String(remote)}`);
  }
}
