// The SYN cache on a host: its timers, its way to the network, and what becomes of segments that no connection wants.

import type { Nanos } from '../base';
import { LazyTimer, type TimerOwner } from '../engine';
import { Flag, Option, type Packet, type SendReason } from '../packet';
import { SynCache, type SynCacheSink, type SynEntry, type TcpOptions } from '../tcp';
import type { Host } from './host';
import type { Partition } from './partition';

export class SynCacheQueue implements SynCacheSink, TimerOwner {
  readonly cache: SynCache;
  private readonly timers: (LazyTimer | undefined)[] = [];

  /** @param options of the listener that came first: sizes are the host's */
  constructor(
    readonly host: Host,
    readonly partition: Partition,
    options: TcpOptions,
    readonly draw: () => number,
  ) {
    this.cache = new SynCache(this, host.id, options);
  }

  /** A segment without a connection; whether it was the cache's business. */
  take(packet: Packet): boolean {
    const kind = packet.flags & (Flag.syn | Flag.ack | Flag.rst);
    if ((kind & Flag.rst) !== 0) {
      this.cache.onReset(packet);
      return true;
    }
    if (kind !== Flag.ack) return false;
    const handshake = this.cache.expand(packet, this.host.wire.engine.now);
    if (handshake === undefined) return false;
    this.host.expand(handshake, packet, this.partition);
    return true;
  }

  takePacket(): Packet {
    return this.host.wire.pool.take();
  }

  emit(packet: Packet, reason: SendReason): void {
    this.host.placement?.output(packet, undefined);
    this.host.transmit(packet, reason, undefined, this.partition);
  }

  arm(slot: number, at: Nanos): void {
    let timer = this.timers[slot];
    if (timer === undefined) {
      timer = new LazyTimer(this.host.wire.engine, this, slot);
      this.timers[slot] = timer;
    }
    timer.arm(at);
  }

  onTimer(slot: number, now: Nanos): void {
    const { placement } = this.host;
    if (placement === undefined) this.cache.timer(slot, now);
    else placement.synTimer(this, slot);
  }
}

/** The peer's SYN as its entry remembers it. */
export function synOf(entry: SynEntry, packet: Packet): Packet {
  packet.seq = entry.irs;
  packet.payloadBytes = 0;
  packet.flags = Flag.syn | (entry.ecn ? Flag.ece | Flag.cwr : 0);
  packet.window = entry.peerWindow;
  packet.options = Option.mss;
  packet.mss = entry.peerMss;
  if (entry.peerScale >= 0) {
    packet.options |= Option.windowScale;
    packet.windowScale = entry.peerScale;
  }
  if (entry.sack) packet.options |= Option.sackPermitted;
  if (entry.timestamps) {
    packet.options |= Option.timestamps;
    packet.tsVal = entry.tsRecent;
  }
  return packet;
}
