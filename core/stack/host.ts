// A host: TCP and UDP sockets, tables that find them, and routes to the network. On an ideal host that is all: no CPU, no kernel
// and no time spent inside, what an experiment about networks alone wants. On a host whose kernel carries the stack a
// `Placement` says what the same steps cost, where they run, and when their effects are due (placed/).

import { CauseKind, DropReason, type FlowId, invariant, type NodeId, type SeqNum, seqNum } from '../base';
import { type RandomStream } from '../engine';
import type { PacketReceiver } from '../net';
import { Flag, type Packet, SendReason } from '../packet';
import {
  checkInvariants,
  type CompletedHandshake,
  type OutputOffer,
  PLAIN_OUTPUT,
  resetFor,
  type SynCache,
  type TcpOptions,
} from '../tcp';
import { type EndListener, IdealApplication, type Program } from './application';
import { FragmentQueue } from './fragment-queue';
import { IcmpErrorsOfHost } from './icmp-errors';
import { isOversize, sendOversize } from './oversize';
import { Partition } from './partition';
import type { Acceptor, Listener, Outlet, Placement, SocketWishes } from './placement';
import { IDEAL_PROTOCOLS, type InternetProtocol, type ProtocolTable, register } from './protocols';
import { SynCacheQueue, synOf } from './syn-cache-queue';
import { type SocketUser, TcpSocket } from './tcp-socket';
import { UdpSocket } from './udp-socket';
import type { Wire } from './wire';

const FIRST_EPHEMERAL_PORT = 49_152;
const LAST_PORT = 65_535;
const NO_SOCKET = -1;
/** Subject of drops in a node, on no link. */
const NO_DIRECTION = -1;

export class Host implements PacketReceiver {
  /** Packets that no socket or route wanted. */
  unroutable = 0;
  /** SYNs that a full backlog had no room for. */
  synDrops = 0;
  partitions: readonly Partition[] = [new Partition(0)];
  /** Datagrams of which some pieces have come; hosts that get none have none. */
  fragments: FragmentQueue | undefined = undefined;
  /** Made when there is something to say or to hear. */
  icmp: IcmpErrorsOfHost | undefined = undefined;
  /** Undefined on an ideal host. */
  placement: Placement | undefined = undefined;
  /** What is above IP, by protocol number. */
  protocols: ProtocolTable = IDEAL_PROTOCOLS;
  private udpPorts: Set<number> | undefined = undefined;
  private nextPort = FIRST_EPHEMERAL_PORT;
  private nextIpId = 0;

  constructor(
    readonly wire: Wire,
    readonly id: NodeId,
    readonly tcp: TcpOptions,
    private readonly issRandom: RandomStream,
  ) {}

  /** Lets this host's stack run on CPUs; before anything is opened. */
  place(placement: Placement): void {
    this.placement = placement;
    this.protocols = placement.protocols;
    this.partitions = Array.from({ length: placement.partitions }, (_, index) => new Partition(index));
  }

  /** Adds a protocol above IP, before the run begins. */
  register(protocol: InternetProtocol): void {
    this.protocols = register(this.protocols, protocol);
  }

  /** So much work of a registered protocol, beyond IP's, goes into the present step; ns. */
  work(ns: number): void {
    this.placement?.work(ns);
  }

  /** Routes everything over one link (the host has no other) or by destination. */
  setRoutes(routes: Outlet | readonly (Outlet | undefined)[]): void {
    if (this.placement !== undefined) this.placement.changeRoutes(routes);
    else for (const partition of this.partitions) partition.setRoutes(routes);
  }

  /** Accepts connections to `port`; on some hosts with a group of sockets that share it (SO_REUSEPORT). */
  listen(port: number, flow: FlowId, accept: Acceptor, options: TcpOptions = this.tcp): void {
    invariant(this.partitions[0]!.listeners?.has(port) !== true, `port ${String(port)} already has a listener`);
    for (let i = 0; i < (this.placement?.listenersPerPort ?? 1); i += 1) {
      const listener: Listener = { flow, accept, options, port, halfOpen: 0 };
      for (const partition of this.partitions) partition.addListener(port, listener);
      this.placement?.listen(listener);
    }
    if (options.synQueue !== 'cache') return;
    for (const partition of this.partitions) this.ensureSynCache(partition, options).cache.addListener(port, options);
  }

