// Experiment 50: the dumbbells of ns-3, as a second opinion on goodput and drops.

import { near } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, type Reference, share } from '../reference';
import { DUMBBELLS, runDumbbell } from './published';

const CHART: LabChart = { x: 'flows', log: true, y: 'goodput', lines: [] };
const MBPS = 1e6;

const REFERENCE: readonly Reference[] = [
  {
    label: 'ns-3.37',
    source:
      'ns-3.37 on the same topology, NewReno with SACK, counting ACKs (performance.md §1); ± 5%, as tcp.md §19 E5 allows between simulators whose SACK differs in details',
    kind: 'points',
    samples: DUMBBELLS.map(({ flows, goodput }) => ({ x: flows, y: goodput * MBPS })),
    tolerance: share(0.05),
  },
];

export const ns3Dumbbell: Lab = {
  id: '50-ns3-dumbbell',
  experiment: 50,
  title: 'The dumbbells of ns-3',
  slide: 'TCP: a second opinion',
  topics: ['TCP models'],
  mechanisms: ['NewReno', 'SACK', 'drop-tail queue'],
  question: 'Do two simulators agree about flows that share a bottleneck?',
  expected: 'Goodput within five percent, drops within a quarter: they depend on when queues overflow.',
  sources: ['ns-3.37; performance.md §1: 100 Mb/s and 20 s up to 100 flows, 1 Gb/s and 3 s with 1,000'],
  lookFor: 'The last point is another link: ten times the rate, for ten times the flows.',
  factors: [
    { name: 'flows', label: 'Flows', unit: '1', levels: DUMBBELLS.map(({ flows }) => flows), quick: [1, 10, 100] },
  ],
  measures: [
    { name: 'goodput', label: 'Goodput of all', unit: 'bps' },
    { name: 'drops', label: 'Drops at the bottleneck', unit: 'count' },
  ],
  replications: { full: 1, quick: 1 },
  chart: CHART,
  reference: () => REFERENCE,

  measure({ flows }, { seed, world }) {
    const { goodput, drops } = runDumbbell(
      DUMBBELLS.find((one) => one.flows === flows)!,
      seed,
      world,
    );
    return { goodput: goodput * MBPS, drops };
  },

  checks(table) {
    const measured = DUMBBELLS.filter(({ flows }) => table.where({ flows }).length > 0);
    return [
      ...REFERENCE.map((one) => follows(table, CHART, one, 'bps')),
      // As far as tcp.md §19 E8 lets what follows from losses differ between models.
      ...measured.map(({ flows, drops }) =>
        near(`drops, ${String(flows)} flows`, table.at('drops', { flows }), drops, 0.25),
      ),
    ];
  },
};
