// One direction of a link: a queue, a transmitter of some rate, and a wire of some delay.
//
// With a first-in-first-out queue everything about a packet is known when it is taken: when its transmission
// starts and when it arrives. So a packet costs one event, its arrival, and a link has one entry in the event
// queue however many packets it holds; the packets wait in a list chained through their own records
// (against two events per packet and every packet in flight on the heap: 1.8 times, `odonata bench dumbbell`).
// How many packets wait *now* is found by walking the part of the list whose start has passed, once per packet.
//
// A discipline that decides when a packet *leaves* the queue (CoDel) stands in front of the link as a
// HeadDropQueue and hands over one packet at a time, when the transmitter is free.

import {
  before,
  type CauseId,
  CauseKind,
  DropReason,
  type Nanos,
  NO_CAUSE,
  NS_PER_SECOND,
  plus,
  TIME_ZERO,
} from '../base';
import { type Engine, type EventTarget, Priority } from '../engine';
import { Ecn, type Packet, type PacketPool } from '../packet';
import type { LinkObserver, LinkOptions, PacketReceiver } from './link-options';
import { Mishaps } from './mishaps';
import type { HeadDropQueue } from './queue/head-drop-queue';

export class Link implements EventTarget {
  /** Not undefined while somebody watches. */
  observer: LinkObserver | undefined = undefined;
  /** Holds the waiting packets instead of this link's own first-in-first-out queue. */
  front: HeadDropQueue | undefined = undefined;
  /** Largest IP packet that it carries. Who hands one over sees to it; what is on its way when it shrinks arrives. */
  mtuBytes: number;
  /** Whether the link carries packets; see setUp. */
  private up = true;

  // Counters; see the verbs below for those that depend on the moment of asking.
  dropsQueue = 0;
  dropsLoss = 0;
  dropsDown = 0;
  dropsTooBig = 0;
  /** Packets that went on with a congestion mark. */
  marked = 0;
  queueMaxPackets = 0;
  private takenPackets = 0;
  private takenBytes = 0;
  private takenBusyNs = 0;
  private takenWaitNs = 0;

  /** All packets from the queue to the end of the wire, oldest first. */
  private head: Packet | undefined = undefined;
  private tail: Packet | undefined = undefined;
  /** First packet of the list that has not started; the waiting ones begin here. */
  private queueHead: Packet | undefined = undefined;
  private queuePackets = 0;
  private queueBytes = 0;
  /** When the transmitter will have sent everything it has taken. */
  private freeAt: Nanos = TIME_ZERO;

  private nsPerByte: number;
  private delayNs: number;
  private limitPackets: number;
  private limitBytes: number;
  /** Changes when the pending arrival event no longer counts. */
  private generation = 0;
  /** Undefined where nothing can go wrong on the wire. */
  private readonly mishaps: Mishaps | undefined;

  /**
   * @param index this direction's number in its world, the subject of its cause records
   * @param peer who receives; set once the other end exists
   */
  constructor(
    private readonly engine: Engine,
    private readonly pool: PacketPool,
    readonly index: number,
    private readonly options: LinkOptions,
    private peer: PacketReceiver,
  ) {
    this.mishaps = Mishaps.arePossible(options) ? new Mishaps(this, engine, pool, options) : undefined;
    this.nsPerByte = (8 * NS_PER_SECOND) / options.rateBps;
    this.delayNs = options.delayNs;
    this.mtuBytes = options.mtuBytes ?? Infinity;
    this.limitPackets = options.queueLimitPackets;
    this.limitBytes = options.queueLimitBytes;
  }

  /** Lets somebody else receive: a network interface in front of the host. */
  setPeer(peer: PacketReceiver): void {
    this.peer = peer;
  }

  /** A packet has come through. */
  deliver(packet: Packet): void {
    this.peer.receive(packet);
  }