  /** Accepts no more connections to `port`. */
  stopListening(port: number): void {
    for (const partition of this.partitions) {
      partition.listeners?.delete(port);
      partition.synCacheQueue?.cache.removeListener(port);
    }
  }

  /** Makes what runs `program` on a connection of this host: engine events, or a thread. */
  application(program: Program, onEnd: EndListener): SocketUser {
    return this.placement?.application(program, onEnd) ?? new IdealApplication(this.wire.engine, program, onEnd);
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
    const partition = this.partitionOf(ends.localPort, remote, remotePort);
    const socket = new TcpSocket(this, partition, options, ends, this.iss());
    socket.user = user;
    if (this.placement === undefined) {
      partition.connections.add(socket);
      socket.connection.open(this.wire.engine.now);
    } else this.placement.connect(socket);
    return socket;
  }

  private partitionOf(localPort: number, remote: NodeId, remotePort: number): Partition {
    const { placement } = this;
    return this.partitions[placement === undefined ? 0 : placement.partitionOf(localPort, remote, remotePort)]!;
  }

  /** Binds a UDP socket to `port`, before the run begins. */
  bindUdp(port: number, flow: FlowId): UdpSocket {
    const socket = this.openUdp(port, flow);
    if (!socket.isBound) this.bind(socket);
    return socket;
  }

  /** Binds sockets that receive at `port`: on some hosts a group of them that share it (SO_REUSEPORT). */
  bindUdpGroup(port: number, flow: FlowId): UdpSocket[] {
    const sockets = [this.bindUdp(port, flow)];
    while (sockets.length < (this.placement?.listenersPerPort ?? 1)) {
      const socket = new UdpSocket(this, port, flow);
      this.bind(socket);
      sockets.push(socket);
    }
    return sockets;
  }

  /** A UDP socket that sends from `port`; on a machine it is bound when its application first uses it. */
  openUdp(port: number, flow: FlowId): UdpSocket {
    this.udpPorts ??= new Set();
    invariant(!this.udpPorts.has(port), `UDP port ${String(port)} is taken`);
    this.udpPorts.add(port);
    const socket = new UdpSocket(this, port, flow);
    if (this.placement === undefined) this.bind(socket);
    return socket;
  }

  private bind(socket: UdpSocket): void {
    for (const partition of this.partitions) partition.addDatagramSocket(socket);
    socket.isBound = true;
  }

  /** Takes a closed socket out of all tables. */
  unbindUdp(socket: UdpSocket): void {
    for (const partition of this.partitions) partition.removeDatagramSocket(socket);
  }

  /** The SYN caches, one for each partition, if a listener of this host uses them. */
  get synCaches(): SynCache[] {
    return this.partitions.flatMap(({ synCacheQueue }) => synCacheQueue?.cache ?? []);
  }

  /** Takes a socket out of its table: its connection is CLOSED. */
  forget(socket: TcpSocket): void {
    socket.partition.connections.remove(socket);
  }

  receive(packet: Packet): void {
    const { engine, tap } = this.wire;
    if (tap !== undefined && packet.dst === this.id) tap.packet(engine.now, this.id, 'in', packet);
    this.input(packet, this.partitions[0]!);
  }

  /** A packet for this host has come to IP; ends its life. */
  input(packet: Packet, partition: Partition): void {
    const protocol = this.protocols[packet.protocol];
    if (packet.dst !== this.id || protocol === undefined) this.unroutable += 1;
    else if (packet.fragment === undefined || this.assemble(packet)) protocol.input(this, packet, partition);
    this.wire.pool.give(packet);
  }

  /** Puts a piece to those that have come; whether it is a whole datagram now. The caller keeps it. */
  assemble(piece: Packet): boolean {
    this.fragments ??= new FragmentQueue();
    if (!this.fragments.add(piece, this.wire.engine.now)) return false;
    this.placement?.assembled(piece);
    return true;
  }

  /** What hears and says ICMP errors. */
  get icmpErrors(): IcmpErrorsOfHost {
    this.icmp ??= new IcmpErrorsOfHost(this);
    return this.icmp;
  }

