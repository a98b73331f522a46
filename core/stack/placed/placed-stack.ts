// A host's network stack on the CPUs of its machine. The host's protocol code asks here what a step costs, where it runs and when
// its effects are due; the model says what is held and who does what.

import { invariant, type NodeId, violated } from '../../base';
import type { Cpu, Kernel } from '../../kernel';
import type { Machine } from '../../machine';
import { Classifier } from '../../nic';
import type { Packet } from '../../packet';
import { isPredicted, type OutputOffer, PLAIN_OUTPUT } from '../../tcp';
import type { EndListener, Program } from '../application';
import type { Host } from '../host';
import type { Listener, Outlet, Placement } from '../placement';
import { makeModel } from '../models/make-model';
import type { Model } from '../models/model';
import type { Partition } from '../partition';
import { internetProtocols, type ProtocolTable } from '../protocols';
import type { SynCacheQueue } from '../syn-cache-queue';
import type { SocketUser, TcpSocket } from '../tcp-socket';
import type { UdpSocket } from '../udp-socket';
import { AcceptQueue } from './accept-queue';
import { ApplicationPlaces } from './application-places';
import { ApplicationThread } from './application-thread';
import type { Bill } from './bill';
import { Carriers } from './carrier';
import { Datagrams } from './datagrams';
import { Driver } from './driver';
import { FrameMemory } from './frame-memory';
import { MbufCache } from './mbufs';
import { MessageCache } from './message-cache';
import type { StackOptions } from './options';
import { Owners } from './owners';
import { ProtocolThreads } from './protocol-threads';
import { ProtocolTimers } from './protocol-timers';
import { SharedRegions } from './shared-regions';
import { LINES, SocketSeat } from './socket-seat';
import { noStackCounts, type StackCounters } from './stack-counters';
import { DELIVER, SEND_MORE } from './steps';
import { Rounds } from './rounds';
import { Stage, StageTimes } from './stage';
import { StageMemory } from './stage-memory';
import { Runner } from './work';

export class PlacedStack implements Placement {
  readonly machine: Machine;
  readonly model: Model;
  readonly classifier: Classifier;
  readonly drivers: Driver[] = [];
  readonly counters: StackCounters;
  /** Over all CPUs. */
  readonly spent = new StageTimes();
  /** Undefined when caches are not modelled. */
  readonly memory: StageMemory | undefined;
  readonly owners: Owners;
  readonly threads: ProtocolThreads;
  readonly places: ApplicationPlaces;
  readonly carriers = new Carriers(this);
  readonly acceptQueues: AcceptQueue[] = [];
  private readonly queues = new Map<Listener, AcceptQueue>();
  readonly shared: SharedRegions;
  readonly rounds = new Rounds(this);
  readonly mbufs: MbufCache;
  private readonly frames: FrameMemory;
  /** Protocol threads work stage by stage. */
  readonly isStaged: boolean;
  readonly datagrams = new Datagrams(this);
  readonly messages: MessageCache;
  private readonly timers = new ProtocolTimers(this);
  private hasRoutes = false;
  private active: Runner | undefined = undefined;
  /** Interfaces that owe a doorbell at the end of the present step. */
  private readonly bells: Driver[] = [];

  /** @param addresses IPv4 addresses by node */
  constructor(
    readonly kernel: Kernel,
    readonly host: Host,
    readonly options: StackOptions,
    addresses: readonly number[],
  ) {
    this.machine = kernel.machine;
    this.isStaged = options.stageOrder === 'stage';
    this.memory = options.caches ? new StageMemory(this.machine) : undefined;
    this.classifier = new Classifier(options.hash, this.machine.cpus, addresses);
    this.mbufs = new MbufCache(this.machine);
    this.frames = new FrameMemory(this.mbufs);
    this.model = makeModel(kernel, options, this.classifier.cpus, (protocol) => this.isMpsafe(protocol));
    this.shared = new SharedRegions(this.machine, this.model);
    this.counters = noStackCounts(this.machine.cpus);
    this.owners = new Owners(host, this.model, this.classifier);
    this.places = new ApplicationPlaces(this.machine.cpus, options.applications);
    this.messages = new MessageCache(kernel);
    host.place(this);
    this.threads = new ProtocolThreads(this);
  }

  /** The protocol with this number; a packet of none is any protocol's as far as threads and locks go. */
  private isMpsafe(protocol: number): boolean {
    return this.host.protocols[protocol]?.isMpsafe ?? true;
  }

  /** A driver for the host's next interface. */
  addDriver(name: string): Driver {
    const driver = new Driver(this, name, this.drivers.length);
    this.drivers.push(driver);
    return driver;
  }

  /** Whether the NICs compute checksums. */
  get checksumOffload(): boolean {
    return this.drivers.every(({ nic }) => nic.options.checksumOffload);
  }

  get partitions(): number {
    return this.model.partitions;
  }

  get listenersPerPort(): number {
    return this.options.reusePort;
  }

  // Steps under way

  /** A runner begins a step: what the protocols do goes on its bill. */
  enter(runner: Runner): void {
    this.active = runner;
  }

