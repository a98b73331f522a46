// The SYN cache of a host (Lemon 2002; kernel.md §8): buckets of half-open connections, five timer lists, eviction
// of the oldest, and cookies that make eviction harmless. A state machine like a connection: time is an argument,
// packets and timers go to its sink.

import { type Nanos, type NodeId, plus, seqAdd, seqDiff, seqNum, tsVal } from '../../base';
import { Flag, Option, type Packet, Protocol, sealTcp, SendReason } from '../../packet';
import type { IcmpError } from '../icmp';
import type { TcpOptions } from '../options';
import { timestampOffset, UNSCALED_WINDOW_MAX, windowScaleFor } from '../tcb';
import { COOKIE_LIFETIME_NS, Cookies } from './cookies';
import { EntryList, SYN_ENTRY_BYTES, SynEntry } from './entry';

/** Seconds that an entry waits in each timer list before its SYN/ACK goes again, or it is dropped (low-RTO mode). */
const SLOT_SECONDS: readonly number[] = [1, 1, 2, 4, 8];
const LAST_SLOT = SLOT_SECONDS.length - 1;
/** Retransmissions of the SYN/ACK before an ICMP error can end an entry. */
const UNREACHABLE_RETRANSMITS = 3;
const NS_PER_SECOND = 1e9;
const DEFAULT_PEER_MSS = 536;

/** What the cache asks of its host. */
export interface SynCacheSink {
  takePacket(): Packet;
  emit(packet: Packet, reason: SendReason): void;
  /** Lets timer list `slot` be looked at then; replaces an earlier setting. */
  arm(slot: number, at: Nanos): void;
  /** Uniform unsigned 32-bit number. */
  draw(): number;
}

/** Output only: what happened to SYNs. */
export interface SynCacheCounters {
  added: number;
  duplicates: number;
  retransmitted: number;
  /** Dropped because nobody answered. */
  expired: number;
  completed: number;
  reset: number;
  badAcks: number;
  bucketOverflows: number;
  cacheOverflows: number;
  /** Connections that only their cookie remembered. */
  cookies: number;
  /** Forgotten because of ICMP errors: there is no way, or nobody at its end. */
  unreachable: number;
  peakEntries: number;
}

/** A listener as the cache sees it: which switches its connections have, and when its SYNs last overflowed. */
export interface SynListener {
  readonly options: TcpOptions;
  overflowAt: Nanos | undefined;
}

/** A handshake that an ACK has completed: the peer's SYN as it was, and how our SYN/ACK went. */
export interface CompletedHandshake {
  readonly entry: SynEntry;
  readonly byCookie: boolean;
}

export class SynCache {
  readonly counters: SynCacheCounters = {
    added: 0,
    duplicates: 0,
    retransmitted: 0,
    expired: 0,
    completed: 0,
    reset: 0,
    badAcks: 0,
    bucketOverflows: 0,
    cacheOverflows: 0,
    cookies: 0,
    unreachable: 0,
    peakEntries: 0,
  };
  private readonly buckets: SynEntry[][];
  private readonly lists = SLOT_SECONDS.map(() => new EntryList());
  private readonly listeners = new Map<number, SynListener>();
  private readonly cookies: Cookies;
  private readonly secret: number;
  private free: SynEntry | undefined = undefined;
  private count = 0;

  /** @param node whose cache it is @param options sizes and whether cookies are used */
  constructor(
    private readonly sink: SynCacheSink,
    private readonly node: NodeId,
    private readonly options: TcpOptions,
  ) {
    this.buckets = Array.from({ length: options.synCacheBuckets }, () => []);
    this.cookies = new Cookies(() => sink.draw());
    // Drawn once: the buckets' secret is not reseeded (kernel.md §8).
    this.secret = sink.draw();
  }

  get entries(): number {
    return this.count;
  }

  /** Memory of the entries at their peak, bytes. */
  get peakBytes(): number {
    return this.counters.peakEntries * SYN_ENTRY_BYTES;
  }

  addListener(port: number, options: TcpOptions): void {
    this.listeners.set(port, { options, overflowAt: undefined });
  }

  /** Entries of a listener that is gone are dropped when their timer comes (stale). */
  removeListener(port: number): void {
    this.listeners.delete(port);
  }

