// Experiment 14: who blocks with a token lets go of it: others are not held up, but what it protects may have changed.

import { Mutex } from '../../kernel';
import { between, exactly, monotone } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS } from '../on-machine';

const THREADS = 4;
const SLEEP_NS = 500_000;
const SECTION_NS = 5000;

export const tokenBlocking: Lab = {
  id: '14-token-blocking',
  experiment: 14,
  title: 'Blocking with a token',
  slide: 'Tokens across blocking calls',
  topics: ['tokens'],
  mechanisms: ['tokens', 'mutex', 'blocking'],
  question:
    'A section sleeps now and then. How long do the others wait, and how often has the data changed when it wakes?',
  expected:
    'With a token the others do not wait for sleepers, and the sleeper has to look again the more often, the more sleep. With a mutex nothing changes, and everybody waits.',
  sources: ['kernel.md §4.2 rules 1 and 2'],
  lookFor: 'The same program; the token turns waiting time into revalidations.',
  factors: [
    { name: 'kind', label: 'Kind', levels: ['token', 'mutex'] },
    {
      name: 'probability',
      label: 'Share of sections that sleep',
      levels: [0, 0.1, 0.2, 0.3, 0.4, 0.5],
      quick: [0, 0.2, 0.5],
    },
  ],
  measures: [
    { name: 'stale', label: 'Sections that must look again', unit: '1' },
    { name: 'wait', label: 'Wait for the section, mean', unit: 'ns' },
    { name: 'throughput', label: 'Sections per second', unit: '1/s' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 3, quick: 1 },
  chart: { x: 'probability', y: 'wait', lines: ['kind'] },

  measure({ kind, probability }, setting) {
    const machine = onMachine(setting, { cpus: THREADS });
    const { kernel, random } = machine;
    const token = kernel.token('token');
    const mutex = new Mutex(kernel, 'mutex');
    const isToken = kind === 'token';
    let version = 0;
    let sections = 0;
    let stale = 0;
    let waitNs = 0;
    for (let cpu = 0; cpu < THREADS; cpu += 1)
      kernel.start(
        `thread ${String(cpu)}`,
        function* (k) {
          for (;;) {
            yield k.work(random.exponential(4 * SECTION_NS));
            const asked = k.now;
            yield isToken ? k.gettoken(token) : k.lock(mutex);
            waitNs += k.now - asked;
            const seen = version;
            yield k.work(SECTION_NS);
            if (random.chance(Number(probability))) yield k.sleep(SLEEP_NS);
            if (version !== seen) stale += 1;
            version += 1;
            yield isToken ? k.reltoken(token) : k.unlock(mutex);
            sections += 1;
          }
        },
        { cpu },
      );
    const spanNs = setting.quick ? 200e6 : 1e9;
    machine.run(spanNs);
    return { stale: stale / sections, wait: waitNs / sections, throughput: (sections * 1e9) / spanNs };
  },

  checks(table) {
    const over = (measure: string, kind: string): { x: number; y: number }[] =>
      table.over(measure, 'probability', { kind });
    const wait = (kind: string): number => over('wait', kind).at(-1)!.y / over('wait', kind)[0]!.y;
    return [
      monotone('tokens: sections that must look again grow with the sleep', over('stale', 'token'), 'up', 0.02),
      exactly('tokens: none without sleep', over('stale', 'token')[0]!.y, 0),
      exactly('mutexes: none ever', Math.max(...over('stale', 'mutex').map(({ y }) => y)), 0),
      between('tokens: wait with the most sleep over the wait with none', wait('token'), 0, 1.5),
      between('mutexes: the same', wait('mutex'), 20, Infinity),
    ];
  },
};
