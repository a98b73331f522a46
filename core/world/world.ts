// A running world: everything that a scenario names, built and stepped. Nothing here knows wall time.

import { CauseKind, type FlowId, invariant, InvariantError, type Nanos, nanos, type NodeId } from '../base';
import { callAt, CauseLog, Engine, Priority, Probes, Streams } from '../engine';
import { digestOf, type HostSummary, type LinkSummary, type RouterSummary, type RunSummary, Series } from '../measure';
import { BernoulliLoss, type Link, linkCostNs, Router } from '../net';
import { checkKernel, type TraceNames } from '../kernel';
import { PacketLog, PacketPool } from '../packet';
import type { ResolvedChange, ResolvedScenario } from '../scenario';
import { type Driver, Host, type PacketTap, Wire } from '../stack';
import type { Flow } from '../traffic';
import { type BuiltMachine, buildMachines } from './build-machines';
import { type BuiltLink, buildLink, setRoutes } from './build-links';
import { buildFlow } from './build-traffic';
import { FlowProbes } from './flow-probes';
import { LinkProbes } from './link-probes';
import { MachineProbes } from './machine-probes';
import type { WorldOptions } from './options';
import { summariseCpus, summariseKernel } from './summarise-machine';
import { summariseNics, summariseStack } from './summarise-stack';
import { digestParts, summariseFlow, summariseHost, summariseLink, summariseRouter } from './summarise';

/** Rates are means over this share of the run, at least a hundredth of a second. */
const RATE_INTERVALS_PER_RUN = 200;
const RATE_INTERVAL_MIN_NS = 10_000_000;
/** What happens on CPUs is told in finer intervals: this share of the run, at least so long. */
const SHARE_INTERVAL_MIN_NS = 1000;
/** Events per look at the packet counters while stepping by packets. */
const STEP_EVENTS = 1;
const EVENTS_PER_CHECK = 32;

/** The nodes that a direction leads from and to, and its present propagation delay. */
export interface LinkEnds {
  readonly from: number;
  readonly to: number;
  readonly delayNs: number;
}

export class World {
  readonly engine: Engine;
  readonly probes = new Probes();
  readonly endAt: Nanos;
  /** Series recorded because the scenario asks for them. */
  readonly series: Series[] = [];
  readonly flows: readonly Flow[];
  readonly links: readonly BuiltLink[];
  readonly machines: readonly BuiltMachine[];
  /** Names for the kernel records of the cause log. */
  readonly traceNames: TraceNames = { cpus: [], threads: [], ports: [], syncs: [] };
  private readonly nodes: (Host | Router)[] = [];
  private readonly drivers: ReadonlyMap<Link, Driver>;
  private readonly wire: Wire;
  private readonly flowProbes: FlowProbes;
  private readonly linkProbes: LinkProbes;
  private readonly machineProbes: MachineProbes;
  private readonly checks: boolean;

