// A host's network stack on the CPUs of its machine. The host's protocol code asks here what a step costs, where it runs and when
// its effects are due; the model says what is held and who does what.

import { invariant, type NodeId } from '../../base';
import { type Body, type Calls, type Cpu, type Kernel, PanicPort, post, retire, type ThreadWishes } from '../../kernel';
import { ThreadPriority } from '../../kernel';
import type { Port } from '../../kernel';
import type { Machine, Region } from '../../machine';
import { Classifier } from '../../nic';
import { type Packet, Protocol } from '../../packet';
import { isPredicted, type OutputOffer, PLAIN_OUTPUT } from '../../tcp';
import type { EndListener, Program } from '../application';
import type { Host, Listener, Outlet, Placement } from '../host';
import { giantModel } from '../models/giant';
import { groupLockModel } from '../models/grouplock';
import type { Model } from '../models/model';
import { mutexModel } from '../models/mutex';
import { pmpModel } from '../models/pmp';
import type { Partition } from '../partition';
import type { SynCacheQueue } from '../syn-cache-queue';
import type { SocketUser, TcpSocket } from '../tcp-socket';
import type { UdpSocket } from '../udp-socket';
import { AcceptQueue } from './accept-queue';
import { ApplicationThread } from './application-thread';
import { type Bill, NO_BUFFER, type Spent, STAGES } from './bill';
import { DatagramRounds } from './datagram-rounds';
import { DatagramReceiver, DatagramSender } from './datagram-threads';
import { Driver } from './driver';
import type { Holding } from './holding';
import { type Mbuf, MbufCache } from './mbufs';
import type { StackOptions } from './options';
import { internetProtocols, type ProtocolTable } from '../protocols';
import { ProtocolThread } from './protocol-thread';
import { LINES, SocketSeat } from './socket-seat';
import { APPEND_DATAGRAM, COMPLETE, DELIVER, INPUT, SEND, SEND_MORE, SYN_TIMER, TIMER } from './steps';
import { Rounds } from './rounds';
import { StageMemory } from './stage-memory';
import { Runner, type Step, type Work, WorkMessage } from './work';

export interface StackCounters {
  /** Packets that an owner was told of on another CPU, and on its own. */
  hops: number;
  local: number;
  /** Packets that a protocol thread got and passed on. */
  requeued: number;
  connectMoves: number;
  datagramMoves: number;
  /** ICMP errors that went to another CPU, which owns what they quote; and such that went round all. */
  icmpMoves: number;
  icmpRounds: number;
  /** Packets input by partition's CPU; for the balance. */
  readonly packetsByCpu: number[];
}

