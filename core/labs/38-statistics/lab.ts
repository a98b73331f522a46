// Experiment 38: a packet is counted. On the CPU's own counter, on one that all change atomically, or on one under a lock.

import { Spinlock } from '../../kernel';
import { between, near } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS } from '../on-machine';
import { REFERENCE } from './reference';

/** A packet's other work, ns: what the counters of all CPUs have in between. */
const PACKET_NS = 2000;

export const statistics: Lab = {
  id: '38-statistics',
  experiment: 38,
  title: 'Statistics without locks',
  slide: 'Parallel networking: lock-free',
  topics: ['network stack', 'replication'],
  mechanisms: ['per-CPU data', 'cache lines', 'atomic operations'],
  question: 'What does it cost to count a packet, by whose counter it is, and how many CPUs count?',
  expected:
    'The own counter costs nothing and stays so; the shared ones cost a line from elsewhere each time, and more with a lock.',
  sources: [
    'kernel.md §11 (McKenney): atomic operation on a line that is here 37.9 ns, on one that is elsewhere 306 ns',
  ],
  lookFor: 'One shared counter is cheap as long as one CPU counts.',
  factors: [
    { name: 'counter', label: 'Counter', levels: ['per CPU', 'atomic', 'locked'] },
    { name: 'cpus', label: 'CPUs', unit: '1', levels: [1, 2, 4, 8, 16, 32], quick: [1, 4, 16] },
  ],
  measures: [{ name: 'cost', label: 'Time to count', unit: 'ns' }],
  inTypeScript: PROGRAMS,
  replications: { full: 1, quick: 1 },
  chart: { x: 'cpus', log: true, y: 'cost', lines: ['counter'] },
  reference: () => REFERENCE,

  measure({ counter, cpus }, setting) {
    const machine = onMachine(setting, { cpus: Number(cpus) });
    const { kernel, random } = machine;
    const shared = kernel.machine.line();
    const lock = new Spinlock(kernel, 'statistics');
    const packets = setting.quick ? 500 : 3000;
    let busyNs = 0;
    let workNs = 0;
    for (let cpu = 0; cpu < Number(cpus); cpu += 1) {
      const own = kernel.machine.line();
      kernel.start(
        `cpu ${String(cpu)}`,
        function* (k) {
          for (let i = 0; i < packets; i += 1) {
            const ns = random.exponential(PACKET_NS);
            workNs += ns;
            const from = k.now;
            yield k.work(ns);
            if (counter === 'locked') yield k.lock(lock);
            if (counter === 'per CPU') yield k.write(own);
            else yield k.work(counter === 'atomic' ? shared.atomic(k.cpu) : shared.write(k.cpu));
            if (counter === 'locked') yield k.unlock(lock);
            yield k.work(0);
            busyNs += k.now - from;
          }
        },
        { cpu },
      );
    }
    machine.run(60e9);
    return { cost: (busyNs - workNs) / (packets * Number(cpus)) };
  },

  checks(table) {
    const cost = (counter: string, cpus: number): number => table.at('cost', { counter, cpus });
    return [
      between('own counter, 16 CPUs, ns', cost('per CPU', 16), 0, 5),
      near('atomic, one CPU, ns', cost('atomic', 1), 37.9, 0.1),
      near('atomic, 16 CPUs, ns', cost('atomic', 16), 306, 0.25),
      between('locked over atomic, 16 CPUs', cost('locked', 16) / cost('atomic', 16), 1.5, Infinity),
    ];
  },
};
