import { expect, test } from 'vitest';
import { formatProblem } from '../../../core/base';
import { Streams } from '../../../core/engine';
import {
  applyOverrides,
  checkScenario,
  estimateCost,
  formatBytes,
  formatDuration,
  formatRate,
  GALLERY,
  parseQuantity,
  parseScenario,
  scenarioJsonSchema,
} from '../../../core/scenario';
import { pathDocument, readyDocument, resolved } from '../../worlds';

/** Problems of a document as lines. */
function lines(document: unknown): string[] {
  return checkScenario(document, 'x.json').problems.map(formatProblem);
}

function changed(...overrides: string[]): unknown {
  return applyOverrides(pathDocument({}), overrides).value;
}

test.each(GALLERY.map(({ id }) => id))('the ready scenario %s has no problems', (id) => {
  expect(lines(readyDocument(id))).toEqual([]);
});

test('every problem is told at once, each with its pointer and what would be right', () => {
  const document = changed(
    '/links/0/rate=10Mb',
    '/links/1/queue/limt=5',
    '/traffic/0/to=bb',
    '/duration=0s',
    '/nodes/3/id=r1',
  );
  const told = lines(document);
  expect(told).toContain('x.json: /links/0/rate: "Mb" is not a unit of a rate; did you mean "10Mbps"?');
  expect(told).toContain('x.json: /links/1/queue/limt: unknown key "limt"; did you mean "limit"?');
  expect(told.join('\n')).toContain('/traffic/0/to: there is no node "bb"; did you mean "b"?');
  expect(told.join('\n')).toContain('/duration: "0s" is not above zero; write "30s"');
  expect(told.join('\n')).toContain('/nodes/3/id: two nodes are called "r1" (the other is /nodes/2)');
});

test.each([
  ['a negative rate', '/links/0/rate="-5Mbps"', '/links/0/rate: "-5Mbps" is negative'],
  ['a link to nowhere', '/links/0/to=r9', 'there is no node "r9"'],
  ['a link to itself', '/links/0/to=a', 'the link leads from "a" to itself'],
  ['traffic to a router', '/traffic/0/to=r1', '"r1" is a router'],
  ['a kernel model that nobody knows', '/defaults/kernel={"model":"pnp"}', '"pnp" is not what belongs here'],
  [
    'a switch of its own kind',
    '/defaults/tcp/earlyRetransmit=often',
    '"often" is not what belongs here; for example true',
  ],
  [
    'a NIC of an ideal host',
    '/nodes/0/nic={"tso":true}',
    'host "a" has an ideal stack, which uses no network interface',
  ],
  ['an odd socket', '/nodes/0/machine={"cpus":4,"sockets":3}', '4 CPUs do not fill 3 sockets evenly'],
  ['an unknown profile', '/defaults/machine={"profile":"pentium9"}', 'a cost profile is "opteron-1800"'],
  ['a probe of a missing CPU', '/probes=["cpu/a/0/busy"]', 'there is no cpu "a/0"'],
  ['a wrong version', '/version=2', 'write "version": 1'],
  ['a buffer below a segment', '/defaults/tcp/sendBuffer=100B', 'the send buffer is smaller than one segment'],
  ['a probe that nothing tells', '/probes=["flow/f/cnwd"]', 'did you mean "cwnd"?'],
  [
    'a change of nothing',
    '/changes=[{"at":"1s","set":"/links/midd/rate","to":"1Mbps"}]',
    'write for example "/links/mid/rate"',
  ],
  [
    'a change to a wrong value',
    '/changes=[{"at":"1s","set":"/links/mid/rate","to":"fast"}]',
    '/changes/0/to: "fast" is not a rate',
  ],
  ['a loss above one', '/links/1/loss={"model":"bernoulli","probability":1.5}', 'must be at most 1'],
  [
    'a drop list of an unknown flow',
    '/links/1/loss={"model":"list","drops":[{"flow":"g","packets":[1]}]}',
    'there is no flow "g"',
  ],
])('%s is refused with its place and a right example', (_name, override, expected) => {
  expect(lines(changed(override)).join('\n')).toContain(expected);
});

