// A network interface: rings of descriptors in the host's memory, DMA over the machine's bus, interrupts. What the driver does with
// it costs CPU time and is the driver's business; what happens here takes bus and wire time only.
//
// Sending: the driver posts packets and rings the doorbell; the NIC fetches descriptors and data as its buffer has room, cuts
// bursts, and gives frames to the link, whose transmitter empties the buffer. Receiving: a frame goes over the bus into the
// ring that its hash says, and the ring's vector interrupts, moderated. A ring's vector also tells that what was posted to it has gone.

import { type CauseId, CauseKind, DropReason, type Nanos, nanos, plus } from '../base';
import { type Engine, type EventTarget, Priority } from '../engine';
import type { Bus } from '../machine';
import type { Link, PacketReceiver } from '../net';
import type { Packet, PacketPool } from '../packet';
import type { Classifier } from './classify';
import { ContextDescriptor } from './context-descriptor';
import { noNicCounts } from './counters';
import { CLUSTER_BYTES, Dma } from './dma';
import { Moderation } from './moderation';
import type { NicOptions } from './options';
import { cutSegment, segmentsOf } from './segmenter';

/** Bytes of a descriptor. */
const DESCRIPTOR_BYTES = 16;
/** Ethernet header, which precedes the packet in memory. */
const ETHERNET_HEADER_BYTES = 14;
/** The NIC's own memory for frames on their way out; as an 82544's half of 64 KB, without what receiving needs [M]. */
const SEND_BUFFER_BYTES = 24 * 1024;
/** Descriptors that are kept free, so that the largest burst finds room (EM_TX_SPARE). */
const SPARE_DESCRIPTORS = 40;

/** Sees frames at the wire side of a NIC. */
export interface WireTap {
  frame(direction: 'in' | 'out', packet: Packet): void;
}

/** Where a NIC is. */
export interface NicSetting {
  readonly engine: Engine;
  readonly pool: PacketPool;
  readonly bus: Bus;
  /** The direction that it sends on. */
  readonly link: Link;
  readonly classifier: Classifier;
  readonly tap: WireTap;
  /** Number of its sending direction in cause records; that of receiving is the next. */
  readonly traceIndex: number;
  /** Number of the bus in cause records, and of its writes where they do not wait for reads. */
  readonly busIndex: { readonly read: number; readonly write: number };
  /** Is told when a ring's vector interrupts. */
  readonly vectors: (ring: number) => void;
}

/** A ring each way, and the vector that interrupts for both. */
interface Ring {
  head: Packet | undefined;
  tail: Packet | undefined;
  length: number;
  readonly moderation: Moderation;
  /** Of its sending side: packets that have gone and are not reclaimed, and descriptors since the last report. */
  packetsDone: number;
  descriptorsDone: number;
  sinceReport: number;
}

const Wake = { fetched: 0, room: 1 } as const;

export class Nic implements PacketReceiver, EventTarget {
  readonly counters = noNicCounts();
  readonly rings: readonly Ring[];

  /** Posted packets, oldest first; before `bell` those that the NIC knows of. */
  private posted: Packet | undefined = undefined;
  private postedTail: Packet | undefined = undefined;
  private known = 0;
  private unknown = 0;
  private descriptorsInUse = 0;
  /** Descriptors of posted packets, in the order of posting, and the rings that they were written to. */
  private readonly descriptorCounts: number[] = [];
  private readonly postedRings: number[] = [];
  private descriptorHead = 0;
  /** Next segment of the packet that is being fetched. */
  private segment = 0;
  private isFetching = false;
  private fetched: Packet | undefined = undefined;

  private readonly engine: Engine;
  private readonly pool: PacketPool;
  private readonly dma: Dma;
  private readonly context = new ContextDescriptor();
  private readonly link: Link;
  private readonly classifier: Classifier;
  private readonly tap: WireTap;
  /** Number of its sending direction in cause records; that of receiving is the next. */
  readonly traceIndex: number;

  constructor(
    { engine, pool, bus, link, classifier, tap, traceIndex, busIndex, vectors }: NicSetting,
    readonly options: NicOptions,
  ) {
    this.engine = engine;
    this.pool = pool;
    this.dma = new Dma(engine, bus, busIndex, this.counters);
    this.link = link;
    this.classifier = classifier;
    this.tap = tap;
    this.traceIndex = traceIndex;
    this.rings = Array.from({ length: options.rings }, (_, ring) => ({
      head: undefined,
      tail: undefined,
      length: 0,
      packetsDone: 0,
      descriptorsDone: 0,
      sinceReport: 0,
      moderation: new Moderation(engine, options.interruptRate, () => {
        this.onVector(ring);
        vectors(ring);
      }),
    }));
  }

