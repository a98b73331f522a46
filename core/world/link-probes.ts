// The probes of links: queue, drops and throughput of both directions.

import type { Nanos } from '../base';
import type { Engine, ProbeFamily, ProbeListener } from '../engine';
import { RateMeter } from '../measure';
import type { Link, LinkObserver } from '../net';
import { LINK_FIELDS } from '../scenario';
import type { BuiltLink } from './build-links';

const BITS_PER_BYTE = 8;
const REVERSE = 'reverse-';

/** Watches one direction of a link for all who listen to it. */
class LinkWatch implements LinkObserver {
  private readonly queueListeners: ProbeListener[] = [];
  private readonly dropListeners: ProbeListener[] = [];
  private readonly meters: RateMeter[] = [];
  private lastQueue = -1;

  constructor(
    private readonly link: Link,
    private readonly engine: Engine,
    private readonly intervalNs: number,
  ) {
    link.observer = this;
  }

  add(field: string, listener: ProbeListener): () => void {
    const now = this.engine.now;
    if (field === 'throughput') {
      const meter = new RateMeter(this.intervalNs, BITS_PER_BYTE, now, this.link.sent(now).bytes, listener);
      this.meters.push(meter);
      return () => this.meters.splice(this.meters.indexOf(meter), 1);
    }
    const list = field === 'queue' ? this.queueListeners : this.dropListeners;
    list.push(listener);
    listener(now, field === 'queue' ? this.link.queued(now) : this.link.drops);
    return () => list.splice(list.indexOf(listener), 1);
  }

  queue(atNs: number, packets: number): void {
    if (packets === this.lastQueue) return;
    this.lastQueue = packets;
    for (const listener of this.queueListeners) listener(atNs, packets);
  }

  drop(at: Nanos): void {
    for (const listener of this.dropListeners) listener(at, this.link.drops);
  }

  transmit(): void {
    if (this.meters.length === 0) return;
    const { now } = this.engine;
    this.link.settle(now);
    const { bytes } = this.link.sent(now);
    for (const meter of this.meters) meter.see(now, bytes);
  }

  settle(now: Nanos): void {
    this.link.settle(now);
    for (const meter of this.meters) meter.wait(now);
  }
}

/** The family `link/<id>/<field>`. */
export class LinkProbes implements ProbeFamily {
  readonly family = 'link';
  readonly fields = LINK_FIELDS;
  private readonly watches = new Map<Link, LinkWatch>();
  private readonly byId: ReadonlyMap<string, BuiltLink>;

  constructor(
    links: readonly BuiltLink[],
    private readonly engine: Engine,
    private readonly rateIntervalNs: number,
  ) {
    this.byId = new Map(links.map((link) => [link.id, link]));
  }

  members(): readonly string[] {
    return [...this.byId.keys()];
  }

  attach(member: string, field: string, listener: ProbeListener): () => void {
    const built = this.byId.get(member)!;
    const reverse = field.startsWith(REVERSE);
    const link = reverse ? built.reverse : built.forward;
    let watch = this.watches.get(link);
    if (watch === undefined) {
      watch = new LinkWatch(link, this.engine, this.rateIntervalNs);
      this.watches.set(link, watch);
    }
    return watch.add(reverse ? field.slice(REVERSE.length) : field, listener);
  }

  /** Tells what has happened in queues by now. */
  settle(now: Nanos): void {
    for (const watch of this.watches.values()) watch.settle(now);
  }
}