  constructor(
    readonly scenario: ResolvedScenario,
    options: WorldOptions = {},
  ) {
    this.engine = new Engine(options.causes === true ? new CauseLog(options.causesMax) : undefined);
    this.endAt = nanos(scenario.durationNs);
    const streams = new Streams(scenario.seed);
    const pool = new PacketPool();
    const packets =
      options.causes === true && options.packetsMax !== undefined ? new PacketLog(options.packetsMax) : undefined;
    this.wire = new Wire(this.engine, pool, options.check === true, packets);
    this.buildNodes(streams, pool);
    const nodeIndex = new Map(scenario.nodes.map(({ id }, index) => [id, index]));
    const flowIndex = new Map(scenario.traffic.map(({ id }, index) => [id, index as FlowId]));
    const setting = { engine: this.engine, pool, streams, nodes: this.nodes, nodeIndex, flowIndex };
    this.links = scenario.links.map((link, order) => buildLink(link, order, setting));
    this.machines = buildMachines(scenario, {
      ...setting,
      wire: this.wire,
      names: this.traceNames,
      links: this.links,
      host: (index) => this.nodes[index] as Host,
    });
    this.drivers = new Map(
      this.machines.flatMap(({ nics }) => nics.map(({ outgoing, driver }) => [outgoing, driver] as const)),
    );
    setRoutes(this.nodes, this.links, this.drivers);
    const host = (id: string): Host => this.nodes[nodeIndex.get(id)!] as Host;
    this.flows = scenario.traffic.map((flow, index) =>
      buildFlow(flow, index as FlowId, { engine: this.engine, streams, host }),
    );
    this.checks = options.check === true && this.machines.length > 0;
    for (const [index, change] of scenario.changes.entries()) this.scheduleChange(change, index);
    const rateIntervalNs = Math.max(RATE_INTERVAL_MIN_NS, Math.round(scenario.durationNs / RATE_INTERVALS_PER_RUN));
    this.flowProbes = new FlowProbes(this.flows, this.engine, rateIntervalNs);
    this.linkProbes = new LinkProbes(this.links, this.engine, rateIntervalNs);
    this.probes.register(this.flowProbes);
    this.probes.register(this.linkProbes);
    const shareIntervalNs = Math.max(SHARE_INTERVAL_MIN_NS, Math.round(scenario.durationNs / RATE_INTERVALS_PER_RUN));
    this.machineProbes = new MachineProbes(this.machines, shareIntervalNs);
    for (const family of this.machineProbes.families) this.probes.register(family);
    for (const pattern of scenario.probes) this.record(pattern);
  }

  /** Whether virtual time has reached the scenario's end. */
  get finished(): boolean {
    return this.engine.now >= this.endAt;
  }

  /** Packets put on any link so far. */
  get packets(): number {
    let sum = 0;
    for (const { forward, reverse } of this.links) sum += forward.taken + reverse.taken;
    return sum;
  }

  /** Smoothed round-trip time of the first flow that has one, ns. */
  get firstSrttNs(): number | undefined {
    for (const flow of this.flows) {
      const srttNs = flow.firstSender?.srttNs ?? 0;
      if (srttNs > 0) return srttNs;
    }
    return undefined;
  }

  /** The host with this id. */
  host(id: string): Host {
    const node = this.nodes[this.scenario.nodes.findIndex((description) => description.id === id)];
    invariant(node instanceof Host, `"${id}" is no host of this scenario`);
    return node;
  }

  /** Lets `tap` see every packet at the hosts' interfaces; undefined removes it. */
  setTap(tap: PacketTap | undefined): void {
    this.wire.tap = tap;
  }

  /**
   * Runs until `until` or for `maxEvents` events, never past the end; returns the events run.
   * @throws Error with virtual time in its message when something in the world is broken
   */
  run(until: Nanos, maxEvents = Infinity): number {
    const end = until < this.endAt ? until : this.endAt;
    try {
      return this.checks ? this.runChecked(end, maxEvents) : this.engine.run(end, maxEvents);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InvariantError(`at ${String(this.engine.now)} ns: ${reason}`, { cause: error });
    }
  }

  /** Runs, and looks at the kernels after every few events. */
  private runChecked(until: Nanos, maxEvents: number): number {
    let done = 0;
    while (done < maxEvents) {
      const few = Math.min(EVENTS_PER_CHECK, maxEvents - done);
      const ran = this.engine.run(until, few);
      done += ran;
      for (const { kernel } of this.machines) checkKernel(kernel);
      if (ran < few) break;
    }
    return done;
  }

  /** Runs until `count` more packets were put on links, until `until`, or for `maxEvents` events. */
  runPackets(count: number, until = this.endAt, maxEvents = Infinity): void {
    const goal = this.packets + count;
    for (let done = 0; done < maxEvents && !this.finished && this.packets < goal; done += STEP_EVENTS) {
      if (this.run(until, STEP_EVENTS) === 0) break;
    }
  }

  /** Headers of packets, when the world was built to keep them. */
  get packetLog(): PacketLog | undefined {
    return this.wire.packets;
  }