  // Sending

  /** Whether the link carries packets. */
  get isUp(): boolean {
    return this.link.isUp;
  }

  get mtuBytes(): number {
    return this.link.mtuBytes;
  }

  /** Ends a packet that the link does not carry; the record of that. */
  refuse(packet: Packet): CauseId {
    return this.link.refuse(packet);
  }

  /** Whether a packet of any size finds descriptors. */
  get hasRoom(): boolean {
    return this.options.ringEntries - this.descriptorsInUse >= SPARE_DESCRIPTORS;
  }

  /**
   * Descriptors that sending this packet takes now: one for its headers, one for each cluster of its data, and a context if the
   * last one says something else.
   */
  descriptorsFor(packet: Packet): number {
    return 1 + Math.ceil(packet.payloadBytes / CLUSTER_BYTES) + (this.needsContext(packet) ? 1 : 0);
  }

  private needsContext(packet: Packet): boolean {
    return this.options.checksumOffload && !this.context.holdsFor(packet);
  }

  /** The driver has written the descriptors of a packet to a ring; the NIC learns of it by the doorbell, and owns it. */
  post(packet: Packet, ring: number): void {
    const { counters } = this;
    const count = this.descriptorsFor(packet);
    if (this.needsContext(packet)) {
      counters.contextDescriptors += 1;
      this.context.set(packet);
    } else if (this.options.checksumOffload) counters.contextReuses += 1;
    counters.descriptors += count;
    counters.packetsPosted += 1;
    if (packet.segmentBytes > 0) {
      counters.tsoBursts += 1;
      counters.tsoSegments += segmentsOf(packet);
      counters.tsoBytes += packet.payloadBytes;
    }
    this.descriptorsInUse += count;
    this.descriptorCounts.push(count);
    this.postedRings.push(ring);
    packet.next = undefined;
    if (this.postedTail === undefined) this.posted = packet;
    else this.postedTail.next = packet;
    this.postedTail = packet;
    this.unknown += 1;
  }

  /** Packets since the last doorbell. */
  get unannounced(): number {
    return this.unknown;
  }

  /** The driver has written the tail register. */
  doorbell(): void {
    this.counters.doorbells += 1;
    this.known += this.unknown;
    this.unknown = 0;
    if (!this.isFetching) this.fetchNext();
  }

  /** Gives the descriptors of a ring's sent packets back; how many there were, and of how many packets. */
  reclaim(ring: number): { readonly packets: number; readonly descriptors: number } {
    const from = this.rings[ring]!;
    const done = { packets: from.packetsDone, descriptors: from.descriptorsDone };
    this.descriptorsInUse -= done.descriptors;
    from.descriptorsDone = 0;
    from.packetsDone = 0;
    return done;
  }

  onEvent(now: Nanos, kind: number): void {
    this.isFetching = false;
    if (kind === Wake.fetched) this.sendFetched(now);
    this.fetchNext();
  }

  /** Begins to fetch the next frame's data, if there is a frame and room for it. */
  private fetchNext(): void {
    const packet = this.posted;
    if (packet === undefined || this.known === 0) return;
    const { now } = this.engine;
    const backlogNs = this.link.transmitterFreeAt - now;
    const roomNs = (SEND_BUFFER_BYTES * 8e9) / this.link.rateBps;
    this.isFetching = true;
    if (backlogNs > roomNs) {
      // The buffer is full: wait until half of it has gone.
      this.engine.schedule(plus(now, Math.ceil(backlogNs - roomNs / 2)), Priority.arrival, this, Wake.room);
      return;
    }
    this.dma.cause = packet.cause;
    const doneAt = nanos(Math.ceil(this.fetch(packet, now)));
    this.record(this.fetched!, this.traceIndex, now, doneAt);
    this.engine.schedule(doneAt, Priority.arrival, this, Wake.fetched);
  }

  /** Reads what the next frame of `packet` needs; when the last of it has come, ns. */
  private fetch(packet: Packet, now: Nanos): number {
    let endNs: number = now;
    if (this.segment === 0) {
      endNs = this.dma.read(this.descriptorCounts[this.descriptorHead]! * DESCRIPTOR_BYTES, endNs);
      endNs = this.dma.read(ETHERNET_HEADER_BYTES + packet.ipBytes - packet.payloadBytes, endNs);
    }
    if (packet.segmentBytes === 0) {
      this.fetched = packet;
      return packet.payloadBytes === 0 ? endNs : this.dma.read(packet.payloadBytes, endNs);
    }
    const frame = cutSegment(packet, this.segment, this.pool, this.options.tsoIpIds);
    this.fetched = frame;
    return this.dma.readClusters(this.segment * packet.segmentBytes, frame.payloadBytes, endNs);
  }

