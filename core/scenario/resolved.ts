// A scenario with nothing left open: every default filled in, both directions of each link explicit, all numbers
// in base units. What a world is built from.

import { flowsOf, hasUrgentData, programsOf, type ResolvedFlow, resolveFlow } from './resolved-flow';
import { type ResolvedChange, type ResolvedLink, resolveLink } from './resolved-link';
import { resolveProgram, type ResolvedProgram } from './resolved-program';
import {
  type ResolvedKernel,
  type ResolvedMachine,
  type ResolvedNic,
  type ResolvedStack,
  resolveKernel,
  resolveMachine,
  resolveNic,
  resolveStack,
} from './resolved-machine';
import { type ResolvedTcp, resolveTcp } from './resolved-tcp';
import type { ReadScenario } from './schema';

/** About this many samples per series over the whole run when no interval is given. */
const DEFAULT_SAMPLES_PER_RUN = 3000;
const DEFAULT_SAMPLES_MAX = 20_000;
/** Flows whose probes are recorded when the scenario names no probes. */
const DEFAULT_PROBED_FLOWS = 16;
const DEFAULT_PROBED_LINKS = 32;

export interface ResolvedHost {
  readonly id: string;
  readonly kind: 'host';
  readonly tcp: ResolvedTcp;
  readonly address: string | undefined;
  /** Absent: no CPUs are modelled. */
  readonly machine: ResolvedMachine | undefined;
  readonly kernel: ResolvedKernel;
  /** Absent: the stack takes no CPU. */
  readonly stack: ResolvedStack | undefined;
  readonly nic: ResolvedNic;
}

export interface ResolvedRouter {
  readonly id: string;
  readonly kind: 'router';
}

export type ResolvedNode = ResolvedHost | ResolvedRouter;

export interface ResolvedScenario {
  readonly name: string;
  readonly seed: number;
  readonly durationNs: number;
  readonly nodes: readonly ResolvedNode[];
  readonly links: readonly ResolvedLink[];
  readonly traffic: readonly ResolvedFlow[];
  readonly programs: readonly ResolvedProgram[];
  readonly changes: readonly ResolvedChange[];
  readonly probes: readonly string[];
  readonly recording: { readonly intervalNs: number; readonly samplesMax: number };
}

/** @param changes the scenario's changes, already read by `readChanges` */
export function resolve(scenario: ReadScenario, changes: readonly ResolvedChange[]): ResolvedScenario {
  const tcpDefaults = scenario.defaults?.tcp ?? {};
  // Hosts without switches of their own share one record.
  const commonTcp = resolveTcp(tcpDefaults, {});
  const commonKernel = resolveKernel(scenario.defaults?.kernel, {});
  const commonStack = resolveStack(scenario.defaults?.kernel, {});
  const commonNic = resolveNic(scenario.defaults?.nic, {});
  const nodes = scenario.nodes.map((node): ResolvedNode => {
    if (node.kind === 'router') return { id: node.id, kind: 'router' };
    const stack = node.kernel === undefined ? commonStack : resolveStack(scenario.defaults?.kernel, node.kernel);
    return {
      id: node.id,
      kind: 'host',
      tcp: node.tcp === undefined ? commonTcp : resolveTcp(tcpDefaults, node.tcp),
      address: node.address,
      machine: resolveMachine(scenario.defaults?.machine, node.machine, stack !== undefined),
      kernel: node.kernel === undefined ? commonKernel : resolveKernel(scenario.defaults?.kernel, node.kernel),
      stack,
      nic: node.nic === undefined ? commonNic : resolveNic(scenario.defaults?.nic, node.nic),
    };
  });
  const traffic = flowsOf(scenario).map((flow, index) => resolveFlow(flow, index));
  return {
    name: scenario.name,
    seed: scenario.seed ?? 1,
    durationNs: scenario.duration,
    nodes,
    links: scenario.links.map(resolveLink),
    traffic,
    programs: programsOf(scenario).map(resolveProgram),
    changes,
    probes: scenario.probes ?? defaultProbes(scenario, traffic),
    recording: {
      intervalNs: scenario.recording?.interval ?? Math.max(1, Math.round(scenario.duration / DEFAULT_SAMPLES_PER_RUN)),
      samplesMax: scenario.recording?.samples ?? DEFAULT_SAMPLES_MAX,
    },
  };
}

function defaultProbes(scenario: ReadScenario, traffic: readonly ResolvedFlow[]): string[] {
  const flows = traffic.slice(0, DEFAULT_PROBED_FLOWS).flatMap((flow) => {
    const { id, kind } = flow;
    if (kind.startsWith('udp')) return [`flow/${id}/throughput`];
    const fields = ['cwnd', 'ssthresh', 'inflight', 'srtt', 'rto', 'throughput'];
    return [...fields, ...(hasUrgentData(flow) ? ['urgent'] : [])].map((field) => `flow/${id}/${field}`);
  });
  const links = scenario.links
    .slice(0, DEFAULT_PROBED_LINKS)
    .flatMap(({ id }) => [`link/${id}/queue`, `link/${id}/drops`]);
  const kernel = programsOf(scenario).length > 0 ? ['cpu/*/busy'] : [];
  return [...flows, ...links, ...kernel];
}
