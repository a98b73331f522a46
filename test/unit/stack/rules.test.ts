// Rules of the parallel stack that hold in every run (kernel.md §6, §9, §13), each with a small run that would show its absence: the
// mutation tests switch them off one by one.

import { afterEach, expect, test, vi } from 'vitest';
import { type FlowId, nanos } from '../../../core/base';
import { type FaultPlace } from '../../../core/kernel';
import { isRetransmission, Option, type Packet } from '../../../core/packet';
import { Host, PlacedStack, type Program, TcpSocket } from '../../../core/stack';
import type { World } from '../../../core/world';
import { worldOf } from '../../worlds';

afterEach(() => {
  vi.restoreAllMocks();
});

interface Wishes {
  readonly kernel?: object;
  readonly nic?: object;
  readonly tcp?: object;
  readonly cpus?: number;
  readonly traffic?: readonly object[];
  readonly changes?: readonly object[];
  /** Of packets each way; of those that m sends, if that differs. */
  readonly loss?: number;
  readonly lossFrom?: number;
  readonly duration?: string;
}

const transfer = (id: string, from: string, to: string, size = 60_000): object => ({
  id,
  kind: 'transfer',
  from,
  to,
  size,
});

/** Host m has the machine, p and q have none; eight transfers each way if nothing else is said. */
function world(wishes: Wishes = {}): World {
  const { kernel, nic, tcp, cpus = 4, loss = 0, duration = '60ms' } = wishes;
  const traffic =
    wishes.traffic ??
    Array.from({ length: 16 }, (_, index) =>
      index % 2 === 0 ? transfer(`t${String(index)}`, 'm', 'p') : transfer(`t${String(index)}`, 'p', 'm'),
    );
  return worldOf({
    format: 'odonata-scenario',
    version: 1,
    name: 'Rules',
    seed: 3,
    duration,
    defaults: { tcp: { sack: true, nagle: false, rtoMin: '200ms', ephemeralPorts: 'random', ...tcp } },
    nodes: [
      { id: 'm', kind: 'host', machine: { cpus }, kernel: { model: 'pmp', ...kernel }, nic: { rings: cpus, ...nic } },
      { id: 'p', kind: 'host' },
      { id: 'q', kind: 'host' },
    ],
    links: ['p', 'q'].map((to) => ({
      id: to,
      from: 'm',
      to,
      rate: '1Gbps',
      delay: '50us',
      queue: { discipline: 'droptail', limit: '500p' },
      loss: { model: 'bernoulli', probability: wishes.lossFrom ?? loss },
      reverse: { loss: { model: 'bernoulli', probability: loss } },
    })),
    traffic,
    changes: wishes.changes ?? [],
    probes: [],
  });
}

function runs(wishes: Wishes = {}, prepare: (built: World) => void = () => undefined): ReturnType<World['summary']> {
  const built = world(wishes);
  prepare(built);
  built.run(built.endAt);
  return built.summary('finished', 0);
}

/** Runs with one fault at the first opportunity. */
function suffers(place: FaultPlace, wishes: Wishes = {}): () => ReturnType<World['summary']> {
  return () => {
    const built = world(wishes);
    let isDue = true;
    built.machines[0]!.kernel.faults = {
      strikes(asked) {
        const isIt = isDue && asked === place;
        if (isIt) isDue = false;
        return isIt;
      },
    };
    built.run(built.endAt);
    return built.summary('finished', 0);
  };
}

/** What m sends, as IP gets it: bursts are not cut yet. */
function sentBy(
  wishes: Wishes,
  see: (packet: Packet, socket: TcpSocket | undefined) => void,
  prepare?: (built: World) => void,
): void {
  const transmit = Host.prototype.transmit;
  vi.spyOn(Host.prototype, 'transmit').mockImplementation(function (this: Host, packet, reason, socket, partition) {
    if (this.placement !== undefined) {
      packet.reason = reason;
      see(packet, socket instanceof TcpSocket ? socket : undefined);
    }
    return transmit.call(this, packet, reason, socket, partition);
  });
  runs(wishes, prepare);
}

const allDelivered = ({ flows }: ReturnType<World['summary']>): boolean =>
  flows.every(({ bytesDelivered }) => bytesDelivered === 60_000);

// §13.2, §13.7, §13.8, §5: what goes wrong is noticed

const CHANGES = { changes: [{ at: '2ms', set: '/links/q/delay', to: '60us' }] };

test.each<[string, FaultPlace, Wishes]>([
  ['K13.7', 'owner', {}],
  ['K13.8 a ring message visits', 'ring', CHANGES],
  ['K13.8 a ring message was answered', 'replica', CHANGES],
  ['K13.2', 'put', {}],
  ['K5', 'interrupt', { cpus: 2 }],
])('%s notices that "%s" fails', (rule, place, wishes) => {
  expect(suffers(place, wishes)).toThrow(rule);
});

test('a frame on the wrong CPU is passed on to its owner', () => {
  const summary = suffers('classify')();
  expect(summary.stacks[0]!.requeued).toBe(1);
  expect(allDelivered(summary)).toBe(true);
});

// §6: who does what where

test('a connection that is opened moves to the CPU of its flow first', () => {
  const summary = runs({ traffic: Array.from({ length: 8 }, (_, index) => transfer(`t${String(index)}`, 'm', 'p')) });
  expect(allDelivered(summary)).toBe(true);
  expect(summary.stacks[0]!.connectMoves).toBeGreaterThan(2);
});

