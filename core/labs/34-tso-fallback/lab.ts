// Experiment 34: whether the NIC cuts is asked at every output call. What happens to a path while a connection lives shows in the
// very next one.

import { nanos } from '../../base';
import { between, exactly } from '../checks';
import type { Lab } from '../lab';
import { measureWorld, serverScenario } from '../on-network';

const SLICE_NS = 2.5e6;
/** Something happens here, and is over there. */
const FROM_NS = 10e6;
const TO_NS = 15e6;
const TRANSFER_BYTES = 3_000_000;
const EXCHANGE_BYTES = 3_000_000;
/** Of a frame: IP, TCP, timestamps. */
const HEADER_BYTES = 52;
const MTU_BYTES = 1500;
const SMALL_MTU_BYTES = 1000;

const BUFFER_BYTES = 131_072;
/** What waits in the send buffer behind a full window, so that urgent data can lie ahead of what is sent. */
const WAITING_BYTES = 131_072;
/**
 * Urgent octets, each in the buffer before the one before it has left. The first is written both buffers ahead of what is acknowledged
 * then, at a gigabit shortly after FROM_NS; the last is sent, a window ahead of that, shortly after TO_NS.
 */
const URGENT_AT = [1_450_000, 1_550_000, 1_650_000, 1_750_000, 1_850_000, 1_950_000];

const EVENTS = [
  'route over a NIC without TSO',
  'smaller MTU on the path',
  'SACK blocks to report',
  'urgent data ahead',
] as const;
type Event = (typeof EVENTS)[number];

export const tsoFallback: Lab = {
  id: '34-tso-fallback',
  experiment: 34,
  title: 'Fallback from TSO',
  slide: 'TCP segmentation in hardware: fallback',
  topics: ['TSO', 'NIC'],
  mechanisms: ['TSO', 'path-MTU discovery', 'routing'],
  question: 'What becomes of TSO when the route, the path or what is to be said changes in the middle of a connection?',
  expected:
    'Over an interface that does not cut, nothing is cut from the next output call on, and everything again when the route comes back. A smaller path MTU makes the segments of bursts smaller; what was lost goes again segment by segment first. A segment with SACK blocks goes alone, and one from which urgent data lie ahead.',
  sources: [
    'kernel.md §9.1: eligibility is evaluated on every output call; on EMSGSIZE or ICMP path-MTU handling resizes the MSS and sends again',
    'RFC 1191: the router names the MTU of the next hop',
    'kernel.md §9.2: a segment with URG is never offloaded; RFC 6093: it says so ahead of the urgent data',
    'kernel.md §12, 34',
  ],
  lookFor: `Each event begins at 10 ms; the route comes back, the losses end and the last urgent octet goes out at 15 ms, the MTU stays small.`,
  factors: [
    { name: 'event', label: 'Event', levels: [...EVENTS] },
    {
      name: 'until',
      label: 'Time, end of 2.5 ms',
      unit: 'ns',
      levels: Array.from({ length: 10 }, (_, index) => (index + 1) * SLICE_NS),
      quick: [7.5e6, 10e6, 12.5e6, 15e6, 17.5e6, 20e6],
    },
  ],
  measures: [
    { name: 'share', label: 'Share of bytes that the NIC cut', unit: '1' },
    { name: 'segment', label: 'Payload of a segment', unit: 'bytes' },
    { name: 'rate', label: 'Payload sent', unit: 'bps' },
    { name: 'burst', label: 'Segments per burst', unit: 'count' },
    { name: 'pieces', label: 'Frames that are neither packets of their own nor cut from a burst', unit: 'count' },
    { name: 'delivered', label: 'Bytes delivered over bytes to deliver, in the end', unit: '1' },
  ],
  replications: { full: 3, quick: 1 },
  chart: { x: 'until', y: 'share', lines: ['event'] },

  measure({ event, until }, setting) {
    const slice = setting.world(documentOf(event as Event, setting.seed, Number(until)), 'to the end of this slice');
    const run = measureWorld(slice, Number(until) - SLICE_NS);
    const frames = run.nic('framesSent');
    const payload = run.nic('bytesSent') - HEADER_BYTES * frames;
    const whole = measureWorld(setting.world(documentOf(event as Event, setting.seed, 100e6), 'the whole transfer'), 0);
    const count = (name: Parameters<typeof whole.nic>[0]): number => whole.nic(name);
    const wanted = event === 'SACK blocks to report' ? 2 * EXCHANGE_BYTES : TRANSFER_BYTES;
    return {
      // What is posted at the end of a slice is on the wire in the next.
      share: Math.min(1, ratio(run.nic('tsoBytes'), payload)),
      segment: ratio(run.nic('tsoBytes'), run.nic('tsoSegments')),
      rate: (payload * 8) / run.seconds,
      burst: ratio(run.nic('tsoSegments'), run.nic('tsoBursts')),
      pieces: count('framesSent') - (count('packetsPosted') - count('tsoBursts')) - count('tsoSegments'),
      delivered: whole.deliveredBytes / wanted,
    };
  },

  checks(table) {
    const share = (event: Event, until: number): number => table.at('share', { event, until });
    const [flap, mtu, sack, urgent] = EVENTS;
    const segment = (until: number): number => table.at('segment', { event: mtu, until });
    return [
      // A share says nothing where nothing is sent.
      between(
        'payload sent in any slice, least',
        Math.min(...table.rows.map(({ mean }) => mean['rate']!)),
        0.1e9,
        Infinity,
        'bps',
      ),
      between('share before, all events', Math.min(...EVENTS.map((event) => share(event, 10e6))), 0.9, 1),
      exactly('share while the route leads over the other NIC', share(flap, 15e6), 0),
      between('share after the route has come back', share(flap, 20e6) / share(flap, 10e6), 0.9, 1.2),
      between('share when the path MTU is found', share(mtu, 12.5e6) / share(mtu, 10e6), 0, 0.9),
      between('share after it', share(mtu, 20e6) / share(mtu, 10e6), 0.9, 1.2),
      exactly('payload of segments of bursts, before', segment(10e6), MTU_BYTES - HEADER_BYTES),
      exactly('payload of segments of bursts, after', segment(20e6), SMALL_MTU_BYTES - HEADER_BYTES),
      between('share while there are blocks to report', share(sack, 15e6) / share(sack, 10e6), 0, 0.9),
      between('share when there are none any more', share(sack, 20e6) / share(sack, 10e6), 0.9, 1.2),
      exactly('share while urgent data lie ahead', share(urgent, 15e6), 0),
      between('share behind them', share(urgent, 20e6) / share(urgent, 10e6), 0.9, 1.2),
      exactly(
        'frames that no packet and no burst accounts for',
        table.rows.reduce((most, { mean }) => Math.max(most, Math.abs(mean['pieces']!)), 0),
        0,
      ),
      exactly('delivered, least', Math.min(...table.rows.map(({ mean }) => mean['delivered']!)), 1),
    ];
  },
};

