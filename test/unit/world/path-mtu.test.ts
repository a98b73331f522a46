// Path-MTU discovery, ICMP errors and UDP's rounds in whole worlds, on ideal hosts and on machines.

import { expect, test } from 'vitest';
import { CauseKind, nanos, seqAdd, seqLeq, seqLt, type SeqNum } from '../../../core/base';
import { Option, Protocol, SEND_REASON_NAMES } from '../../../core/packet';
import { checkScenario } from '../../../core/scenario';
import { World } from '../../../core/world';
import { pathDocument, resolved, runDocument, worldOf } from '../../worlds';

type Fields = Readonly<Record<string, unknown>>;

const HOSTS: readonly [string, Fields][] = [
  ['ideal', {}],
  ...(
    [
      ['giant', { model: 'giant' }],
      ['mutex', { model: 'mutex' }],
      ['group locks', { model: 'grouplock', groups: 4 }],
      ['pmp', { model: 'pmp' }],
      ['pmp of 2004', { model: 'pmp', protocolThreads: 'three', hash: 'xor', sends: 'sync', receives: 'sync' }],
    ] as const
  ).map(([name, kernel]): [string, Fields] => [name, { kernel, machine: { cpus: 4 }, nic: { tso: true } }]),
];

const TRANSFER = { id: 't', kind: 'transfer', from: 'a', to: 'b', size: 400_000 };

/** a, r1, r2, b; the hosts as given, links with an MTU of 1500, and what changes. */
function path(
  host: Fields,
  parts: { traffic: readonly Fields[]; changes?: readonly Fields[]; links?: Fields },
): Fields {
  const document = pathDocument({ duration: '3s', tcp: { sack: true, rtoMin: '1s' }, traffic: parts.traffic }) as {
    nodes: Fields[];
    links: Fields[];
  };
  return {
    ...document,
    nodes: document.nodes.map((node) => (node['kind'] === 'host' ? { ...node, ...host } : node)),
    links: document.links.map((link) => ({
      ...link,
      queue: { discipline: 'droptail', limit: '10000p' },
      mtu: 1500,
      ...(parts.links?.[link['id'] as string] as Fields),
    })),
    changes: parts.changes ?? [],
  };
}

test.each(HOSTS)('%s: a router that must not cut names its MTU, and segments fit from then on', (_, host) => {
  const world = worldOf(path(host, { traffic: [TRANSFER], links: { mid: { mtu: 1006 } } }));
  const sizes: number[] = [];
  world.setTap({
    packet: (_at, node, direction, packet) => {
      if (node === 0 && direction === 'out' && packet.protocol === Protocol.tcp) sizes.push(packet.ipBytes);
    },
  });
  world.run(world.endAt);
  const { flows, links, routers, hosts } = world.summary('finished', 0);
  const [flow] = flows;
  expect(flow).toMatchObject({ bytesDelivered: 400_000, pathMtuChanges: 1, rtoCount: 0 });
  expect(flow!.retransmitsByCause.mtu).toBeGreaterThan(0);
  const dropped = links.find(({ id, direction }) => id === 'mid' && direction === 'forward')!.dropsByReason.tooBig!;
  expect(routers).toEqual([{ id: 'r1', icmpSent: dropped, icmpTooBig: dropped, fragmented: 0, fragments: 0 }]);
  expect(hosts.find(({ id }) => id === 'a')!.icmp).toEqual({ sent: 0, limited: 0, received: dropped, unmatched: 0 });
  // Full segments of the first window, which were all too large, and none of that size after them.
  const last = sizes.lastIndexOf(1500);
  expect(sizes.slice(0, last + 1).filter((size) => size === 1500)).toHaveLength(dropped);
  expect(Math.max(...sizes.slice(last + 1))).toBe(1006);
});

