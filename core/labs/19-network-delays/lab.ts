// Experiment 19: the time of a small object is round trips and timeouts; hardly anything else.

import { between, near } from '../checks';
import type { Lab, LabChart } from '../lab';
import { follows, type Reference, share } from '../reference';
import { timeOf, transfer, transferScenario } from '../short-transfers';

const MS = 1e6;
const DISK_SEEK_NS = 10 * MS;
const IW = 2;

/** Segments of an object that takes so many round trips from a window of two, an ACK for each segment: 2, 2 + 4, 2 + 4 + 8, … */
function segmentsFor(rounds: number): number {
  return IW * (2 ** rounds - 1);
}

const FLOORS: Readonly<Record<string, number>> = {
  'nothing lost': 0,
  'last lost, RTO at least 200 ms': 200 * MS,
  'last lost, RTO at least 1 s': 1000 * MS,
};

/**
 * Handshake and rounds; and when the last segment is lost, the RTO from the ACK before it, and one round more. RFC 6298 with a sample
 * of the handshake and one each round: SRTT is the RTT, and RTTVAR half of it, then 3/4 of what it was with each sample.
 */
function predicted(rttNs: number, rounds: number, floorNs: number): number {
  const clean = (1 + rounds) * rttNs;
  if (floorNs === 0) return clean;
  const rto = Math.max(floorNs, rttNs * (1 + 2 * 0.75 ** rounds));
  return clean + rto + rttNs;
}

const CHART: LabChart = { x: 'rtt', y: 'time', lines: ['loss'], where: { rounds: 1 } };
const RTTS = [1, 5, 10, 20, 50, 100, 200].map((ms) => ms * MS);

function reference(): Reference[] {
  return Object.entries(FLOORS).map(([loss, floorNs]) => ({
    label: 'RFC 6298',
    source:
      'RFC 6298 §2 and §5: round trips, and the RTO where the last segment is lost; the wire’s own time is below 2%',
    kind: 'curve',
    line: { loss },
    samples: RTTS.map((x) => ({ x, y: predicted(x, 1, floorNs) })),
    tolerance: share(0.02),
  }));
}

export const networkDelays: Lab = {
  id: '19-network-delays',
  experiment: 19,
  title: 'Network delays',
  slide: 'TCP: network delays; 50 ms of round trip are more than 10 ms of disk seek',
  topics: ['TCP loss recovery', 'TCP start'],
  mechanisms: ['RTO', 'round trips'],
  question: 'What does the time of a small object consist of?',
  expected:
    'Straight lines over the round-trip time, one round trip more for each further round; and one timeout outweighs them all.',
  sources: [
    'Hsu 2004: a round trip of 50 ms against a disk seek of 10 ms, a timeout of 1 s or more',
    'RFC 6298 §2.4: an RTO is at least 1 s; many systems take 200 ms',
  ],
  lookFor: 'How far apart the lines are: the distance is the least RTO, whatever the round trip.',
  factors: [
    { name: 'loss', label: 'Loss', levels: Object.keys(FLOORS) },
    { name: 'rounds', label: 'Round trips of the object', unit: '1', levels: [1, 2, 3, 4], quick: [1, 3] },
    { name: 'rtt', label: 'Round-trip time', unit: 'ns', levels: RTTS },
  ],
  measures: [
    { name: 'time', label: 'Time of the object', unit: 'ns' },
    { name: 'timeouts', label: 'Timeouts', unit: 'count' },
  ],
  replications: { full: 1, quick: 1 },
  chart: CHART,
  reference,

  measure({ loss, rounds, rtt }, { world }) {
    const segments = segmentsFor(Number(rounds));
    const floorNs = FLOORS[String(loss)]!;
    const tcp = { initialWindow: IW, rtoMin: floorNs === 0 ? '1s' : floorNs, slowStartLimit: 1 };
    const lost = floorNs === 0 ? [] : [segments];
    const flow = transfer(world(transferScenario(segments, lost, tcp, { delay: Number(rtt) / 2 })));
    return { time: timeOf(flow), timeouts: flow.rtoCount };
  },

  checks(table) {
    const [clean, short, long] = Object.keys(FLOORS) as [string, string, string];
    const at = (loss: string, rounds: number, ms: number): number => table.at('time', { loss, rounds, rtt: ms * MS });
    return [
      ...reference().map((one) => follows(table, CHART, one, 'ns')),
      near('two more rounds cost two more round trips, ms', (at(clean, 3, 50) - at(clean, 1, 50)) / MS, 100, 0.02),
      near('an object of one round at 50 ms, over a disk seek', at(clean, 1, 50) / DISK_SEEK_NS, 10, 0.02),
      between('what one timeout costs at 50 ms, ms', (at(long, 1, 50) - at(clean, 1, 50)) / MS, 1000, 1100),
      between('with and without timeout, 50 ms: times as long', at(long, 1, 50) / at(clean, 1, 50), 10, Infinity),
      near('with a least RTO of 200 ms it costs less, ms', (at(long, 1, 50) - at(short, 1, 50)) / MS, 800, 0.02),
    ];
  },
};
