// Urgent data in whole worlds: on ideal hosts and under every model, with and without a NIC that segments, with losses.

import { expect, test } from 'vitest';
import { formatProblem } from '../../../core/base';
import { Flag, type Packet } from '../../../core/packet';
import { checkScenario } from '../../../core/scenario';
import type { World } from '../../../core/world';
import { pathDocument, readyDocument, resolved, runDocument, worldOf } from '../../worlds';

type Fields = Readonly<Record<string, unknown>>;

const SIZE = 400_000;
/** The first octet, two next to each other, one in the middle, the last. */
const MARKS = [0, 1, 200_000, SIZE - 1];

const HOSTS: readonly [string, Fields][] = [
  ['ideal', {}],
  ...(
    [
      ['giant', { model: 'giant' }],
      ['mutex', { model: 'mutex' }],
      ['group locks', { model: 'grouplock', groups: 4 }],
      ['pmp', { model: 'pmp' }],
      ['pmp of 2004', { model: 'pmp', protocolThreads: 'three', hash: 'xor', sends: 'sync', receives: 'sync' }],
      ['pmp, stage by stage', { model: 'pmp', stageOrder: 'stage' }],
    ] as const
  ).map(([name, kernel]): [string, Fields] => [name, { kernel, machine: { cpus: 4 }, nic: { tso: true } }]),
];

function document(host: Fields, { urgent = MARKS, loss = 0 }: { urgent?: readonly number[]; loss?: number }): Fields {
  const traffic = [{ id: 't', kind: 'transfer', from: 'a', to: 'b', size: SIZE, urgent }];
  const base = pathDocument({ duration: '20s', tcp: { sack: true, rtoMin: '1s' }, traffic }) as {
    nodes: Fields[];
    links: Fields[];
  };
  return {
    ...base,
    nodes: base.nodes.map((node) => (node['kind'] === 'host' ? { ...node, ...host } : node)),
    links: base.links.map((link) =>
      link['id'] === 'mid' && loss > 0 ? { ...link, loss: { model: 'bernoulli', probability: loss } } : link,
    ),
  };
}

interface Segment {
  readonly from: number;
  readonly bytes: number;
  /** Where its urgent data end; undefined without URG. */
  readonly mark: number | undefined;
}

/** What a sent of its stream, in the order of the wire. */
function segmentsOf(world: World): Segment[] {
  const segments: Segment[] = [];
  let first: number | undefined = undefined;
  world.setTap({
    packet: (_at, node, direction, packet: Packet) => {
      if (node !== 0 || direction !== 'out') return;
      const seq = packet.seq as unknown as number;
      if ((packet.flags & Flag.syn) !== 0) first = seq + 1;
      const from = (seq - first!) | 0;
      const isUrgent = (packet.flags & Flag.urg) !== 0;
      segments.push({ from, bytes: packet.payloadBytes, mark: isUrgent ? from + packet.urgentPointer : undefined });
    },
  });
  world.run(world.endAt);
  return segments;
}

test.each(HOSTS)('%s: every mark is told of, and all of the stream comes', (_, host) => {
  for (const loss of [0, 0.03]) {
    const { flows } = runDocument(document(host, { loss }));
    expect(flows[0]).toMatchObject({ bytesDelivered: SIZE, urgentMarksSent: MARKS.length });
    // Two next to each other may be one by the time that anything is sent.
    expect(flows[0]!.urgentMarksReceived).toBeGreaterThanOrEqual(MARKS.length - 1);
    expect(flows[0]!.urgentMarksReceived).toBeLessThanOrEqual(MARKS.length);
  }
});

test.each(HOSTS)(
  '%s: a segment has URG exactly while urgent data lie ahead of it and the pointer reaches them',
  (_, host) => {
    const at = 200_000;
    const segments = segmentsOf(worldOf(document(host, { urgent: [at] })));
    const urgent = segments.filter(({ mark }) => mark !== undefined);
    expect(urgent.every(({ mark }) => mark === at + 1)).toBe(true);
    // The octet is written when the send buffer has room: 256 KiB ahead at most, far more than the pointer reaches.
    const reach = 0xffff;
    const ahead = segments.filter(({ from }) => from <= at && from >= at + 1 - reach);
    expect(ahead.length).toBeGreaterThan(20);
    expect(ahead.filter(({ mark, bytes }) => mark === undefined && bytes > 0)).toEqual([]);
    expect(segments.filter(({ from, mark }) => (from > at || from < at + 1 - reach) && mark !== undefined)).toEqual([]);
  },
);

test('pmp: the NIC cuts nothing while urgent data lie ahead, and cuts again behind them', () => {
  const [, host] = HOSTS.find(([name]) => name === 'pmp')!;
  const world = worldOf(document(host, { urgent: [150_000] }));
  const { nic } = world.machines[0]!.nics[0]!;
  const posted: { from: number; isBurst: boolean }[] = [];
  const post = nic.post.bind(nic);
  let first: number | undefined = undefined;
  nic.post = (packet, ring): void => {
    const seq = packet.seq as unknown as number;
    if ((packet.flags & Flag.syn) !== 0) first = seq + 1;
    if (packet.payloadBytes > 0) posted.push({ from: (seq - first!) | 0, isBurst: packet.segmentBytes > 0 });
    post(packet, ring);
  };
  world.run(world.endAt);
  // With the first of its window it is in the send buffer.
  const bursts = posted.filter(({ isBurst }) => isBurst);
  expect(bursts.some(({ from }) => from <= 150_000 && from > 20_000)).toBe(false);
  expect(bursts.filter(({ from }) => from > 150_000).length).toBeGreaterThan(10);
});