  private sendFetched(now: Nanos): void {
    const packet = this.posted!;
    const frame = this.fetched!;
    this.fetched = undefined;
    this.segment += 1;
    const isLast = this.segment >= segmentsOf(packet);
    if (isLast) {
      this.posted = packet.next;
      if (this.posted === undefined) this.postedTail = undefined;
      packet.next = undefined;
      this.known -= 1;
      this.segment = 0;
      this.dma.cause = frame.cause;
      this.finishPacket(now);
      if (frame !== packet) this.pool.give(packet);
    }
    this.counters.framesSent += 1;
    this.counters.bytesSent += frame.ipBytes;
    this.engine.cause = frame.cause;
    this.tap.frame('out', frame);
    this.link.sendQueued(frame);
  }

  /** All data of a packet has been fetched: its descriptors are done, and a report may be due. */
  private finishPacket(now: Nanos): void {
    const count = this.descriptorCounts[this.descriptorHead]!;
    const ring = this.rings[this.postedRings[this.descriptorHead]!]!;
    this.descriptorHead += 1;
    if (this.descriptorHead > 1024) {
      this.descriptorCounts.splice(0, this.descriptorHead);
      this.postedRings.splice(0, this.descriptorHead);
      this.descriptorHead = 0;
    }
    ring.descriptorsDone += count;
    ring.packetsDone += 1;
    ring.sinceReport += count;
    const isReportDue = ring.sinceReport >= this.options.sendReportEvery || this.known === 0;
    if (!isReportDue) return;
    ring.sinceReport = 0;
    this.counters.sendReports += 1;
    ring.moderation.request(nanos(Math.ceil(this.dma.write(DESCRIPTOR_BYTES, now))));
  }

  private record(frame: Packet, direction: number, from: Nanos, to: number): void {
    const { causes } = this.engine;
    if (causes !== undefined)
      frame.cause = causes.record(
        CauseKind.dma,
        from,
        frame.cause,
        direction,
        to,
        ETHERNET_HEADER_BYTES + frame.ipBytes,
      );
  }

  // Receiving

  receive(packet: Packet): void {
    this.tap.frame('in', packet);
    const { rings, options, counters } = this;
    const ring = rings.length === 1 ? rings[0]! : rings[this.classifier.cpuOf(packet) % rings.length]!;
    if (ring.length >= options.ringEntries) {
      counters.receiveDrops += 1;
      const { causes, now } = this.engine;
      if (causes !== undefined) causes.record(CauseKind.drop, now, packet.cause, this.traceIndex + 1, DropReason.ring);
      this.pool.give(packet);
      return;
    }
    counters.framesReceived += 1;
    counters.bytesReceived += packet.ipBytes;
    const { now } = this.engine;
    this.dma.cause = packet.cause;
    const dataNs = this.dma.write(ETHERNET_HEADER_BYTES + packet.ipBytes, now);
    const readyAt = Math.ceil(this.dma.write(DESCRIPTOR_BYTES, dataNs));
    packet.arriveAt = readyAt;
    this.record(packet, this.traceIndex + 1, now, readyAt);
    this.engine.cause = packet.cause;
    packet.next = undefined;
    if (ring.tail === undefined) ring.head = packet;
    else ring.tail.next = packet;
    ring.tail = packet;
    ring.length += 1;
    ring.moderation.request(nanos(readyAt));
  }

  /** The driver takes the oldest frame of a ring that is in memory; undefined if there is none. The caller owns it. */
  take(ring: number): Packet | undefined {
    const from = this.rings[ring]!;
    const packet = from.head;
    if (packet === undefined || packet.arriveAt > this.engine.now) return undefined;
    from.head = packet.next;
    if (from.head === undefined) from.tail = undefined;
    from.length -= 1;
    packet.next = undefined;
    return packet;
  }

  /** What is not in memory yet when a vector interrupts gets an interrupt of its own. */
  private onVector(index: number): void {
    const ring = this.rings[index]!;
    const last = ring.tail;
    if (last !== undefined && last.arriveAt > this.engine.now) ring.moderation.request(nanos(last.arriveAt));
  }

  /** Interrupts raised by all vectors. */
  get interrupts(): number {
    return this.rings.reduce((sum, { moderation }) => sum + moderation.raised, 0);
  }

  /** Requests for an interrupt that found one on its way. */
  get interruptsMerged(): number {
    return this.rings.reduce((sum, { moderation }) => sum + moderation.merged, 0);
  }
}