  /** Takes ownership of `packet`; it will be delivered to the peer or dropped. */
  send(packet: Packet): void {
    const now = this.engine.now;
    const { loss, red } = this.options;
    if (!this.up) {
      this.drop(now, packet, DropReason.down);
      return;
    }
    if (loss !== undefined && loss.dropsOnEntry(packet)) {
      this.drop(now, packet, DropReason.loss);
      return;
    }
    if (this.front !== undefined) {
      this.front.offer(packet, now);
      return;
    }
    if (this.queueHead !== undefined) this.settle(now);
    const waits = before(now, this.freeAt);
    if (red !== undefined && red.drops(now, this.queuePackets, waits ? now : this.freeAt)) {
      if (this.options.ecn !== true || red.saturated || !this.mark(packet)) {
        this.drop(now, packet, DropReason.queue);
        return;
      }
    }
    if (!waits) {
      this.transmit(packet, now, now);
      return;
    }
    if (this.queuePackets >= this.limitPackets || this.queueBytes + packet.ipBytes > this.limitBytes) {
      this.drop(now, packet, DropReason.queue);
      return;
    }
    this.transmit(packet, now, this.freeAt);
    this.enterQueue(packet, now);
  }

  /** Takes a packet from a device that keeps its own queue: there is always room, and no discipline but a queue in front. */
  sendQueued(packet: Packet): void {
    const now = this.engine.now;
    const { loss, red } = this.options;
    if (!this.up || red !== undefined || this.front !== undefined) {
      this.send(packet);
      return;
    }
    if (loss !== undefined && loss.dropsOnEntry(packet)) {
      this.drop(now, packet, DropReason.loss);
      return;
    }
    if (this.queueHead !== undefined) this.settle(now);
    if (!before(now, this.freeAt)) {
      this.transmit(packet, now, now);
      return;
    }
    this.transmit(packet, now, this.freeAt);
    this.enterQueue(packet, now);
  }

  /** Sets the congestion mark of an ECN-capable packet; false if the packet is none. */
  mark(packet: Packet): boolean {
    if (packet.ecn === Ecn.none) return false;
    packet.ecn = Ecn.ce;
    this.marked += 1;
    return true;
  }

  /** Sends a packet that has waited in front since `since`; the transmitter is free. */
  sendFromFront(packet: Packet, since: Nanos, now: Nanos): void {
    this.takenWaitNs += now - since;
    this.transmit(packet, now, now);
  }

  onEvent(now: Nanos, arg: number): void {
    if (arg === this.generation) this.deliverHead(now);
  }

  /** When the transmitter will be free of everything it has taken; may lie in the past. */
  get transmitterFreeAt(): Nanos {
    return this.freeAt;
  }

  /** Packets waiting at `now` (not counting the one being transmitted). */
  queued(now: Nanos): number {
    this.settle(now);
    return this.queuePackets + (this.front === undefined ? 0 : this.front.length);
  }

  /** Packets, bytes, busy and waiting time of everything whose transmission had begun by `now`. */
  sent(now: Nanos): { packets: number; bytes: number; busyNs: number; waitNs: number } {
    this.settle(now);
    let notYetWaitedNs = 0;
    for (let packet = this.queueHead; packet !== undefined; packet = packet.next) {
      notYetWaitedNs += packet.startAt - now;
    }
    return {
      packets: this.takenPackets - this.queuePackets,
      bytes: this.takenBytes - this.queueBytes,
      busyNs: this.takenBusyNs - Math.max(0, this.freeAt - now),
      waitNs: this.takenWaitNs - notYetWaitedNs,
    };
  }

  get duplicated(): number {
    return this.mishaps?.duplicated ?? 0;
  }

  get reordered(): number {
    return this.mishaps?.reordered ?? 0;
  }

  get drops(): number {
    return this.dropsQueue + this.dropsLoss + this.dropsDown + this.dropsTooBig;
  }

  /** Packets taken so far, waiting ones included; cheap, for counting packets on any link. */
  get taken(): number {
    return this.takenPackets;
  }

