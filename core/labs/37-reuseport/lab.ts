// Experiment 37: the completion queue of a listening socket is shared by all protocol threads and acceptors. Sockets that share
// the port divide it.

import { between, monotone } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';

const CPUS = 8;

export const reusePort: Lab = {
  id: '37-reuseport',
  experiment: 37,
  title: 'SO_REUSEPORT groups',
  slide: 'Parallel networking: multiprocessing by replication',
  topics: ['network stack', 'replication', 'tokens'],
  mechanisms: ['replication', 'SO_REUSEPORT', 'tokens'],
  question: 'How often is the token of the accept queue not free, with more listening sockets on a port?',
  expected: 'Collisions fall with the number of listeners; near the limit transfers take less time.',
  sources: [
    'kernel.md §6.4: the listener of a group is chosen by the packet’s hash, to spread the contention for completion queues',
    'UDP rework with the same mechanism: 31k to 160k connections a second (dragonflydigest, 2014-09-05)',
  ],
  lookFor:
    'The number of acceptors is the same at all points. With as many listeners as CPUs the hash that chooses the CPU chooses the listener, whose acceptor is there: nobody shares anything.',
  factors: [
    { name: 'listeners', label: 'Listeners', unit: '1', levels: [1, 2, 4, 8], quick: [1, 2, 8] },
    {
      name: 'offered',
      label: 'Connections offered',
      unit: '1/s',
      levels: [60_000, 120_000, 240_000],
      quick: [240_000],
    },
  ],
  measures: [
    { name: 'collisions', label: 'Collisions per request for the token', unit: '1' },
    { name: 'rate', label: 'Connections', unit: '1/s' },
    { name: 'latency', label: 'Time of a transfer, mean', unit: 'ns' },
  ],
  replications: { full: 3, quick: 1 },
  chart: { x: 'listeners', y: 'collisions', lines: ['offered'] },

  measure({ listeners, offered }, setting) {
    const run = measureServer(
      {
        cpus: CPUS,
        kernel: { model: 'pmp', applications: 'flow', reusePort: listeners, acceptors: CPUS / Number(listeners) },
        nic: { rings: CPUS },
        tcp: { msl: '1ms' },
        traffic: [
          {
            id: 'web',
            kind: 'web',
            from: 'server',
            to: 'client0',
            port: 80,
            arrivals: { process: 'poisson', rate: offered },
            size: 200,
            request: 100,
          },
        ],
        durationNs: setting.quick ? 30e6 : 80e6,
      },
      setting,
    );
    const flow = run.after.flows[0]!;
    return {
      collisions: run.lockContention('accept'),
      rate: run.stack(({ accepts }) => accepts.reduce((sum, { accepted }) => sum + accepted, 0)) / run.seconds,
      latency: flow.completionTimes!.meanNs,
    };
  },

  checks(table) {
    const at = (measure: string, listeners: number, offered: number): number =>
      table.at(measure, { listeners, offered });
    const collisions = table.over('collisions', 'listeners', { offered: 240_000 });
    return [
      monotone('collisions fall with listeners', collisions, 'down'),
      between('collisions, 8 listeners over one', collisions.at(-1)!.y / collisions[0]!.y, 0, 0.4),
      between(
        'time of a transfer near the limit, 8 listeners over one',
        at('latency', 8, 240_000) / at('latency', 1, 240_000),
        0,
        1,
      ),
    ];
  },
};