test.each(HOSTS)('%s: a host knows its own interface’s MTU at once, without a loss on any wire', (_, host) => {
  const { flows, links, routers } = runDocument(path(host, { traffic: [TRANSFER], links: { in: { mtu: 700 } } }));
  expect(flows[0]).toMatchObject({ bytesDelivered: 400_000, pathMtuChanges: 1, rtoCount: 0 });
  expect(routers).toBeUndefined();
  const dropped = links.filter(({ drops }) => drops > 0);
  // One segment was tried; the second is not.
  expect(dropped.map(({ id, dropsByReason }) => ({ id, ...dropsByReason }))).toEqual([
    { id: 'in', queue: 0, loss: 0, down: 0, tooBig: 1 },
  ]);
});

test.each(HOSTS)('%s: an MTU that shrinks in the middle costs a round trip, not a timeout', (_, host) => {
  const at = (mtu: number): number => {
    const summary = runDocument(
      path(host, { traffic: [TRANSFER], changes: [{ at: '200ms', set: '/links/mid/mtu', to: mtu }] }),
    );
    expect(summary.flows[0]).toMatchObject({ bytesDelivered: 400_000, rtoCount: 0 });
    return summary.flows[0]!.completionTimeNs!;
  };
  // The window in flight goes again at 10 Mbit/s, and headers are a larger share: less than a second, the least RTO.
  expect(at(1006) - at(1500)).toBeGreaterThan(0);
  expect(at(1006) - at(1500)).toBeLessThan(500e6);
});

test.each([HOSTS[0]!, HOSTS[4]!])('%s: what is sent again names the drop, over the router’s complaint', (_, host) => {
  const world = new World(resolved(path(host, { traffic: [TRANSFER], links: { mid: { mtu: 1006 } } })), {
    causes: true,
  });
  world.run(world.endAt);
  const causes = world.engine.causes!;
  const again = [...causes].find(({ kind, extra }) => kind === CauseKind.send && SEND_REASON_NAMES[extra] === 'mtu')!;
  const chain = [...causes.chain(again.id)].filter(
    ({ kind }) => kind !== CauseKind.transmit && kind !== CauseKind.dma && kind < CauseKind.run,
  );
  const icmp = [...causes.chain(again.id)].find(({ kind }) => kind === CauseKind.icmp);
  expect(icmp).toMatchObject({ detail: 0x304, extra: 1006 });
  expect(
    chain.slice(0, 4).map(({ kind, extra }) => [kind, kind === CauseKind.send ? SEND_REASON_NAMES[extra] : '']),
  ).toEqual([
    [CauseKind.send, 'mtu'],
    [CauseKind.send, 'icmp'],
    [CauseKind.drop, ''],
    [CauseKind.send, 'new'],
  ]);
  // And at one's own interface the drop alone.
  const own = new World(resolved(path(host, { traffic: [TRANSFER], links: { in: { mtu: 700 } } })), { causes: true });
  own.run(own.endAt);
  const first = [...own.engine.causes!].find(
    ({ kind, extra }) => kind === CauseKind.send && SEND_REASON_NAMES[extra] === 'mtu',
  );
  expect([...own.engine.causes!.chain(first!.id)].slice(0, 3).map(({ kind }) => kind)).toEqual([
    CauseKind.send,
    CauseKind.drop,
    CauseKind.send,
  ]);
});

const CLOSED = { id: 'u', kind: 'udp-cbr', from: 'a', to: 'b', rate: '80kbps', size: 100, receiver: false };

test.each(HOSTS)('%s: a closed port is told by the next call, which sends nothing', (_, host) => {
  const { flows, hosts } = runDocument(path(host, { traffic: [CLOSED] }));
  const [{ errors = 0, datagramsSent = 0 }] = flows as [(typeof flows)[number]];
  const { sent } = hosts.find(({ id }) => id === 'b')!.icmp!;
  const { received } = hosts.find(({ id }) => id === 'a')!.icmp!;
  // 100 calls a second and a round trip of 44 ms: of all calls either sends or fails.
  expect(Math.abs(errors + datagramsSent - 300)).toBeLessThanOrEqual(1);
  expect(errors).toBeGreaterThan(100);
  expect(errors).toBeLessThanOrEqual(received);
  expect(received).toBeLessThanOrEqual(sent);
});