  /** An ICMP error has come. */
  receiveIcmp(packet: Packet, partition: Partition): void {
    const { counters } = this.icmpErrors;
    counters.received += 1;
    if (!this.icmpErrors.deliver(packet, partition)) counters.unmatched += 1;
  }

  /** What the way to `remote` offers a connection now. */
  offer(partition: Partition, remote: NodeId): OutputOffer {
    return this.placement === undefined ? PLAIN_OUTPUT : this.placement.offer(partition.routeTo(remote));
  }

  /**
   * Sends a packet that a socket of this host (undefined: none) filled; owns it from now on.
   * @returns whether there is a way
   */
  transmit(
    packet: Packet,
    reason: SendReason,
    socket: TcpSocket | UdpSocket | undefined,
    partition: Partition,
  ): boolean {
    const { engine, tap } = this.wire;
    const link = partition.routeTo(packet.dst);
    packet.reason = reason;
    packet.ipId = this.nextIpId;
    // A burst is as many packets as it has segments.
    const ids = packet.segmentBytes === 0 ? 1 : Math.ceil(packet.payloadBytes / packet.segmentBytes);
    this.nextIpId = (this.nextIpId + ids) & 0xffff;
    if (this.placement === undefined) this.wire.note(packet, engine.now);
    if (engine.causes !== undefined) {
      const seq = packet.seq as unknown as number;
      const subject = socket === undefined ? NO_SOCKET : socket.index;
      packet.cause = engine.causes.record(CauseKind.send, engine.now, engine.cause, subject, seq >>> 0, reason);
      if (this.placement === undefined && link !== undefined) this.wire.packets?.add(packet, engine.now);
    }
    if (link === undefined) {
      this.unroutable += 1;
      this.wire.dropUnsent(packet, NO_DIRECTION, DropReason.noRoute);
      return false;
    }
    if (packet.ipBytes > link.mtuBytes && isOversize(packet, link.mtuBytes)) {
      sendOversize(this, packet, link, socket);
      return true;
    }
    // On a machine the network interface says when a frame is on the wire.
    if (this.placement === undefined && tap !== undefined) tap.packet(engine.now, this.id, 'out', packet);
    link.send(packet);
    return true;
  }

  /** A segment has come to TCP. */
  receiveSegment(packet: Packet, partition: Partition): void {
    const { engine } = this.wire;
    const socket = partition.connections.find(packet.dstPort, packet.src, packet.srcPort);
    this.placement?.input(packet, socket);
    if (engine.causes !== undefined) {
      const ack = packet.ack as unknown as number;
      this.noteReceived(packet, socket, ack >>> 0);
    }
    const isFirst = (packet.flags & (Flag.syn | Flag.ack | Flag.rst)) === Flag.syn;
    const listener = isFirst ? this.listenerFor(packet, partition) : undefined;
    if (socket !== undefined) {
      if (listener === undefined || !socket.connection.giveWay(packet)) {
        socket.connection.input(packet, engine.now);
        if (this.wire.checked) checkInvariants(socket.connection);
        return;
      }
    }
    if (listener !== undefined) this.acceptSyn(packet, listener, partition);
    else if (partition.synCacheQueue?.take(packet) === true) return;
    else if (this.answersWithReset(packet, partition)) this.refuse(packet, partition);
  }

  /** Causes are recorded: a packet has come to a socket, and is why things happen from here on. */
  private noteReceived(packet: Packet, socket: TcpSocket | UdpSocket | undefined, ackU32: number): void {
    const { engine } = this.wire;
    const causes = engine.causes!;
    const subject = socket === undefined ? NO_SOCKET : socket.index;
    engine.cause = causes.record(CauseKind.receive, engine.now, packet.cause, subject, ackU32, causes.slice);
  }

  private listenerFor(packet: Packet, partition: Partition): Listener | undefined {
    if (partition.listeners === undefined) return undefined;
    return partition.listenerFor(packet.dstPort, this.placement?.spreadOf(packet) ?? 0);
  }

