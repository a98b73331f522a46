// Experiment 22: what a larger initial window saves a small object.

import { between, near } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, type Reference, share } from '../reference';
import { ROUND_TRIPS, roundTrips, RTT_NS, WINDOWS } from './round-trips';

const KB = 1024;
const DELAYED_ACK_NS = 200e6;
const CHART: LabChart = { x: 'size', log: true, y: 'rounds', lines: ['window'], where: { acks: 'each' } };

const REFERENCE: readonly Reference[] = WINDOWS.map((window, index) => ({
  label: 'Slow start by hand',
  source: 'RFC 5681 §3.1 from 1, 2, 3, 4 and 10 segments of 1460 bytes (tcp.md §3); the wire’s own time is below 2%',
  kind: 'points',
  line: { window },
  samples: ROUND_TRIPS.map(([kilobytes, rounds]) => ({ x: kilobytes * KB, y: rounds[index]! })),
  tolerance: share(0.02),
}));

export const initialWindow: Lab = {
  id: '22-initial-window',
  experiment: 22,
  title: 'Larger initial window',
  slide: 'TCP enhancements: larger initial window',
  topics: ['TCP start'],
  mechanisms: ['initial window', 'slow start', 'delayed ACK'],
  question: 'How many round trips does a larger initial window save?',
  expected:
    'Up to three, and a delayed-ACK timeout, for a window of one makes the receiver wait for a second segment. Objects of up to 4 KB come in one round trip.',
  sources: [
    'RFC 2414 and 3390 §3: min(4·MSS, max(2·MSS, 4380)), which is three segments of 1460; advantages: up to three round trips and a delayed-ACK timeout',
    'RFC 6928: ten segments',
  ],
  lookFor:
    'A larger window saves the same rounds for large objects as for small ones; only small ones are made of them.',
  factors: [
    { name: 'acks', label: 'ACKs', levels: ['each', 'delayed'] },
    { name: 'window', label: 'Segments at first', unit: '1', levels: WINDOWS },
    {
      name: 'size',
      label: 'Size',
      unit: 'bytes',
      levels: ROUND_TRIPS.map(([kilobytes]) => kilobytes * KB),
    },
  ],
  measures: [
    { name: 'rounds', label: 'Round trips', unit: '1' },
    { name: 'time', label: 'Time from first data to last ACK', unit: 'ns' },
  ],
  replications: { full: 1, quick: 1 },
  chart: CHART,
  reference: () => REFERENCE,

  measure({ acks, window, size }, { world }) {
    const rounds = roundTrips(
      {
        kilobytes: Number(size) / KB,
        initialWindow: Number(window),
        delayedAck: acks === 'delayed',
        delayedAckTimeoutNs: DELAYED_ACK_NS,
      },
      world,
    );
    return { rounds, time: rounds * RTT_NS };
  },

  checks(table) {
    const rounds = (acks: string, window: number, kilobytes: number): number =>
      table.at('rounds', { acks, window, size: kilobytes * KB });
    const saved = ROUND_TRIPS.map(([kilobytes]) => rounds('delayed', 1, kilobytes) - rounds('delayed', 4, kilobytes));
    const waits = DELAYED_ACK_NS / RTT_NS;
    return [
      ...REFERENCE.map((one) => follows(table, CHART, one)),
      near('4 KB from three segments come in so many round trips', rounds('each', 3, 4), 1, 0.02),
      near(
        '4 KB with delayed ACKs: two segments save the wait for one, round trips',
        rounds('delayed', 1, 4) - rounds('delayed', 2, 4) - (rounds('each', 1, 4) - rounds('each', 2, 4)),
        waits,
        0.02,
      ),
      between('saved by four segments with delayed ACKs, at least', Math.min(...saved), 1, Infinity),
      between('and at most: three round trips and a delayed ACK', Math.max(...saved), 1, 3 + waits + 0.02),
    ];
  },
};
