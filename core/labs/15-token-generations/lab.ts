// Experiment 15: three generations of tokens. Owned by CPUs they are free at home and dear when shared; the atomic word is neither.

import type { OwnedTokenCounters } from '../../kernel';
import { between, exactly, near } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS, sumOf } from '../on-machine';
import { REFERENCE, UNCONTENDED_NS } from './reference';

const SECTION_NS = 500;

export const tokenGenerations: Lab = {
  id: '15-token-generations',
  experiment: 15,
  title: 'Three generations of tokens',
  slide: 'Tokens: their implementation',
  topics: ['tokens', 'IPI'],
  mechanisms: ['tokens', 'IPI', 'cache lines'],
  question: 'What does a section cost when its token is sometimes another CPU’s?',
  expected:
    'The CPU-owned generations are cheapest when nothing is shared, and bound by IPIs when everything is; the atomic word wins from little sharing on.',
  sources: ['kernel.md §4.1', 'kernel.md §11: atomic operation 37.9 ns here, 306 ns from elsewhere'],
  lookFor: 'Passive requests wait for a tick: the generation of 2004 trades latency for interrupts.',
  factors: [
    { name: 'generation', label: 'Generation', levels: ['g1', 'g2', 'g3'] },
    { name: 'cpus', label: 'CPUs', levels: [1, 2, 4, 8], quick: [1, 4] },
    {
      name: 'shared',
      label: 'Share of sections on the common token',
      levels: [0, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1],
      quick: [0, 0.01, 0.1, 1],
    },
  ],
  measures: [
    { name: 'overhead', label: 'Time per section beyond its work', unit: 'ns' },
    { name: 'ipis', label: 'IPIs per section', unit: '1' },
    { name: 'collisions', label: 'Requests not granted at once, per section', unit: '1' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 3, quick: 1 },
  chart: { x: 'shared', y: 'overhead', lines: ['generation'], where: { cpus: 4 } },
  reference: () => REFERENCE,

  measure({ generation, cpus, shared }, setting) {
    const count = Number(cpus);
    const machine = onMachine(setting, {
      cpus: count,
      options: { tokens: generation as 'g1' | 'g2' | 'g3', tickNs: 1_000_000 },
    });
    const { kernel, random } = machine;
    const common = kernel.token('common');
    const sections = setting.quick ? 500 : 2000;
    let spentNs = 0;
    let done = 0;
    for (let cpu = 0; cpu < count; cpu += 1) {
      const own = kernel.token(`own ${String(cpu)}`);
      kernel.start(
        `thread ${String(cpu)}`,
        function* (k) {
          // The token of one's own comes once.
          yield k.gettoken(own);
          yield k.reltoken(own);
          for (let i = 0; i < sections; i += 1) {
            yield k.work(random.exponential(2000));
            const token = random.chance(Number(shared)) ? common : own;
            const from = k.now;
            yield k.gettoken(token);
            yield k.work(SECTION_NS);
            yield k.reltoken(token);
            yield k.work(0);
            spentNs += k.now - from;
            done += 1;
          }
        },
        { cpu },
      );
    }
    machine.run(1e12);
    const collisions = kernel.allTokens.reduce(
      (sum, token) => sum + (token.counters as OwnedTokenCounters).collisions,
      0,
    );
    return {
      overhead: spentNs / done - SECTION_NS,
      ipis: sumOf(kernel, ({ ipiSent }) => ipiSent) / done,
      collisions: collisions / done,
    };
  },

  checks(table) {
    const cpus = 4;
    const overhead = (generation: string, shared: number): number => table.at('overhead', { generation, cpus, shared });
    const crossing = (generation: string): number =>
      table.over('overhead', 'shared', { generation, cpus }).find(({ x, y }) => y > overhead('g3', x))?.x ?? Infinity;
    return [
      near(
        'atomic word, nothing shared: one atomic operation and a store, ns',
        overhead('g3', 0),
        UNCONTENDED_NS,
        0.05,
      ),
      between('g1, nothing shared: over the atomic word', overhead('g1', 0) / overhead('g3', 0), 0, 0.5),
      between('g2, nothing shared: over the atomic word', overhead('g2', 0) / overhead('g3', 0), 0, 0.5),
      between('g1: IPIs per section, nothing shared', table.at('ipis', { generation: 'g1', cpus, shared: 0 }), 0, 0.01),
      between(
        'g1: IPIs per section, all shared',
        table.at('ipis', { generation: 'g1', cpus, shared: 1 }),
        0.5,
        Infinity,
      ),
      exactly('atomic word: IPIs, all shared', table.at('ipis', { generation: 'g3', cpus, shared: 1 }), 0),
      between('the atomic word overtakes g1 from this share on', crossing('g1'), 0, 0.1),
      between('the atomic word overtakes g2 from this share on', crossing('g2'), 0, 0.1),
      between('g2 over g1, all shared: requests wait for ticks', overhead('g2', 1) / overhead('g1', 1), 2, Infinity),
    ];
  },
};