test('two ends without a connection have no route, and hosts do not forward', () => {
  const document = changed('/links/2/to=r1');
  expect(lines(document).join('\n')).toContain('no route leads from "a" to "b"');
});

test('text that is not JSON is told with line and column', () => {
  const told = parseScenario('{\n  "format": "odonata-scenario",\n  "version" 1\n}', 'x.json').problems.map(
    formatProblem,
  );
  expect(told[0]).toMatch(/^x\.json: line 3, column \d+: a colon is expected here; near: "version" 1/);
  expect(parseScenario('{"a": 1, "a": 2}', 'x').problems.map(formatProblem).join('\n')).toContain(
    'the key "a" stands twice',
  );
  expect(parseScenario('\u0000\u0001PNG', 'x').problems[0]?.message).toBe('this is not a text file');
  expect(parseScenario('', 'x').problems[0]?.message).toBe('the file is empty');
});

test('a byte order mark is no problem', () => {
  expect(parseScenario(`\ufeff${JSON.stringify(pathDocument({}))}`, 'x').ok).toBe(true);
});

test('the document of product.md §3.3 is accepted once its later parts are left out', () => {
  const document = {
    format: 'odonata-scenario',
    version: 1,
    name: 'Dumbbell, four senders',
    seed: 7,
    duration: '30s',
    defaults: {
      tcp: {
        congestionControl: 'newreno',
        initialWindow: 'rfc3390',
        sack: false,
        limitedTransmit: true,
        earlyRetransmit: false,
        eifel: false,
        timestamps: true,
        delayedAck: true,
        nagle: true,
        mss: 1460,
        sendBuffer: '256KiB',
        receiveBuffer: '256KiB',
        rtoMin: '1s',
      },
      kernel: { model: 'ideal' },
    },
    nodes: [
      { id: 's1', kind: 'host', tcp: { sack: true }, position: { x: 40, y: 80 } },
      { id: 'c1', kind: 'host' },
      { id: 'r1', kind: 'router' },
      { id: 'r2', kind: 'router' },
    ],
    links: [
      { id: 'a', from: 's1', to: 'r1', rate: '100Mbps' },
      { id: 'b', from: 'r2', to: 'c1', rate: '100Mbps' },
      {
        id: 'bottleneck',
        from: 'r1',
        to: 'r2',
        rate: '10Mbps',
        delay: '25ms',
        queue: { discipline: 'droptail', limit: '50p' },
        loss: { model: 'bernoulli', probability: 0.01 },
        reverse: { rate: '1Mbps' },
      },
    ],
    traffic: [
      { id: 'f1', kind: 'bulk', from: 's1', to: 'c1', start: '100ms' },
      {
        id: 'w',
        kind: 'web',
        from: 's1',
        to: 'c1',
        arrivals: { process: 'poisson', rate: 20 },
        size: { distribution: 'pareto', mean: '10kB', shape: 1.2 },
      },
    ],
    probes: ['flow/f1/cwnd', 'link/bottleneck/queue'],
    changes: [{ at: '10s', set: '/links/bottleneck/rate', to: '5Mbps' }],
  };
  expect(lines(document)).toEqual([]);
  const { links, nodes } = resolved(document);
  expect(links[2]?.reverse).toMatchObject({ rateBps: 1e6, delayNs: 25e6 });
  expect(nodes[0]).toMatchObject({ tcp: { sack: true, mss: 1460, rtoMinNs: 1e9, sendBufferBytes: 262_144 } });
});

test('quantities are read in all their units and written back so that they mean the same', () => {
  expect(['10Mbps', '1.5Gbps', '300 kbps'].map((text) => parseQuantity('rate', text))).toEqual(
    [10e6, 1.5e9, 300e3].map((value) => ({ ok: true, value })),
  );
  expect(['25ms', '1us', '2min', '1h'].map((text) => parseQuantity('duration', text))).toEqual(
    [25e6, 1e3, 120e9, 3600e9].map((value) => ({ ok: true, value })),
  );
  const random = new Streams(1).named('units');
  for (let i = 0; i < 500; i += 1) {
    const value = random.integer(2 ** 30);
    for (const [kind, format] of [
      ['rate', formatRate],
      ['duration', formatDuration],
      ['bytes', formatBytes],
    ] as const) {
      const back = parseQuantity(kind, format(value));
      expect(back.ok && Math.abs(back.value - value) / Math.max(1, value)).toBeLessThan(1e-5);
    }
  }
});

