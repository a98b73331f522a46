// The SYN cache by itself (kernel.md §8): buckets, timer lists, eviction, cookies.

import { describe, expect, test } from 'vitest';
import { type Nanos, nanos, type NodeId, seqAdd, seqNum } from '../../../core/base';
import { Flag, Option, Packet, PacketPool } from '../../../core/packet';
import { resolveTcp } from '../../../core/scenario';
import { SynCache, type SynCacheSink } from '../../../core/tcp';

const SECOND = 1e9;
const PORT = 80;

class Bench implements SynCacheSink {
  readonly sent: { at: number; to: number; seq: Packet['seq'] }[] = [];
  readonly cache: SynCache;
  private readonly pool = new PacketPool();
  private readonly timers = new Map<number, Nanos>();
  private drawn = 1;
  now = nanos(100 * SECOND);

  constructor(switches: Parameters<typeof resolveTcp>[1]) {
    const options = resolveTcp({ synQueue: 'cache', sack: true }, switches);
    this.cache = new SynCache(this, 0 as NodeId, options);
    this.cache.addListener(PORT, options);
  }

  takePacket(): Packet {
    return this.pool.take();
  }

  emit(packet: Packet): void {
    this.sent.push({ at: (this.now - 100 * SECOND) / SECOND, to: packet.dst, seq: packet.seq });
    this.pool.give(packet);
  }

  arm(slot: number, at: Nanos): void {
    this.timers.set(slot, at);
  }

  draw(): number {
    this.drawn = (Math.imul(this.drawn, 1_664_525) + 1_013_904_223) >>> 0;
    return this.drawn;
  }

  runTo(seconds: number): void {
    const until = 100 * SECOND + seconds * SECOND;
    for (;;) {
      const due = [...this.timers].sort(([, a], [, b]) => a - b)[0];
      if (due === undefined || due[1] > until) break;
      this.timers.delete(due[0]);
      this.now = due[1];
      this.cache.timer(due[0], this.now);
    }
    this.now = nanos(until);
  }

  segment(from: number, flags: number): Packet {
    const packet = new Packet();
    packet.src = from as NodeId;
    packet.srcPort = 1000;
    packet.dstPort = PORT;
    packet.flags = flags;
    packet.seq = seqNum(5000 + from);
    packet.window = 65_535;
    return packet;
  }

  syn(from: number): void {
    const packet = this.segment(from, Flag.syn);
    packet.options = Option.mss | Option.sackPermitted;
    packet.mss = 1460;
    this.cache.add(packet, this.now);
  }

  /** The ACK that answers the last SYN/ACK to this peer. */
  ack(from: number): Packet {
    const packet = this.segment(from, Flag.ack);
    packet.seq = seqAdd(packet.seq, 1);
    packet.ack = seqAdd(this.sent.findLast(({ to }) => to === from)!.seq, 1);
    return packet;
  }

  /** The last SYN/ACK to this peer, as an ICMP error quotes it. */
  quote(to: number): Packet {
    const packet = new Packet();
    packet.dst = to as NodeId;
    packet.srcPort = PORT;
    packet.dstPort = 1000;
    packet.seq = this.sent.findLast((sent) => sent.to === to)!.seq;
    return packet;
  }
}

test('a handshake: one SYN/ACK, and the entry is gone with the ACK', () => {
  const bench = new Bench({});
  bench.syn(1);
  expect(bench.cache.entries).toBe(1);
  const handshake = bench.cache.expand(bench.ack(1), bench.now);
  expect(handshake?.entry.sack).toBe(true);
  expect(handshake?.byCookie).toBe(false);
  expect(bench.cache.entries).toBe(0);
});

test('the SYN/ACK goes again after 1, 1 and 2 seconds and the entry after 4 more', () => {
  const bench = new Bench({});
  bench.syn(1);
  bench.runTo(7.9);
  expect(bench.sent.map(({ at }) => at)).toEqual([0, 1, 2, 4]);
  expect(bench.cache.entries).toBe(1);
  bench.runTo(8.1);
  expect(bench.cache.entries).toBe(0);
  expect(bench.cache.counters.expired).toBe(1);
});