  private acceptSyn(syn: Packet, listener: Listener, partition: Partition): void {
    if (listener.options.synQueue === 'cache') {
      this.ensureSynCache(partition, listener.options).cache.add(syn, this.wire.engine.now);
    } else if (listener.options.backlog > 0 && listener.halfOpen >= listener.options.backlog) {
      this.synDrops += 1;
    } else this.accept(syn, listener, partition);
  }

  private ensureSynCache(partition: Partition, options: TcpOptions): SynCacheQueue {
    partition.synCacheQueue ??= new SynCacheQueue(this, partition, options, () => this.issRandom.nextU32());
    return partition.synCacheQueue;
  }

  /** A handshake of a SYN cache is complete: now it gets a socket. */
  expand({ entry }: CompletedHandshake, ack: Packet, partition: Partition): void {
    const listener = this.listenerFor(ack, partition);
    if (listener === undefined) return;
    const { engine, pool } = this.wire;
    const ends = {
      localPort: entry.localPort,
      remote: entry.remote,
      remotePort: entry.remotePort,
      flow: listener.flow,
    };
    const socket = new TcpSocket(this, partition, listener.options, ends, entry.iss);
    partition.connections.add(socket);
    socket.cachedBy = listener;
    socket.user = listener.accept(socket);
    const syn = synOf(entry, pool.take());
    socket.connection.resume(syn, { sentAt: entry.sentAt, retransmits: entry.slot }, engine.now);
    pool.give(syn);
    socket.connection.input(ack, engine.now);
  }

  private accept(syn: Packet, listener: Listener, partition: Partition): void {
    const ends = { localPort: syn.dstPort, remote: syn.src, remotePort: syn.srcPort, flow: listener.flow };
    const socket = new TcpSocket(this, partition, listener.options, ends, this.iss());
    partition.connections.add(socket);
    socket.user = listener.accept(socket);
    listener.halfOpen += 1;
    socket.listener = listener;
    socket.connection.accept(syn, this.wire.engine.now);
  }

  /** RFC 9293 §3.10.7.1 and §3.10.7.2: never a reset, and in LISTEN only what acknowledges something. */
  private answersWithReset(packet: Packet, partition: Partition): boolean {
    if ((packet.flags & Flag.rst) !== 0) return false;
    const isListening = partition.listeners?.has(packet.dstPort) ?? false;
    return !isListening || (packet.flags & Flag.ack) !== 0;
  }

  /** Answers a segment that belongs to no connection (RFC 9293 §3.10.7.1). */
  private refuse(packet: Packet, partition: Partition): void {
    const reset = this.wire.pool.take();
    resetFor(packet, reset);
    this.placement?.output(reset, undefined);
    this.transmit(reset, SendReason.reset, undefined, partition);
  }

  /** A datagram has come to UDP. */
  receiveDatagram(packet: Packet, partition: Partition): void {
    const socket = partition.datagramSocketFor(packet.dstPort, this.placement?.spreadOf(packet) ?? 0);
    this.placement?.datagram(packet, socket);
    if (this.wire.engine.causes !== undefined) this.noteReceived(packet, socket, 0);
    if (socket !== undefined) socket.input(packet);
    else {
      this.unroutable += 1;
      this.icmpErrors.complain(packet, 'portUnreachable', partition);
    }
  }

  private iss(): SeqNum {
    return seqNum(this.issRandom.nextU32());
  }

  /** The next free port of the dynamic range (RFC 6335 §6) towards this remote end. */
  private ephemeralPort(remote: NodeId, remotePort: number): number {
    const { ephemeralPorts } = this.tcp;
    const step = ephemeralPorts === 'even' ? 2 : 1;
    if (ephemeralPorts === 'random')
      this.nextPort = FIRST_EPHEMERAL_PORT + this.issRandom.integer(LAST_PORT - FIRST_EPHEMERAL_PORT + 1);
    for (let tries = FIRST_EPHEMERAL_PORT; tries <= LAST_PORT; tries += step) {
      const port = this.nextPort;
      this.nextPort = port + step > LAST_PORT ? FIRST_EPHEMERAL_PORT : port + step;
      const { connections } = this.partitionOf(port, remote, remotePort);
      if (connections.find(port, remote, remotePort) === undefined) return port;
    }
    throw new Error(`node ${String(this.id)} has no free port towards node ${String(remote)}`);
  }
}
