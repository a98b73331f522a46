// The driver of a NIC: descriptors and doorbells on the way out, rings and interrupts on the way in (kernel.md §9.1, §9.3).

import { type CauseId, DropReason } from '../../base';
import { type Body, type Calls, type Cpu, InterruptSource } from '../../kernel';
import type { Nic } from '../../nic';
import type { Packet } from '../../packet';
import { type OutputOffer, PLAIN_OUTPUT } from '../../tcp';
import type { Outlet } from '../placement';
import type { Line, Region } from '../../machine';
import type { Bill } from './bill';
import { hold, perform } from './perform';
import type { PlacedStack } from './placed-stack';
import type { Mbuf } from './mbufs';
import { LINES } from './socket-seat';
import { Stage } from './stage';
import { INPUT, LOOK_UP, TAKE_FRAME } from './steps';
import { Runner, type Step } from './work';

/** Descriptors in a cache line: the NIC writes back when it is done with them, so that each line has to come anew. */
const DESCRIPTORS_PER_LINE = 4;

export class Driver implements Outlet {
  nic!: Nic;
  /** Of the sending rings, as many as there are to receive: whoever sends takes his CPU's. */
  private ringLocks: Line[] = [];
  private ringStates: Region[] = [];
  private queue: { readonly packet: Packet; readonly ring: number }[] = [];
  /** Packets that were charged for and have not come to the queue or the ring yet. */
  private underWay = 0;
  /** Most packets that wait for descriptors: as many as there are descriptors, but one (em, emx). */
  private queueMax = 0;
  /** Of each ring: what the packets lie in that have descriptors or wait for them, the oldest first. */
  private sent: Mbuf[][] = [];
  private descriptorsWritten = 0;
  private descriptorsReclaimed = 0;
  /** Packets that were charged for in the present step and have no doorbell yet. */
  private sinceDoorbell = 0;
  private readonly sources: InterruptSource[] = [];
  private plainOffer: Offer = PLAIN_OUTPUT;
  private burstOffer: Offer = PLAIN_OUTPUT;

  constructor(
    private readonly stack: PlacedStack,
    private readonly name: string,
    /** Number of the NIC within its host. */
    private readonly index: number,
  ) {}

  attach(nic: Nic): void {
    const { stack } = this;
    this.nic = nic;
    const cpus = stack.machine.cpus;
    this.ringLocks = nic.rings.map(() => stack.machine.line());
    this.ringStates = nic.rings.map(() => stack.machine.region('ring', LINES.ring));
    this.sent = nic.rings.map(() => []);
    this.queueMax = nic.options.ringEntries - 1;
    for (let ring = 0; ring < nic.rings.length; ring += 1) {
      const cpu = nic.rings.length === 1 ? this.index % cpus : ring % cpus;
      const name = nic.rings.length === 1 ? this.name : `${this.name} ring ${String(ring)}`;
      const service = { serve: (k: Calls) => this.serve(k, ring, service.runner), runner: new Runner(stack) };
      this.sources.push(new InterruptSource(stack.kernel, name, service, { cpu, livelockLimit: Infinity }));
    }
    const { options } = stack;
    const isMessaged = stack.model.sendsMessages;
    this.plainOffer = {
      burstBytesMax: 0,
      burstSegmentsMin: 2,
      segmentsAtOnce: isMessaged && options.fairSend > 0 ? options.fairSend : Infinity,
      gathersAcks: isMessaged && options.ackAggregation,
      isFull: false,
    };
    this.burstOffer = {
      ...this.plainOffer,
      burstBytesMax: Math.min(nic.options.tsoBytesMax, 65_535),
      burstSegmentsMin: nic.options.tsoSegmentsMin,
    };
  }

  /** A ring's vector interrupts. */
  onVector(ring: number): void {
    this.sources[ring]!.raise();
  }

  /** What this interface offers TCP now. */
  get offer(): OutputOffer {
    return this.nic.options.tso && this.nic.isUp ? this.burstOffer : this.plainOffer;
  }

