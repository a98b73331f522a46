// Experiment 36: every CPU has an entry for each listening socket, so a connection is set up where its packets come. Listening
// and closing go round all CPUs.

import { nanos, type FlowId } from '../../base';
import { between, straight } from '../checks';
import type { Lab } from '../lab';
import { measureServer, measureWorld, serverScenario } from '../on-network';
import { worldOfScenario } from '../on-wire';

const LISTENS = 50;

export const listenReplication: Lab = {
  id: '36-listen-replication',
  experiment: 36,
  title: 'Listening sockets on every CPU',
  slide: 'Parallel networking: multiprocessing by replication',
  topics: ['network stack', 'replication'],
  mechanisms: ['replication', 'listening sockets'],
  question: 'How does the rate of new connections grow with CPUs, and what does listen() take?',
  expected: 'Connections are set up by all CPUs at once; listen() and close() take a hop per CPU.',
  sources: ['kernel.md §6.4: listen() returns only when all CPUs know; latency grows with N hops'],
  lookFor: 'Setting up scales until the acceptors or the network are the limit.',
  factors: [{ name: 'cpus', label: 'CPUs', unit: '1', levels: [1, 2, 4, 8, 16, 32, 64], quick: [1, 4, 16] }],
  measures: [
    { name: 'listen', label: 'Time of listen()', unit: 'ns' },
    { name: 'close', label: 'Time of close()', unit: 'ns' },
    { name: 'rate', label: 'Connections that the CPUs could set up', unit: '1/s' },
  ],
  inTypeScript: {
    all: false,
    what: 'How long listen() and close() take is measured by a kernel program in TypeScript; the connections are a scenario.',
  },
  replications: { full: 2, quick: 1 },
  chart: { x: 'cpus', y: 'listen', lines: [] },

  measure({ cpus }, setting) {
    const common = { cpus: Number(cpus), kernel: { model: 'pmp', reusePort: Math.min(8, Number(cpus)) } };
    const quiet = measureWorld(
      worldOfScenario(serverScenario({ ...common, durationNs: 100e6 }, setting.seed)),
      0,
    ).world;
    const { kernel, stack } = quiet.machines[0]!;
    // The world has ended; its kernel has not.
    kernel.start('listener', function* (k) {
      for (let i = 0; i < LISTENS; i += 1) {
        const listener = {
          flow: 0 as FlowId,
          accept: (): never => {
            throw new Error('nobody connects');
          },
          options: stack!.host.tcp,
          port: 1000 + i,
          halfOpen: 0,
        };
        yield* stack!.rounds.listen(k, listener);
        yield k.sleep(100_000);
        yield* stack!.rounds.close(k, listener);
      }
    });
    kernel.engine.run(nanos(kernel.engine.now + 1e9));
    const { listens, listenNs, closes, closeNs } = stack!.rounds.counters;
    const run = measureServer(
      {
        ...common,
        nic: { rings: cpus, interruptRate: 20_000, ringEntries: 4096 },
        links: 4,
        tcp: { msl: '1ms' },
        traffic: Array.from({ length: 4 }, (_, index) => ({
          id: `w${String(index)}`,
          kind: 'web',
          from: 'server',
          to: `client${String(index)}`,
          // A load that no CPU is full with: what each connection takes then says how many there could be.
          arrivals: { process: 'poisson', rate: 3000 * Number(cpus) },
          size: 200,
          request: 100,
        })),
        durationNs: setting.quick ? 20e6 : 40e6,
      },
      setting,
    );
    const accepted = run.stack(({ accepts }) => accepts.reduce((sum, queue) => sum + queue.accepted, 0));
    const capacity = (Number(cpus) * 1e9 * accepted) / run.busyNs();
    return { listen: listenNs / listens, close: closeNs / closes, rate: capacity };
  },

  checks(table) {
    const listen = table.over('listen', 'cpus');
    const rate = (cpus: number): number => table.at('rate', { cpus });
    return [
      straight('listen() takes a hop per CPU', listen, 0.1),
      between('connections a second, 4 CPUs over one', rate(4) / rate(1), 2.4, 4.4),
      between('connections a second, 16 CPUs over 4', rate(16) / rate(4), 3, 4.4),
    ];
  },
};
