// What a run will cost, before it starts: memory from the size of the network, events from what its links can
// carry. Honest to a factor of about two; the constants were measured with `odonata bench`.

import { NS_PER_SECOND } from '../base';
import type { ResolvedScenario } from './resolved';

/** Bytes of memory for each thing that exists; measured as growth of resident memory. */
const BYTES_BASE = 60e6;
const BYTES_PER_NODE = 900;
const BYTES_PER_LINK = 1500;
const BYTES_PER_FLOW = 5000;
const BYTES_PER_SAMPLE = 16;
/** A router's table has one place for every node. */
const BYTES_PER_ROUTE = 8;
/** Mean IP packet when data and ACKs share a path, bytes. */
const MEAN_PACKET_BYTES = 1000;
/** Seconds of one core for an event; the middle of what the dumbbell benchmark shows. */
const SECONDS_PER_EVENT = 0.25e-6;
/** Virtual time of a step of a kernel program that does little but switch and send. */
const NS_PER_STEP = 300;

export interface CostEstimate {
  readonly memoryBytes: number;
  /** Upper bound: every link that a flow can use is busy all the time. */
  readonly events: number;
  readonly seconds: number;
}

export function estimateCost(scenario: ResolvedScenario): CostEstimate {
  const routers = scenario.nodes.filter(({ kind }) => kind === 'router').length;
  const series =
    scenario.probes.length *
    Math.min(scenario.recording.samplesMax, scenario.durationNs / Math.max(1, scenario.recording.intervalNs));
  const memoryBytes =
    BYTES_BASE +
    scenario.nodes.length * BYTES_PER_NODE +
    scenario.links.length * BYTES_PER_LINK +
    scenario.traffic.length * BYTES_PER_FLOW +
    routers * scenario.nodes.length * BYTES_PER_ROUTE +
    series * BYTES_PER_SAMPLE;
  const events = busiestPackets(scenario) * 5 + busiestSteps(scenario);
  return { memoryBytes, events, seconds: events * SECONDS_PER_EVENT };
}

/** Steps of kernel programs if every CPU that has one is busy all the time. */
function busiestSteps({ nodes, programs, durationNs }: ResolvedScenario): number {
  const busy = new Set(programs.map(({ host }) => host));
  const cpus = nodes.reduce(
    (sum, node) => (node.kind === 'host' && busy.has(node.id) ? sum + (node.machine?.cpus ?? 0) : sum),
    0,
  );
  return (cpus * durationNs) / NS_PER_STEP;
}

const SYN_BITS = 8 * 60;

/** Packets that the flows could send if each had its slowest own link for itself, and shared links were full. */
function busiestPackets(scenario: ResolvedScenario): number {
  const rateOf = new Map<string, number>();
  for (const link of scenario.links) {
    rateOf.set(link.from, Math.max(rateOf.get(link.from) ?? 0, link.forward.rateBps));
    rateOf.set(link.to, Math.max(rateOf.get(link.to) ?? 0, link.reverse.rateBps));
  }
  const sum = scenario.traffic.reduce((total, flow) => total + offered(flow, rateOf.get(flow.from) ?? 0), 0);
  const core = scenario.links.reduce((total, link) => total + link.forward.rateBps + link.reverse.rateBps, 0);
  const seconds = scenario.durationNs / NS_PER_SECOND;
  return (Math.min(sum, core) * seconds) / 8 / MEAN_PACKET_BYTES;
}

function offered(flow: ResolvedScenario['traffic'][number], accessBps: number): number {
  if (flow.kind === 'udp-cbr' || flow.kind === 'udp-poisson') return flow.rateBps;
  if (flow.kind === 'syn-flood') return flow.synsPerSecond * SYN_BITS;
  if (flow.kind === 'web' && flow.size.distribution !== 'uniform') {
    const mean = flow.size.distribution === 'fixed' ? flow.size.value : flow.size.mean;
    return Math.min(accessBps, flow.arrivalsPerSecond * mean * 8);
  }
  return accessBps;
}
