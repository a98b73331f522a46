// odonata bench: how fast it is here, in CPU time of this process (product.md §3.5).

import { availableParallelism } from 'node:os';
import { BadInput, badInput } from '../base';
import { EventQueue, type EventTarget, Priority } from '../engine';
import { PacketPool } from '../packet';
import { checkScenario, parseQuantity, type QuantityKind } from '../scenario';
import { World } from '../world';
import { dumbbellScenario } from '../labs';
import { benchKernel } from './bench-kernel';
import { benchLabs } from './bench-labs';
import { benchLibrary } from './bench-library';
import { pmpScenario } from './bench-pmp';
import { benchSweep } from './bench-sweep';
import { webScenario } from './bench-web';
import { ExitCode, printJson, printLine } from './output';

export interface BenchOptions {
  readonly flows?: string;
  readonly rate: string;
  readonly delay: string;
  readonly duration?: string;
  readonly sack?: boolean;
  readonly seed: string;
  /** Of each host, for pmp. */
  readonly cpus: string;
  readonly json?: boolean;
  /** Of sweep: its runs, their points, and processes. */
  readonly runs: string;
  readonly points: string;
  readonly jobs?: string;
  /** Of labs: those whose ids begin so; all when none is named. */
  readonly lab?: readonly string[];
}

const SUITES = ['dumbbell', 'web', 'engine', 'kernel', 'pmp', 'sweep', 'library', 'labs'] as const;

export async function benchCommand(suite: string, options: BenchOptions): Promise<number> {
  switch (suite) {
    case 'dumbbell':
      show(benchDumbbell(options), options.json === true);
      return ExitCode.done;
    case 'web':
      show(benchWeb(options), options.json === true);
      return ExitCode.done;
    case 'engine':
      show(benchEngine(), options.json === true);
      return ExitCode.done;
    case 'kernel':
      show(benchKernel(), options.json === true);
      return ExitCode.done;
    case 'pmp':
      show(benchPmp(options), options.json === true);
      return ExitCode.done;
    case 'sweep':
      show(await benchSweep(sweepWishes(options)), options.json === true);
      return ExitCode.done;
    case 'library':
      show(benchLibrary(), options.json === true);
      return ExitCode.done;
    case 'labs':
      printJson(benchLabs(options.lab ?? []));
      return ExitCode.done;
    default:
      throw badInput('bench', `there is no suite "${suite}"`, `suites are ${SUITES.join(', ')}`);
  }
}

function show(figures: Readonly<Record<string, number>>, json: boolean): void {
  if (json) {
    printJson(figures);
    return;
  }
  for (const [name, value] of Object.entries(figures))
    printLine(`${name.padEnd(24)} ${String(Number(value.toPrecision(6)))}`);
}

function quantity(kind: QuantityKind, option: string, text: string): number {
  const parsed = parseQuantity(kind, text);
  if (!parsed.ok) throw badInput(option, parsed.error);
  return parsed.value;
}

function count(option: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw badInput(option, `"${text}" is not a count`, `for example ${option} 100`);
  return value;
}

function build(document: unknown): World {
  const checked = checkScenario(document, 'benchmark');
  if (!checked.ok) throw new BadInput(checked.problems);
  return new World(checked.value.resolved);
}

/** Runs a world to its end and measures this process meanwhile. */
function measure(world: World): { wallSeconds: number; userSeconds: number } {
  const wall = performance.now();
  const cpu = process.cpuUsage();
  world.run(world.endAt);
  const used = process.cpuUsage(cpu);
  return { wallSeconds: (performance.now() - wall) / 1000, userSeconds: (used.user + used.system) / 1e6 };
}

