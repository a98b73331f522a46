// Experiment 44: freeing one subsystem after the other of the big lock. The gain comes last.

import { between, monotone, shown } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS } from '../on-machine';
import { reference } from './reference';

const CPUS = 16;
const HANDLERS = 10;
const HANDLER_NS = 5000;
/** Requests a second, were there one CPU. */
const SERIAL_PER_SECOND = 1e9 / (HANDLERS * HANDLER_NS);

export const incrementalDeployment: Lab = {
  id: '44-incremental-deployment',
  experiment: 44,
  title: 'One subsystem at a time',
  slide: 'Incremental deployment',
  topics: ['concurrency models', 'network stack'],
  mechanisms: ['giant lock', 'MPSAFE handlers'],
  question:
    'Of ten kinds of handlers some no longer need the big lock. How does the throughput of sixteen CPUs grow with their number?',
  expected:
    'Slowly at first and steeply at the end: as long as something needs the lock, that is what everybody waits for.',
  sources: ['kernel.md §6.8: the big lock as a count in each thread', 'G. Amdahl, 1967'],
  lookFor: 'From 90% to 100% it gains more than from 0% to 50%.',
  factors: [
    {
      name: 'free',
      label: 'Handlers free of the big lock',
      levels: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
      quick: [0, 0.5, 0.9, 1],
    },
  ],
  measures: [
    { name: 'throughput', label: 'Requests per second', unit: '1/s' },
    { name: 'contested', label: 'CPU time idle for want of the lock', unit: '1' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 3, quick: 1 },
  chart: { x: 'free', y: 'throughput', lines: [] },
  reference: () => reference(SERIAL_PER_SECOND, CPUS),

  measure({ free }, setting) {
    const machine = onMachine(setting, { cpus: CPUS });
    const { kernel, random } = machine;
    const freed = Math.round(Number(free) * HANDLERS);
    let requests = 0;
    for (let cpu = 0; cpu < CPUS; cpu += 1)
      kernel.start(
        `worker ${String(cpu)}`,
        function* (k) {
          for (;;) {
            // A request passes through all handlers, each for a random time.
            const first = random.integer(HANDLERS);
            for (let i = 0; i < HANDLERS; i += 1) {
              const needsLock = (first + i) % HANDLERS >= freed;
              if (needsLock) yield k.get_mplock();
              yield k.work(random.exponential(HANDLER_NS));
              if (needsLock) yield k.rel_mplock();
            }
            requests += 1;
          }
        },
        { cpu },
      );
    const spanNs = setting.quick ? 100e6 : 500e6;
    machine.run(spanNs);
    const contestedNs = kernel.cpus.reduce((sum, { counters }) => sum + counters.contestedNs, 0);
    return { throughput: (requests * 1e9) / spanNs, contested: contestedNs / (CPUS * spanNs) };
  },

  checks(table) {
    const at = (free: number): number => table.at('throughput', { free });
    const samples = table.over('throughput', 'free');
    return [
      monotone('each handler freed helps', samples, 'up', 0.02, '1/s'),
      ...samples.map(({ x, y }) => {
        const bound = Math.min(CPUS, 1 / (1 - x));
        return between(
          `${String(100 * x)}% free: speed-up over Amdahl's ${shown(bound)}`,
          y / SERIAL_PER_SECOND / bound,
          0.8,
          1.02,
        );
      }),
      between('gain of the last tenth over that of the first half', (at(1) - at(0.9)) / (at(0.5) - at(0)), 2, Infinity),
    ];
  },
};
