// The probes of network stacks on CPUs: what a scenario is judged by is what a world has, and the figures are those of the summary.

import { expect, test } from 'vitest';
import { nanos } from '../../../core/base';
import { stackMembers } from '../../../core/scenario';
import type { World } from '../../../core/world';
import { resolved, worldOf } from '../../worlds';

function scenario(kernel: object, rings: number): unknown {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'Probes',
    seed: 1,
    duration: '100ms',
    nodes: [
      { id: 'a', kind: 'host', machine: { cpus: 6 }, kernel, nic: { rings, tso: true } },
      { id: 'b', kind: 'host' },
    ],
    links: [
      { id: 'ab', from: 'a', to: 'b', rate: '1Gbps', delay: '20us', queue: { discipline: 'droptail', limit: '100p' } },
    ],
    traffic: [{ id: 'f', kind: 'bulk', from: 'a', to: 'b' }],
    probes: ['nic/a/ab/*', 'bus/*/bus-busy', 'stack/a/lines', 'thread/a/*/busy'],
  };
}

const KERNELS: readonly (readonly [string, object, number])[] = [
  ['giant', { model: 'giant' }, 1],
  ['mutex', { model: 'mutex' }, 1],
  ['grouplock', { model: 'grouplock' }, 2],
  ['pmp', { model: 'pmp' }, 6],
  ['pmp of 2004', { model: 'pmp', protocolThreads: 'three', hash: 'xor' }, 1],
];

test.each(KERNELS)('threads and locks of %s are called as the scenario is judged by', (_name, kernel, rings) => {
  const document = scenario(kernel, rings);
  const { nodes } = resolved(document);
  const node = nodes[0]!;
  if (node.kind !== 'host' || node.stack === undefined) throw new Error('the stack is ideal');
  const members = stackMembers([{ host: 'a', cpus: 6, stack: node.stack, nic: node.nic, links: ['ab'] }]);
  const { kernel: built } = worldOf(document).machines[0]!;
  const named = (names: readonly { name: string }[]): Set<string> => new Set(names.map(({ name }) => `a/${name}`));
  expect([...named(built.threads)]).toEqual(expect.arrayContaining(members.thread));
  expect([...named(built.locks)]).toEqual(expect.arrayContaining(members.sync));
});

test('what probes of interfaces, bus and stack tell adds up to what the summary says', () => {
  const world = worldOf(scenario({ model: 'pmp' }, 2));
  world.run(world.endAt);
  world.finishSeries();
  const summary = world.summary('finished', 0);
  const series = (name: string): { times: readonly number[]; values: readonly number[] } => {
    const { times, values, length } = world.series.find((one) => one.name === name)!;
    return { times: [...times.slice(0, length)], values: [...values.slice(0, length)] };
  };
  /** A rate summed over its intervals. */
  const total = (name: string): number => {
    const { times, values } = series(name);
    return values.reduce((sum, value, index) => sum + (value * (times[index]! - (times[index - 1] ?? 0))) / 1e9, 0);
  };
  const nic = summary.nics[0]!;
  const { transfers, fills, lineTransfers, bus } = summary.stacks[0]!;
  const lines = [...Object.values(transfers), ...Object.values(fills), lineTransfers].reduce((a, b) => a + b, 0);
  expect(nic.tsoBursts).toBeGreaterThan(10);
  for (const [probe, figure] of [
    ['nic/a/ab/frames-out', nic.framesSent],
    ['nic/a/ab/dma', nic.dmaTransactions],
    ['nic/a/ab/segments', nic.tsoSegments],
    ['bus/a/bus-busy', bus.busyNs / 1e9],
    ['stack/a/lines', lines],
  ] as const) {
    expect(total(probe) / figure, probe).toBeGreaterThan(0.97);
    expect(total(probe) / figure, probe).toBeLessThan(1.03);
  }
  expect(Math.max(...series('nic/a/ab/ring').values)).toBeGreaterThan(0);
});

test('what is recorded does not depend on who looks, or when', () => {
  const document = {
    ...(scenario({ model: 'mutex' }, 1) as object),
    probes: ['flow/f/*', 'link/ab/*', 'cpu/a/*/*', 'thread/a/*/*', 'sync/a/*/*', 'nic/a/ab/*', 'bus/*/*', 'stack/a/*'],
  };
  const alone = worldOf(document);
  alone.run(alone.endAt);
  alone.finishSeries();
  const watched = worldOf(document);
  watched.listen('cpu/a/0/runnable', () => undefined);
  for (let at = 0; at < watched.endAt; at += 137_911) {
    watched.run(nanos(Math.min(at, watched.endAt)));
    watched.settle();
    watched.machineState();
  }
  watched.run(watched.endAt);
  watched.finishSeries();
  for (const series of alone.series) {
    const other = watched.series.find(({ name }) => name === series.name)!;
    expect([series.name, ...contentOf(other)]).toEqual([series.name, ...contentOf(series)]);
  }
  expect(watched.summary('finished', 0)).toEqual(alone.summary('finished', 0));
});

function contentOf({ times, values, length }: (typeof World.prototype.series)[number]): number[] {
  return [...times.slice(0, length), ...values.slice(0, length)];
}
