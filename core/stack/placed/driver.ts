// The driver of a NIC: descriptors and doorbells on the way out, rings and interrupts on the way in (kernel.md §9.1, §9.3).

import { DropReason } from '../../base';
import { type Body, type Calls, type Cpu, InterruptSource } from '../../kernel';
import type { Nic } from '../../nic';
import type { Packet } from '../../packet';
import { type OutputOffer, PLAIN_OUTPUT } from '../../tcp';
import type { Outlet } from '../host';
import type { Line } from '../../machine';
import type { Bill } from './bill';
import type { PlacedStack } from './placed-stack';
import { INPUT, LOOK_UP, TAKE_FRAME } from './steps';
import { Runner } from './work';

/** Packets that wait for descriptors (IFQ_MAXLEN would be 50; what a burst of all connections needs is more) [M]. */
const SEND_QUEUE_PACKETS = 1024;

export class Driver implements Outlet {
  nic!: Nic;
  /** Of the sending rings, as many as there are to receive: whoever sends takes his CPU's. */
  private ringLocks: Line[] = [];
  private queue: Packet[] = [];
  /** Packets that were charged for in the present step and have no doorbell yet. */
  private sinceDoorbell = 0;
  private readonly sources: InterruptSource[] = [];
  private plainOffer: OutputOffer = PLAIN_OUTPUT;
  private burstOffer: OutputOffer = PLAIN_OUTPUT;

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

  // Out

  /** IP gives a packet to the interface, within a step. */
  send(packet: Packet): void {
    const { stack, nic } = this;
    const { profile } = stack.machine;
    const bill = stack.bill;
    bill.work('ip', profile.ipOutputNs);
    if (!nic.options.checksumOffload) bill.work('checksum', packet.payloadBytes * profile.checksumNsPerByte);
    bill.work('driver', profile.driverSendNs + nic.descriptorsFor(packet) * profile.descriptorNs);
    bill.work('memory', this.ringLocks[bill.cpu % this.ringLocks.length]!.atomic(bill.cpu));
    bill.then(transmit, this, packet);
    this.sinceDoorbell += 1;
    if (this.sinceDoorbell >= nic.options.doorbellEvery) this.ring(bill);
    else stack.owesDoorbell(this);
  }

  /** A doorbell, when what was charged for since the last one is paid. */
  ring(bill: Bill): void {
    if (this.sinceDoorbell === 0) return;
    this.sinceDoorbell = 0;
    bill.work('driver', this.stack.machine.profile.doorbellNs);
    bill.then(announce, this, undefined);
  }

  /** A packet is paid for: its descriptors are written, if there are any left. */
  transmit(packet: Packet): void {
    if (this.queue.length === 0 && this.nic.hasRoom) this.nic.post(packet);
    else if (this.queue.length < SEND_QUEUE_PACKETS) this.queue.push(packet);
    else {
      this.nic.counters.sendDrops += 1;
      this.stack.host.wire.dropUnsent(packet, this.nic.traceIndex, DropReason.sendQueue);
    }
  }

  // In

  private *serve(k: Calls, ring: number, runner: Runner): Body {
    const { stack, nic } = this;
    const { profile } = stack.machine;
    const { driver } = stack.model;
    for (const holding of driver) yield holding.take(k);
    stack.spent.driver += profile.mmioReadNs;
    yield k.work(profile.mmioReadNs);
    if (ring === 0) yield* this.reclaim(k);
    let taken = 0;
    for (;;) {
      const packet = nic.take(ring);
      if (packet === undefined) break;
      taken += 1;
      yield* this.receive(k, packet, runner);
    }
    if (taken > 0) {
      stack.spent.driver += profile.doorbellNs;
      yield k.work(profile.doorbellNs);
    }
    for (let i = driver.length - 1; i >= 0; i -= 1) yield driver[i]!.release(k);
  }

  private *receive(k: Calls, packet: Packet, runner: Runner): Body {
    const { stack } = this;
    const { errand } = runner;
    const { inputPlace } = stack.model;
    errand.step = TAKE_FRAME;
    errand.packet = packet;
    errand.amount = stack.options.classification === 'none' ? -1 : this.nic.rings.length > 1 ? 1 : 0;
    errand.remotePort = inputPlace === 'interrupt' ? 0 : 1;
    yield runner.does(errand);
    if (inputPlace !== 'interrupt') return;
    const partition = stack.partitionOfPacket(packet);
    const socket = partition.connections.find(packet.dstPort, packet.src, packet.srcPort);
    errand.partition = partition;
    errand.socket = undefined;
    const { lookup } = stack.model;
    if (lookup !== undefined && socket !== undefined) {
      errand.step = LOOK_UP;
      yield* stack.hold(k, runner, errand, lookup);
    }
    errand.step = INPUT;
    errand.detail = k.cpu;
    const held = socket?.seat?.holdings ?? stack.model.strangers(partition.index, packet.protocol);
    yield* stack.perform(k, runner, errand, held);
  }

  /** Sent packets' mbufs are freed, and what waited for descriptors gets them. */
  private *reclaim(k: Calls): Body {
    const { profile } = this.stack.machine;
    const freed = this.nic.reclaim();
    if (freed === 0) return;
    const ns = freed * profile.descriptorNs;
    this.stack.spent.driver += ns;
    yield k.work(ns);
    let posted = 0;
    while (this.queue.length > 0 && this.nic.hasRoom) {
      this.nic.post(this.queue.shift()!);
      posted += 1;
    }
    if (posted === 0) return;
    const restartNs = posted * profile.descriptorNs + profile.doorbellNs;
    this.stack.spent.driver += restartNs;
    yield k.work(restartNs);
    this.nic.doorbell();
  }
}

function transmit(_cpu: Cpu, driver: Driver, packet: Packet): void {
  driver.transmit(packet);
}

function announce(_cpu: Cpu, driver: Driver): void {
  if (driver.nic.unannounced > 0) driver.nic.doorbell();
}