  /** How many names `causeNames` has now; grows with sockets, threads, ports, and tokens. */
  get causeNameCount(): number {
    const { cpus, threads, ports, syncs } = this.traceNames;
    return this.wire.socketOwners.length + cpus.length + threads.length + ports.length + syncs.length;
  }

  /** What the subjects of cause records are called; sockets only while causes are on. */
  causeNames(): { links: string[]; ends: LinkEnds[]; sockets: string[]; kernel: TraceNames } {
    const { nodes, traffic } = this.scenario;
    const directions = this.directions();
    return {
      links: directions.map(({ name }) => name),
      ends: directions.map(({ ends }) => ends),
      kernel: this.traceNames,
      sockets: this.wire.socketOwners.map(
        ({ host, flow, port }) => `${nodes[host]?.id ?? '?'}:${String(port)} (${traffic[flow]?.id ?? '?'})`,
      ),
    };
  }

  /** Link directions, those of interfaces after them, buses after these: in the order of cause records' subjects. */
  private directions(): { name: string; ends: LinkEnds }[] {
    const nodeOf = new Map(this.scenario.nodes.map(({ id }, index) => [id, index]));
    const at = (name: string, host: string): { name: string; ends: LinkEnds } => {
      const node = nodeOf.get(host) ?? -1;
      return { name, ends: { from: node, to: node, delayNs: 0 } };
    };
    return [
      ...this.links.flatMap(({ id, fromNode, toNode, forward, reverse }, index) => {
        const { from, to } = this.scenario.links[index]!;
        return [
          { name: `${id}: ${from} to ${to}`, ends: { from: fromNode, to: toNode, delayNs: forward.propagationNs } },
          { name: `${id}: ${to} to ${from}`, ends: { from: toNode, to: fromNode, delayNs: reverse.propagationNs } },
        ];
      }),
      ...this.machines.flatMap(({ host, nics }) =>
        nics.flatMap(({ link }) => [at(`${host} NIC ${link}: out`, host), at(`${host} NIC ${link}: in`, host)]),
      ),
      ...this.machines.flatMap(({ host, bus: { profile } }) =>
        profile.fullDuplex
          ? [at(`${host} bus: reads`, host), at(`${host} bus: writes`, host)]
          : [at(`${host} bus`, host), at(`${host} bus`, host)],
      ),
    ];
  }

  /** Lets a listener hear a probe; returns how to stop. Does not change results. */
  listen(name: string, listener: (timeNs: number, value: number) => void): () => void {
    return this.probes.subscribe(name, listener);
  }

  /** Tells listeners everything up to the present: queues that drained, rates of intervals that ended. */
  settle(): void {
    this.flowProbes.settle(this.engine.now);
    this.linkProbes.settle(this.engine.now);
    this.machineProbes.settle();
  }

  /** Closes the recorded series at the present; call before reading them for good. */
  finishSeries(): void {
    this.settle();
    for (const series of this.series) series.flush();
  }

  /** Per link direction (forward, reverse, in the scenario's order): busy ns so far, packets waiting, drops so far. */
  linkState(into: Float64Array): void {
    const now = this.engine.now;
    let at = 0;
    for (const { forward, reverse } of this.links) {
      for (const link of [forward, reverse]) {
        into[at] = link.sent(now).busyNs;
        into[at + 1] = link.queued(now);
        into[at + 2] = link.drops;
        at += 3;
      }
    }
  }

  /** CPUs and kernels up to now, as the summary tells them. */
  machineState(): Pick<RunSummary, 'cpus' | 'kernels' | 'nics' | 'stacks'> {
    const { machines } = this;
    return {
      cpus: machines.flatMap(summariseCpus),
      kernels: machines.map(summariseKernel),
      nics: machines.flatMap(summariseNics),
      stacks: machines.flatMap(summariseStack),
    };
  }

