// Experiment 23: one loss in a small window, with data waiting. Limited Transmit sends some of it, and hears of the loss.

import { between, exactly } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, inUnits, type Reference } from '../reference';
import { SendReason } from '../../packet';
import { timeOf, transferScenario } from '../short-transfers';

const WINDOWS = [1, 2, 3, 4, 5, 6, 7, 8];
const CHART: LabChart = { x: 'window', y: 'timeouts', lines: ['limited'] };
/** Enough data to go on with. */
const SEGMENTS = 40;
const OFF = 'without';
const ON = 'Limited Transmit';

/** With so many duplicate ACKs from one window there is no timeout (tcp.md §4). */
const NEEDED: Readonly<Record<string, number>> = { [OFF]: 3, [ON]: 1 };

const REFERENCE: readonly Reference[] = Object.entries(NEEDED).map(([limited, needed]) => ({
  label: 'Closed form',
  source: 'RFC 3042 and tcp.md §4: W − 1 duplicate ACKs return; three are needed, with Limited Transmit one. Exact',
  kind: 'shape',
  line: { limited },
  samples: WINDOWS.map((x) => ({ x, y: x - 1 >= needed ? 0 : 1 })),
  tolerance: inUnits(0),
}));

export const limitedTransmit: Lab = {
  id: '23-limited-transmit',
  experiment: 23,
  title: 'Limited Transmit',
  slide: 'TCP enhancements: Limited Transmit',
  topics: ['TCP loss recovery'],
  mechanisms: ['Limited Transmit', 'fast retransmit', 'RTO'],
  question: 'In which windows does a loss lead to a timeout, and which of these does Limited Transmit save?',
  expected:
    'A window below four has no three segments behind the lost one. Each of the first two duplicate ACKs lets a new segment go, which causes the next: from two segments on there is no timeout.',
  sources: [
    'RFC 3042: new data on the first two duplicate ACKs, at most two segments beyond the window',
    'Hsu 2004, Balakrishnan et al. 1998: it would have saved 25% of the timeouts, SACK 4%; measured in lab 46',
  ],
  lookFor: 'The time that a window of three saves: nearly the whole second of the least RTO.',
  factors: [
    { name: 'limited', label: 'Limited Transmit', levels: [OFF, ON] },
    { name: 'window', label: 'Window', unit: 'segments', levels: WINDOWS },
  ],
  measures: [
    { name: 'timeouts', label: 'Timeouts after a loss', unit: '1' },
    { name: 'again', label: 'Segments sent again', unit: 'count' },
    { name: 'beyond', label: 'Segments in flight beyond the window', unit: 'count' },
    { name: 'time', label: 'Time of the transfer', unit: 'ns' },
  ],
  replications: { full: 1, quick: 1 },
  chart: CHART,
  reference: () => REFERENCE,

  measure({ limited, window }, setting) {
    const tcp = { initialWindow: window, limitedTransmit: limited === ON };
    const world = setting.world(transferScenario(SEGMENTS, [1], tcp));
    let before = 0;
    let repairs = false;
    world.setTap({
      packet(_at, host, direction, packet) {
        if (host !== 0 || direction !== 'out' || packet.payloadBytes === 0) return;
        repairs ||= packet.reason === SendReason.fast || packet.reason === SendReason.timeout;
        if (!repairs) before += 1;
      },
    });
    world.run(world.endAt);
    const flow = world.summary('finished', 0).flows[0]!;
    return {
      timeouts: flow.rtoCount,
      again: flow.retransmits,
      // The first segment is the lost one: until it goes again all that was sent is in flight.
      beyond: before - Number(window),
      time: timeOf(flow),
    };
  },

  checks(table) {
    const time = (limited: string): number => table.at('time', { limited, window: 3 });
    const beyond = table.over('beyond', 'window', { limited: ON });
    return [
      ...REFERENCE.map((one) => follows(table, CHART, one)),
      exactly('segments sent again, at most', Math.max(...table.rows.map(({ mean }) => mean['again']!)), 1),
      exactly('in flight beyond the window with Limited Transmit', Math.max(...beyond.map(({ y }) => y)), 2),
      between('time saved with a window of three, s', (time(OFF) - time(ON)) / 1e9, 0.7, 1.1),
    ];
  },
};