/** 0 when there was nothing. */
function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

/** A server with two interfaces, of which one segments, and a client behind a router. */
function documentOf(event: Event, seed: number, durationNs: number): Readonly<Record<string, unknown>> {
  const base = serverScenario(
    {
      cpus: 2,
      kernel: { model: 'pmp', fairSend: 0 },
      nic: { tso: true, tsoLinks: ['cuts'], interruptRate: 20_000 },
      tcp: { sendBuffer: sendBufferOf(event), receiveBuffer: BUFFER_BYTES, rtoMin: '2ms' },
      changes: changesOf(event, durationNs),
      durationNs: nanos(durationNs),
    },
    seed,
  );
  const link = { rate: 1e9, mtu: MTU_BYTES, queue: { discipline: 'droptail', limit: '1000p' } };
  const loss = { model: 'bernoulli', probability: 0 };
  return {
    ...base,
    nodes: [...(base['nodes'] as object[]), { id: 'router', kind: 'router' }],
    links: [
      { ...link, id: 'cuts', from: 'server', to: 'router', delay: 20_000 },
      { ...link, id: 'does-not', from: 'server', to: 'router', delay: 60_000 },
      { ...link, id: 'path', from: 'router', to: 'client0', delay: 20_000, loss, reverse: { loss } },
    ],
    traffic: [{ id: 'x', kind: 'transfer', from: 'server', to: 'client0', ...transferOf(event) }],
  };
}

function sendBufferOf(event: Event): number {
  return event === 'urgent data ahead' ? BUFFER_BYTES + WAITING_BYTES : BUFFER_BYTES;
}

function transferOf(event: Event): Readonly<Record<string, unknown>> {
  if (event === 'SACK blocks to report') return { size: EXCHANGE_BYTES, exchange: 49_152 };
  return event === 'urgent data ahead' ? { size: TRANSFER_BYTES, urgent: URGENT_AT } : { size: TRANSFER_BYTES };
}

function changesOf(event: Event, durationNs: number): Readonly<Record<string, unknown>>[] {
  const both = (set: string, there: unknown, back: unknown): Readonly<Record<string, unknown>>[] => [
    { at: FROM_NS, set, to: there },
    { at: TO_NS, set, to: back },
  ];
  const changes = {
    'route over a NIC without TSO': both('/links/cuts/up', false, true),
    'smaller MTU on the path': [{ at: FROM_NS, set: '/links/path/mtu', to: SMALL_MTU_BYTES }],
    // What the client sends is lost, not what the server sends.
    'SACK blocks to report': both('/links/path/reverse/loss/probability', 0.02, 0),
    'urgent data ahead': [],
  }[event];
  return changes.filter(({ at }) => Number(at) <= durationNs);
}