test('the ACKs of a batch are one for each connection, and go out', () => {
  const summary = runs({
    traffic: [transfer('t', 'p', 'm')],
    nic: { interruptRate: 6000 },
    tcp: { delayedAck: false },
  });
  const { rolledUpAcks, gatheredAcks } = summary.stacks[0]!.batches.reduce((most, batch) =>
    batch.gatheredAcks > most.gatheredAcks ? batch : most,
  );
  expect(rolledUpAcks).toBeGreaterThan(3);
  expect(gatheredAcks).toBeGreaterThan(2 * rolledUpAcks);
  expect(allDelivered(summary)).toBe(true);
});

test('a batch has an end', () => {
  const { batches } = runs({ kernel: { batch: 3 }, cpus: 1 }).stacks[0]!;
  expect(Math.max(...batches.map(({ batchMax }) => batchMax))).toBe(3);
});

test('after four segments a connection lets others have their turn', () => {
  let inStep = 0;
  let most = 0;
  const enter = PlacedStack.prototype.enter;
  vi.spyOn(PlacedStack.prototype, 'enter').mockImplementation(function (this: PlacedStack, runner) {
    inStep = 0;
    enter.call(this, runner);
  });
  sentBy({ tcp: { initialWindow: 'iw10' }, kernel: { fairSend: 4 } }, ({ payloadBytes }) => {
    inStep += payloadBytes > 0 ? 1 : 0;
    most = Math.max(most, inStep);
  });
  expect(most).toBe(4);
});

test('behind a barrier nobody works on packets, whatever comes', () => {
  const standstillNs = (stops: boolean): number => {
    const built = world({ duration: '6ms', nic: { interruptRate: 50_000 } });
    const { stack, kernel } = built.machines[0]!;
    const worked = (): number => stack!.counters.packetsByCpu.reduce((sum, packets) => sum + packets, 0);
    kernel.start('stopper', function* (k) {
      yield k.sleep(1_500_000);
      if (stops) yield* stack!.rounds.barrier(k, 700_000);
    });
    let longest = 0;
    let [since, before] = [1_000_000, -1];
    for (let at = 1_000_000; at <= 3_500_000; at += 10_000) {
      built.run(nanos(at));
      if (worked() !== before) [since, before] = [at, worked()];
      longest = Math.max(longest, at - since);
    }
    return longest;
  };
  expect(standstillNs(true)).toBeGreaterThanOrEqual(690_000);
  expect(standstillNs(false)).toBeLessThan(400_000);
});

test('partitions count for themselves: no line of statistics comes from another CPU', () => {
  expect(runs().stacks[0]!.transfers['statistics']).toBe(0);
  expect(runs({ kernel: { model: 'mutex' } }).stacks[0]!.transfers['statistics']).toBeGreaterThan(0);
});

test('each CPU has its copy of the routes', () => {
  expect(runs().stacks[0]!.transfers['route']).toBe(0);
  expect(runs({ kernel: { model: 'mutex' } }).stacks[0]!.transfers['route']).toBeGreaterThan(0);
});

test('checksums that no NIC computes are computed, byte by byte', () => {
  const spent = (checksum: boolean): number => {
    const { stacks, flows } = runs({ nic: { checksum }, traffic: [transfer('t', 'p', 'm')] });
    expect(flows[0]!.bytesDelivered).toBe(60_000);
    return stacks[0]!.spentNs['checksum']!;
  };
  expect(spent(true)).toBe(0);
  expect(spent(false)).toBeGreaterThanOrEqual(60_000 * 0.4);
});

// §9.1, §13.11: bursts

const TSO = { nic: { tso: true }, cpus: 2, tcp: { sendBuffer: '256KiB', receiveBuffer: '256KiB' } };

test('a burst is of whole segments, never more than the windows, never sent again', () => {
  let bursts = 0;
  let again = 0;
  const traffic = [transfer('t', 'm', 'p', 4_000_000)];
  // All that is under way is lost, and goes out again after a timeout, two segments for each ACK.
  const changes = [
    { at: '10ms', set: '/links/p/up', to: false },
    { at: '150ms', set: '/links/p/up', to: true },
  ];
  const tcp = { ...TSO.tcp, sack: false };
  sentBy({ ...TSO, tcp, traffic, changes, duration: '600ms' }, ({ segmentBytes, payloadBytes, reason }, socket) => {
    again += isRetransmission(reason) ? 1 : 0;
    if (segmentBytes === 0) return;
    bursts += 1;
    expect(payloadBytes % segmentBytes).toBe(0);
    expect(payloadBytes).toBeGreaterThanOrEqual(2 * segmentBytes);
    expect(payloadBytes).toBeLessThanOrEqual(socket!.connection.cwnd);
    expect(isRetransmission(reason)).toBe(false);
  });
  expect(bursts).toBeGreaterThan(10);
  expect(again).toBeGreaterThan(10);
});

/** A connection on which both ends write and read at once. */
function bothWays(built: World): void {
  function* program(): Program {
    for (let round = 0; round < 30; round += 1) {
      yield { verb: 'write', bytes: 60_000 };
      yield { verb: 'read', bytes: 60_000 };
    }
  }
  const [m, p] = [built.host('m'), built.host('p')];
  m.listen(80, 0 as FlowId, () => m.application(program(), () => undefined));
  p.connect(
    m.id,
    80,
    0 as FlowId,
    p.application(program(), () => undefined),
  );
}

test('no burst goes out while SACK blocks are to be reported', () => {
  let bursts = 0;
  let reports = 0;
  sentBy(
    { ...TSO, traffic: [], loss: 0.02, lossFrom: 0, duration: '1s' },
    ({ segmentBytes, payloadBytes, options }) => {
      const isReport = (options & Option.sack) !== 0 && payloadBytes > 0;
      if (isReport) reports += 1;
      if (segmentBytes === 0) return;
      bursts += 1;
      expect(isReport).toBe(false);
    },
    bothWays,
  );
  expect(bursts).toBeGreaterThan(10);
  expect(reports).toBeGreaterThan(0);
});
