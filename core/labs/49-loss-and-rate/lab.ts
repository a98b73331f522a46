// Experiment 49 (tcp.md §19 E8): the rate of a flow that loses packets at random, against the laws of Padhye and of Mathis.

import { between, monotone } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, type Reference, share } from '../reference';
import { flowRate, mathis, padhye, padhyeApproximation, renoOf, secondsFor } from './models';

const LOSSES = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05];
const QUICK = [0.002, 0.005, 0.01, 0.02, 0.05];
const RENO = 'Reno';
const DELAYED = 'Reno, an ACK for two';
const SACK = 'SACK';
/** Packets per ACK. */
const PER_ACK: Readonly<Record<string, number>> = { [RENO]: 1, [DELAYED]: 2, [SACK]: 1 };
const SENDERS: Readonly<Record<string, object>> = {
  [RENO]: renoOf(1),
  [DELAYED]: renoOf(2),
  [SACK]: { sack: true, limitedTransmit: true },
};
const CHART: LabChart = { x: 'loss', log: true, y: 'rate', lines: ['sender'] };

const REFERENCE: readonly Reference[] = [
  ...[RENO, DELAYED].map((sender): Reference => ({
    label: 'Padhye 1998',
    source:
      'Padhye, Firoiu, Towsley, Kurose, SIGCOMM 1998, full model; ± 15%: random losses are not the bursts of its assumption (tcp.md §19 E8 allows 25%)',
    kind: 'curve',
    line: { sender },
    samples: LOSSES.map((x) => ({ x, y: padhye(x, PER_ACK[sender]!) })),
    tolerance: share(0.15),
  })),
  {
    label: 'Mathis 1997',
    source: 'Mathis, Semke, Mahdavi, Ott, CCR 1997; −20% … +10% up to a loss of 1% (tcp.md §19 E8)',
    kind: 'curve',
    line: { sender: SACK },
    samples: LOSSES.filter((p) => p <= 0.01).map((x) => ({ x, y: mathis(x, 1) })),
    tolerance: share(0.2, 0.1),
  },
];

export const lossAndRate: Lab = {
  id: '49-loss-and-rate',
  experiment: 49,
  title: 'Rate and loss',
  slide: 'TCP: laws of throughput',
  topics: ['TCP models', 'TCP loss recovery'],
  mechanisms: ['Reno', 'SACK', 'congestion avoidance', 'RTO', 'delayed ACK'],
  question: 'How does the rate of a flow depend on the losses it meets?',
  expected:
    'One over the square root of the loss while fast retransmit repairs them; less where windows are small and timeouts take over. An ACK for two packets costs a factor of the square root of two.',
  sources: [
    'Padhye, Firoiu, Towsley, Kurose, Modeling TCP Throughput, SIGCOMM 1998',
    'Mathis, Semke, Mahdavi, Ott, The Macroscopic Behavior of the TCP Congestion Avoidance Algorithm, CCR 1997',
  ],
  lookFor: 'Where Reno leaves the square root: from a loss of 1% on, when its window is below ten.',
  factors: [
    { name: 'sender', label: 'Sender', levels: Object.keys(SENDERS) },
    { name: 'loss', label: 'Loss', unit: '1', levels: LOSSES, quick: QUICK },
  ],
  measures: [
    { name: 'rate', label: 'Data packets', unit: '1/s' },
    { name: 'acked', label: 'Acknowledged packets', unit: '1/s' },
  ],
  replications: { full: 4, quick: 1 },
  chart: CHART,
  reference: () => REFERENCE,

  measure({ sender, loss }, { seed, quick, world }) {
    const p = Number(loss);
    const seconds = secondsFor(quick ? 40_000 : 60_000, p, PER_ACK[String(sender)]!);
    const { sent, acked } = flowRate({ p, seconds, seed, tcp: SENDERS[String(sender)]! }, world);
    return { rate: sent, acked };
  },

  checks(table) {
    const at = (sender: string, loss: number): number => table.at('rate', { sender, loss });
    const acked = table.at('acked', { sender: SACK, loss: 0.02 });
    const [low, high] = [padhyeApproximation(0.02, 1), mathis(0.02, 1)];
    return [
      ...REFERENCE.map((one) => follows(table, CHART, one, '1/s')),
      between('SACK at 2%: between Padhye and Mathis, ± 5%', acked, 0.95 * low, 1.05 * high),
      between(
        'an ACK for two at 0.2%: a factor of 1 / √2, ± 15%',
        at(DELAYED, 0.002) / at(RENO, 0.002),
        0.85 * Math.SQRT1_2,
        1.15 * Math.SQRT1_2,
      ),
      ...Object.keys(SENDERS).map((sender) =>
        monotone(`${sender}: more losses, less rate`, table.over('rate', 'loss', { sender }), 'down'),
      ),
    ];
  },
};