function benchDumbbell(options: BenchOptions): Record<string, number> {
  const world = build(
    dumbbellScenario({
      flows: count('--flows', options.flows ?? '100'),
      rateBps: quantity('rate', '--rate', options.rate),
      delayNs: quantity('duration', '--delay', options.delay),
      durationNs: quantity('duration', '--duration', options.duration ?? '20s'),
      sack: options.sack === true,
      seed: Number(options.seed),
    }),
  );
  const times = measure(world);
  const summary = world.summary('finished', times.wallSeconds);
  const bottleneck = summary.links.filter(({ id }) => id === 'bottleneck');
  const seconds = summary.totals.simSeconds;
  return {
    packets: bottleneck.reduce((sum, { packets }) => sum + packets, 0),
    dataPackets: bottleneck[0]?.packets ?? 0,
    events: summary.totals.events,
    simSeconds: seconds,
    ...times,
    rssBytes: process.memoryUsage.rss(),
    goodputBps: (summary.flows.reduce((sum, { bytesDelivered }) => sum + bytesDelivered, 0) * 8) / seconds,
    drops: bottleneck.reduce((sum, { drops }) => sum + drops, 0),
    retransmits: summary.flows.reduce((sum, { retransmits }) => sum + retransmits, 0),
  };
}

function benchWeb(options: BenchOptions): Record<string, number> {
  const world = build(webScenario(quantity('duration', '--duration', options.duration ?? '20s'), Number(options.seed)));
  const times = measure(world);
  const summary = world.summary('finished', times.wallSeconds);
  const completed = summary.flows.reduce((sum, flow) => sum + (flow.completionTimes?.count ?? 0), 0);
  return {
    connections: completed,
    connectionsPerCpuSecond: completed / times.userSeconds,
    packets: summary.totals.packets,
    events: summary.totals.events,
    simSeconds: summary.totals.simSeconds,
    ...times,
    rssBytes: process.memoryUsage.rss(),
    retransmits: summary.flows.reduce((sum, { retransmits }) => sum + retransmits, 0),
  };
}

function benchPmp(options: BenchOptions): Record<string, number> {
  const cpus = count('--cpus', options.cpus);
  const flows = count('--flows', options.flows ?? '8');
  const durationNs = quantity('duration', '--duration', options.duration ?? '5s');
  const world = build(pmpScenario({ cpus, flows, durationNs, seed: Number(options.seed) }));
  const times = measure(world);
  const summary = world.summary('finished', times.wallSeconds);
  const { packets, events, simSeconds } = summary.totals;
  return {
    cpus,
    flows,
    packets,
    packetsPerCpuSecond: packets / times.userSeconds,
    events,
    simSeconds,
    ...times,
    rssBytes: process.memoryUsage.rss(),
    goodputBps: (summary.flows.reduce((sum, { bytesDelivered }) => sum + bytesDelivered, 0) * 8) / simSeconds,
    retransmits: summary.flows.reduce((sum, { retransmits }) => sum + retransmits, 0),
  };
}

function sweepWishes({ runs, points, jobs, duration }: BenchOptions): Parameters<typeof benchSweep>[0] {
  return {
    runs: count('--runs', runs),
    points: count('--points', points),
    jobs: jobs === undefined ? availableParallelism() : count('--jobs', jobs),
    durationNs: quantity('duration', '--duration', duration ?? '60s'),
  };
}

const HOLD_ROUNDS = 2_000_000;
const NOBODY: EventTarget = { onEvent: () => undefined };

/** Event queue at steady size (one pop and one push, "hold") and packet records, nanoseconds each. */
function benchEngine(): Record<string, number> {
  const result: Record<string, number> = {};
  for (const pending of [100, 1_000, 10_000, 100_000]) {
    result[`holdNs${String(pending)}`] = holdNs(pending);
  }
  const pool = new PacketPool();
  const from = process.cpuUsage();
  for (let i = 0; i < HOLD_ROUNDS; i += 1) {
    const packet = pool.take();
    packet.payloadBytes = i & 1023;
    pool.give(packet);
  }
  result['packetNs'] = cpuNsSince(from) / HOLD_ROUNDS;
  return result;
}

function holdNs(pending: number): number {
  const queue = new EventQueue();
  let state = 12_345;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state & 0xffff;
  };
  for (let i = 0; i < pending; i += 1) queue.schedule(next(), Priority.arrival, NOBODY, 0, 0);
  const from = process.cpuUsage();
  for (let i = 0; i < HOLD_ROUNDS; i += 1) {
    const time = queue.nextTime();
    queue.releaseSlot(queue.open());
    queue.schedule(time + next(), Priority.arrival, NOBODY, 0, 0);
  }
  return cpuNsSince(from) / HOLD_ROUNDS;
}

function cpuNsSince(from: NodeJS.CpuUsage): number {
  const used = process.cpuUsage(from);
  return (used.user + used.system) * 1000;
}
