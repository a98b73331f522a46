// Experiment 16: readers share a token, writers have it alone, and one writer among many readers costs them all.

import { between, monotone } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS } from '../on-machine';

const CPUS = 8;
const SECTION_NS = 4000;

export const sharedTokens: Lab = {
  id: '16-shared-tokens',
  experiment: 16,
  title: 'Sharing a token',
  slide: 'Tokens: shared and exclusive',
  topics: ['tokens'],
  mechanisms: ['tokens', 'shared tokens'],
  question: 'How does the throughput of eight CPUs depend on the share of readers?',
  expected: 'It hardly grows until nearly all read, then steeply; a waiting writer stops new readers.',
  sources: ['kernel.md §4.1 G3: a thread that holds only this token yields to who wants it alone'],
  lookFor: 'How much the last five percent of writers cost.',
  factors: [
    {
      name: 'readers',
      label: 'Share of readers',
      levels: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1],
      quick: [0, 0.5, 0.8, 0.95, 1],
    },
  ],
  measures: [
    { name: 'throughput', label: 'Sections per second', unit: '1/s' },
    { name: 'writerWait', label: 'Wait of a writer, mean', unit: 'ns' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 3, quick: 1 },
  chart: { x: 'readers', y: 'throughput', lines: [] },

  measure({ readers }, setting) {
    const machine = onMachine(setting, { cpus: CPUS, options: { tokenBackoffMax: 256 } });
    const { kernel, random } = machine;
    const token = kernel.token('table');
    let sections = 0;
    let writes = 0;
    let writerWaitNs = 0;
    for (let cpu = 0; cpu < CPUS; cpu += 1)
      kernel.start(
        `thread ${String(cpu)}`,
        function* (k) {
          for (;;) {
            yield k.work(random.exponential(500));
            const reads = random.chance(Number(readers));
            const from = k.now;
            yield reads ? k.gettoken_shared(token) : k.gettoken(token);
            if (!reads) {
              writes += 1;
              writerWaitNs += k.now - from;
            }
            yield k.work(SECTION_NS);
            yield k.reltoken(token);
            sections += 1;
          }
        },
        { cpu },
      );
    const spanNs = setting.quick ? 40e6 : 200e6;
    machine.run(spanNs);
    return { throughput: (sections * 1e9) / spanNs, writerWait: writes === 0 ? 0 : writerWaitNs / writes };
  },

  checks(table) {
    const samples = table.over('throughput', 'readers');
    const at = (readers: number): number => table.at('throughput', { readers });
    return [
      monotone('more readers, more sections', samples, 'up', 0.03, '1/s'),
      between('all read, over none', at(1) / at(0), 4, CPUS + 1),
      between('half read, over none', at(0.5) / at(0), 1, 2),
      between(
        'steepness from 95% to all, over that from none to half',
        (at(1) - at(0.95)) / 0.05 / ((at(0.5) - at(0)) / 0.5),
        5,
        Infinity,
      ),
    ];
  },
};
