// Experiment 4: what far memory costs a stack that shares its data, and one that has divided it.

import { between, monotone } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';
import { SEGMENT_WRITES, type StackName, STACKS } from '../stack-models';

const SHARED: StackName = 'mutex';
const DIVIDED: StackName = 'pmp, async, pinned';

export const numa: Lab = {
  id: '04-numa',
  experiment: 4,
  title: 'NUMA, not SMP',
  slide: 'NUMA, not SMP',
  topics: ['NUMA', 'network stack'],
  mechanisms: ['cache lines', 'partitioning', 'PMP'],
  question: 'How much slower does a stack get when memory of other sockets gets farther away?',
  expected:
    'One that shares connections, locks and statistics falls with the distance; one that is partitioned hardly.',
  sources: [
    'kernel.md §11: a line from another CPU 139.5 ns, an atomic operation on it 306 ns (McKenney), times the factor per hop',
  ],
  lookFor: 'The share of a packet’s time that goes into lines from elsewhere.',
  factors: [
    { name: 'stack', label: 'Stack', levels: [SHARED, DIVIDED] },
    { name: 'hop', label: 'Factor per hop', unit: '1', levels: [1, 1.5, 2, 3, 5], quick: [1, 2, 4] },
  ],
  measures: [
    { name: 'rate', label: 'Packets', unit: '1/s' },
    { name: 'lines', label: 'Lines from other CPUs per packet', unit: 'count' },
  ],
  replications: { full: 3, quick: 1 },
  chart: { x: 'hop', y: 'rate', lines: ['stack'] },

  measure({ stack, hop }, setting) {
    const run = measureServer(
      {
        cpus: 8,
        machine: { sockets: 4, profile: { base: 'opteron-1800', hopFactor: Number(hop) } },
        kernel: { ...STACKS[stack as StackName], ...SEGMENT_WRITES, zeroCopy: true },
        nic: { rings: 8 },
        links: 2,
        connections: 128,
        durationNs: setting.quick ? 15e6 : 50e6,
      },
      setting,
    );
    return { rate: run.packetsPerSecond, lines: run.misses() / run.packets };
  },

  checks(table) {
    const rates = (stack: StackName): { x: number; y: number }[] => table.over('rate', 'hop', { stack });
    const fall = (stack: StackName): number => rates(stack).at(-1)!.y / rates(stack)[0]!.y;
    return [
      monotone('the shared stack falls with the distance', rates(SHARED), 'down', 0.02, '1/s'),
      between('what is left of the partitioned stack’s rate', fall(DIVIDED), 0.85, 1.15),
      between('what is left of the shared one’s over that', fall(SHARED) / fall(DIVIDED), 0, 0.8),
    ];
  },
};
