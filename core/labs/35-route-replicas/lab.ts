// Experiment 35: each CPU has its own copy of the routes. Looking up is free of others; a change has to go round.

import { between, monotone, near } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';
import { type StackName, STACKS } from '../stack-models';

const SHARED: StackName = 'mutex';
const REPLICATED: StackName = 'pmp, async, pinned';

export const routeReplicas: Lab = {
  id: '35-route-replicas',
  experiment: 35,
  title: 'Replicated routes',
  slide: 'Parallel networking: partitioning and replication',
  topics: ['network stack', 'replication'],
  mechanisms: ['replication', 'routing table', 'IPI'],
  question: 'What do copies of the route table save each packet, and what do they cost each change?',
  expected:
    'A lookup takes no line from another CPU, however many there are. A change takes a message per CPU, and for that long the copies differ.',
  sources: ['kernel.md §6.7: ring message, the replicas differ for N-1 hops', 'kernel.md §6.1'],
  lookFor: 'Shared routes cost each packet a line; copies cost each change a round.',
  factors: [
    { name: 'stack', label: 'Stack', levels: [SHARED, REPLICATED] },
    { name: 'cpus', label: 'CPUs', unit: '1', levels: [2, 4, 8, 16, 32], quick: [2, 4, 16] },
    { name: 'changes', label: 'Changes a second', unit: '1/s', levels: [500, 5000], quick: [2000] },
  ],
  measures: [
    { name: 'lines', label: 'Route lines per packet', unit: 'count' },
    { name: 'update', label: 'Time of a change', unit: 'ns' },
    { name: 'diverged', label: 'Time that copies differ', unit: 'ns' },
  ],
  replications: { full: 2, quick: 1 },
  chart: { x: 'cpus', y: 'diverged', lines: ['stack'] },

  measure({ stack, cpus, changes }, setting) {
    const durationNs = setting.quick ? 20e6 : 50e6;
    const count = Math.floor((Number(changes) * durationNs) / 1e9);
    const run = measureServer(
      {
        cpus: Number(cpus),
        kernel: { ...STACKS[stack as StackName], zeroCopy: true },
        nic: { rings: cpus },
        links: 2,
        rateBps: 2e9,
        connections: 64,
        // The routes are computed anew whenever a link changes; nothing else does.
        changes: Array.from({ length: count }, (_, index) => ({
          at: Math.floor(((index + 0.5) * durationNs) / count),
          set: '/links/link1/delay',
          to: 20_000 + (index % 2),
        })),
        durationNs,
      },
      setting,
    );
    const { routeChanges, routeChangeNs, divergedNs } = run.after.stacks[0]!.rounds;
    return {
      lines: run.misses('route') / run.packets,
      update: routeChangeNs / routeChanges,
      diverged: divergedNs / routeChanges,
    };
  },

  checks(table) {
    const changes = table.rows[0]!.point['changes']!;
    const diverged = table.over('diverged', 'cpus', { stack: REPLICATED, changes });
    const lines = (stack: StackName, cpus: number): number => table.at('lines', { stack, cpus, changes });
    return [
      monotone('copies differ for longer with more CPUs', diverged, 'up', 0, 'ns'),
      between(
        'time that copies differ, 16 CPUs over 4, per hop',
        diverged.find(({ x }) => x === 16)!.y / 15 / (diverged.find(({ x }) => x === 4)!.y / 3),
        0.2,
        2,
      ),
      between('route lines per packet, copies, 16 CPUs', lines(REPLICATED, 16), 0, 0.05),
      between('route lines per packet, shared, 16 CPUs', lines(SHARED, 16), 0.1, 2),
      near(
        'time that a shared table differs from itself',
        table.at('diverged', { stack: SHARED, cpus: 16, changes }),
        0,
        0,
      ),
    ];
  },
};
