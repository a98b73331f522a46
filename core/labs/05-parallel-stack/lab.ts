// Experiment 5: the talk's claim. The same traffic and the same protocol code under four placements, from one CPU to 32.

import { between } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';
import { type StackName, STACKS } from '../stack-models';

const MODELS: readonly StackName[] = ['giant', 'mutex, table held', 'group locks', 'pmp, async, pinned'];

export const parallelStack: Lab = {
  id: '05-parallel-stack',
  experiment: 5,
  title: 'Contention-free parallel processing',
  slide: 'Contention-free parallel multiprocessing of the network stack',
  topics: ['network stack', 'concurrency models'],
  mechanisms: ['giant lock', 'mutex', 'group locks', 'PMP'],
  question:
    'How many packets does a stack handle with more CPUs, under one lock, fine locks, group locks and partitions?',
  expected:
    'One lock: flat. A lock on the connection table: a ceiling at one over the time it is held. Partitions: near the number of CPUs times the balance of the hash.',
  sources: [
    'kernel.md §10, ceilings',
    'Willmann, Rixner, Cox, An Evaluation of Network Stack Parallelization Strategies in Modern Operating Systems, USENIX 2006',
  ],
  lookFor:
    'Where the curves bend: each at what it holds for the whole machine. Partitions can gain more than CPUs: each has a cache for its connections alone.',
  factors: [
    { name: 'stack', label: 'Stack', levels: MODELS },
    { name: 'cpus', label: 'CPUs', unit: '1', levels: [1, 2, 4, 8, 16, 32, 64], quick: [1, 4, 16] },
  ],
  measures: [
    { name: 'rate', label: 'Packets', unit: '1/s' },
    { name: 'contention', label: 'Lock requests that wait', unit: '1' },
    { name: 'lines', label: 'Cache lines per packet', unit: 'count' },
    { name: 'imbalance', label: 'Largest over mean load', unit: '1' },
  ],
  replications: { full: 2, quick: 1 },
  chart: { x: 'cpus', log: true, y: 'rate', lines: ['stack'] },

  measure({ stack, cpus }, setting) {
    const run = measureServer(
      {
        cpus: Number(cpus),
        kernel: { ...STACKS[stack as StackName], zeroCopy: true },
        nic: { rings: Math.min(16, Number(cpus)) },
        links: 8,
        rateBps: 40e9,
        connections: 256,
        durationNs: setting.quick ? 10e6 : 20e6,
      },
      setting,
    );
    const locks = ['big lock', 'connection table', 'connection groups'].map((name) => run.lockContention(name));
    return {
      rate: run.packetsPerSecond,
      contention: Math.max(...locks),
      lines: run.misses() / run.packets,
      imbalance: run.imbalance,
    };
  },

  checks(table) {
    const rate = (stack: StackName, cpus: number): number => table.at('rate', { stack, cpus });
    const gain = (stack: StackName): number => rate(stack, 16) / rate(stack, 1);
    const [giant, mutex, groups, pmp] = MODELS as [StackName, StackName, StackName, StackName];
    const balanced = 16 / table.at('imbalance', { stack: pmp, cpus: 16 });
    return [
      between('16 CPUs over one, one lock', gain(giant), 0, 1.5),
      between(
        'requests for the table’s lock that wait, 16 CPUs',
        table.at('contention', { stack: mutex, cpus: 16 }),
        0.8,
        1,
      ),
      between('16 CPUs over one, lock on the table', gain(mutex), 0, 3),
      between(
        '16 CPUs over one, partitions, over what the balance of the hash allows',
        gain(pmp) / balanced,
        0.6,
        1.35,
      ),
      between('partitions over group locks, 16 CPUs', rate(pmp, 16) / rate(groups, 16), 1, Infinity),
      between('group locks over the table’s lock, 16 CPUs', rate(groups, 16) / rate(mutex, 16), 2, Infinity),
      between('lock requests that wait under partitions', table.at('contention', { stack: pmp, cpus: 16 }), 0, 0),
    ];
  },
};
