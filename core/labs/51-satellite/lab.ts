// Experiment 51 (tcp.md §19 E4): what four segments instead of one save where a round trip is long, or a link slow.

import type { World } from '../../world';
import { between, monotone } from '../checks';
import type { Lab, LabChart } from '../lab';
import { wireScenario } from '../on-wire';
import { follows, inUnits, type Reference } from '../reference';

const KB = 1024;
const MSS = 512;
const DELAYED_ACK_NS = 200e6;

interface Path {
  readonly rate: string;
  readonly delay: string;
}

const SATELLITE = 'satellite';
const MODEM = 'modem';

const PATHS: Readonly<Record<string, Path>> = {
  /** A T1 over a geostationary satellite, 36,000 km up and down. */
  [SATELLITE]: { rate: '1536kbps', delay: '280ms' },
  /** 28,800 bit/s; a modem of that time holds a packet for some 100 ms. */
  [MODEM]: { rate: '28800bps', delay: '100ms' },
};

function scenario(path: Path, sizeBytes: number, initialWindow: number): unknown {
  return wireScenario({
    duration: '600s',
    tcp: {
      initialWindow,
      mss: MSS,
      timestamps: false,
      sack: false,
      delayedAck: true,
      delayedAckTimeout: DELAYED_ACK_NS,
      slowStartLimit: 1,
      receiveBuffer: '64KiB',
      rtoMin: '1s',
    },
    link: { ...path, queue: { discipline: 'droptail', limit: '1000p' } },
    traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: sizeBytes }],
  });
}

/** Time of a transfer from its SYN until its last byte is there, ns: whether the last segment's ACK is delayed is nobody's concern. */
function transferNs(world: World): number {
  let thereAt = 0;
  world.setTap({
    packet(at, host, direction, packet) {
      if (host === 1 && direction === 'in' && packet.payloadBytes > 0) thereAt = at;
    },
  });
  world.run(world.endAt);
  return thereAt;
}
const SIZES = [4, 8, 16, 32, 64, 128, 256, 512, 1024].map((kilobytes) => kilobytes * KB);
const WINDOWS = [1, 2, 3, 4];
const SATELLITE_RTT_NS = 560e6;
/** Of "roughly 10%": it is neither 5 nor 15. */
const ROUGHLY = 0.05;

const CHART: LabChart = { x: 'size', log: true, y: 'less', lines: ['path'], where: { window: 4 } };

const MODEM_REFERENCE: Reference = {
  label: 'Allman 1997',
  source:
    'RFC 3390 §8.1: over a 28.8 kbit/s modem four segments of 512 bytes took roughly 10% off the time of 16 KB; ± 5 points',
  kind: 'points',
  line: { path: MODEM },
  samples: [{ x: 16 * KB, y: 0.1 }],
  tolerance: inUnits(ROUGHLY),
};

export const satellite: Lab = {
  id: '51-satellite',
  experiment: 51,
  title: 'Four segments at first, over a satellite and over a modem',
  slide: 'TCP enhancements: larger initial window',
  topics: ['TCP start'],
  mechanisms: ['initial window', 'slow start', 'delayed ACK'],
  question:
    'How much sooner is a file there with a larger initial window, where a round trip is long or the link slow?',
  expected:
    'It saves round trips, at most three and the wait for a delayed ACK, whatever the size: much of a short file over a satellite, little of a long one, and on a modem what the link idles at first.',
  sources: [
    'RFC 3390 §8.1: four segments of 512 bytes: up to 30% more throughput over a satellite, depending on the size (sizes are not printed); roughly 10% less time for 16 KB over a 28.8 kbit/s modem',
    'RFC 2414 §3: saves up to three round trips and a delayed ACK',
    'Allman, Hayes, Ostermann, An Evaluation of TCP with Larger Initial Windows, CCR 28(3), 1998',
  ],
  lookFor:
    'Over a satellite the gain in throughput comes down to the published 30% at 128 KB; what is shorter gains more, for nearly all of its time is round trips.',
  factors: [
    { name: 'path', label: 'Path', levels: Object.keys(PATHS) },
    { name: 'window', label: 'Segments at first', unit: '1', levels: WINDOWS },
    { name: 'size', label: 'Size', unit: 'bytes', levels: SIZES },
  ],
  measures: [
    { name: 'less', label: 'Less time than with one segment', unit: '1' },
    { name: 'gain', label: 'More throughput than with one segment', unit: '1' },
    { name: 'saved', label: 'Time saved', unit: 'ns' },
    { name: 'time', label: 'Time of the transfer', unit: 'ns' },
  ],
  replications: { full: 1, quick: 1 },
  chart: CHART,
  reference: () => [MODEM_REFERENCE],

  measure({ path, window, size }, setting) {
    const [one, time] = [1, Number(window)].map((segments) => {
      const what = segments === 1 ? 'one segment at first' : `${String(segments)} segments at first`;
      return transferNs(setting.world(scenario(PATHS[String(path)]!, Number(size), segments), what));
    });
    return { less: 1 - time! / one!, gain: one! / time! - 1, saved: one! - time!, time: time! };
  },

  checks(table) {
    const over = (measure: string, path: string, window: number): { x: number; y: number }[] =>
      table.over(measure, 'size', { path, window });
    const saved = over('saved', SATELLITE, 4).map(({ y }) => y / SATELLITE_RTT_NS);
    const most = 3 + DELAYED_ACK_NS / SATELLITE_RTT_NS;
    return [
      follows(table, CHART, MODEM_REFERENCE),
      between('round trips saved over the satellite, at most', Math.max(...saved), 2, most),
      between('round trips saved over the satellite, at least', Math.min(...saved), 1, most),
      ...Object.keys(PATHS).map((path) =>
        monotone(`the gain falls with the size, ${path}`, over('gain', path, 4), 'down', 0.05),
      ),
      ...SIZES.filter((size) => size === 16 * KB || size === 1024 * KB).map((size) =>
        monotone(
          `the time falls with the window, ${String(size / KB)} KB over the satellite`,
          table.over('time', 'window', { path: SATELLITE, size }),
          'down',
          0,
          'ns',
        ),
      ),
    ];
  },
};