  /** Changes the rate; what is on the transmitter finishes at the new rate. */
  setRate(rateBps: number): void {
    this.retime(this.engine.now, (8 * NS_PER_SECOND) / rateBps / this.nsPerByte);
    this.nsPerByte = (8 * NS_PER_SECOND) / rateBps;
  }

  /** Changes the propagation delay for packets that have not left; packets never overtake each other by it. */
  setDelay(delayNs: number): void {
    this.delayNs = delayNs;
    this.retime(this.engine.now, 1);
  }

  /** Changes the queue's limit; packets that already wait stay. */
  setQueueLimit(packets: number, bytes: number): void {
    this.limitPackets = packets;
    this.limitBytes = bytes;
    if (this.front !== undefined) this.front.setLimit(packets, bytes);
  }

  /** Present rate, bits per second. */
  get rateBps(): number {
    return (8 * NS_PER_SECOND) / this.nsPerByte;
  }

  /** Present propagation delay, ns. */
  get propagationNs(): number {
    return this.delayNs;
  }

  get isUp(): boolean {
    return this.up;
  }

  /** Takes the link down (what waits or is being sent is lost, what is on the wire arrives) or up again. */
  setUp(up: boolean): void {
    if (this.up === up) return;
    this.up = up;
    if (!up) this.loseUnsent(this.engine.now);
  }

  /** Ends a packet that is larger than the MTU and must not be cut; the record of that. */
  refuse(packet: Packet): CauseId {
    return this.drop(this.engine.now, packet, DropReason.tooBig);
  }

  /** Drops a packet that this link or the queue in front of it owned; the record of that. */
  drop(now: Nanos, packet: Packet, reason: DropReason): CauseId {
    if (reason === DropReason.queue) this.dropsQueue += 1;
    else if (reason === DropReason.loss) this.dropsLoss += 1;
    else if (reason === DropReason.down) this.dropsDown += 1;
    else this.dropsTooBig += 1;
    if (this.observer !== undefined) this.observer.drop(now, packet, reason);
    const causes = this.engine.causes;
    const record = causes?.record(CauseKind.drop, now, packet.cause, this.index, reason) ?? NO_CAUSE;
    this.pool.give(packet);
    return record;
  }

  /** The number of waiting packets grew to `packets`; also called by the queue in front. */
  noteQueue(now: Nanos, packets: number): void {
    if (packets > this.queueMaxPackets) this.queueMaxPackets = packets;
    if (this.observer !== undefined) this.observer.queue(now, packets);
  }

  /** Moves the packets whose transmission has started out of the queue's count. */
  settle(now: Nanos): void {
    let packet = this.queueHead;
    while (packet !== undefined && packet.startAt <= now) {
      this.queuePackets -= 1;
      this.queueBytes -= packet.ipBytes;
      if (this.observer !== undefined) this.observer.queue(packet.startAt, this.queuePackets);
      packet = packet.next;
    }
    this.queueHead = packet;
  }

  /** Puts `packet` on the transmitter at `startAt` (now or when it becomes free) and on the wire after it. */
  private transmit(packet: Packet, now: Nanos, startAt: Nanos): void {
    const busyNs = Math.round(packet.ipBytes * this.nsPerByte);
    const endAt = plus(startAt, busyNs);
    packet.startAt = startAt;
    packet.arriveAt = endAt + this.delayNs;
    this.freeAt = endAt;
    this.takenPackets += 1;
    this.takenBytes += packet.ipBytes;
    this.takenBusyNs += busyNs;
    this.append(packet);
    if (this.observer !== undefined) this.observer.transmit(packet, startAt, endAt);
    const causes = this.engine.causes;
    if (causes !== undefined) {
      packet.cause = causes.record(CauseKind.transmit, now, packet.cause, this.index, startAt, packet.arriveAt);
    }
  }

  private enterQueue(packet: Packet, now: Nanos): void {
    this.takenWaitNs += packet.startAt - now;
    if (this.queueHead === undefined) this.queueHead = packet;
    this.queuePackets += 1;
    this.queueBytes += packet.ipBytes;
    this.noteQueue(now, this.queuePackets);
  }

