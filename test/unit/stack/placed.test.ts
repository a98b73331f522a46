// What the stack of a machine does with memory, full queues and the lock of the connection table (kernel.md §6.9, §9.1, §10).

import { expect, test } from 'vitest';
import { nanos, seqAdd, seqNum } from '../../../core/base';
import { Machine, PROFILES } from '../../../core/machine';
import { Flag, Packet } from '../../../core/packet';
import { Bill } from '../../../core/stack/placed/bill';
import { MbufCache } from '../../../core/stack/placed/mbufs';
import { Stage, StageTimes } from '../../../core/stack/placed/stage';
import type { TcpSocket } from '../../../core/stack';
import { isPredicted, TcpState } from '../../../core/tcp';
import type { RunSummary } from '../../../core/measure';
import { worldOf } from '../../worlds';

const profile = PROFILES['opteron-1800'];

function scenario(kernel: object, nic: object, flows: number, size: string): unknown {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'Placed',
    seed: 1,
    duration: '2s',
    nodes: [
      { id: 'a', kind: 'host', machine: { cpus: 4 }, kernel, nic },
      { id: 'b', kind: 'host' },
    ],
    links: [
      {
        id: 'ab',
        from: 'a',
        to: 'b',
        rate: '100Mbps',
        delay: '100us',
        queue: { discipline: 'droptail', limit: '100p' },
      },
    ],
    traffic: Array.from({ length: flows }, (_, index) => ({
      id: `f${String(index)}`,
      kind: 'transfer',
      from: 'a',
      to: 'b',
      size,
    })),
    probes: [],
  };
}

function run(document: unknown): RunSummary {
  const world = worldOf(document);
  world.run(world.endAt);
  return world.summary('finished', 0);
}

test('an mbuf that its CPU has freed last is there; one that another CPU has freed comes from it', () => {
  const machine = new Machine(profile, 2);
  const spent = new StageTimes();
  const bill = new Bill(machine, spent, undefined);
  const cache = new MbufCache(machine);
  const costOf = (work: () => void): number => {
    const before = spent.of(Stage.memory);
    work();
    return spent.of(Stage.memory) - before;
  };
  const mbuf = cache.take(bill, 3);
  cache.give(bill, mbuf);
  expect(costOf(() => cache.take(bill, 3))).toBe(0);
  // CPU 0 allocates more than a magazine, CPU 1 frees all of it: some come back over the depot, written by CPU 1 last.
  const taken = Array.from({ length: 300 }, () => cache.take(bill, 3));
  bill.cpu = 1;
  for (const one of taken) cache.give(bill, one);
  bill.cpu = 0;
  machine.misses.mbuf.transfers = 0;
  for (let i = 0; i < 300; i += 1) cache.take(bill, 3);
  expect(machine.misses.mbuf.transfers).toBeGreaterThan(3 * 50);
});

test('when the interface’s queue is full TCP begins its window anew, and loses nothing', () => {
  const { nics, flows } = run(scenario({ model: 'mutex' }, { ringEntries: 64 }, 12, '200kB'));
  const nic = nics.find(({ host }) => host === 'a')!;
  expect(nic.queueFull).toBeGreaterThan(0);
  for (const flow of flows) {
    expect(flow.bytesDelivered).toBe(200_000);
    // What was refused was never sent: it does not have to be sent again.
    expect(flow.retransmits).toBe(0);
  }
  expect(nic.sendDrops).toBe(0);
});

test('the lock of the table is given back before output; while it is held nobody else has it', () => {
  const heldNs = (tableLock: string): { table: number; connections: number } => {
    const { kernels } = run(scenario({ model: 'mutex', tableLock }, {}, 1, '1MB'));
    const of = (name: string): number => kernels[0]!.locks.find((lock) => lock.name === name)!.heldNs;
    return { table: of('connection table'), connections: of('connections') };
  };
  const held = heldNs('held');
  const lookup = heldNs('lookup');
  expect(held.table).toBeGreaterThan(2 * lookup.table);
  // A megabyte is 691 segments, each of which is output: with the connection's lock, without the table's.
  expect(held.connections - held.table).toBeGreaterThan(0.8 * 691 * (profile.tcpOutputNs + profile.ipOutputNs));
});

test('the next segment of a transfer in one direction is predicted, anything else is not', () => {
  const world = worldOf(scenario({ model: 'pmp' }, {}, 1, '1MB'));
  const stack = world.machines[0]!.stack!;
  const sockets = new Set<TcpSocket>();
  const input = stack.input.bind(stack);
  stack.input = (packet, socket): void => {
    if (socket !== undefined) sockets.add(socket);
    input(packet, socket);
  };
  world.run(nanos(20_000_000));
  const { connection } = [...sockets][0]!;
  expect(connection.state).toBe(TcpState.established);
  connection.congestion.setWindow(connection.sndWnd);
  const ack = (change: (packet: Packet) => void = () => undefined): boolean => {
    const packet = new Packet();
    packet.flags = Flag.ack;
    packet.seq = connection.rcvNxt;
    packet.ack = seqAdd(connection.sndUna, 1);
    packet.window = connection.sndWnd >>> connection.sndScale;
    change(packet);
    return isPredicted(connection, packet);
  };
  expect(connection.inflight).toBeGreaterThan(0);
  expect(ack()).toBe(true);
  expect(ack((packet) => (packet.window += 1))).toBe(false);
  expect(ack((packet) => (packet.flags |= Flag.fin))).toBe(false);
  expect(ack((packet) => (packet.seq = seqNum(0)))).toBe(false);
  expect(ack((packet) => (packet.ack = connection.sndUna))).toBe(false);
  expect(ack((packet) => (packet.ack = seqAdd(connection.sndMax, 1)))).toBe(false);
});

test('sending goes on while the interrupt is busy with what comes in: who sends takes descriptors back, too', () => {
  const kernel = { model: 'mutex', tableLock: 'lookup', sendLowWater: 170_000 };
  const document = scenario(kernel, { interruptRate: 6000 }, 0, '1B') as { nodes: object[]; links: object[] };
  const buffers = { sendBuffer: '512KiB', receiveBuffer: '1MiB' };
  const { flows } = run({
    ...document,
    duration: '150ms',
    defaults: { tcp: { sack: true, initialWindow: 'iw10', ephemeralPorts: 'random', ...buffers } },
    nodes: [{ ...document.nodes[0], machine: { cpus: 2, profile: 'pentium3-smp' } }, document.nodes[1]],
    links: [{ ...document.links[0], rate: '1Gbps', delay: '20us', queue: { discipline: 'droptail', limit: '1000p' } }],
    traffic: [0, 1, 2, 3].flatMap((n) => [
      { id: `out${String(n)}`, kind: 'bulk', from: 'a', to: 'b', start: n * 7_500_000 },
      { id: `in${String(n)}`, kind: 'bulk', from: 'b', to: 'a', start: 1000 },
    ]),
  });
  const delivered = (direction: string): number =>
    flows.filter(({ id }) => id.startsWith(direction)).reduce((sum, { bytesDelivered }) => sum + bytesDelivered, 0);
  // 150 ms of a gigabit are 18 MB. Where only the interrupt takes descriptors back, about 2 MB get out.
  expect(delivered('in')).toBeGreaterThan(5e6);
  expect(delivered('out')).toBeGreaterThan(5e6);
});