test('a host complains 200 times a second at most', () => {
  const { hosts } = runDocument(path({}, { traffic: [{ ...CLOSED, rate: '800kbps', stop: '1s' }] }));
  const { sent, limited } = hosts.find(({ id }) => id === 'b')!.icmp!;
  expect(sent).toBeLessThanOrEqual(400);
  expect(limited).toBeGreaterThan(50);
});

test('a node that cannot be reached is reported; one outside of the network is not', () => {
  const { flows, routers } = runDocument(
    path({}, { traffic: [TRANSFER], changes: [{ at: '1ns', set: '/links/out/up', to: false }] }),
  );
  expect(flows[0]).toMatchObject({ connectionsFailed: 1, bytesDelivered: 0 });
  expect(routers!.some(({ icmpSent }) => icmpSent > 0)).toBe(true);
  const flood = { id: 's', kind: 'syn-flood', from: 'a', to: 'b', port: 5001, syns: 1000 };
  expect(runDocument(path({}, { traffic: [TRANSFER, flood] })).routers).toBeUndefined();
});

const LARGE = { id: 'u', kind: 'udp-cbr', from: 'a', to: 'b', rate: '1Mbps', size: 8000, stop: '2s' };

test.each(HOSTS)('%s: datagrams are cut at the sender and in the middle, and one lost piece loses one', (_, host) => {
  const links = { mid: { mtu: 1006 } };
  const clean = runDocument(path(host, { traffic: [LARGE], links }));
  expect(clean.flows[0]!.datagramsReceived).toBe(clean.flows[0]!.datagramsSent);
  const [flow] = clean.flows;
  // 8,008 bytes are five of 1,480 and a rest; each of the five is two on the way.
  expect(clean.hosts.find(({ id }) => id === 'b')!.fragments!.received).toBe(11 * flow!.datagramsSent!);
  expect(clean.routers!.find(({ id }) => id === 'r1')).toMatchObject({ fragmented: 5 * flow!.datagramsSent! });
  const loss = { model: 'list', drops: [{ flow: 'u', packets: [3, 25] }] };
  const lossy = runDocument(path(host, { traffic: [LARGE], links: { mid: { mtu: 1006, loss } } }));
  expect(lossy.flows[0]!.datagramsReceived).toBe(lossy.flows[0]!.datagramsSent! - 2);
  expect(lossy.hosts.find(({ id }) => id === 'b')!.fragments).toMatchObject({ waiting: 2, timedOut: 0 });
});

test('half a minute later incomplete datagrams are counted as such', () => {
  const loss = { model: 'list', drops: [{ flow: 'u', packets: [3] }] };
  const { hosts } = runDocument({ ...path({}, { traffic: [LARGE], links: { mid: { loss } } }), duration: '40s' });
  expect(hosts.find(({ id }) => id === 'b')!.fragments).toMatchObject({ waiting: 0, timedOut: 1 });
});

const PMP = { kernel: { model: 'pmp' }, machine: { cpus: 4 }, nic: { rings: 4, tso: true } };

test('pmp: pieces are put together on CPU 0, and whole datagrams go to their own', () => {
  const { stacks, flows } = runDocument(path(PMP, { traffic: [LARGE] }));
  const receiver = stacks.find(({ host }) => host === 'b')!;
  const datagrams = flows[0]!.datagramsReceived!;
  // Addresses of a and b differ in the lowest two bits: their CPU is another one.
  expect(receiver.requeued).toBe(datagrams);
  expect(receiver.packetsByCpu[0]).toBe(0);
  expect(receiver.packetsByCpu.reduce((sum, packets) => sum + packets, 0)).toBe(datagrams);
});

test('pmp: an ICMP error is heard by the CPU that owns the connection', () => {
  const traffic = Array.from({ length: 8 }, (_, index) => ({
    ...TRANSFER,
    id: `t${String(index)}`,
    start: index * 1000,
  }));
  const { stacks, flows, hosts } = runDocument(path(PMP, { traffic, links: { mid: { mtu: 1006 } } }));
  for (const flow of flows) expect(flow).toMatchObject({ bytesDelivered: 400_000, pathMtuChanges: 1 });
  const { icmpMoves = 0, icmpRounds } = stacks.find(({ host }) => host === 'a')!;
  const { received } = hosts.find(({ id }) => id === 'a')!.icmp!;
  expect(icmpMoves).toBeGreaterThan(0);
  expect(icmpMoves).toBeLessThanOrEqual(received);
  expect(icmpRounds).toBeUndefined();
});

