// Experiment 20: which losses are repaired by a timeout. The window decides: it takes three segments behind the lost one to hear of it.

import { between, exactly, monotone } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, inUnits, type Reference } from '../reference';
import { webLosses } from '../web-workload';

const TRANSFERS = 2500;
/** Larger than any transfer of the workload. */
const UNLIMITED = 100;
const CHART: LabChart = { x: 'window', log: true, y: 'share', lines: ['loss'] };

const REFERENCE: readonly Reference[] = [
  {
    label: 'Balakrishnan 1998',
    source:
      'Balakrishnan et al., INFOCOM 1998: of 857,142 retransmissions 56% after a timeout, 44% by fast retransmit; ± 8 points, for the workload is another (tcp.md §19 E1)',
    kind: 'points',
    line: { loss: 0.02 },
    samples: [{ x: UNLIMITED, y: 0.56 }],
    tolerance: inUnits(0.08),
  },
];

export const timeouts: Lab = {
  id: '20-timeouts',
  experiment: 20,
  title: 'More than half are timeouts',
  slide: 'TCP: more than half of all retransmits are timeouts',
  topics: ['TCP loss recovery'],
  mechanisms: ['RTO', 'fast retransmit', 'NewReno'],
  question: 'How large a share of the losses is repaired by timeouts, and why so many?',
  expected:
    'All of them where the window has no room for three segments behind a lost one; fewer with larger windows. Short transfers stay small: with a typical mix more than half are timeouts.',
  sources: [
    'Hsu 2004: 56% of retransmits after timeouts, 44% fast',
    'Balakrishnan, Padmanabhan, Seshan, Stemm, Katz, TCP Behavior of a Busy Internet Server, INFOCOM 1998',
    'tcp.md §4: three duplicate ACKs need three segments behind the lost one',
  ],
  lookFor: 'Right of 16 the curves are flat: there the transfers are too short, not the window.',
  factors: [
    { name: 'loss', label: 'Bursts of losses per packet', unit: '1', levels: [0.01, 0.02, 0.03], quick: [0.02] },
    {
      name: 'window',
      label: 'Largest window',
      unit: 'segments',
      levels: [2, 3, 4, 6, 8, 16, 32, UNLIMITED],
      quick: [3, 6, 16, UNLIMITED],
    },
  ],
  measures: [
    { name: 'share', label: 'Repaired by timeout', unit: '1' },
    { name: 'timeouts', label: 'Timeouts', unit: 'count' },
    { name: 'fast', label: 'Fast retransmits', unit: 'count' },
  ],
  replications: { full: 4, quick: 1 },
  chart: CHART,
  reference: () => REFERENCE,

  measure({ loss, window }, { seed, world }) {
    const { timeouts: slow, fastRetransmits: fast } = webLosses(
      {
        transfers: TRANSFERS,
        seed,
        tcp: {},
        enterBad: Number(loss),
        windowSegments: Number(window),
      },
      world,
    );
    return { share: slow / (slow + fast), timeouts: slow, fast };
  },

  checks(table) {
    const losses = [...new Set(table.rows.map(({ point }) => point['loss']!))];
    return [
      ...REFERENCE.map((one) => follows(table, CHART, one)),
      exactly('share with a window of 3: never three duplicates', table.at('share', { loss: 0.02, window: 3 }), 1),
      // One replication sees some 1,500 losses: three standard errors of a share are 4 points.
      ...losses.map((loss) =>
        monotone(
          `falls with the window, ${String(loss)} bursts per packet`,
          table.over('share', 'window', { loss }),
          'down',
          0.04,
        ),
      ),
      between(
        'more than half, whatever the window',
        Math.min(...table.rows.map(({ mean }) => mean['share']!)),
        0.48,
        1,
      ),
    ];
  },
};