  /** The results up to now. `wallSeconds` is told by the caller, who has a clock. */
  summary(outcome: RunSummary['outcome'], wallSeconds: number, failure?: string): RunSummary {
    const { scenario, engine } = this;
    const now = engine.now;
    const flows = this.flows.map((flow, index) => summariseFlow(flow, scenario.traffic[index]!, now));
    const links = this.links.flatMap((link, index): LinkSummary[] => summariseLink(link, scenario.links[index]!, now));
    const hosts = this.nodes.flatMap((node, index): HostSummary[] => {
      const summary = node instanceof Host ? summariseHost(scenario.nodes[index]!.id, node) : undefined;
      return summary === undefined ? [] : [summary];
    });
    const routers = this.nodes.flatMap((node, index): RouterSummary[] => {
      const summary = node instanceof Router ? summariseRouter(scenario.nodes[index]!.id, node) : undefined;
      return summary === undefined ? [] : [summary];
    });
    const { cpus, kernels, nics, stacks } = this.machineState();
    const parts = digestParts(engine.eventHashU32, engine.events, this.wire.hash, flows, links, [
      ...hosts,
      ...routers,
      ...cpus,
      ...kernels,
      ...nics,
      ...stacks,
    ]);
    return {
      format: 'odonata-summary',
      version: 1,
      scenario: scenario.name,
      seed: scenario.seed,
      durationNs: scenario.durationNs,
      outcome,
      ...(failure === undefined ? {} : { failure }),
      digest: digestOf(parts),
      digestParts: parts,
      flows,
      links,
      hosts,
      ...(routers.length === 0 ? {} : { routers }),
      cpus,
      kernels,
      nics,
      stacks,
      totals: {
        events: engine.events,
        packets: this.packets,
        simSeconds: now / 1e9,
        wallSeconds,
        unroutable: this.nodes.reduce((sum, node) => sum + node.unroutable, 0),
      },
    };
  }

  private buildNodes(streams: Streams, pool: PacketPool): void {
    this.scenario.nodes.forEach((node, index) => {
      if (node.kind === 'router') this.nodes.push(new Router(this.engine, pool, index as NodeId));
      else this.nodes.push(new Host(this.wire, index as NodeId, node.tcp, streams.named(`host/${node.id}/iss`)));
    });
  }

  private record(pattern: string): void {
    const { intervalNs, samplesMax } = this.scenario.recording;
    for (const { name, unit } of this.probes.match(pattern)) {
      if (this.series.some((series) => series.name === name)) continue;
      const series = new Series(name, unit, { intervalNs, samplesMax });
      this.series.push(series);
      this.listen(name, (timeNs, value) => {
        series.add(timeNs, value);
      });
    }
  }

  private scheduleChange(change: ResolvedChange, index: number): void {
    const link = this.links.find(({ id }) => id === change.link)!;
    callAt(this.engine, nanos(change.atNs), Priority.change, (now) => {
      const { causes } = this.engine;
      if (causes !== undefined) {
        this.engine.cause = causes.record(CauseKind.change, now, this.engine.cause, index, 0);
      }
      if (change.direction !== 'reverse') applyChange(change, link, 'forward');
      if (change.direction !== 'forward') applyChange(change, link, 'reverse');
      if (change.field === 'up' || change.field === 'delay' || change.field === 'rate')
        setRoutes(this.nodes, this.links, this.drivers);
    });
  }
}

function applyChange(change: ResolvedChange, built: BuiltLink, side: 'forward' | 'reverse'): void {
  const link: Link = built[side];
  switch (change.field) {
    case 'rate':
      link.setRate(change.rateBps);
      built.cost[side] = linkCostNs(change.rateBps, link.propagationNs);
      break;
    case 'delay':
      link.setDelay(change.delayNs);
      built.cost[side] = linkCostNs(link.rateBps, change.delayNs);
      break;
    case 'up':
      link.setUp(change.up);
      break;
    case 'queue/limit':
      link.setQueueLimit(change.limitPackets, change.limitBytes);
      break;
    case 'mtu':
      link.mtuBytes = change.mtuBytes;
      break;
    case 'loss/probability': {
      const loss = built.losses[side];
      if (loss instanceof BernoulliLoss) loss.setProbability(change.probability);
      break;
    }
  }
}