test('with the full number of retransmissions there are five SYN/ACKs and the entry lives for 16 seconds', () => {
  const bench = new Bench({ synCacheRetransmits: 4 });
  bench.syn(1);
  bench.runTo(15.9);
  expect(bench.sent.map(({ at }) => at)).toEqual([0, 1, 2, 4, 8]);
  expect(bench.cache.entries).toBe(1);
  bench.runTo(16.1);
  expect(bench.cache.entries).toBe(0);
});

test('a duplicate SYN is answered again and waits in the same list anew', () => {
  const bench = new Bench({});
  bench.syn(1);
  bench.runTo(0.6);
  bench.syn(1);
  expect(bench.cache.entries).toBe(1);
  bench.runTo(1.5);
  expect(bench.sent.map(({ at }) => at)).toEqual([0, 0.6]);
  bench.runTo(1.7);
  expect(bench.sent).toHaveLength(3);
});

test('the 31st SYN of a bucket drops the oldest; without cookies its ACK then means nothing', () => {
  const bench = new Bench({ synCacheBuckets: 1, synCookies: false });
  for (let from = 1; from <= 31; from += 1) bench.syn(from);
  expect(bench.cache.entries).toBe(30);
  expect(bench.cache.counters.bucketOverflows).toBe(1);
  expect(bench.cache.expand(bench.ack(1), bench.now)).toBeUndefined();
  expect(bench.cache.expand(bench.ack(2), bench.now)).toBeDefined();
});

test('with cookies the ACK of the dropped entry is a connection without options', () => {
  const bench = new Bench({ synCacheBuckets: 1 });
  for (let from = 1; from <= 31; from += 1) bench.syn(from);
  const handshake = bench.cache.expand(bench.ack(1), bench.now);
  expect(handshake?.byCookie).toBe(true);
  expect(handshake?.entry).toMatchObject({ peerMss: 1460, sack: false, timestamps: false, peerScale: -1 });
});

test('a cookie is believed only after an overflow, only for 16 seconds, and only as it was', () => {
  const calm = new Bench({});
  calm.syn(1);
  calm.runTo(9);
  expect(calm.cache.expand(calm.ack(1), calm.now)).toBeUndefined();

  const bench = new Bench({ synCacheBuckets: 1 });
  for (let from = 1; from <= 31; from += 1) bench.syn(from);
  const forged = bench.ack(1);
  forged.ack = seqAdd(forged.ack, 1 << 9);
  expect(bench.cache.expand(forged, bench.now)).toBeUndefined();
  const late = bench.ack(1);
  bench.runTo(16.6);
  expect(bench.cache.expand(late, bench.now)).toBeUndefined();
});

test('a full cache drops the head of the highest list: what was retransmitted most', () => {
  const bench = new Bench({ synCacheLimit: 3, synCookies: false });
  bench.syn(1);
  bench.runTo(1.5);
  bench.syn(2);
  bench.syn(3);
  bench.syn(4);
  expect(bench.cache.counters.cacheOverflows).toBe(1);
  expect(bench.cache.expand(bench.ack(1), bench.now)).toBeUndefined();
  expect(bench.cache.expand(bench.ack(4), bench.now)).toBeDefined();
});

test('a reset in the window removes an entry, one outside does not; a wrong ACK removes it too', () => {
  const bench = new Bench({});
  bench.syn(1);
  const outside = bench.segment(1, Flag.rst);
  outside.seq = seqAdd(outside.seq, -1);
  bench.cache.onReset(outside);
  expect(bench.cache.entries).toBe(1);
  bench.cache.onReset(bench.segment(1, Flag.rst));
  expect(bench.cache.entries).toBe(0);
  bench.syn(2);
  const wrong = bench.ack(2);
  wrong.ack = seqAdd(wrong.ack, 7);
  expect(bench.cache.expand(wrong, bench.now)).toBeUndefined();
  expect(bench.cache.entries).toBe(0);
  expect(bench.cache.counters.badAcks).toBe(1);
});