test.each(HOSTS)('%s: the probe says how far the end of urgent data is from what was acknowledged', (_, host) => {
  const world = worldOf(document(host, { loss: 0.03 }));
  const ends = MARKS.map((place) => place + 1);
  let acked = 0;
  const told: { bytes: number; end: number }[] = [];
  const counts: number[] = [];
  world.listen('flow/t/acked', (_at, value) => (acked = value));
  world.listen('flow/t/urgent', (_at, bytes) => told.push({ bytes, end: acked + bytes }));
  world.listen('flow/t/urgent-segments', (_at, value) => counts.push(value));
  world.run(world.endAt);
  const ahead = told.filter(({ bytes }) => bytes > 0);
  expect(ahead.length).toBeGreaterThan(10);
  expect(ahead.filter(({ end }) => !ends.includes(end))).toEqual([]);
  // The first ones may be written together with the third; behind the last one nothing is urgent.
  expect([...new Set(ahead.map(({ end }) => end))]).toEqual(expect.arrayContaining(ends.slice(2)));
  expect(told.at(-1)).toEqual({ bytes: 0, end: SIZE });
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(counts.at(-1)).toBe(world.summary('finished', 0).flows[0]!.urgentSegmentsSent);
});

test('nothing is told of urgent data where there are none', () => {
  const world = worldOf(document({}, { urgent: [] }));
  const told: number[] = [];
  for (const field of ['urgent', 'urgent-segments']) world.listen(`flow/t/${field}`, (_at, value) => told.push(value));
  world.run(world.endAt);
  expect(told).toEqual([]);
  const probesOf = (urgent: readonly number[]): readonly string[] =>
    resolved({ ...document({}, { urgent }), probes: undefined }).probes;
  expect([probesOf([]), probesOf(MARKS)].map((probes) => probes.includes('flow/t/urgent'))).toEqual([false, true]);
});

const CSV = 'time_s,bytes,from,to,urgent\n0,1000,a,b\n0.1,500,b,a,urgent\n0.2,1,,,urgent\n0.3,2000,a,b,\n';
const ROWS = [
  { at: '0s', bytes: 1000 },
  { at: '100ms', bytes: 500, from: 'b', urgent: true },
  { at: '200ms', bytes: 1, urgent: true },
  { at: '300ms', bytes: 2000, urgent: false },
];

test.each(HOSTS)('%s: a replay writes urgent data where its records say so, in both directions', (_, host) => {
  for (const source of [{ csv: CSV }, { records: ROWS }]) {
    const base = document(host, {});
    const { flows } = runDocument({
      ...base,
      traffic: [{ id: 't', kind: 'replay', from: 'a', to: 'b', ...source }],
    });
    expect(flows[0]).toMatchObject({ bytesDelivered: 3501, urgentMarksSent: 2, urgentMarksReceived: 2 });
  }
});

test.each([
  ['a word that is none', { csv: '0,10,a,b,URG' }, '/traffic/0/csv', 'row 1: "URG" is neither "urgent" nor empty'],
  [
    'an urgent row of datagrams',
    { protocol: 'udp', csv: '0,1\n1,10,a,b,urgent' },
    '/traffic/0/csv',
    'row 2: datagrams',
  ],
  [
    'an urgent datagram',
    { protocol: 'udp', records: [{ at: 0, bytes: 9, urgent: true }] },
    '/traffic/0/records/0/urgent',
    'datagrams',
  ],
  ['no switch', { records: [{ at: 0, bytes: 9, urgent: 'yes' }] }, '/traffic/0/records/0/urgent', '"yes"'],
])('replays: %s is a problem with an example', (_, source, pointer, message) => {
  const traffic = [{ id: 't', kind: 'replay', from: 'a', to: 'b', ...source }];
  const { problems } = checkScenario(pathDocument({ traffic }), 'test');
  expect(problems.map((problem) => problem.pointer)).toEqual([pointer]);
  expect(formatProblem(problems[0]!)).toContain(message);
  expect(problems[0]!.suggestion).toBeTruthy();
});

test('a scenario without urgent data says nothing of it', () => {
  const { flows } = runDocument(readyDocument('dumbbell'), '/duration=2s');
  for (const flow of flows) expect(Object.keys(flow).filter((key) => key.startsWith('urgent'))).toEqual([]);
});

test.each([
  ['places that do not rise', ['2kB', '1kB'], {}, '/traffic/0/urgent/1', 'rise'],
  ['a place behind the end', [10, SIZE], {}, '/traffic/0/urgent/1', 'is behind the last'],
  ['an exchange', [10], { exchange: '10kB' }, '/traffic/0/urgent', 'an exchange has no urgent data'],
  ['a place below zero', [-1], {}, '/traffic/0/urgent/0', 'is negative'],
  ['what is no place', ['soon'], {}, '/traffic/0/urgent/0', 'soon'],
  ['what is no list', '10kB', {}, '/traffic/0/urgent', 'is not'],
])('%s are a problem with an example', (_, urgent, more, pointer, message) => {
  const traffic = [{ id: 't', kind: 'transfer', from: 'a', to: 'b', size: SIZE, urgent, ...more }];
  const { ok, problems } = checkScenario(pathDocument({ traffic }), 'test');
  expect(ok).toBe(false);
  expect(problems[0]).toMatchObject({ pointer });
  expect(formatProblem(problems[0]!)).toContain(message);
});

test('other kinds of traffic have no urgent data', () => {
  const traffic = [{ id: 't', kind: 'onoff', from: 'a', to: 'b', on: '1s', off: '1s', urgent: [1] }];
  const { ok, problems } = checkScenario(pathDocument({ traffic }), 'test');
  expect(ok).toBe(false);
  expect(problems[0]!.pointer).toBe('/traffic/0/urgent');
});
