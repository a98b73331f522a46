// Experiment 48 (tcp.md §19 E2): four packets into a queue of three. RFC 2416 prints when each ACK comes.

import { exactly, near } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, inUnits, type Reference } from '../reference';
import { PRINTED, slowLink, TOLERANCE_SECONDS } from './rfc2416';

const ACKS = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const SECOND = 1e9;
const CHART: LabChart = { x: 'ack', y: 'at', lines: ['window'] };

const REFERENCE: readonly Reference[] = Object.entries(PRINTED).map(([window, times]) => ({
  label: 'RFC 2416',
  source:
    'RFC 2416, the printed times of ACKs (6.111 is a slip for 6.611); ± 2 ms, as ns-2 reproduces them (tcp.md §19 E2)',
  kind: 'points',
  line: { window: Number(window) },
  samples: times.map((at, index) => ({ x: index + 1, y: at * SECOND })),
  tolerance: inUnits(TOLERANCE_SECONDS * SECOND),
}));

export const slowLinkLab: Lab = {
  id: '48-slow-link',
  experiment: 48,
  title: 'Four packets into a queue of three',
  slide: 'TCP enhancements: larger initial window',
  topics: ['TCP start', 'TCP loss recovery'],
  mechanisms: ['initial window', 'Tahoe', 'slow start'],
  question: 'Does an initial window of four do harm on the slowest of links?',
  expected:
    'It loses a packet of its first windows; but a window of one comes to the same loss 2.9 seconds later, for slow start overruns so short a queue in any case.',
  sources: ['Shepard and Partridge, When TCP Starts Up With Four Packets Into Only Three Buffers, RFC 2416, 1998'],
  lookFor: 'Three equal steps at the end of each line are the duplicate ACKs.',
  factors: [
    { name: 'window', label: 'Segments at first', unit: '1', levels: [1, 4] },
    { name: 'ack', label: 'Number of the ACK', unit: '1', levels: ACKS },
  ],
  measures: [
    { name: 'at', label: 'When it comes', unit: 'ns' },
    { name: 'again', label: 'First segment that goes again', unit: 'count' },
    { name: 'againAt', label: 'When that is', unit: 'ns' },
  ],
  replications: { full: 1, quick: 1 },
  chart: CHART,
  reference: () => REFERENCE,

  measure({ window, ack }, { world }) {
    const { ackTimes, again } = slowLink(Number(window), world);
    return {
      at: ackTimes[Number(ack) - 1]! * SECOND,
      again: again[0]!.segment,
      againAt: again[0]!.at * SECOND,
    };
  },

  checks(table) {
    const of = (measure: string, window: number): number => table.at(measure, { window, ack: 1 });
    return [
      ...REFERENCE.map((one) => follows(table, CHART, one, 'ns')),
      exactly('a window of four sends again segment', of('again', 4), 4),
      exactly('a window of one sends again segment', of('again', 1), 7),
      near(
        'the same loss comes so much later with one, s',
        (of('againAt', 1) - of('againAt', 4)) / SECOND,
        2.889,
        0.0014,
      ),
    ];
  },
};
