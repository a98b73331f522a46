// The concurrency models (kernel.md §10, §13): the same traffic delivers the same bytes under all of them, every CPU's time adds up,
// the invariants hold at every step, and the same seed gives the same digest.

import { expect, test } from 'vitest';
import { RandomStream } from '../../core/engine';
import type { RunSummary } from '../../core/measure';
import { checkScenario } from '../../core/scenario';
import { World } from '../../core/world';

/** More by hand: ODONATA_CASES=1000. */
const CASES = Number(process.env['ODONATA_CASES'] ?? 30);

const KERNELS: Readonly<Record<string, object>> = {
  ideal: { model: 'ideal' },
  giant: { model: 'giant' },
  'mutex, table held': { model: 'mutex', tableLock: 'held' },
  'mutex, lookup': { model: 'mutex', tableLock: 'lookup' },
  grouplock: { model: 'grouplock', groups: 4 },
  pmp: { model: 'pmp' },
  'pmp, 2004': { model: 'pmp', protocolThreads: 'three', hash: 'xor', sends: 'sync', receives: 'sync', fairSend: 0 },
  'pmp, not classified': { model: 'pmp', classification: 'none', batch: 3 },
  'pmp, big lock': { model: 'pmp', mpsafe: [] },
  'giant, by stages': { model: 'giant', stageOrder: 'stage', caches: true },
  'mutex, caches': { model: 'mutex', stageOrder: 'stage', caches: true },
  'pmp, by stages': { model: 'pmp', stageOrder: 'stage', caches: true },
  'pmp, by stages, few at once': { model: 'pmp', stageOrder: 'stage', batch: 4, mpsafe: ['tcp'] },
  'pmp, 2004, by stages': {
    model: 'pmp',
    protocolThreads: 'three',
    sends: 'sync',
    stageOrder: 'stage',
    classification: 'none',
  },
  'mutex, event-driven': { model: 'mutex', eventDriven: true },
  'pmp, event-driven': { model: 'pmp', eventDriven: true },
  'pmp, 2004, event-driven': { model: 'pmp', eventDriven: true, sends: 'sync', receives: 'sync', applications: 'flow' },
  'pmp, pinned': { model: 'pmp', applications: 'flow', ackAggregation: false },
};

interface Case {
  readonly cpus: number;
  readonly nic: object;
  readonly tcp: object;
  readonly kernel: object;
  readonly loss: number;
  readonly sizes: readonly number[];
  readonly seed: number;
}

function draw(random: RandomStream): Omit<Case, 'kernel'> {
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)]!;
  return {
    cpus: pick([1, 2, 3, 4, 8]),
    nic: {
      rings: pick([1, 2, 4]),
      tso: random.chance(0.5),
      checksum: random.chance(0.8),
      interruptRate: pick([0, 6000, 50_000]),
      ringEntries: pick([64, 256]),
    },
    tcp: {
      sack: random.chance(0.6),
      delayedAck: random.chance(0.8),
      timestamps: random.chance(0.7),
      sendBuffer: pick([8192, 65_536, 262_144]),
      synQueue: pick(['backlog', 'cache'] as const),
      rtoMin: '200ms',
      msl: '10ms',
      ecn: random.chance(0.3),
    },
    loss: pick([0, 0, 0.01]),
    sizes: Array.from({ length: 1 + random.integer(6) }, () => 1 + random.integer(pick([2000, 40_000, 400_000]))),
    seed: 1 + random.integer(1000),
  };
}

