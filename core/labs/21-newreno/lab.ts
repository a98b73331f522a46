// Experiment 21: several losses in one window. Reno waits for its timer, NewReno repairs one hole per round trip, SACK all at once.

import { between, exactly } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, type Reference, share } from '../reference';
import { recoverFrom, RTT_NS, SENDERS } from './recovery';

const LOSSES = [1, 2, 3, 4, 5];
const CHART: LabChart = { x: 'losses', y: 'time', lines: ['sender'] };

const REFERENCE: readonly Reference[] = [
  {
    label: 'One hole per round trip',
    source:
      'RFC 6582 §3.2 step 3: each partial ACK sends one hole; so n losses take n round trips. The wire’s own time is below 5%',
    kind: 'curve',
    line: { sender: 'NewReno' },
    samples: LOSSES.map((x) => ({ x, y: x * RTT_NS })),
    tolerance: share(0.05),
  },
  {
    label: 'One to two round trips',
    source: 'Fall and Floyd 1996: SACK needs one to two round trips, however many are lost',
    kind: 'shape',
    line: { sender: 'SACK' },
    samples: LOSSES.map((x) => ({ x, y: RTT_NS })),
    tolerance: share(0.05, 1),
  },
];

export const newReno: Lab = {
  id: '21-newreno',
  experiment: 21,
  title: 'NewReno',
  slide: 'TCP enhancements: NewReno',
  topics: ['TCP loss recovery'],
  mechanisms: ['NewReno', 'Reno', 'SACK', 'partial ACK', 'RTO'],
  question: 'How long does it take to repair several losses of one window?',
  expected:
    'Reno repairs one and then waits for its timer. NewReno repairs one hole per round trip, without a timeout. SACK repairs all within one or two.',
  sources: [
    'RFC 6582 (2582, 3782): partial ACKs',
    'Fall and Floyd, Simulation-based Comparisons of Tahoe, Reno, and SACK TCP, CCR 1996: Reno times out at three losses, and mostly at two',
  ],
  lookFor: 'Reno’s second is the least RTO. NewReno’s line meets it at some ten losses: then the timer is no worse.',
  factors: [
    { name: 'sender', label: 'Sender', levels: Object.keys(SENDERS) },
    { name: 'losses', label: 'Losses in one window', unit: '1', levels: LOSSES },
  ],
  measures: [
    { name: 'time', label: 'Time to repair them', unit: 'ns' },
    { name: 'timeouts', label: 'Timeouts', unit: 'count' },
  ],
  replications: { full: 1, quick: 1 },
  chart: CHART,
  reference: () => REFERENCE,

  measure({ sender, losses }, { world }) {
    const { timeNs, timeouts } = recoverFrom(Number(losses), SENDERS[String(sender)]!, world);
    return { time: timeNs, timeouts };
  },

  checks(table) {
    const timeouts = (sender: string): number[] => table.over('timeouts', 'losses', { sender }).map(({ y }) => y);
    const most = (sender: string): number => Math.max(...timeouts(sender));
    return [
      ...REFERENCE.map((one) => follows(table, CHART, one, 'ns')),
      exactly('timeouts, NewReno', most('NewReno'), 0),
      exactly('timeouts, SACK', most('SACK'), 0),
      exactly('timeouts, Reno, one loss', timeouts('Reno')[0]!, 0),
      between('timeouts, Reno, three and more', Math.min(...timeouts('Reno').slice(2)), 1, Infinity),
      between('Reno’s time with three losses, s', table.at('time', { sender: 'Reno', losses: 3 }) / 1e9, 1, 3),
    ];
  },
};
