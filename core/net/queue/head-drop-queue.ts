// A queue that decides at its head: it stands in front of a link, keeps the waiting packets, and hands one over
// whenever the transmitter is free. The law that says which packets to drop on the way out is CoDel's.

import { before, DropReason, type Nanos } from '../../base';
import { type Engine, type EventTarget, Priority } from '../../engine';
import type { Packet } from '../../packet';
import type { Link } from '../link';
import type { Codel } from './codel';

export class HeadDropQueue implements EventTarget {
  private head: Packet | undefined = undefined;
  private tail: Packet | undefined = undefined;
  private bytes = 0;
  private count = 0;
  /** Changes when the pending event no longer counts. */
  private generation = 0;
  private pending = false;

  constructor(
    private readonly engine: Engine,
    private readonly link: Link,
    private readonly codel: Codel,
    private limitPackets: number,
    private limitBytes: number,
    private readonly ecn: boolean,
  ) {}

  /** Packets waiting. */
  get length(): number {
    return this.count;
  }

  /** Takes a packet: straight to the transmitter if that is free, else into the queue or dropped. */
  offer(packet: Packet, now: Nanos): void {
    if (this.head === undefined && !before(now, this.link.transmitterFreeAt)) {
      this.codel.bypass();
      this.link.sendFromFront(packet, now, now);
      return;
    }
    if (this.count >= this.limitPackets || this.bytes + packet.ipBytes > this.limitBytes) {
      this.link.drop(now, packet, DropReason.queue);
      return;
    }
    packet.startAt = now;
    packet.next = undefined;
    if (this.tail === undefined) this.head = packet;
    else this.tail.next = packet;
    this.tail = packet;
    this.count += 1;
    this.bytes += packet.ipBytes;
    this.link.noteQueue(now, this.count);
    if (!this.pending) this.wait();
  }

  setLimit(packets: number, bytes: number): void {
    this.limitPackets = packets;
    this.limitBytes = bytes;
  }

  /** The transmitter will be free at another time than it said before. */
  transmitterMoved(): void {
    if (this.pending) this.wait();
  }

  /** Drops everything: the link went down. */
  loseAll(now: Nanos): void {
    this.generation = (this.generation + 1) & 0x3fff_ffff;
    this.pending = false;
    for (let packet = this.take(); packet !== undefined; packet = this.take()) {
      this.link.drop(now, packet, DropReason.down);
    }
  }

  onEvent(now: Nanos, arg: number): void {
    if (arg !== this.generation) return;
    this.pending = false;
    const before = this.count;
    let packet = this.take();
    while (packet !== undefined && this.codel.drops(now, now - packet.startAt, this.bytes)) {
      // A mark is the notice; the packet goes on (RFC 8289 §5.4).
      if (this.ecn && this.link.mark(packet)) break;
      this.link.drop(now, packet, DropReason.queue);
      packet = this.take();
    }
    if (this.count !== before) this.link.noteQueue(now, this.count);
    if (packet === undefined) return;
    this.link.sendFromFront(packet, packet.startAt as Nanos, now);
    if (this.head !== undefined) this.wait();
  }

  private wait(): void {
    this.generation = (this.generation + 1) & 0x3fff_ffff;
    this.pending = true;
    this.engine.schedule(this.link.transmitterFreeAt, Priority.arrival, this, this.generation);
  }

  private take(): Packet | undefined {
    const packet = this.head;
    if (packet === undefined) return undefined;
    this.head = packet.next;
    if (this.head === undefined) this.tail = undefined;
    packet.next = undefined;
    this.count -= 1;
    this.bytes -= packet.ipBytes;
    return packet;
  }
}