  /** Of the link behind it. */
  get mtuBytes(): number {
    return this.nic.mtuBytes;
  }

  /** IP finds out that a packet is too large. */
  refuse(packet: Packet): CauseId {
    this.stack.bill.work(Stage.ip, this.stack.machine.profile.ipOutputNs);
    return this.nic.refuse(packet);
  }

  // Out

  /** IP gives a packet to the interface, within a step. */
  send(packet: Packet): void {
    const { stack, nic } = this;
    const { profile } = stack.machine;
    const bill = stack.bill;
    bill.work(Stage.ip, profile.ipOutputNs);
    if (this.plainOffer.isFull) {
      nic.counters.sendDrops += 1;
      stack.host.wire.dropUnsent(packet, nic.traceIndex, DropReason.sendQueue);
      return;
    }
    if (!nic.options.checksumOffload) bill.work(Stage.checksum, packet.payloadBytes * profile.checksumNsPerByte);
    const descriptors = nic.descriptorsFor(packet);
    bill.work(Stage.driver, profile.driverSendNs + descriptors * profile.descriptorNs);
    const ring = this.ringOf(bill.cpu);
    // The interrupt that would do this may be busy with what came in (em_encap).
    if (!nic.hasRoom) this.free(bill, ring, nic.reclaim(ring));
    bill.workWithin(Stage.memory, this.ringLocks[ring]!.atomic(bill.cpu));
    bill.write(this.ringStates[ring]!);
    bill.readFresh('ring', linesOf(this.descriptorsWritten, descriptors));
    this.descriptorsWritten += descriptors;
    this.sent[ring]!.push(stack.mbufs.take(bill, LINES.mbuf));
    this.underWay += 1;
    this.noteRoom();
    bill.then(transmit, this, packet);
    this.sinceDoorbell += 1;
    if (this.sinceDoorbell >= nic.options.doorbellEvery) this.ring(bill);
    else stack.owesDoorbell(this);
  }

  /** The ring that a CPU sends by. */
  private ringOf(cpu: number): number {
    return cpu % this.ringLocks.length;
  }

  /** Packets that wait for descriptors. */
  get waiting(): number {
    return this.queue.length;
  }

  /** Whether connections may go on sending. */
  private noteRoom(): void {
    const isFull = this.queue.length + this.underWay >= this.queueMax;
    if (isFull && !this.plainOffer.isFull) this.nic.counters.queueFull += 1;
    this.plainOffer.isFull = isFull;
    this.burstOffer.isFull = isFull;
  }

  /** A doorbell, when what was charged for since the last one is paid. */
  ring(bill: Bill): void {
    if (this.sinceDoorbell === 0) return;
    this.sinceDoorbell = 0;
    bill.work(Stage.driver, this.stack.machine.profile.doorbellNs);
    bill.then(announce, this, undefined);
  }

  /** A packet is paid for: its descriptors are written, if there are any left. */
  transmit(packet: Packet, cpu: number): void {
    this.underWay -= 1;
    const ring = this.ringOf(cpu);
    if (this.queue.length === 0 && this.nic.hasRoom) this.nic.post(packet, ring);
    else {
      this.queue.push({ packet, ring });
      this.postWaiting();
    }
    this.noteRoom();
  }

  /** What waits for descriptors gets those that there are. */
  private postWaiting(): number {
    let posted = 0;
    while (this.queue.length > 0 && this.nic.hasRoom) {
      const { packet, ring } = this.queue.shift()!;
      this.nic.post(packet, ring);
      posted += 1;
    }
    return posted;
  }

  // In