describe('an ICMP error that quotes a SYN/ACK', () => {
  const unreachable = { kind: 'unreachable' } as const;

  /** A bench whose first entry has been retransmitted three times. */
  function retransmitted(): Bench {
    const bench = new Bench({});
    bench.syn(1);
    bench.runTo(4.5);
    expect(bench.sent).toHaveLength(4);
    return bench;
  }

  test('marks the entry at first, and ends it the second time', () => {
    const bench = retransmitted();
    expect(bench.cache.icmp(unreachable, bench.quote(1))).toBe(true);
    expect(bench.cache.entries).toBe(1);
    expect(bench.cache.counters.unreachable).toBe(0);
    expect(bench.cache.icmp(unreachable, bench.quote(1))).toBe(true);
    expect(bench.cache.entries).toBe(0);
    expect(bench.cache.counters).toMatchObject({ unreachable: 1, expired: 0 });
    // Nothing is sent any more, and a late ACK is nobody's.
    bench.runTo(30);
    expect(bench.sent).toHaveLength(4);
    expect(bench.cache.expand(bench.ack(1), bench.now)).toBeUndefined();
    expect(bench.cache.icmp(unreachable, bench.quote(1))).toBe(false);
  });

  test('ends nothing before the third retransmission, however often it comes', () => {
    const bench = new Bench({});
    bench.syn(1);
    for (const seconds of [0.1, 0.2, 1.1, 2.1, 3.9]) {
      bench.runTo(seconds);
      bench.cache.icmp(unreachable, bench.quote(1));
      expect(bench.cache.entries).toBe(1);
    }
    bench.runTo(4.1);
    bench.cache.icmp(unreachable, bench.quote(1));
    expect(bench.cache.entries).toBe(0);
  });

  test('a fault that passes costs no handshake', () => {
    const bench = retransmitted();
    bench.cache.icmp(unreachable, bench.quote(1));
    expect(bench.cache.expand(bench.ack(1), bench.now)).toBeDefined();
  });

  test('is not believed with another number, nor for another peer', () => {
    const bench = retransmitted();
    for (const offset of [-1, 1, 1 << 20]) {
      const forged = bench.quote(1);
      forged.seq = seqAdd(forged.seq, offset);
      expect(bench.cache.icmp(unreachable, forged)).toBe(true);
      expect(bench.cache.icmp(unreachable, forged)).toBe(true);
    }
    const stranger = bench.quote(1);
    stranger.dstPort += 1;
    expect(bench.cache.icmp(unreachable, stranger)).toBe(false);
    // Nor do forged ones mark it.
    bench.cache.icmp(unreachable, bench.quote(1));
    expect(bench.cache.entries).toBe(1);
  });

  test.each([
    ['refused', { kind: 'refused' }, 0],
    ['timeExceeded', { kind: 'timeExceeded' }, 0],
    ['tooBig', { kind: 'tooBig', mtu: 68 }, 1],
  ] as const)('%s', (_, error, left) => {
    const bench = retransmitted();
    bench.cache.icmp(error, bench.quote(1));
    bench.cache.icmp(error, bench.quote(1));
    expect(bench.cache.entries).toBe(left);
  });

  test('an entry whose record is used again has not heard what was said of the one before', () => {
    const bench = retransmitted();
    bench.cache.icmp(unreachable, bench.quote(1));
    bench.cache.onReset(bench.segment(1, Flag.rst));
    bench.syn(2);
    bench.runTo(9);
    expect(bench.sent.filter(({ to }) => to === 2)).toHaveLength(4);
    bench.cache.icmp(unreachable, bench.quote(2));
    expect(bench.cache.entries).toBe(1);
  });
});

test('entries of a listener that is gone leave with their timer', () => {
  const bench = new Bench({});
  bench.syn(1);
  bench.cache.removeListener(PORT);
  bench.runTo(1.1);
  expect(bench.cache.entries).toBe(0);
  expect(bench.sent).toHaveLength(1);
});