  leave(runner: Runner): void {
    if (this.bells.length > 0) this.ringBells(runner.bill);
    this.active = undefined;
  }

  private ringBells(bill: Bill): void {
    for (const driver of this.bells) driver.ring(bill);
    this.bells.length = 0;
  }

  get bill(): Bill {
    return this.activeRunner.bill;
  }

  private get activeRunner(): Runner {
    invariant(this.active !== undefined, 'protocol work is done outside of a step');
    return this.active;
  }

  /** For a thread that does protocol work. */
  runner(): Runner {
    return new Runner(this);
  }

  owesDoorbell(driver: Driver): void {
    if (!this.bells.includes(driver)) this.bells.push(driver);
  }

  /** What is left of the step needs the connection only, not the table that it was looked up in. */
  needsNoTable(bill: Bill): void {
    if (this.activeRunner.mayCut) bill.cut();
  }

  // Packets

  partitionOf(localPort: number, remote: NodeId, remotePort: number): number {
    return this.owners.partitionOfConnection(localPort, remote, remotePort);
  }

  spreadOf(packet: Packet): number {
    // The low bits have chosen the CPU; the listeners of a group are chosen by all of them.
    return this.owners.hashOfPacket(packet);
  }

  countPacket(bill: Bill, partition: Partition): void {
    this.counters.packetsByCpu[bill.cpu]! += 1;
    bill.write(this.shared.statisticsOf(partition));
  }

  /** K13.7: only its CPU works on a connection. */
  assertOwner(socket: TcpSocket, cpu: number): void {
    if (this.model.isPartitioned && socket.partition.index !== cpu)
      violated(`K13.7 CPU ${String(cpu)} works on a connection of CPU ${String(socket.partition.index)}`);
  }

  // What the protocols ask

  get protocols(): ProtocolTable {
    const { tcpMpsafe, udpMpsafe } = this.options;
    return internetProtocols({ tcp: tcpMpsafe, udp: udpMpsafe });
  }

  work(ns: number): void {
    this.bill.workWithin(Stage.other, ns);
  }

  output(packet: Packet, socket: TcpSocket | undefined): void {
    const { bill } = this;
    const { profile } = this.machine;
    this.needsNoTable(bill);
    bill.build();
    bill.work(Stage.tcp, profile.tcpOutputNs);
    if (socket === undefined) return;
    const seat = socket.seat!;
    this.assertOwner(socket, bill.cpu);
    bill.useConnection(seat);
    // A replica is only read; a shared route counts its users (rt_refcnt).
    if (this.model.isPartitioned) bill.read(this.shared.routesOf(socket.partition));
    else bill.write(this.shared.routesOf(socket.partition), 1);
    if (packet.payloadBytes > 0) bill.read(seat.mbufs, LINES.mbuf * Math.ceil(packet.payloadBytes / 2048));
  }

  input(packet: Packet, socket: TcpSocket | undefined): void {
    const { bill } = this;
    const { profile } = this.machine;
    if (socket === undefined) {
      bill.work(Stage.tcp, profile.tcpInputNs);
      return;
    }
    const seat = socket.seat!;
    this.assertOwner(socket, bill.cpu);
    bill.read(this.shared.tableOf(socket.partition));
    bill.useConnection(seat);
    if (this.isStaged && this.activeRunner.isStaged) {
      bill.work(Stage.tcp, profile.tcpInputNs);
      this.holdBack(packet, socket);
      return;
    }
    bill.work(Stage.tcp, profile.tcpInputNs * PREDICTION_SHARE);
    if (this.activeRunner.mayCut && isPredicted(socket.connection, packet)) bill.cut();
    bill.workWithin(Stage.tcp, profile.tcpInputNs * (1 - PREDICTION_SHARE));
    bill.write(seat.sockbuf);
    if (packet.payloadBytes === 0) return;
    bill.work(Stage.socket, profile.socketReceiveNs / 2);
    this.frames.keep(packet.payloadBytes, seat.received);
  }

  /** A packet is where it belongs: its protocol looks at it. What it lies in is freed, unless its payload waits to be read. */
  inputPacket(packet: Packet, partition: Partition, bill: Bill): void {
    this.countPacket(bill, partition);
    this.frames.open(packet, bill);
    this.host.input(packet, partition);
    this.frames.close(bill);
  }

  /** Nobody wants a packet any more. */
  discard(packet: Packet, bill: Bill): void {
    this.frames.free(packet, bill);
    this.host.wire.pool.give(packet);
  }

  /** Stage by stage: what TCP now takes is appended when it is through with the cohort, and read after that. */
  private holdBack(packet: Packet, socket: TcpSocket): void {
    const runner = this.activeRunner;
    runner.receiving = socket;
    runner.readableBefore = socket.connection.readableBytes;
    if (packet.payloadBytes === 0) return;
    const { unappended, received } = socket.seat!;
    unappended.push(this.bill.packetBuffer);
    this.frames.keep(packet.payloadBytes, received);
  }