test('mutated scenarios never throw, and every problem names a place or the document', () => {
  const random = new Streams(11).named('mutations');
  const values: unknown[] = [null, -1, 'x', {}, [], '10 potatoes', true, 1e300, Number.NaN, { id: 'a' }];
  for (let i = 0; i < 600; i += 1) {
    const document = JSON.parse(JSON.stringify(readyDocument(GALLERY[i % GALLERY.length]!.id))) as Record<
      string,
      unknown
    >;
    let here: Record<string, unknown> = document;
    for (let depth = 0; depth < 6; depth += 1) {
      const keys = Object.keys(here);
      const key = keys[random.integer(Math.max(1, keys.length))] ?? 'x';
      const inner = here[key];
      if (typeof inner === 'object' && inner !== null && random.integer(3) > 0) {
        here = inner as Record<string, unknown>;
        continue;
      }
      here[key] = values[random.integer(values.length)];
      break;
    }
    const { ok, problems } = checkScenario(document, 'x');
    expect(ok).toBe(problems.length === 0);
    for (const { pointer } of problems) expect(pointer === '' || pointer.startsWith('/')).toBe(true);
  }
});

test('a scenario of 100,000 nodes is checked and its cost estimated', () => {
  const count = 100_000;
  const nodes = [
    { id: 'r', kind: 'router' },
    ...Array.from({ length: count }, (_, i) => ({ id: `h${String(i)}`, kind: 'host' })),
  ];
  const links = Array.from({ length: count }, (_, i) => ({
    id: `l${String(i)}`,
    from: `h${String(i)}`,
    to: 'r',
    rate: '10Mbps',
  }));
  const document = {
    ...(pathDocument({}) as object),
    nodes,
    links,
    traffic: [{ id: 'f', kind: 'bulk', from: 'h0', to: 'h1' }],
  };
  const checked = checkScenario(document, 'x');
  expect(checked.ok).toBe(true);
  expect(checked.ok && estimateCost(checked.value.resolved).memoryBytes).toBeGreaterThan(100e6);
});

test('the JSON Schema describes the format', () => {
  const schema = scenarioJsonSchema() as {
    properties: Record<string, unknown>;
    required: string[];
    additionalProperties: boolean;
  };
  expect(schema.required).toEqual(expect.arrayContaining(['format', 'version', 'nodes', 'links', 'traffic']));
  expect(schema.additionalProperties).toBe(false);
});

test('overrides name items by id, and tell what they cannot find', () => {
  const { value, problems } = applyOverrides(pathDocument({}), [
    '/links/mid/queue/limit=10p',
    '/defaults/tcp/sack=true',
    '/links/midd/rate=1Mbps',
    'nonsense',
  ]);
  expect((value as { links: { queue: { limit: string } }[] }).links[1]?.queue.limit).toBe('10p');
  expect(problems.map(formatProblem)).toEqual([
    '--set: /links/midd/rate: nothing is called "midd" there; did you mean "mid"?',
    '--set: nonsense: there is no "="; write --set /links/bottleneck/rate=5Mbps',
  ]);
});

test('a CSV workload becomes records, and wrong rows are named', () => {
  const replay = (csv: string): unknown =>
    applyOverrides(pathDocument({}), [
      `/traffic/0=${JSON.stringify({ id: 'f', kind: 'replay', from: 'a', to: 'b', csv })}`,
    ]).value;
  const flow = resolved(replay('time_s,bytes,from,to\n0,512,a,b\n0.25,1024,b,a\n')).traffic[0];
  expect(flow).toMatchObject({
    kind: 'replay',
    records: [
      { atNs: 0, bytes: 512, end: 'from' },
      { atNs: 250e6, bytes: 1024, end: 'to' },
    ],
  });
  expect(lines(replay('0,512\n1,many\n')).join('\n')).toContain('row 2: "many" is not a number of bytes');
});