function run({ cpus, nic, tcp, kernel, loss, sizes, seed }: Case): { summary: RunSummary; world: World } {
  const isIdeal = (kernel as { model: string }).model === 'ideal';
  const host = isIdeal ? {} : { machine: { cpus }, kernel, nic };
  const checked = checkScenario(
    {
      format: 'odonata-scenario',
      version: 1,
      name: 'Models',
      seed,
      duration: '20s',
      defaults: { tcp },
      nodes: [
        { id: 'a', kind: 'host', ...host },
        { id: 'b', kind: 'host', ...host },
      ],
      links: [
        {
          id: 'l',
          from: 'a',
          to: 'b',
          rate: '100Mbps',
          delay: '1ms',
          queue: { discipline: 'droptail', limit: '200p' },
          ...(loss > 0 ? { loss: { model: 'bernoulli', probability: loss } } : {}),
        },
      ],
      traffic: [
        ...sizes.map((size, index) => ({
          id: `t${String(index)}`,
          kind: 'transfer',
          from: index % 2 === 0 ? 'a' : 'b',
          to: index % 2 === 0 ? 'b' : 'a',
          size,
          start: index * 100_000,
        })),
        { id: 'r', kind: 'request-response', from: 'a', to: 'b', request: 200, response: 3000, think: '1ms', count: 5 },
        { id: 'u', kind: 'udp-cbr', from: 'b', to: 'a', rate: '1Mbps', size: 500, stop: '50ms' },
      ],
      probes: [],
    },
    'test',
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const world = new World(checked.value.resolved, { check: true });
  world.run(world.endAt);
  return { summary: world.summary('finished', 0), world };
}

function delivered({ flows }: RunSummary): number[] {
  return flows.filter(({ protocol }) => protocol === 'tcp').map(({ bytesDelivered }) => bytesDelivered);
}

/** Every CPU's busy, idle and contested time is the run; and every nanosecond of a protocol step has a stage. */
function checkAccounts({ cpus, durationNs }: RunSummary): void {
  for (const { busyNs, idleNs, contestedNs, handlerNs, threads } of cpus) {
    expect(Math.abs(busyNs + idleNs + contestedNs - durationNs)).toBeLessThanOrEqual(2);
    const byThread = threads.reduce((sum, { busyNs: ns }) => sum + ns, 0);
    expect(Math.abs(byThread + handlerNs - busyNs)).toBeLessThanOrEqual(1);
  }
}

test('all models deliver the same bytes, and their CPUs’ time adds up', { timeout: 600_000 }, () => {
  const random = new RandomStream(11, 1);
  for (let i = 0; i < CASES; i += 1) {
    const drawn = draw(random);
    const wanted = [...drawn.sizes, 5 * 3200];
    for (const [name, kernel] of Object.entries(KERNELS)) {
      const { summary, world } = run({ ...drawn, kernel });
      expect(delivered(summary), `${name} ${JSON.stringify(drawn)}`).toEqual(wanted);
      checkAccounts(summary);
      for (const { stack, kernel: machine } of world.machines) {
        const spent = Object.values(stack?.spent.byName() ?? {}).reduce((sum, ns) => sum + ns, 0);
        const busy = machine.threads.reduce((sum, { busyNs }) => sum + busyNs, 0);
        expect(spent, name).toBeLessThanOrEqual(busy + machine.threads.length);
      }
    }
  }
});

test('the same seed gives the same digest, whatever the model', () => {
  const drawn = draw(new RandomStream(3, 1));
  for (const kernel of Object.values(KERNELS)) {
    expect(run({ ...drawn, kernel }).summary.digest).toBe(run({ ...drawn, kernel }).summary.digest);
  }
});

test('partitions never wait for a lock, and each packet is worked on by the CPU that owns it', () => {
  const drawn = draw(new RandomStream(8, 1));
  const { summary } = run({ ...drawn, cpus: 4, kernel: { model: 'pmp' } });
  for (const { locks } of summary.kernels) expect(locks).toEqual([]);
  for (const { requeued } of summary.stacks) expect(requeued).toBe(0);
});

test('TSO sends fewer packets down the stack and as many frames, and nothing is cut without it', () => {
  const drawn = draw(new RandomStream(8, 1));
  const big = {
    ...drawn,
    sizes: [2_000_000],
    loss: 0,
    kernel: { model: 'pmp' },
    tcp: { sendBuffer: 262_144, ecn: false },
  };
  const nicOf = (tso: boolean): RunSummary['nics'][number] => run({ ...big, nic: { tso } }).summary.nics[0]!;
  const on = nicOf(true);
  const off = nicOf(false);
  expect(off.tsoBursts).toBe(0);
  expect(off.packetsPosted).toBe(off.framesSent);
  expect(on.packetsPosted).toBeLessThan(0.8 * off.packetsPosted);
  expect(on.framesSent - (on.packetsPosted - on.tsoBursts)).toBe(on.tsoSegments);
});
