// Experiment 24: a delay that grows at once looks like a loss. Eifel tells by the timestamp of the ACK, and takes it back.

import { between, exactly, near } from '../checks';
import type { Lab, LabChart } from '../lab';
import { inUnits, follows, type Reference } from '../reference';
import { overtaken, SENDERS, spike, WINDOW } from './spike';

const SPIKES = [2, 4, 6, 10];
const CHART: LabChart = { x: 'spike', y: 'needless', lines: ['sender'] };

function needless(sender: string, segments: number, source: string): Reference {
  return {
    label: segments === 0 ? 'RFC 4015' : 'Ludwig and Katz 2000',
    source,
    kind: 'shape',
    line: { sender },
    samples: SPIKES.map((seconds) => ({ x: seconds * 1e9, y: segments })),
    // A segment more or less may be in flight when the spike begins.
    tolerance: segments === 0 ? inUnits(0) : inUnits(1),
  };
}

const GO_BACK =
  'Ludwig and Katz 2000, tcp.md §19 E6: without Eifel the window goes again, all but what the timer itself sent';
const REFERENCE: readonly Reference[] = [
  needless('plain', WINDOW - 1, GO_BACK),
  needless('Eifel without timestamps', WINDOW - 1, GO_BACK),
  needless('Eifel', 0, 'RFC 4015 §3.2 step 8: new data follows, no go-back-N'),
];

export const eifel: Lab = {
  id: '24-eifel',
  experiment: 24,
  title: 'Eifel detection',
  slide: 'TCP enhancements: Eifel detection',
  topics: ['TCP loss recovery'],
  mechanisms: ['Eifel', 'F-RTO', 'timestamps', 'spurious timeout', 'reordering'],
  question: 'What does a sender lose when segments are late and not lost?',
  expected:
    'Without Eifel nearly the whole window goes again for nothing, and half of the window is gone. With it only the timer’s own segments go twice, and the window is back. Without timestamps it sees nothing.',
  sources: [
    'RFC 3522 (detection) and 4015 (response)',
    'Ludwig and Katz, The Eifel Algorithm: Making TCP Robust Against Spurious Retransmissions, CCR 2000',
    'RFC 5682: F-RTO, for one timeout only',
  ],
  lookFor: 'F-RTO helps for as long as the timer expires once; a longer spike makes it conventional.',
  factors: [
    { name: 'sender', label: 'Sender', levels: Object.keys(SENDERS) },
    { name: 'spike', label: 'Spike of the delay', unit: 'ns', levels: SPIKES.map((seconds) => seconds * 1e9) },
  ],
  measures: [
    { name: 'needless', label: 'Sent again for nothing', unit: 'segments' },
    { name: 'timeouts', label: 'Timeouts', unit: 'count' },
    { name: 'kept', label: 'Window after over before', unit: '1' },
    { name: 'time', label: 'Time of 3 MB', unit: 'ns' },
    { name: 'again', label: 'Sent again for one overtaken segment', unit: '1' },
    { name: 'undone', label: 'Recoveries taken back, of retransmissions', unit: '1' },
    { name: 'rate', label: 'Goodput with overtaking', unit: 'bps' },
  ],
  replications: { full: 2, quick: 1 },
  chart: CHART,
  reference: () => REFERENCE,

  measure({ sender, spike: ns }, { seed, world }) {
    const tcp = SENDERS[String(sender)]!;
    const spiked = spike(Number(ns) / 1e9, tcp, world);
    const reordered = overtaken(seed, tcp, world);
    return {
      // All of them; the timer's own first one is what it must send (RFC 4015 §3).
      needless: spiked.retransmits - spiked.timeouts,
      timeouts: spiked.timeouts,
      kept: spiked.windowKept,
      time: spiked.seconds * 1e9,
      again: reordered.retransmits / reordered.late,
      undone: reordered.retransmits === 0 ? 0 : reordered.takenBack / reordered.retransmits,
      rate: reordered.goodputBps,
    };
  },

  checks(table) {
    const at = (measure: string, sender: string, seconds: number): number =>
      table.at(measure, { sender, spike: seconds * 1e9 });
    return [
      ...REFERENCE.map((one) => follows(table, CHART, one)),
      between('window kept without Eifel', at('kept', 'plain', 4), 0, 0.55),
      near('window kept with Eifel', at('kept', 'Eifel', 4), 1, 0.01),
      exactly('F-RTO, one timeout: needless retransmissions', at('needless', 'F-RTO without timestamps', 2), 0),
      between('F-RTO, several timeouts', at('needless', 'F-RTO without timestamps', 4), WINDOW - 2, WINDOW),
      between('time saved with a spike of 4 s, s', (at('time', 'plain', 4) - at('time', 'Eifel', 4)) / 1e9, 0.3, 10),
      // Each is sent again; and then NewReno takes the ACKs of what was on its way for partial ones (tcp.md, trace NR-4).
      between('segments sent again for one overtaken, plain', at('again', 'plain', 2), 1, Infinity),
      between('the same with Eifel: itself only', at('again', 'Eifel', 2), 0.8, 1),
      between('recoveries that Eifel takes back, of these', at('undone', 'Eifel', 2), 0.8, 1),
      between(
        'goodput with overtaking, Eifel over plain',
        at('rate', 'Eifel', 2) / at('rate', 'plain', 2),
        1,
        Infinity,
      ),
    ];
  },
};