  private *serve(k: Calls, ring: number, runner: Runner): Body {
    const { stack, nic } = this;
    const { profile } = stack.machine;
    const { driver } = stack.model;
    for (const holding of driver) yield holding.take(k);
    stack.spent.add(Stage.driver, profile.mmioReadNs);
    yield k.work(profile.mmioReadNs);
    yield* this.reclaim(k, runner, ring);
    let taken = 0;
    for (;;) {
      const packet = nic.take(ring);
      if (packet === undefined) break;
      yield this.takes(packet, runner, taken);
      if (stack.model.inputPlace === 'interrupt') yield* this.input(k, packet, runner);
      taken += 1;
    }
    if (taken > 0) {
      stack.spent.add(Stage.driver, profile.doorbellNs);
      yield k.work(profile.doorbellNs);
    }
    for (let i = driver.length - 1; i >= 0; i -= 1) yield driver[i]!.release(k);
  }

  /** @param index of the frame among those that this interrupt finds */
  private takes(packet: Packet, runner: Runner, index: number): Runner {
    const { options, model } = this.stack;
    const { errand } = runner;
    errand.step = TAKE_FRAME;
    errand.packet = packet;
    errand.detail = index % DESCRIPTORS_PER_LINE === 0 ? 1 : 0;
    errand.amount = options.classification === 'none' ? -1 : this.nic.rings.length > 1 ? 1 : 0;
    errand.remotePort = model.inputPlace === 'interrupt' ? 0 : 1;
    return runner.does(errand);
  }

  /** The protocols look at a frame at once. */
  private *input(k: Calls, packet: Packet, runner: Runner): Body {
    const { stack } = this;
    const { errand } = runner;
    const partition = stack.owners.partitionOfPacket(packet);
    const socket = stack.owners.connectionOf(packet, partition);
    errand.partition = partition;
    errand.socket = undefined;
    const { lookup } = stack.model;
    if (lookup !== undefined && socket !== undefined) {
      errand.step = LOOK_UP;
      yield* hold(k, runner, errand, lookup);
    }
    errand.step = INPUT;
    errand.detail = k.cpu;
    const held = socket?.seat?.holdings ?? stack.model.strangers(partition.index, packet.protocol);
    yield* perform(k, runner, errand, held);
  }

  /** Sent packets' mbufs are freed, and what waited for descriptors gets them. */
  private *reclaim(k: Calls, runner: Runner, ring: number): Body {
    const { errand } = runner;
    errand.step = this.freeSent;
    errand.detail = ring;
    yield runner.does(errand);
    if (this.postWaiting() === 0) return;
    this.noteRoom();
    const { doorbellNs } = this.stack.machine.profile;
    this.stack.spent.add(Stage.driver, doorbellNs);
    yield k.work(doorbellNs);
    this.nic.doorbell();
  }

  private readonly freeSent: Step = (_stack, { detail: ring }, bill) => {
    this.free(bill, ring, this.nic.reclaim(ring));
  };

  /** Frees what sent packets of a ring lie in. */
  private free(bill: Bill, ring: number, { packets, descriptors }: ReturnType<Nic['reclaim']>): void {
    if (descriptors === 0) return;
    const { mbufs, machine } = this.stack;
    bill.workWithin(Stage.driver, descriptors * machine.profile.descriptorNs);
    bill.readFresh('ring', linesOf(this.descriptorsReclaimed, descriptors));
    this.descriptorsReclaimed += descriptors;
    bill.write(this.ringStates[ring]!);
    for (const mbuf of this.sent[ring]!.splice(0, packets)) mbufs.give(bill, mbuf);
  }
}

/** An offer whose `isFull` its driver keeps. */
type Offer = { -readonly [K in keyof OutputOffer]: OutputOffer[K] };

/** Lines of a ring that `count` more descriptors begin after the first `before`. */
function linesOf(before: number, count: number): number {
  return Math.floor((before + count) / DESCRIPTORS_PER_LINE) - Math.floor(before / DESCRIPTORS_PER_LINE);
}

function transmit(cpu: Cpu, driver: Driver, packet: Packet): void {
  driver.transmit(packet, cpu.id);
}

function announce(_cpu: Cpu, driver: Driver): void {
  if (driver.nic.unannounced > 0) driver.nic.doorbell();
}
