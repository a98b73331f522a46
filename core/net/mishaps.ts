// What happens to packets on a wire on which something can go wrong: they are lost, arrive late and are overtaken, or arrive twice.

import { DropReason, type Nanos, plus } from '../base';
import { type Engine, type EventTarget, Priority } from '../engine';
import type { Packet, PacketPool } from '../packet';
import type { Link } from './link';
import type { LinkOptions } from './link-options';

/** Arguments of events: place `p` of the late packets is -1 - p. */
const FIRST_PLACE = -1;

export class Mishaps implements EventTarget {
  duplicated = 0;
  reordered = 0;
  /** Late packets, each with an event of its own; free places are undefined. */
  private readonly late: (Packet | undefined)[] = [];

  constructor(
    private readonly link: Link,
    private readonly engine: Engine,
    private readonly pool: PacketPool,
    private readonly options: LinkOptions,
  ) {}

  /** Whether anything can go wrong on the wire of such a link. */
  static arePossible({ loss, reorder, duplicate }: LinkOptions): boolean {
    return loss !== undefined || reorder !== undefined || duplicate !== undefined;
  }

  /** A packet has come to the end of the wire, if nothing has happened to it. */
  befall(packet: Packet, now: Nanos): void {
    const { loss, reorder, duplicate, random } = this.options;
    if (loss !== undefined && loss.losesOnWire(packet)) {
      this.link.drop(now, packet, DropReason.loss);
      return;
    }
    if (random !== undefined) {
      if (reorder !== undefined && random.chance(reorder.probability)) {
        this.delay(packet, plus(now, reorder.delayNs));
        return;
      }
      if (duplicate !== undefined && random.chance(duplicate)) {
        this.duplicated += 1;
        this.link.deliver(this.pool.copy(packet));
      }
    }
    this.link.deliver(packet);
  }

  private delay(packet: Packet, at: Nanos): void {
    this.reordered += 1;
    let place = this.late.indexOf(undefined);
    if (place < 0) place = this.late.length;
    this.late[place] = packet;
    this.engine.schedule(at, Priority.arrival, this, FIRST_PLACE - place);
  }

  /** A late packet is there. */
  onEvent(_now: Nanos, arg: number): void {
    const place = FIRST_PLACE - arg;
    const packet = this.late[place];
    if (packet === undefined) return;
    this.late[place] = undefined;
    this.engine.cause = packet.cause;
    this.link.deliver(packet);
  }
}
