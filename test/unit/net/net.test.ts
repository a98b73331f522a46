// Links against a naive model, disciplines by their papers, routes.

import { expect, test } from 'vitest';
import { nanos } from '../../../core/base';
import { callAt, Engine, Priority, Streams } from '../../../core/engine';
import { Codel, Link, type LinkOptions, Red, RouteGraph } from '../../../core/net';
import { type Packet, PacketPool } from '../../../core/packet';
import { pathDocument, runDocument } from '../../worlds';

interface Sent {
  readonly atNs: number;
  readonly bytes: number;
}

/** Sends packets over a link and returns when each arrived; -1 for those that did not. */
function carry(
  options: Partial<LinkOptions>,
  packets: readonly Sent[],
  meddle?: (link: Link, engine: Engine) => void,
): { arrivals: number[]; link: Link; engine: Engine } {
  const engine = new Engine();
  const pool = new PacketPool();
  const arrivals = packets.map(() => -1);
  const peer = {
    receive(packet: Packet) {
      arrivals[packet.ipId] = engine.now;
      pool.give(packet);
    },
  };
  const link = new Link(
    engine,
    pool,
    0,
    { rateBps: 8e6, delayNs: 1e6, queueLimitPackets: 10, queueLimitBytes: Infinity, ...options },
    peer,
  );
  packets.forEach(({ atNs, bytes }, index) => {
    callAt(engine, nanos(atNs), Priority.application, () => {
      const packet = pool.take();
      packet.ipId = index;
      packet.ipBytes = bytes;
      link.send(packet);
    });
  });
  meddle?.(link, engine);
  engine.run(nanos(1e12));
  expect(pool.taken).toBe(0);
  return { arrivals, link, engine };
}

/** The same link, the plain way: one packet at a time. */
function naive(packets: readonly Sent[], limit: number, nsPerByte: number, delayNs: number): number[] {
  const starts: number[] = [];
  let freeAt = 0;
  return packets.map(({ atNs, bytes }) => {
    const waiting = starts.filter((start) => start > atNs).length;
    if (freeAt > atNs && waiting >= limit) return -1;
    const start = Math.max(freeAt, atNs);
    starts.push(start);
    freeAt = start + Math.round(bytes * nsPerByte);
    return freeAt + delayNs;
  });
}

test('a drop-tail link delivers and drops exactly what a packet-by-packet model does', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = new Streams(seed).named('packets');
    let at = 0;
    const packets = Array.from({ length: 200 }, () => {
      at += random.integer(1_500_000);
      return { atNs: at, bytes: 40 + random.integer(1460) };
    });
    const { arrivals, link } = carry({ queueLimitPackets: 5 }, packets);
    expect(arrivals, `seed ${String(seed)}`).toEqual(naive(packets, 5, 1000, 1e6));
    expect(link.dropsQueue).toBe(arrivals.filter((arrival) => arrival < 0).length);
  }
});

test('waiting time, busy time and utilisation are exact at any moment', () => {
  const packets = [0, 0, 0, 0].map((atNs) => ({ atNs, bytes: 1000 }));
  const seen: ReturnType<Link['sent']>[] = [];
  carry({}, packets, (link, engine) => {
    callAt(engine, nanos(1_500_000), Priority.sample, () => seen.push(link.sent(engine.now)));
  });
  // At 1.5 ms: the first is sent, the second half; two wait, since the beginning.
  expect(seen[0]).toEqual({ packets: 2, bytes: 2000, busyNs: 1_500_000, waitNs: 1e6 + 1.5e6 + 1.5e6 });
});

test('a change of rate finishes what is being sent at the new rate and keeps the order', () => {
  const packets = [0, 0, 0].map((atNs) => ({ atNs, bytes: 1000 }));
  const { arrivals } = carry({}, packets, (link, engine) => {
    callAt(engine, nanos(500_000), Priority.change, () => link.setRate(4e6));
  });
  expect(arrivals).toEqual([0.5e6 + 1e6 + 1e6, 0.5e6 + 1e6 + 2e6 + 1e6, 0.5e6 + 1e6 + 4e6 + 1e6]);
});

test('a shorter delay lets no packet overtake another', () => {
  const packets = [0, 1_200_000].map((atNs) => ({ atNs, bytes: 1000 }));
  const { arrivals } = carry({ delayNs: 10e6 }, packets, (link, engine) => {
    callAt(engine, nanos(1_100_000), Priority.change, () => link.setDelay(1e6));
  });
  expect(arrivals).toEqual([11e6, 11e6]);
});