test.each(HOSTS)('%s: a half-open connection whose peer has gone ends at the third retransmission', (name, host) => {
  // a opens eight connections and is cut off before b's SYN/ACKs get there; r2 knows of no other way.
  const traffic = Array.from({ length: 8 }, (_, index) => ({ ...TRANSFER, id: `t${String(index)}` }));
  const document = {
    ...path(
      { ...host, tcp: { synQueue: 'cache' } },
      { traffic, changes: [{ at: '15ms', set: '/links/in/up', to: false }] },
    ),
    duration: '9s',
  };
  const { hosts, routers, stacks } = runDocument(document);
  const server = hosts.find(({ id }) => id === 'b')!;
  // At 0, 1, 2 and 4 seconds: the last of the errors ends it, four seconds before it would have expired.
  expect(server.synCache).toMatchObject({ added: 8, retransmitted: 24, unreachable: 8, expired: 0, entries: 0 });
  expect(server.icmp).toMatchObject({ received: 32, unmatched: 0 });
  expect(routers).toMatchObject([{ id: 'r2', icmpSent: 32 }]);
  const { icmpMoves = 0, icmpRounds } = stacks.find((stack) => stack.host === 'b') ?? {};
  // Errors come to CPU 0, and are heard by the protocol thread of the CPU that owns what they quote.
  expect(icmpMoves > 0).toBe(name.startsWith('pmp'));
  expect(icmpMoves).toBeLessThanOrEqual(32);
  expect(icmpRounds).toBeUndefined();
});

test('pmp: an error that names nobody its CPU knows goes round all, and a socket that is not connected is not told', () => {
  const kernel = { model: 'pmp', udpConnected: true };
  const stopped = { ...CLOSED, stop: '35ms' };
  const world = worldOf(path({ ...PMP, kernel }, { traffic: [stopped] }));
  world.run(world.endAt);
  const { stacks, hosts, flows } = world.summary('finished', 0);
  const { icmpRounds = 0, datagramRounds } = stacks.find(({ host }) => host === 'a')!;
  const { unmatched } = hosts.find(({ id }) => id === 'a')!.icmp!;
  // Four datagrams were under way when the socket was closed: what is said of them comes back 44 ms after each.
  expect(icmpRounds).toBe(4);
  expect(unmatched).toBe(4);
  expect(datagramRounds).toMatchObject({ binds: 1, detaches: 1 });
  expect(flows[0]!.errors).toBeUndefined();
  const free = runDocument(path({ ...PMP, kernel: { ...kernel, udpConnected: false } }, { traffic: [CLOSED] }));
  expect(free.flows[0]!.errors).toBeUndefined();
  expect(free.hosts.find(({ id }) => id === 'a')!.icmp).toMatchObject({ unmatched: 0 });
});

test('pmp: closing a UDP socket takes a hop per CPU, binding one that is connected does not', () => {
  const rounds = (cpus: number, udpConnected: boolean): { bindNs: number; detachNs: number } =>
    runDocument(
      path(
        { ...PMP, kernel: { model: 'pmp', udpConnected }, machine: { cpus } },
        { traffic: [{ ...LARGE, size: 500, stop: '100ms' }] },
      ),
    ).stacks.find(({ host }) => host === 'a')!.datagramRounds!;
  expect(rounds(16, true).detachNs).toBeGreaterThan(2.5 * rounds(4, true).detachNs);
  expect(rounds(16, true).bindNs).toBeLessThan(1.5 * rounds(4, true).bindNs);
  expect(rounds(16, false).bindNs).toBeGreaterThan(2.5 * rounds(4, false).bindNs);
});

