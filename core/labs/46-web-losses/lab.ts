// Experiment 46 (tcp.md §19 E1): Balakrishnan et al. by mechanism. What each enhancement saves of the timeouts of short transfers.

import { between, near } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, type Reference, share } from '../reference';
import type { Table } from '../table';
import { webLosses } from '../web-workload';

const BASE = 'NewReno';
const LIMITED = 'Limited Transmit';
export const WEB_SENDERS: Readonly<Record<string, object>> = {
  [BASE]: {},
  SACK: { sack: true },
  [LIMITED]: { limitedTransmit: true },
  'Early Retransmit': { earlyRetransmit: true },
  'initial window of 4': { initialWindow: 4 },
  Reno: { congestionControl: 'reno' },
  'Reno with SACK': { congestionControl: 'reno', sack: true },
};
/** The workload of the published shape; the others are beside it. */
export const TYPICAL_LOSS = 0.02;
export const TRANSFERS = 2500;

const CHART: LabChart = { x: 'loss', y: 'timeouts', lines: ['sender'] };

/** What a sender that saves this share of the timeouts would have, from what the base has. */
function saving(table: Table, sender: string, saved: number, points: number, source: string): Reference {
  const base = table.at('timeouts', { sender: BASE, loss: TYPICAL_LOSS });
  return {
    label: `Balakrishnan 1998: ${String(100 * saved)}% saved`,
    source,
    kind: 'points',
    line: { sender },
    samples: [{ x: TYPICAL_LOSS, y: base * (1 - saved) }],
    tolerance: share(points / (1 - saved)),
  };
}

function references(table: Table): Reference[] {
  return [
    saving(
      table,
      LIMITED,
      0.25,
      0.08,
      'Balakrishnan et al. 1998, RFC 3042 §1: 104,287 of the timeouts, 25%; ± 8 points, for the workload is another (tcp.md §19 E1)',
    ),
    {
      ...saving(table, 'SACK', 0.04, 0, ''),
      source:
        'Balakrishnan et al. 1998, RFC 3042 §1: 18,713 of the timeouts, 4%; from 0 to 15%, for their count was of traces (tcp.md §19 E1)',
      tolerance: share(0.11 / 0.96, 0.04 / 0.96),
    },
  ];
}

export const webLossesLab: Lab = {
  id: '46-web-losses',
  experiment: 46,
  title: 'What saves timeouts',
  slide: 'TCP enhancements: what each of them saves',
  topics: ['TCP loss recovery'],
  mechanisms: ['Limited Transmit', 'SACK', 'Early Retransmit', 'initial window', 'NewReno', 'Reno', 'RTO'],
  question: 'How many of the timeouts of short transfers does each enhancement save?',
  expected:
    'Limited Transmit a quarter, SACK few: there is nothing to acknowledge selectively when no three duplicates come. Against plain Reno SACK saves a third, for it repairs windows with several losses as well.',
  sources: [
    'Balakrishnan, Padmanabhan, Seshan, Stemm, Katz, INFOCOM 1998: 56% after timeouts; of these SACK would save 4%, Limited Transmit 25%',
    'tcp.md §19 E1: the workload, and what a model of the RFCs measured with it',
  ],
  lookFor:
    'The traces of 1996 are not public: the mix of sizes and the bursts are set so that 56% of losses meet timeouts.',
  factors: [
    { name: 'sender', label: 'Sender', levels: Object.keys(WEB_SENDERS), quick: [BASE, 'SACK', LIMITED] },
    {
      name: 'loss',
      label: 'Bursts of losses per packet',
      unit: '1',
      levels: [0.01, TYPICAL_LOSS, 0.03],
      quick: [TYPICAL_LOSS],
    },
  ],
  measures: [
    { name: 'timeouts', label: 'Timeouts per 1,000 transfers', unit: '1' },
    { name: 'fast', label: 'Fast retransmits per 1,000 transfers', unit: '1' },
  ],
  replications: { full: 12, quick: 2 },
  chart: CHART,
  reference: references,

  measure({ sender, loss }, { seed, world }) {
    const tcp = WEB_SENDERS[String(sender)]!;
    const { timeouts, fastRetransmits } = webLosses({ transfers: TRANSFERS, seed, tcp, enterBad: Number(loss) }, world);
    const per = TRANSFERS / 1000;
    return { timeouts: timeouts / per, fast: fastRetransmits / per };
  },

  checks(table) {
    const timeouts = (sender: string): number => table.at('timeouts', { sender, loss: TYPICAL_LOSS });
    const fast = table.at('fast', { sender: BASE, loss: TYPICAL_LOSS });
    const saved = (sender: string, base = BASE): number => 1 - timeouts(sender) / timeouts(base);
    const measured = new Set(table.rows.map(({ point }) => point['sender']));
    return [
      {
        ...near('share of timeouts (published)', timeouts(BASE) / (timeouts(BASE) + fast), 0.56, 0.08 / 0.56),
        tolerance: '± 0.08',
      },
      ...references(table).map((one) => follows(table, CHART, one)),
      between('Limited Transmit saves more than SACK, points', 100 * (saved(LIMITED) - saved('SACK')), 0, Infinity),
      ...(measured.has('Reno')
        ? [
            {
              ...near('Reno: SACK saves a third', saved('Reno with SACK', 'Reno'), 0.32, 0.08 / 0.32),
              tolerance: '± 0.08',
            },
            between('Early Retransmit saves', saved('Early Retransmit'), 0.02, 0.15),
            between('a window of four saves', saved('initial window of 4'), 0.2, 0.48),
          ]
        : []),
    ];
  },
};