  /** TCP is through with a segment. */
  taken(): void {
    const runner = this.activeRunner;
    const { receiving } = runner;
    if (receiving === undefined) return;
    runner.receiving = undefined;
    const seat = receiving.seat!;
    seat.unappendedBytes += receiving.connection.readableBytes - runner.readableBefore;
    if (seat.unappended.length > 0) this.deliver(receiving);
  }

  offer(outlet: Outlet | undefined): OutputOffer {
    return outlet instanceof Driver ? outlet.offer : PLAIN_OUTPUT;
  }

  sendLater(socket: TcpSocket): void {
    const seat = socket.seat!;
    if (seat.sendsLater) return;
    seat.sendsLater = true;
    this.bill.then(postMore, socket, this);
  }

  ackLater(socket: TcpSocket): void {
    const { thread } = this.activeRunner;
    invariant(thread !== undefined, 'an ACK is gathered where there is no batch');
    thread.gatherAck(socket);
  }

  timer(socket: TcpSocket, kind: number): void {
    this.timers.expired(socket, kind);
  }

  synTimer(queue: SynCacheQueue, slot: number): void {
    this.timers.synExpired(queue, slot);
  }

  adopt(socket: TcpSocket): void {
    const { work, buffer } = this.model.holdingsOf(socket.partition.index);
    socket.seat = new SocketSeat(this.machine, this.owners.cpuOfConnection(socket), work, buffer);
    const { connection } = socket;
    connection.sendLowWaterBytes = Math.min(connection.options.sendBufferBytes / 2, this.options.sendLowWaterBytes);
  }

  deliver(socket: TcpSocket): void {
    const seat = socket.seat!;
    if (seat.isDue) return;
    if (seat.bufferHolding === undefined && !this.activeRunner.isStaged) {
      const { errand, bill } = this.activeRunner;
      const before = errand.socket;
      errand.socket = socket;
      DELIVER(this, errand, bill);
      errand.socket = before;
      return;
    }
    seat.isDue = true;
    this.activeRunner.deliveries.push(socket);
  }

  completed(socket: TcpSocket): void {
    socket.seat!.acceptQueue = this.queues.get((socket.listener ?? socket.cachedBy)!)!;
    this.activeRunner.completions.push(socket);
  }

  listen(listener: Listener): void {
    const name = `accept ${String(listener.port)}${this.queues.size === 0 ? '' : `/${String(this.queues.size)}`}`;
    const index = [...this.queues.keys()].filter(({ port }) => port === listener.port).length;
    const queue = new AcceptQueue(this, name, this.model.acceptHolding(name), index);
    this.acceptQueues.push(queue);
    this.queues.set(listener, queue);
  }

  connect(socket: TcpSocket): void {
    const { user } = socket;
    invariant(user instanceof ApplicationThread, 'a socket of a machine is connected by an application');
    user.adopt(socket);
    user.start(undefined, true);
  }

  application(program: Program, onEnd: EndListener): SocketUser {
    return new ApplicationThread(this, program, onEnd);
  }

  /** At the start all CPUs know the routes; later a change has to get to them. */
  changeRoutes(routes: Outlet | readonly (Outlet | undefined)[]): void {
    if (this.hasRoutes) this.rounds.changeRoutes(routes);
    else for (const partition of this.host.partitions) partition.setRoutes(routes);
    this.hasRoutes = true;
  }

  // UDP

  sendDatagram(socket: UdpSocket, remote: NodeId, remotePort: number, payloadBytes: number): void {
    this.datagrams.send(socket, remote, remotePort, payloadBytes);
  }

  get connectsDatagrams(): boolean {
    return this.options.udpConnected;
  }

  closeDatagrams(socket: UdpSocket): void {
    this.datagrams.close(socket);
  }

  /** NICs compute no checksum over several packets. */
  cuts({ payloadBytes }: Packet): void {
    if (this.checksumOffload) this.bill.work(Stage.checksum, payloadBytes * this.machine.profile.checksumNsPerByte);
  }

  assembled(packet: Packet): void {
    this.cuts(packet);
  }

  complains(): void {
    this.bill.work(Stage.ip, this.machine.profile.ipOutputNs);
  }

  hears(socket: TcpSocket): void {
    this.assertOwner(socket, this.bill.cpu);
    this.bill.useConnection(socket.seat!);
  }

  datagram(packet: Packet, socket: UdpSocket | undefined): void {
    const { bill } = this;
    const { profile } = this.machine;
    bill.work(Stage.udp, profile.udpInputNs);
    if (socket === undefined) return;
    const { isStaged, arrivals } = this.activeRunner;
    this.frames.keep(packet.payloadBytes, this.datagrams.receiverOf(socket).received);
    if (!isStaged) this.datagrams.append(bill, socket, packet.payloadBytes);
    else {
      const partition = this.owners.partitionOfPacket(packet);
      arrivals.push({ socket, partition, bytes: packet.payloadBytes, buffer: bill.packetBuffer });
    }
  }
}

/** Share of tcp_input up to its header prediction: checksum, lookup, options [M]. */
const PREDICTION_SHARE = 0.5;

function postMore(cpu: Cpu, socket: TcpSocket, stack: PlacedStack): void {
  stack.threads.post(cpu, stack.messages.about(socket, SEND_MORE, cpu.id));
}