  /** A SYN for a listening port: answered, and remembered. */
  add(syn: Packet, now: Nanos): void {
    const known = this.find(syn.dstPort, syn.src, syn.srcPort);
    if (known !== undefined) {
      this.counters.duplicates += 1;
      learn(known, syn);
      this.answer(known, now);
      this.restart(known, known.slot, now);
      return;
    }
    const listener = this.listeners.get(syn.dstPort);
    if (listener === undefined) return;
    const bucket = this.buckets[this.hash(syn.dstPort, syn.src, syn.srcPort)]!;
    if (bucket.length >= this.options.synCacheBucketLimit) {
      this.counters.bucketOverflows += 1;
      listener.overflowAt = now;
      this.drop(bucket[0]!);
    } else if (this.count >= this.options.synCacheLimit) {
      this.counters.cacheOverflows += 1;
      listener.overflowAt = now;
      this.dropMostRetransmitted();
    }
    const entry = this.take(syn);
    entry.iss = this.options.synCookies
      ? this.cookies.issue(this.ends(entry), entry.irs, entry.peerMss, now)
      : seqNum(this.sink.draw());
    this.counters.added += 1;
    this.answer(entry, now);
    this.insert(entry, now);
  }

  /**
   * An ACK for a listening port that belongs to no connection.
   * @returns the handshake that it completes; undefined when it must be answered with a reset
   */
  expand(ack: Packet, now: Nanos): CompletedHandshake | undefined {
    const entry = this.find(ack.dstPort, ack.src, ack.srcPort);
    if (entry === undefined) return this.expandCookie(ack, now);
    this.drop(entry);
    if (ack.ack !== seqAdd(entry.iss, 1)) {
      this.counters.badAcks += 1;
      return undefined;
    }
    this.counters.completed += 1;
    return { entry, byCookie: false };
  }

  /** A reset for a half-open connection; believed within the window that was offered. */
  onReset(reset: Packet): void {
    const entry = this.find(reset.dstPort, reset.src, reset.srcPort);
    if (entry === undefined) return;
    const offset = seqDiff(reset.seq, entry.irs);
    if (offset < 0 || offset > UNSCALED_WINDOW_MAX) return;
    this.counters.reset += 1;
    this.drop(entry);
  }

  /**
   * An ICMP error that quotes a SYN/ACK (syncache_unreach, kernel.md §8). Whoever does not quote its number has not seen it. The first
   * only marks the entry; one that comes after that and after three retransmissions ends it, so that a fault that passes costs no
   * handshake.
   * @returns whether there is such a half-open connection here
   */
  icmp(error: IcmpError, quoted: Packet): boolean {
    const entry = this.find(quoted.srcPort, quoted.dst, quoted.dstPort);
    if (entry === undefined) return false;
    // A SYN/ACK has no data to be sent in smaller pieces.
    if (error.kind === 'tooBig' || quoted.seq !== entry.iss) return true;
    if (!entry.complained || entry.slot < UNREACHABLE_RETRANSMITS) {
      entry.complained = true;
      return true;
    }
    this.counters.unreachable += 1;
    this.drop(entry);
    return true;
  }

  /** Timer list `slot` is due: its oldest entries go again or go away. */
  timer(slot: number, now: Nanos): void {
    const list = this.lists[slot]!;
    while (list.head !== undefined && list.head.expiresAt <= now) {
      const entry = list.head;
      const isStale = !this.listeners.has(entry.localPort);
      if (isStale || slot === LAST_SLOT || slot >= this.options.synCacheRetransmits) {
        this.counters.expired += 1;
        this.drop(entry);
      } else {
        this.counters.retransmitted += 1;
        this.answer(entry, now);
        this.restart(entry, slot + 1, now);
      }
    }
    if (list.head !== undefined) this.sink.arm(slot, list.head.expiresAt);
  }

  private expandCookie(ack: Packet, now: Nanos): CompletedHandshake | undefined {
    const listener = this.listeners.get(ack.dstPort);
    const overflowAt = listener?.overflowAt;
    // Only a listener that has lost entries lately has cookies out that it cannot know of.
    if (!this.options.synCookies || overflowAt === undefined || now - overflowAt > COOKIE_LIFETIME_NS) return undefined;
    const irs = seqAdd(ack.seq, -1);
    const iss = seqAdd(ack.ack, -1);
    const ends = { local: this.node, remote: ack.src, localPort: ack.dstPort, remotePort: ack.srcPort };
    const mss = this.cookies.check(ends, irs, iss, now);
    if (mss === undefined) return undefined;
    const entry = this.takeFree();
    entry.localPort = ack.dstPort;
    entry.remote = ack.src;
    entry.remotePort = ack.srcPort;
    entry.irs = irs;
    entry.iss = iss;
    entry.peerMss = mss;
    // A cookie has no room for options: they are lost.
    entry.peerScale = -1;
    entry.sack = false;
    entry.ecn = false;
    entry.timestamps = false;
    entry.peerWindow = ack.window;
    entry.slot = 0;
    entry.sentAt = now;
    this.counters.cookies += 1;
    return { entry, byCookie: true };
  }