test('a link that goes down loses what waits and is being sent, and delivers what is on the wire', () => {
  const packets = [0, 0, 0].map((atNs) => ({ atNs, bytes: 1000 }));
  const { arrivals, link } = carry({ delayNs: 5e6 }, packets, (down, engine) => {
    callAt(engine, nanos(1_500_000), Priority.change, () => down.setUp(false));
  });
  expect(arrivals).toEqual([6e6, -1, -1]);
  expect(link.dropsDown).toBe(2);
});

test('reordering lets others overtake, duplication delivers twice', () => {
  const reordered = runDocument(
    pathDocument({
      duration: '5s',
      link: { reorder: { probability: 0.05, delay: '5ms' }, duplicate: { probability: 0.02 } },
    }),
  );
  const forward = reordered.links.find(({ id, direction }) => id === 'mid' && direction === 'forward')!;
  expect(forward.reordered / forward.packets).toBeCloseTo(0.05, 1);
  expect(forward.duplicated / forward.packets).toBeCloseTo(0.02, 1);
  expect(reordered.flows[0]!.bytesDelivered).toBeGreaterThan(1e5);
});

test('RED drops nothing below its lower threshold and everything far above the upper one', () => {
  const red = new Red(
    {
      minThresholdPackets: 5,
      maxThresholdPackets: 15,
      maxProbability: 0.1,
      weight: 1,
      gentle: false,
      meanPacketBytes: 500,
      rateBps: 1e6,
    },
    new Streams(1).named('red'),
  );
  const share = (queue: number): number =>
    Array.from({ length: 4000 }, () => red.drops(nanos(0), queue, nanos(0))).filter(Boolean).length / 4000;
  expect(share(4)).toBe(0);
  expect(share(16)).toBe(1);
  // Halfway the probability is 0.05, and even spacing makes it about 2p / (1 + p) per packet.
  expect(share(10)).toBeGreaterThan(0.05);
  expect(share(10)).toBeLessThan(0.12);
});

test('CoDel holds the standing delay of a bulk flow near its target where drop-tail fills the buffer', () => {
  const delay = (queue: unknown): number =>
    runDocument(
      pathDocument({
        duration: '30s',
        tcp: { sack: true, sendBuffer: '4MiB', receiveBuffer: '4MiB' },
        link: { queue },
      }),
    ).links.find(({ id, direction }) => id === 'mid' && direction === 'forward')!.queueDelayMeanNs / 1e6;
  expect(delay({ discipline: 'codel', limit: '1000p' })).toBeLessThan(30);
  expect(delay({ discipline: 'droptail', limit: '1000p' })).toBeGreaterThan(200);
});

test('CoDel drops nothing while packets wait less than the target', () => {
  const codel = new Codel({ targetNs: 5e6, intervalNs: 100e6, mtuBytes: 1500 });
  for (let at = 0; at < 1000; at += 1) expect(codel.drops(nanos(at * 1e6), 4e6, 10_000)).toBe(false);
});

test('bursts of Gilbert and Elliott are as long and as frequent as asked', () => {
  const summary = runDocument(
    pathDocument({
      duration: '60s',
      link: {
        rate: '100Mbps',
        loss: { model: 'gilbert-elliott', enterBad: 0.01, leaveBad: 0.5 },
        reverse: { loss: { model: 'bernoulli', probability: 0 } },
      },
      traffic: [{ id: 'u', kind: 'udp-cbr', from: 'a', to: 'b', rate: '10Mbps', size: '1000B' }],
    }),
  );
  const forward = summary.links.find(({ id, direction }) => id === 'mid' && direction === 'forward')!;
  expect(forward.drops / forward.packets).toBeCloseTo(0.01 / 0.51, 2);
});

test('routes take the path of least delay, avoid hosts and prefer the earlier of equals', () => {
  const edges = [
    { from: 0, to: 1, costNs: 10 },
    { from: 1, to: 3, costNs: 10 },
    { from: 0, to: 2, costNs: 5 },
    { from: 2, to: 3, costNs: 5 },
    { from: 0, to: 3, costNs: 30 },
  ];
  const via = (hosts: readonly number[]): number =>
    new RouteGraph(4, edges, (node) => !hosts.includes(node)).firstHops(0)[3]!;
  expect(via([])).toBe(2);
  expect(via([2])).toBe(0);
  expect(via([1, 2])).toBe(4);
});