test('pmp: sockets that share a UDP port share its datagrams by their hash, and lose none', () => {
  const clients = Array.from({ length: 12 }, (_, index) => `c${String(index)}`);
  const world = worldOf({
    format: 'odonata-scenario',
    version: 1,
    name: 'group',
    seed: 1,
    duration: '100ms',
    nodes: [
      { id: 'server', kind: 'host', ...PMP, kernel: { model: 'pmp', reusePort: 4 } },
      ...clients.map((id) => ({ id, kind: 'host' })),
    ],
    links: clients.map((id) => ({ id: `l-${id}`, from: id, to: 'server', rate: '100Mbps', delay: '10us' })),
    traffic: clients.map((id) => ({ id, kind: 'udp-cbr', from: id, to: 'server', rate: '1Mbps', size: 100 })),
  });
  world.run(nanos(99e6));
  const flows = world.flows;
  for (const flow of flows) {
    const [sender, ...group] = flow.datagramSockets;
    expect(group).toHaveLength(4);
    // One flow has one hash: all of it is one socket's.
    const received = group.map(({ datagramsReceived }) => datagramsReceived);
    expect(Math.max(...received)).toBeGreaterThan(sender!.datagramsSent - 5);
    expect(received.filter((count) => count > 0)).toHaveLength(1);
  }
  const chosen = flows.map((flow) =>
    flow.datagramSockets.findLastIndex(({ datagramsReceived }) => datagramsReceived > 0),
  );
  expect(new Set(chosen).size).toBeGreaterThan(2);
});

test('no burst carries SACK blocks, nor data that was sent before, while the path shrinks', () => {
  const traffic = [{ ...TRANSFER, exchange: 40_000 }];
  const loss = { model: 'bernoulli', probability: 0.02 };
  const world = worldOf({
    ...path(PMP, { traffic, links: { mid: { loss } }, changes: [{ at: '300ms', set: '/links/mid/mtu', to: 900 }] }),
    duration: '30s',
  });
  let bursts = 0;
  let reports = 0;
  for (const { nic } of world.machines.flatMap(({ nics }) => nics)) {
    const post = nic.post.bind(nic);
    let highest: SeqNum | undefined = undefined;
    nic.post = (packet, ring): void => {
      if (packet.segmentBytes > 0) {
        bursts += 1;
        expect(packet.options & Option.sack).toBe(0);
        expect(packet.payloadBytes % packet.segmentBytes).toBe(0);
        expect(highest === undefined || seqLeq(highest, packet.seq)).toBe(true);
      } else if (packet.payloadBytes > 0 && (packet.options & Option.sack) !== 0) reports += 1;
      const end = seqAdd(packet.seq, packet.payloadBytes);
      if (packet.payloadBytes > 0 && (highest === undefined || seqLt(highest, end))) highest = end;
      post(packet, ring);
    };
  }
  world.run(world.endAt);
  expect(bursts).toBeGreaterThan(20);
  expect(reports).toBeGreaterThan(0);
  const [flow] = world.summary('finished', 0).flows;
  expect(flow!.bytesDelivered).toBe(800_000);
  expect(flow!.pathMtuChanges).toBeGreaterThan(0);
});

test.each([
  ['67', 67, 'is too small'],
  ['65536', 65_536, 'is too large'],
  ['"big"', 'big', 'big'],
])('an MTU of %s is a problem with an example', (_, mtu, message) => {
  const document = path({}, { traffic: [TRANSFER], links: { mid: { mtu } } });
  const checked = checkScenario(document, 'test');
  expect(checked.ok).toBe(false);
  expect(checked.problems[0]).toMatchObject({ pointer: '/links/1/mtu' });
  expect(checked.problems[0]!.message).toContain(message);
  const changed = checkScenario(
    path({}, { traffic: [TRANSFER], changes: [{ at: 1, set: '/links/mid/mtu', to: mtu }] }),
    'test',
  );
  expect(changed.problems[0]).toMatchObject({ pointer: '/changes/0/to' });
});

test('segmentation on a link that is not at the host is a problem', () => {
  const { problems } = checkScenario(
    path({ ...PMP, nic: { tso: true, tsoLinks: ['mid'] } }, { traffic: [TRANSFER] }),
    'test',
  );
  expect(problems[0]).toMatchObject({ pointer: '/nodes/0/nic/tsoLinks', message: 'host "a" has no link "mid"' });
});
