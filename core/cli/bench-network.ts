// Benchmarks of whole worlds: a dumbbell, many short connections, and a stack on several CPUs.

import { BadInput, badInput } from '../base';
import { dumbbellScenario } from '../labs';
import { checkScenario, parseQuantity, type QuantityKind } from '../scenario';
import { World } from '../world';
import { type BenchOptions, count } from './bench-options';
import { pmpScenario } from './bench-pmp';
import { webScenario } from './bench-web';

function quantity(kind: QuantityKind, option: string, text: string): number {
  const parsed = parseQuantity(kind, text);
  if (!parsed.ok) throw badInput(option, parsed.error);
  return parsed.value;
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

export function benchDumbbell(options: BenchOptions): Record<string, number> {
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

export function benchWeb(options: BenchOptions): Record<string, number> {
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

export function benchPmp(options: BenchOptions): Record<string, number> {
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