export class PlacedStack implements Placement {
  readonly machine: Machine;
  readonly model: Model;
  readonly classifier: Classifier;
  readonly drivers: Driver[] = [];
  readonly counters: StackCounters;
  /** Time spent by stage, over all CPUs; ns. */
  readonly spent = Object.fromEntries(STAGES.map((stage) => [stage, 0])) as Spent;
  /** Undefined when caches are not modelled. */
  readonly memory: StageMemory | undefined;
  /** Threads that work on packets: the netisrs of all CPUs, or the software interrupt; and what timers run in. */
  readonly protocolThreads: ProtocolThread[] = [];
  private readonly udpThreads: ProtocolThread[] = [];
  private readonly miscThreads: ProtocolThread[] = [];
  readonly acceptQueues: AcceptQueue[] = [];
  private readonly queues = new Map<Listener, AcceptQueue>();
  private readonly statistics: Region[];
  private readonly tables: Region[];
  private readonly routes: Region[];
  private readonly senders = new Map<UdpSocket, DatagramSender>();
  private readonly receivers = new Map<UdpSocket, DatagramReceiver>();
  /** Of messages that are never replied to. */
  readonly noReply = new PanicPort('no reply');
  readonly rounds = new Rounds(this);
  readonly mbufs: MbufCache;
  /** What the frame that is input lies in, unless somebody has kept it. */
  private frame: Mbuf | undefined = undefined;
  /** Protocol threads work stage by stage. */
  readonly isStaged: boolean;
  readonly datagramRounds = new DatagramRounds(this);
  private hasRoutes = false;
  /** Messages that nobody uses, by CPU: they are parts of mbufs, which each CPU caches. */
  private readonly free: (WorkMessage | undefined)[];
  private active: Runner | undefined = undefined;
  /** Interfaces that owe a doorbell at the end of the present step. */
  private readonly bells: Driver[] = [];
  private applications = 0;

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
    this.model = this.makeModel();
    const copies = this.model.isPartitioned ? this.model.partitions : 1;
    this.statistics = this.regions('statistics', LINES.statistics, copies);
    this.routes = this.regions('route', LINES.route, copies);
    this.tables = this.regions('table', LINES.table, this.model.partitions);
    this.counters = {
      hops: 0,
      local: 0,
      requeued: 0,
      connectMoves: 0,
      datagramMoves: 0,
      icmpMoves: 0,
      icmpRounds: 0,
      packetsByCpu: new Array<number>(this.machine.cpus).fill(0),
    };
    this.free = new Array<undefined>(this.machine.cpus).fill(undefined);
    host.place(this);
    this.startThreads();
  }

  /** The protocol with this number; a packet of none is any protocol's as far as threads and locks go. */
  private isMpsafe(protocol: number): boolean {
    return this.host.protocols[protocol]?.isMpsafe ?? true;
  }

  private makeModel(): Model {
    const { kernel, options } = this;
    switch (options.model) {
      case 'giant':
        return giantModel();
      case 'mutex':
        return mutexModel(kernel, options.tableLock);
      case 'grouplock':
        return groupLockModel(kernel, options.groups);
      case 'pmp':
        return pmpModel(kernel, this.classifier.cpus, (protocol) => this.isMpsafe(protocol));
    }
  }

  private regions(kind: 'statistics' | 'route' | 'table', lines: number, count: number): Region[] {
    return Array.from({ length: count }, () => this.machine.region(kind, lines));
  }

  private startThreads(): void {
    const { kernel, options, model } = this;
    const isOne = options.protocolThreads === 'one';
    if (!model.sendsMessages) {
      this.protocolThreads.push(new ProtocolThread(this, kernel, 'swi net', 0, 'thread'));
      return;
    }
    for (let cpu = 0; cpu < this.classifier.cpus; cpu += 1) {
      const number = String(cpu);
      const kind = isOne ? 'spin' : 'thread';
      this.protocolThreads.push(
        new ProtocolThread(this, kernel, isOne ? `netisr ${number}` : `tcp ${number}`, cpu, kind),
      );
      if (isOne) continue;
      this.udpThreads.push(new ProtocolThread(this, kernel, `udp ${number}`, cpu, kind));
      this.miscThreads.push(new ProtocolThread(this, kernel, `netisr ${number}`, cpu, kind));
    }
  }

  /** All protocol threads. */
  get threads(): readonly ProtocolThread[] {
    return [...this.protocolThreads, ...this.udpThreads, ...this.miscThreads];
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
    for (const driver of this.bells) driver.ring(runner.bill);
    this.bells.length = 0;
    this.active = undefined;
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

  /** Does a piece of work, holding what that takes, and then what it has left to do. */
  *perform(k: Calls, runner: Runner, work: Work, held: readonly Holding[]): Body {
    yield* this.hold(k, runner, work, held);
    if (runner.hasMore) yield* this.finish(k, runner);
  }

  *hold(k: Calls, runner: Runner, work: Work, held: readonly Holding[]): Body {
    for (const holding of held) yield holding.take(k);
    const mayCut = this.model.givesTableBack && held.length > 1;
    yield runner.does(work, mayCut);
    let first = 0;
    if (runner.isAtCut) {
      yield held[0]!.release(k);
      first = 1;
      yield runner.goesOn();
    }
    for (let i = held.length - 1; i >= first; i -= 1) yield held[i]!.release(k);
  }

  /** What is left of the step needs the connection only, not the table that it was looked up in. */
  needsNoTable(bill: Bill): void {
    if (this.activeRunner.mayCut) bill.cut();
  }

  /** Tells users of sockets, each under its buffer's holding; and queues what is complete. */
  *finish(k: Calls, runner: Runner): Body {
    const { errand, completions, deliveries, arrivals } = runner;
    while (completions.length > 0 || deliveries.length > 0) {
      const complete = completions.shift();
      const socket = complete ?? deliveries.shift()!;
      const seat = socket.seat!;
      errand.socket = socket;
      errand.step = complete === undefined ? DELIVER : COMPLETE;
      const holding = complete === undefined ? seat.bufferHolding : seat.acceptQueue!.holding;
      if (holding !== undefined) {
        yield holding.take(k);
        yield runner.does(errand);
        yield holding.release(k);
      } else yield* this.hold(k, runner, errand, seat.holdings);
    }
    if (arrivals.length > 0) yield* this.appendDatagrams(k, runner);
  }

  private *appendDatagrams(k: Calls, runner: Runner): Body {
    const { errand } = runner;
    for (const { socket, partition, bytes, buffer } of runner.arrivals.splice(0)) {
      errand.step = APPEND_DATAGRAM;
      errand.datagrams = socket;
      errand.amount = bytes;
      errand.buffer = buffer;
      yield* this.hold(k, runner, errand, this.model.strangers(partition.index, Protocol.udp));
      errand.buffer = NO_BUFFER;
    }
  }

  // Messages

  /** A message that nobody waits for, from the cache of `cpu`. */
  take(cpu: number): WorkMessage {
    const message = this.free[cpu];
    if (message === undefined) return new WorkMessage(this.kernel, this.noReply, true);
    this.free[cpu] = message.nextFree;
    message.nextFree = undefined;
    return message;
  }

  /** It is done, on `cpu`. */
  release(message: WorkMessage, cpu: number): void {
    retire(message);
    message.packet = undefined;
    message.socket = undefined;
    message.datagrams = undefined;
    message.buffer = NO_BUFFER;
    message.nextFree = this.free[cpu];
    this.free[cpu] = message;
  }

  messageFor(step: Step, socket: TcpSocket, cpu: number): WorkMessage {
    const message = this.take(cpu);
    message.step = step;
    message.socket = socket;
    message.partition = socket.partition;
    return message;
  }

  sendOf(socket: TcpSocket, bytes: number, cpu: number): WorkMessage {
    const message = this.messageFor(SEND, socket, cpu);
    message.amount = bytes;
    return message;
  }

  /** Sends a message to whoever does the work of its socket. */
  post(cpu: Cpu, message: WorkMessage): void {
    let owner = message.socket!.partition.index;
    if (this.kernel.faults?.strikes('owner') === true) owner = (owner + 1) % this.partitions;
    post(cpu, message, this.portOf(owner, message));
  }

  /** The port of the thread that does such work on a CPU. */
  portOf(cpu: number, work: Work): Port {
    if (!this.model.sendsMessages) return this.protocolThreads[0]!.port;
    return this.family(work)[cpu]!.port;
  }

  /** Those of 2004 have families: TCP's, UDP's, and one for all others and for what is nobody's packet yet. */
  private family({ packet, datagrams, step }: Work): readonly ProtocolThread[] {
    if (this.udpThreads.length === 0) return this.protocolThreads;
    if (packet !== undefined && (packet.fragment !== undefined || (packet.icmp !== undefined && step === INPUT)))
      return this.miscThreads;
    const ofPacket = packet === undefined ? Protocol.tcp : protocolOf(packet);
    switch (datagrams === undefined ? ofPacket : Protocol.udp) {
      case Protocol.tcp:
        return this.protocolThreads;
      case Protocol.udp:
        return this.udpThreads;
      default:
        return this.miscThreads;
    }
  }

  /** The CPU whose protocol thread serves applications on `cpu` first. */
  protocolCpu(cpu: number): number {
    return cpu % this.classifier.cpus;
  }

  /** The work turns out to be another CPU's. */
  forward(work: Work, partition: Partition): void {
    invariant(work instanceof WorkMessage, 'K6.3 work that is no message is on the wrong CPU');
    work.partition = partition;
    work.forwardTo = this.portOf(partition.index, work);
  }

  /** What a message's work holds. */
  holdingsFor(message: WorkMessage): readonly Holding[] {
    const { socket, packet } = message;
    if (socket !== undefined) return socket.seat!.holdings;
    if (packet === undefined) {
      const protocol = message.datagrams === undefined ? Protocol.tcp : Protocol.udp;
      return this.model.strangers(message.partition?.index ?? 0, protocol);
    }
    const found = this.connectionOf(packet, message.partition!);
    return found?.seat?.holdings ?? this.model.strangers(message.partition!.index, protocolOf(packet));
  }

  // Packets

  partitionOf(localPort: number, remote: NodeId, remotePort: number): number {
    const hash = this.classifier.hashOf(Protocol.tcp, this.host.id, localPort, remote, remotePort);
    return this.model.partitionOf(hash, this.classifier.cpuOfHash(hash));
  }

  partitionOfPacket(packet: Packet): Partition {
    // Only whose partitions are CPUs moves what it cannot sort at once.
    if (packet.icmp !== undefined && !this.model.isPartitioned) return this.partitionOfQuote(packet);
    return this.partitionOfHash(this.hashOfPacket(packet));
  }

  /** Of the packet that an ICMP error is about. */
  partitionOfQuote({ icmp }: Packet): Partition {
    const { protocol, src, srcPort, dst, dstPort } = icmp!.quoted;
    return this.partitionOfHash(this.classifier.hashOf(protocol, src, srcPort, dst, dstPort));
  }

  private partitionOfHash(hash: number): Partition {
    return this.host.partitions[this.model.partitionOf(hash, this.classifier.cpuOfHash(hash))]!;
  }

  /** What a packet's protocol makes of it; 0 for those of none, and for pieces of datagrams (kernel.md §6.3). */
  private hashOfPacket(packet: Packet): number {
    if (packet.fragment !== undefined) return 0;
    return this.host.protocols[packet.protocol]?.hash(packet, this.classifier) ?? 0;
  }

  /** The CPU that owns what a packet belongs to. */
  ownerOf(packet: Packet): number {
    return this.classifier.cpuOfHash(this.hashOfPacket(packet));
  }

  /** The connection that a packet is for, or that sent what an ICMP error quotes. */
  connectionOf({ protocol, dstPort, src, srcPort, icmp }: Packet, { connections }: Partition): TcpSocket | undefined {
    if (protocol === Protocol.tcp) return connections.find(dstPort, src, srcPort);
    if (icmp?.quoted.protocol !== Protocol.tcp) return undefined;
    return connections.find(icmp.quoted.srcPort, icmp.quoted.dst, icmp.quoted.dstPort);
  }

  /** Whether a netisr that has work for `owner` has to pass it on: to another CPU, or to another family's thread. */
  isElsewhere(owner: number, cpu: number): boolean {
    return owner !== cpu || this.udpThreads.length > 0;
  }

  /** A packet goes on to a partition's thread, for this step. */
  hand(cpu: Cpu, packet: Packet, step: Step, partition: Partition): void {
    const message = this.take(cpu.id);
    message.step = step;
    message.packet = packet;
    message.partition = partition;
    message.detail = cpu.id;
    post(cpu, message, this.portOf(partition.index, message));
  }

  /** Whether work for `owner` may not be done on `cpu`. */
  isMisplaced(owner: number, cpu: number): boolean {
    return this.model.isPartitioned && owner !== cpu;
  }

  /** A frame that a driver has taken goes to whoever works on it. */
  dispatch(cpu: Cpu, { packet, buffer }: Work, isLate = false): void {
    invariant(packet !== undefined, 'a frame is passed on that was not taken');
    const message = this.take(cpu.id);
    const isSorted = this.options.classification === 'early' || isLate;
    let partition = isSorted ? this.partitionOfPacket(packet) : this.host.partitions[0]!;
    if (this.kernel.faults?.strikes('classify') === true)
      partition = this.host.partitions[(partition.index + 1) % this.partitions]!;
    message.step = INPUT;
    message.packet = packet;
    message.buffer = buffer;
    message.partition = partition;
    message.detail = cpu.id;
    if (this.model.isPartitioned && partition.index !== cpu.id) this.counters.hops += 1;
    else this.counters.local += 1;
    post(cpu, message, this.portOf(partition.index, message));
  }

  countPacket(bill: Bill, partition: Partition): void {
    const { isPartitioned } = this.model;
    this.counters.packetsByCpu[bill.cpu]! += 1;
    bill.write(this.statistics[isPartitioned ? partition.index : 0]!);
  }

  tableOf(partition: Partition): Region {
    return this.tables[partition.index]!;
  }

  /** K13.7: only its CPU works on a connection. */
  assertOwner(socket: TcpSocket, cpu: number): void {
    invariant(
      !this.model.isPartitioned || socket.partition.index === cpu,
      `K13.7 CPU ${String(cpu)} works on a connection of CPU ${String(socket.partition.index)}`,
    );
  }

  spreadOf(packet: Packet): number {
    // The low bits have chosen the CPU; the listeners of a group are chosen by all of them.
    return this.hashOfPacket(packet);
  }

  // What the protocols ask

  get protocols(): ProtocolTable {
    const { tcpMpsafe, udpMpsafe } = this.options;
    return internetProtocols({ tcp: tcpMpsafe, udp: udpMpsafe });
  }

  work(ns: number): void {
    this.bill.workWithin('other', ns);
  }

  output(packet: Packet, socket: TcpSocket | undefined): void {
    const { bill } = this;
    const { profile } = this.machine;
    this.needsNoTable(bill);
    bill.build();
    bill.work('tcp', profile.tcpOutputNs);
    if (socket === undefined) return;
    const seat = socket.seat!;
    this.assertOwner(socket, bill.cpu);
    bill.useConnection(seat);
    // A replica is only read; a shared route counts its users (rt_refcnt).
    if (this.model.isPartitioned) bill.read(this.routesOf(socket.partition));
    else bill.write(this.routesOf(socket.partition), 1);
    if (packet.payloadBytes > 0) bill.read(seat.mbufs, LINES.mbuf * Math.ceil(packet.payloadBytes / 2048));
  }

  input(packet: Packet, socket: TcpSocket | undefined): void {
    const { bill } = this;
    const { profile } = this.machine;
    if (socket === undefined) {
      bill.work('tcp', profile.tcpInputNs);
      return;
    }
    const seat = socket.seat!;
    this.assertOwner(socket, bill.cpu);
    bill.read(this.tables[socket.partition.index]!);
    bill.useConnection(seat);
    if (this.isStaged && this.activeRunner.isStaged) {
      bill.work('tcp', profile.tcpInputNs);
      this.holdBack(packet, socket);
      return;
    }
    bill.work('tcp', profile.tcpInputNs * PREDICTION_SHARE);
    if (this.activeRunner.mayCut && isPredicted(socket.connection, packet)) bill.cut();
    bill.workWithin('tcp', profile.tcpInputNs * (1 - PREDICTION_SHARE));
    bill.write(seat.sockbuf);
    if (packet.payloadBytes === 0) return;
    bill.work('socket', profile.socketReceiveNs / 2);
    this.keepFrame(packet.payloadBytes, seat.received);
  }

  /** A packet is where it belongs: its protocol looks at it. What it lies in is freed, unless its payload waits to be read. */
  inputPacket(packet: Packet, partition: Partition, bill: Bill): void {
    this.countPacket(bill, partition);
    this.frame = memoryOf(packet);
    if (this.frame !== undefined) bill.read(this.frame, LINES.mbuf);
    this.host.input(packet, partition);
    if (this.frame !== undefined) this.mbufs.give(bill, this.frame);
    this.frame = undefined;
  }

  /** Nobody wants a packet any more. */
  discard(packet: Packet, bill: Bill): void {
    const mbuf = memoryOf(packet);
    if (mbuf !== undefined) this.mbufs.give(bill, mbuf);
    this.host.wire.pool.give(packet);
  }

  /** Its payload waits to be read. */
  private keepFrame(bytes: number, received: Mbuf[]): void {
    const { frame } = this;
    if (frame === undefined) return;
    frame.bytes = bytes;
    received.push(frame);
    this.frame = undefined;
  }

  /** Stage by stage: what TCP now takes is appended when it is through with the cohort, and read after that. */
  private holdBack(packet: Packet, socket: TcpSocket): void {
    const runner = this.activeRunner;
    runner.receiving = socket;
    runner.readableBefore = socket.connection.readableBytes;
    if (packet.payloadBytes === 0) return;
    const { unappended, received } = socket.seat!;
    unappended.push(this.bill.packetBuffer);
    this.keepFrame(packet.payloadBytes, received);
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
    const message = this.messageFor(TIMER, socket, this.clockCpu(socket.partition));
    message.amount = kind;
    this.interrupt(message, socket.partition);
  }

  synTimer(queue: SynCacheQueue, slot: number): void {
    const message = this.take(this.clockCpu(queue.partition));
    message.step = SYN_TIMER;
    message.partition = queue.partition;
    message.amount = slot;
    this.interrupt(message, queue.partition);
  }

  /** The clock of a CPU has work for its protocol thread. */
  private interrupt(message: WorkMessage, partition: Partition): void {
    const cpu = this.kernel.cpus[this.clockCpu(partition)]!;
    const port = this.portOf(partition.index, message);
    cpu.interrupt(POST, { message, port });
  }

  /** The CPU whose clock has a partition's timers. */
  private clockCpu(partition: Partition): number {
    return this.model.isPartitioned ? partition.index : 0;
  }

  adopt(socket: TcpSocket): void {
    const { work, buffer } = this.model.holdingsOf(socket.partition.index);
    const hash = this.classifier.hashOf(Protocol.tcp, this.host.id, socket.localPort, socket.remote, socket.remotePort);
    socket.seat = new SocketSeat(this.machine, this.classifier.cpuOfHash(hash), work, buffer);
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

  /** Where an application's thread runs, and as what. */
  applicationWishes(socket: TcpSocket | undefined, from?: Cpu): ThreadWishes {
    const { applications } = this.options;
    const { cpus } = this.machine;
    let cpu = 0;
    if (applications === 'flow' && socket !== undefined) cpu = socket.seat!.flowCpu;
    else if (applications !== 'first') {
      // The first CPU has the first interface's interrupts: its turn is last.
      this.applications += 1;
      cpu = from?.id ?? this.applications % cpus;
    }
    return { cpu, priority: ThreadPriority.userNormal, addressSpace: APPLICATION };
  }

  /**
   * Where an acceptor runs: pinned, on a CPU that the connections of its listener come to, since the same hash chooses both.
   * @param number of the acceptor, counted over the listeners of a group first
   */
  acceptorWishes(number: number): ThreadWishes {
    const wishes = this.applicationWishes(undefined);
    return this.options.applications === 'flow' ? { ...wishes, cpu: number % this.machine.cpus } : wishes;
  }

  /** At the start all CPUs know the routes; later a change has to get to them. */
  changeRoutes(routes: Outlet | readonly (Outlet | undefined)[]): void {
    if (this.hasRoutes) this.rounds.changeRoutes(routes);
    else for (const partition of this.host.partitions) partition.setRoutes(routes);
    this.hasRoutes = true;
  }

  routesOf(partition: Partition): Region {
    return this.routes[this.model.isPartitioned ? partition.index : 0]!;
  }

  // UDP

  sendDatagram(socket: UdpSocket, remote: NodeId, remotePort: number, payloadBytes: number): void {
    let sender = this.senders.get(socket);
    if (sender === undefined) {
      sender = new DatagramSender(this, socket);
      this.senders.set(socket, sender);
    }
    sender.want(remote, remotePort, payloadBytes);
  }

  get connectsDatagrams(): boolean {
    return this.options.udpConnected;
  }

  closeDatagrams(socket: UdpSocket): void {
    this.senders.get(socket)?.close();
  }

  /** NICs compute no checksum over several packets. */
  cuts({ payloadBytes }: Packet): void {
    if (this.checksumOffload) this.bill.work('checksum', payloadBytes * this.machine.profile.checksumNsPerByte);
  }

  assembled(packet: Packet): void {
    this.cuts(packet);
  }

  complains(): void {
    this.bill.work('ip', this.machine.profile.ipOutputNs);
  }

  hears(socket: TcpSocket): void {
    this.assertOwner(socket, this.bill.cpu);
    this.bill.useConnection(socket.seat!);
  }

  datagram(packet: Packet, socket: UdpSocket | undefined): void {
    const { bill } = this;
    const { profile } = this.machine;
    bill.work('udp', profile.udpInputNs);
    if (socket === undefined) return;
    const { isStaged, arrivals } = this.activeRunner;
    this.keepFrame(packet.payloadBytes, this.receiverOf(socket).received);
    if (!isStaged) this.appendDatagram(bill, socket, packet.payloadBytes);
    else {
      const partition = this.partitionOfPacket(packet);
      arrivals.push({ socket, partition, bytes: packet.payloadBytes, buffer: bill.packetBuffer });
    }
  }

  appendDatagram(bill: Bill, socket: UdpSocket, bytes: number): void {
    bill.work('socket', this.machine.profile.socketReceiveNs / 2);
    bill.then(datagramArrived, this.receiverOf(socket), bytes);
  }

  /** The application that receives from a bound socket. */
  receiverOf(socket: UdpSocket): DatagramReceiver {
    let receiver = this.receivers.get(socket);
    if (receiver === undefined) {
      receiver = new DatagramReceiver(this, socket);
      this.receivers.set(socket, receiver);
    }
    return receiver;
  }

  /** The CPU whose protocol thread owns a sending socket: its flow's, or if it is not connected its port's (kernel.md §6.6). */
  ownerOfSender(socket: UdpSocket, remote: NodeId, remotePort: number): number {
    if (this.options.udpConnected) return this.flowOfDatagram(socket, remote, remotePort);
    return socket.localPort % this.classifier.cpus;
  }

  ownerOfDatagram(socket: UdpSocket, { detail, remotePort }: Work): number {
    if (this.options.udpSends === 'direct') return this.bill.cpu;
    return this.flowOfDatagram(socket, detail as NodeId, remotePort);
  }

  private flowOfDatagram(socket: UdpSocket, remote: NodeId, remotePort: number): number {
    const { classifier, host } = this;
    return classifier.cpuOfHash(classifier.hashOf(Protocol.udp, host.id, socket.localPort, remote, remotePort));
  }

  datagramHoldings(remote: NodeId, remotePort: number, socket: UdpSocket): readonly Holding[] {
    const hash = this.classifier.hashOf(Protocol.udp, this.host.id, socket.localPort, remote, remotePort);
    const partition = this.model.partitionOf(hash, this.classifier.cpuOfHash(hash));
    return this.model.strangers(partition, Protocol.udp);
  }
}

/** Share of tcp_input up to its header prediction: checksum, lookup, options [M]. */
const PREDICTION_SHARE = 0.5;
/** Takes from a packet what it lies in. */
function memoryOf(packet: Packet): Mbuf | undefined {
  const { memory } = packet;
  packet.memory = undefined;
  return memory as Mbuf | undefined;
}

/** Whose packet it is, or is about. */
function protocolOf({ protocol, icmp }: Packet): number {
  return icmp === undefined ? protocol : icmp.quoted.protocol;
}

/** All applications of a host are one process's threads. */
const APPLICATION = Symbol('application');

function postMore(cpu: Cpu, socket: TcpSocket, stack: PlacedStack): void {
  stack.post(cpu, stack.messageFor(SEND_MORE, socket, cpu.id));
}

function datagramArrived(cpu: Cpu, receiver: DatagramReceiver, bytes: number): void {
  receiver.arrived(bytes, cpu);
}

const POST = {
  onIpi(cpu: Cpu, arg: unknown): boolean {
    const { message, port } = arg as { message: WorkMessage; port: Port };
    post(cpu, message, port);
    return true;
  },
};