  private append(packet: Packet): void {
    packet.next = undefined;
    if (this.tail === undefined) {
      this.head = packet;
      this.tail = packet;
      this.engine.schedule(packet.arriveAt as Nanos, Priority.arrival, this, this.generation);
      return;
    }
    // A shorter delay must not let a packet overtake the one before it.
    if (packet.arriveAt < this.tail.arriveAt) packet.arriveAt = this.tail.arriveAt;
    this.tail.next = packet;
    this.tail = packet;
  }

  private deliverHead(now: Nanos): void {
    const packet = this.head;
    if (packet === undefined) return;
    if (packet === this.queueHead) this.settle(now);
    const next = packet.next;
    this.head = next;
    packet.next = undefined;
    if (next === undefined) this.tail = undefined;
    else this.engine.schedule(next.arriveAt as Nanos, Priority.arrival, this, this.generation);
    this.engine.cause = packet.cause;
    if (this.mishaps === undefined) this.peer.receive(packet);
    else this.mishaps.befall(packet, now);
  }

  /** Recomputes the times of everything not yet sent, after the transmitter slowed by `stretch` or the delay changed. */
  private retime(now: Nanos, stretch: number): void {
    this.settle(now);
    const oldNsPerByte = this.nsPerByte;
    this.nsPerByte = oldNsPerByte * stretch;
    let freeAt: Nanos = now;
    let arriveAt = 0;
    for (let packet = this.head; packet !== undefined; packet = packet.next) {
      const oldStart = packet.startAt as Nanos;
      const oldEnd = plus(oldStart, Math.round(packet.ipBytes * oldNsPerByte));
      if (before(now, oldEnd)) {
        const waiting = before(now, oldStart);
        const leftNs = Math.round((waiting ? oldEnd - oldStart : oldEnd - now) * stretch);
        if (waiting) {
          this.takenWaitNs += freeAt - oldStart;
          packet.startAt = freeAt;
        }
        this.takenBusyNs += leftNs - (waiting ? oldEnd - oldStart : oldEnd - now);
        freeAt = plus(freeAt, leftNs);
        packet.arriveAt = freeAt + this.delayNs;
      }
      packet.arriveAt = Math.max(packet.arriveAt, arriveAt);
      arriveAt = packet.arriveAt;
    }
    if (before(now, this.freeAt)) this.freeAt = freeAt;
    this.restartArrivals();
    if (this.front !== undefined) this.front.transmitterMoved();
  }

  private restartArrivals(): void {
    this.generation = (this.generation + 1) & 0x3fff_ffff;
    if (this.head === undefined) return;
    this.engine.schedule(this.head.arriveAt as Nanos, Priority.arrival, this, this.generation);
  }

  /** Drops what waits and what is on the transmitter; keeps what is on the wire. */
  private loseUnsent(now: Nanos): void {
    this.settle(now);
    let packet = this.head;
    let lastKept: Packet | undefined = undefined;
    while (packet !== undefined && packet.startAt + Math.round(packet.ipBytes * this.nsPerByte) <= now) {
      lastKept = packet;
      packet = packet.next;
    }
    if (lastKept === undefined) this.head = undefined;
    else lastKept.next = undefined;
    this.tail = lastKept;
    this.queueHead = undefined;
    this.queuePackets = 0;
    this.queueBytes = 0;
    this.takenBusyNs -= Math.max(0, this.freeAt - now);
    if (before(now, this.freeAt)) this.freeAt = now;
    this.restartArrivals();
    while (packet !== undefined) {
      const next: Packet | undefined = packet.next;
      if (packet.startAt > now) this.takenWaitNs -= packet.startAt - now;
      this.drop(now, packet, DropReason.down);
      packet = next;
    }
    if (this.front !== undefined) this.front.loseAll(now);
    this.noteQueue(now, 0);
  }
}
