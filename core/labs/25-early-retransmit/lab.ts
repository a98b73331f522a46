// Experiment 25: a loss near the end, with nothing left to send. Early Retransmit needs fewer duplicate ACKs.

import { between, exactly } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, inUnits, type Reference } from '../reference';
import { timeOf, transfer, transferScenario } from '../short-transfers';
import { NEEDLESS_EXPECTED, needlessPerTransfer } from './late-segments';

const SEGMENTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const CHART: LabChart = { x: 'segments', y: 'timeouts', lines: ['sender'] };
const OFF = 'without';
const ON = 'Early Retransmit';
const DELAYED = 'Early Retransmit, a little later';
const SENDERS: Readonly<Record<string, object>> = {
  [OFF]: {},
  [ON]: { earlyRetransmit: true },
  [DELAYED]: { earlyRetransmit: true, earlyRetransmitDelay: true },
};
const LATE_TRANSFERS = 300;

/** With these many segments behind the lost one, all there is (tcp.md §4; RFC 5827 §2.1: four outstanding keep the threshold of three). */
export function timesOut(behind: number, early: boolean): boolean {
  return !(behind >= 3 || (early && behind >= 1 && behind + 1 < 4));
}

/** Each of W segments is as likely the lost one. */
function probability(segments: number, early: boolean): number {
  const positions = Array.from({ length: segments }, (_, behind) => timesOut(behind, early));
  return positions.filter(Boolean).length / segments;
}

const REFERENCE: readonly Reference[] = [OFF, ON].map((sender) => ({
  label: 'Closed form',
  source:
    'tcp.md §4, RFC 5827 §2: W outstanding and one lost at random: min(3, W)/W time out, with Early Retransmit 1/W. Exact',
  kind: 'curve',
  line: { sender },
  samples: SEGMENTS.map((x) => ({ x, y: probability(x, sender === ON) })),
  tolerance: inUnits(1e-9),
}));

export const earlyRetransmit: Lab = {
  id: '25-early-retransmit',
  experiment: 25,
  title: 'Early Retransmit',
  slide: 'TCP enhancements: Early Retransmit',
  topics: ['TCP loss recovery'],
  mechanisms: ['Early Retransmit', 'fast retransmit', 'RTO', 'reordering'],
  question: 'How often does a loss among few segments end in a timeout, and what does it cost to be early?',
  expected:
    'Only the very last segment is left to the timer; without it the last three are. The price: what is only late goes again, unless the sender waits a little first.',
  sources: ['RFC 5827', 'Hsu 2004: Early Retransmit lowers the threshold when two or three segments are outstanding'],
  lookFor: 'With one segment there is nothing behind it: no duplicate ACK, and the timer for everybody.',
  factors: [
    { name: 'sender', label: 'Sender', levels: Object.keys(SENDERS) },
    { name: 'segments', label: 'Segments of the transfer', unit: '1', levels: SEGMENTS, quick: [1, 2, 3, 4, 6, 10] },
  ],
  measures: [
    { name: 'timeouts', label: 'Losses that end in a timeout', unit: '1' },
    { name: 'time', label: 'Time of the transfer, mean', unit: 'ns' },
    { name: 'needless', label: 'Sent again when some are late, per transfer', unit: '1' },
  ],
  replications: { full: 2, quick: 1 },
  chart: CHART,
  reference: () => REFERENCE,

  measure({ sender, segments }, { seed, world }) {
    const tcp = SENDERS[String(sender)]!;
    const count = Number(segments);
    const flows = Array.from({ length: count }, (_, index) =>
      transfer(world(transferScenario(count, [index + 1], tcp), `segment ${String(index + 1)} is lost`)),
    );
    return {
      timeouts: flows.reduce((sum, { rtoCount }) => sum + rtoCount, 0) / count,
      time: flows.reduce((sum, flow) => sum + timeOf(flow), 0) / count,
      needless: needlessPerTransfer({ transfers: LATE_TRANSFERS, segments: count, tcp, seed }, world),
    };
  },

  checks(table) {
    const needless = (sender: string): number => table.at('needless', { sender, segments: 3 });
    const time = (sender: string): number => table.at('time', { sender, segments: 3 });
    // Three standard errors of a share of 300 transfers.
    const slack = 3 * Math.sqrt((NEEDLESS_EXPECTED * (1 - NEEDLESS_EXPECTED)) / LATE_TRANSFERS);
    return [
      ...REFERENCE.map((one) => follows(table, CHART, one)),
      exactly('sent again without it when segments are late', needless(OFF), 0),
      between(
        'sent again with it: 2 · 0.2 · 0.8² of the transfers',
        needless(ON),
        NEEDLESS_EXPECTED - slack,
        NEEDLESS_EXPECTED + slack,
      ),
      exactly('and when it waits for a quarter of a round trip', needless(DELAYED), 0),
      between('time saved with three segments, s', (time(OFF) - time(ON)) / 1e9, 0.4, 1),
    ];
  },
};