  /** Sends the SYN/ACK. */
  private answer(entry: SynEntry, now: Nanos): void {
    const options = this.listeners.get(entry.localPort)?.options ?? this.options;
    const packet = this.sink.takePacket();
    packet.protocol = Protocol.tcp;
    packet.src = this.node;
    packet.dst = entry.remote;
    packet.srcPort = entry.localPort;
    packet.dstPort = entry.remotePort;
    packet.seq = entry.iss;
    packet.ack = seqAdd(entry.irs, 1);
    packet.payloadBytes = 0;
    packet.flags = Flag.syn | Flag.ack | (entry.ecn && options.ecn !== false && entry.slot === 0 ? Flag.ece : 0);
    packet.options = Option.mss;
    packet.mss = options.mss;
    packet.window = Math.min(UNSCALED_WINDOW_MAX, options.receiveBufferBytes);
    if (entry.peerScale >= 0 && options.windowScaling) {
      packet.options |= Option.windowScale;
      packet.windowScale = windowScaleFor(Math.max(options.receiveBufferBytes, options.receiveBufferMaxBytes));
    }
    if (entry.sack && options.sack) packet.options |= Option.sackPermitted;
    if (entry.timestamps && options.timestamps) {
      packet.options |= Option.timestamps;
      packet.tsVal = tsVal(Math.floor(now / options.timestampTickNs) + timestampOffset(entry.iss));
      packet.tsEcr = entry.tsRecent;
    }
    sealTcp(packet);
    entry.sentAt = now;
    this.sink.emit(packet, SendReason.syn);
  }

  private find(localPort: number, remote: NodeId, remotePort: number): SynEntry | undefined {
    for (const entry of this.buckets[this.hash(localPort, remote, remotePort)]!) {
      if (entry.remotePort === remotePort && entry.remote === remote && entry.localPort === localPort) return entry;
    }
    return undefined;
  }

  private hash(localPort: number, remote: number, remotePort: number): number {
    const folded = this.secret ^ remote ^ (remote >>> 16) ^ localPort ^ remotePort;
    return (folded >>> 0) % this.options.synCacheBuckets;
  }

  private ends(entry: SynEntry): { local: number; remote: number; localPort: number; remotePort: number } {
    return { local: this.node, remote: entry.remote, localPort: entry.localPort, remotePort: entry.remotePort };
  }

  private insert(entry: SynEntry, now: Nanos): void {
    entry.bucket = this.hash(entry.localPort, entry.remote, entry.remotePort);
    this.buckets[entry.bucket]!.push(entry);
    this.count += 1;
    if (this.count > this.counters.peakEntries) this.counters.peakEntries = this.count;
    this.schedule(entry, 0, now);
  }

  private restart(entry: SynEntry, slot: number, now: Nanos): void {
    this.lists[entry.slot]!.remove(entry);
    this.schedule(entry, slot, now);
  }

  private schedule(entry: SynEntry, slot: number, now: Nanos): void {
    const list = this.lists[slot]!;
    entry.slot = slot;
    entry.expiresAt = plus(now, SLOT_SECONDS[slot]! * NS_PER_SECOND);
    const wasEmpty = list.head === undefined;
    list.push(entry);
    if (wasEmpty) this.sink.arm(slot, entry.expiresAt);
  }

  /** Forgets an entry; its record is used again after the present call. */
  private drop(entry: SynEntry): void {
    this.lists[entry.slot]!.remove(entry);
    const bucket = this.buckets[entry.bucket]!;
    bucket.splice(bucket.indexOf(entry), 1);
    this.count -= 1;
    entry.next = this.free;
    this.free = entry;
  }

  private dropMostRetransmitted(): void {
    for (let slot = LAST_SLOT; slot >= 0; slot -= 1) {
      const oldest = this.lists[slot]!.head;
      if (oldest === undefined) continue;
      this.drop(oldest);
      return;
    }
  }

  private take(syn: Packet): SynEntry {
    const entry = this.takeFree();
    entry.localPort = syn.dstPort;
    entry.remote = syn.src;
    entry.remotePort = syn.srcPort;
    entry.slot = 0;
    entry.complained = false;
    learn(entry, syn);
    return entry;
  }

  private takeFree(): SynEntry {
    const entry = this.free;
    if (entry === undefined) return new SynEntry();
    this.free = entry.next;
    entry.next = undefined;
    return entry;
  }
}

/** Takes what a SYN says. */
function learn(entry: SynEntry, syn: Packet): void {
  entry.irs = syn.seq;
  entry.peerMss = (syn.options & Option.mss) === 0 ? DEFAULT_PEER_MSS : syn.mss;
  entry.peerScale = (syn.options & Option.windowScale) === 0 ? -1 : syn.windowScale;
  entry.sack = (syn.options & Option.sackPermitted) !== 0;
  entry.timestamps = (syn.options & Option.timestamps) !== 0;
  entry.tsRecent = syn.tsVal;
  entry.ecn = (syn.flags & (Flag.ece | Flag.cwr)) === (Flag.ece | Flag.cwr);
  entry.peerWindow = syn.window;
}
