// Paths whose links carry packets of different sizes, and change their minds: whatever the stack, TCP delivers every byte, and of UDP
// arrives what is whole and nothing else (RFC 791, RFC 1191).

import { expect, test } from 'vitest';
import { RandomStream } from '../../core/engine';
import type { RunSummary } from '../../core/measure';
import { runDocument } from '../worlds';

/** More by hand: ODONATA_CASES=500. */
const CASES = Number(process.env['ODONATA_CASES'] ?? 16);

const KERNELS: readonly (object | undefined)[] = [
  undefined,
  { model: 'pmp' },
  { model: 'pmp', protocolThreads: 'three', hash: 'xor', sends: 'sync', udpConnected: false },
  { model: 'pmp', classification: 'none', udpSends: 'direct' },
  { model: 'giant' },
  { model: 'mutex', tableLock: 'lookup' },
  { model: 'grouplock', groups: 4 },
];

interface Drawn {
  readonly document: unknown;
  readonly sizes: readonly number[];
  readonly payloadBytes: readonly number[];
  readonly isClean: boolean;
}

function draw(random: RandomStream): Drawn {
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)]!;
  const sack = random.chance(0.7);
  // An acknowledgement with three SACK blocks has 80 bytes, and nobody believes complaints about what is not outstanding (RFC 5927 §4.1).
  const mtu = (): number => pick([sack ? 80 : 68, 200, 296, 576, 1006, 1492, 1500, 9000]);
  const kernel = pick(KERNELS);
  const host =
    kernel === undefined
      ? {}
      : { kernel, machine: { cpus: pick([1, 2, 4]) }, nic: { tso: random.chance(0.5), rings: pick([1, 4]) } };
  const isClean = random.chance(0.5);
  const faults = isClean
    ? {}
    : {
        loss: { model: 'bernoulli', probability: pick([0.01, 0.03]) },
        duplicate: { probability: pick([0, 0.05]) },
        reorder: { probability: pick([0, 0.1]), delay: '3ms' },
      };
  const link = { rate: '50Mbps', delay: '1ms', queue: { discipline: 'droptail', limit: '100000p' } };
  const sizes = [1 + random.integer(100_000), 1 + random.integer(30_000)];
  const payloadBytes = Array.from({ length: 3 }, () => 200 + random.integer(pick([1000, 3000, 20_000, 65_000])));
  const document = {
    format: 'odonata-scenario',
    version: 1,
    name: 'Path',
    seed: 1 + random.integer(1000),
    duration: '400s',
    defaults: {
      tcp: { sack, timestamps: random.chance(0.7), mss: pick([536, 1460, 8960]), rtoMin: '200ms' },
    },
    nodes: [
      { id: 'a', kind: 'host', ...host },
      { id: 'b', kind: 'host', ...host },
      { id: 'r', kind: 'router' },
      { id: 's', kind: 'router' },
    ],
    links: [
      { id: 'in', from: 'a', to: 'r', ...link, mtu: mtu() },
      { id: 'mid', from: 'r', to: 's', ...link, ...faults, mtu: mtu(), reverse: { mtu: mtu() } },
      { id: 'out', from: 's', to: 'b', ...link, mtu: mtu() },
    ],
    traffic: [
      { id: 't0', kind: 'transfer', from: 'a', to: 'b', size: sizes[0] },
      { id: 't1', kind: 'transfer', from: 'b', to: 'a', size: sizes[1], start: '1ms', exchange: 5000 },
      ...payloadBytes.map((size, index) => ({
        id: `u${String(index)}`,
        kind: 'udp-poisson',
        from: index === 1 ? 'b' : 'a',
        to: index === 1 ? 'a' : 'b',
        size,
        rate: '2Mbps',
        stop: '200ms',
      })),
    ],
    changes: Array.from({ length: random.integer(4) }, () => ({
      at: random.integer(100_000_000),
      set: `/links/${pick(['in', 'mid', 'out'])}${pick(['', '/reverse'])}/mtu`,
      to: mtu(),
    })),
    probes: [],
  };
  return { document, sizes, payloadBytes, isClean };
}

function check({ flows, hosts, links, nics }: RunSummary, { sizes, payloadBytes, isClean: hasNoFaults }: Drawn): void {
  const isClean = hasNoFaults && nics.every(({ receiveDrops, sendDrops }) => receiveDrops + sendDrops === 0);
  expect(flows[0]!.bytesDelivered).toBe(sizes[0]);
  expect(flows[1]!.bytesDelivered).toBe(2 * sizes[1]!);
  for (const [index, flow] of flows.slice(2).entries()) {
    const received = flow.datagramsReceived!;
    // Whole datagrams only; a link that duplicates may make two of one that is not cut.
    expect(flow.bytesDelivered).toBe(received * payloadBytes[index]!);
    if (isClean) expect(received).toBe(flow.datagramsSent);
  }
  if (!isClean) return;
  for (const { fragments } of hosts)
    expect(fragments ?? { duplicates: 0, mixed: 0, timedOut: 0, waiting: 0 }).toMatchObject({
      duplicates: 0,
      mixed: 0,
      timedOut: 0,
      waiting: 0,
    });
  for (const { dropsByReason } of links) expect(dropsByReason).toMatchObject({ queue: 0, loss: 0, down: 0 });
}

test(
  'whatever the links carry, TCP delivers all, and datagrams arrive whole or not at all',
  { timeout: 600_000 },
  () => {
    const random = new RandomStream(91, 1);
    for (let i = 0; i < CASES; i += 1) {
      const drawn = draw(random);
      try {
        check(runDocument(drawn.document), drawn);
      } catch (error) {
        throw new Error(`case ${String(i)}: ${JSON.stringify(drawn)}`, { cause: error });
      }
    }
  },
);
