// A scenario with nothing left open: every default filled in, both directions of each link explicit, all numbers
// in base units. What a world is built from. Defaults live here, once.

import { pathOf } from './json-text';
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
import type { ReadScenario } from './schema';

type ReadTcp = NonNullable<NonNullable<ReadScenario['defaults']>['tcp']>;
type ReadLink = ReadScenario['links'][number];
type ReadDirection = NonNullable<ReadLink['reverse']>;
export type ReadProgram = Extract<ReadScenario['traffic'][number], { kind: 'kernel-program' }>;
/** Traffic between two hosts. */
export type ReadFlow = Exclude<ReadScenario['traffic'][number], ReadProgram>;
type Unoptional<T> = { [Key in keyof T]-?: NonNullable<T[Key]> };

/** TCP switches of one host; the fields of core/tcp's TcpOptions. */
export interface ResolvedTcp {
  readonly dialect: 'rfc9293' | 'bsd' | 'linux';
  readonly congestionControl: 'tahoe' | 'reno' | 'newreno' | 'cubic';
  readonly initialWindow: 'rfc2581' | 'rfc2414' | 'rfc3390' | 'iw10' | number;
  readonly sack: boolean;
  readonly limitedTransmit: boolean;
  readonly earlyRetransmit: false | 'bytes' | 'segments';
  readonly earlyRetransmitDelay: boolean;
  readonly eifel: boolean;
  readonly eifelResponse: boolean;
  readonly frto: boolean;
  readonly newrenoExit: 'flight' | 'ssthresh';
  readonly newrenoHeuristic: 'none' | 'ack' | 'timestamp' | 'rfc2582';
  readonly ecn: boolean | 'accept';
  readonly newrenoTimer: 'impatient' | 'slow-but-steady';
  readonly slowStartLimit: number;
  readonly byteCounting: boolean;
  readonly idleRestart: boolean;
  readonly timestamps: boolean;
  readonly tolerateMissingTimestamps: boolean;
  readonly timestampTickNs: number;
  readonly windowScaling: boolean;
  readonly delayedAck: boolean;
  readonly delayedAckTimeoutNs: number;
  readonly quickAcks: number;
  readonly nagle: boolean;
  readonly mss: number;
  readonly sendBufferBytes: number;
  readonly receiveBufferBytes: number;
  readonly receiveBufferMaxBytes: number;
  readonly rtoMinNs: number;
  readonly rtoInitialNs: number;
  readonly rtoMaxNs: number;
  readonly rtoSlopNs: number;
  readonly rttvarFloorNs: number;
  readonly ecnSynRetries: number;
  readonly resetCheck: 'rfc5961' | 'in-window';
  readonly synCheck: 'rfc5961' | 'in-window';
  readonly retransmitLimit: number;
  readonly synRetransmitLimit: number;
  readonly connectTimeoutNs: number;
  readonly mslNs: number;
  readonly finWait2TimeoutNs: number;
  readonly ephemeralPorts: 'sequential' | 'random' | 'even';
  readonly synQueue: 'backlog' | 'cache';
  readonly backlog: number;
  readonly synCookies: boolean;
  readonly synCacheBuckets: number;
  readonly synCacheBucketLimit: number;
  readonly synCacheLimit: number;
  readonly synCacheRetransmits: number;
  readonly keepAlive: boolean;
  readonly keepAliveIdleNs: number;
  readonly keepAliveIntervalNs: number;
  readonly keepAliveProbes: number;
  readonly userTimeoutNs: number;
}

/** What every TCP switch is when nobody says otherwise: product.md §3.3's example, and the RFCs' own numbers. */
export const DEFAULT_TCP: Unoptional<ReadTcp> = {
  dialect: 'rfc9293',
  congestionControl: 'newreno',
  initialWindow: 'rfc3390',
  sack: false,
  limitedTransmit: true,
  earlyRetransmit: false,
  earlyRetransmitDelay: false,
  eifel: false,
  eifelResponse: true,
  frto: false,
  newrenoExit: 'flight',
  newrenoHeuristic: 'none',
  ecn: false,
  newrenoTimer: 'impatient',
  slowStartLimit: 1,
  byteCounting: true,
  idleRestart: true,
  timestamps: true,
  tolerateMissingTimestamps: false,
  timestampTick: 1e6,
  windowScaling: true,
  delayedAck: true,
  delayedAckTimeout: 100e6,
  quickAcks: 0,
  nagle: true,
  mss: 1460,
  sendBuffer: 256 * 1024,
  receiveBuffer: 256 * 1024,
  receiveBufferMax: 0,
  rtoMin: 1e9,
  rtoInitial: 1e9,
  rtoMax: 60e9,
  rtoSlop: 0,
  rttvarFloor: 0,
  ecnSynRetries: 0,
  resetCheck: 'rfc5961',
  synCheck: 'rfc5961',
  retransmitLimit: 12,
  synRetransmitLimit: 5,
  connectTimeout: 0,
  msl: 30e9,
  finWait2Timeout: 60e9,
  ephemeralPorts: 'sequential',
  synQueue: 'backlog',
  backlog: 0,
  synCookies: true,
  synCacheBuckets: 512,
  synCacheBucketLimit: 30,
  synCacheLimit: 15_360,
  synCacheRetransmits: 3,
  keepAlive: false,
  keepAliveIdle: 7200e9,
  keepAliveInterval: 75e9,
  keepAliveProbes: 8,
  userTimeout: 0,
};

const DEFAULT_QUEUE_PACKETS = 100;
const DEFAULT_RED = { minThreshold: 5, maxThreshold: 15, maxProbability: 0.1, weight: 0.002, gentle: true };
const DEFAULT_CODEL = { targetNs: 5e6, intervalNs: 100e6 };
const DEFAULT_WEB_REQUEST_BYTES = 300;
const DEFAULT_REQUEST_BYTES = 200;
const DEFAULT_DATAGRAM_BYTES = 1000;
/** Ports of flows that do not name one: this, and one more for each flow. */
const FIRST_PORT = 5001;
/** Clients draw their own ports from here on (RFC 6335 §6). */
const FIRST_EPHEMERAL_PORT = 49_152;
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

export type ResolvedQueue =
  | { readonly discipline: 'droptail'; readonly limitPackets: number; readonly limitBytes: number }
  | {
      readonly discipline: 'red';
      readonly limitPackets: number;
      readonly limitBytes: number;
      readonly minThreshold: number;
      readonly maxThreshold: number;
      readonly maxProbability: number;
      readonly weight: number;
      readonly gentle: boolean;
      readonly ecn: boolean;
    }
  | {
      readonly discipline: 'codel';
      readonly limitPackets: number;
      readonly limitBytes: number;
      readonly targetNs: number;
      readonly intervalNs: number;
      readonly ecn: boolean;
    };

export type ResolvedLoss =
  | { readonly model: 'bernoulli'; readonly probability: number }
  | {
      readonly model: 'gilbert-elliott';
      readonly enterBad: number;
      readonly leaveBad: number;
      readonly lossInGood: number;
      readonly lossInBad: number;
    }
  | {
      readonly model: 'list';
      readonly drops: readonly {
        readonly flow: string;
        readonly packets: readonly number[];
        readonly retransmissions: readonly number[];
      }[];
    };

/** One direction of a link. */
export interface ResolvedDirection {
  readonly rateBps: number;
  readonly delayNs: number;
  /** Absent: no limit. */
  readonly mtuBytes: number | undefined;
  readonly queue: ResolvedQueue;
  readonly loss: ResolvedLoss | undefined;
  readonly reorder: { readonly probability: number; readonly delayNs: number } | undefined;
  readonly duplicate: number | undefined;
}

export interface ResolvedLink {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly up: boolean;
  readonly forward: ResolvedDirection;
  readonly reverse: ResolvedDirection;
}

/** A distribution of bytes or nanoseconds. */
export type ResolvedDistribution =
  | { readonly distribution: 'fixed'; readonly value: number }
  | { readonly distribution: 'uniform'; readonly min: number; readonly max: number }
  | { readonly distribution: 'exponential'; readonly mean: number }
  | { readonly distribution: 'pareto'; readonly mean: number; readonly shape: number };

export interface ResolvedReplayRecord {
  readonly atNs: number;
  readonly bytes: number;
  readonly end: 'from' | 'to';
}

interface ResolvedFlowBase {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly startNs: number;
  /** Absent: until the end of the run. */
  readonly stopNs: number | undefined;
  readonly port: number;
}

export type ResolvedFlow = ResolvedFlowBase &
  (
    | { readonly kind: 'bulk'; readonly urgentAt: readonly number[] }
    | {
        readonly kind: 'transfer';
        readonly sizeBytes: number;
        /** Absent: only one end sends. */
        readonly turnBytes: number | undefined;
        /** Bytes before each urgent octet, rising. */
        readonly urgentAt: readonly number[];
      }
    | {
        readonly kind: 'web';
        readonly arrivals: 'poisson' | 'periodic';
        readonly arrivalsPerSecond: number;
        readonly size: ResolvedDistribution;
        readonly requestBytes: number;
      }
    | {
        readonly kind: 'request-response';
        /** Absent: as many as fit. */
        readonly count: number | undefined;
        readonly request: ResolvedDistribution;
        readonly response: ResolvedDistribution;
        readonly think: ResolvedDistribution;
      }
    | {
        readonly kind: 'onoff';
        readonly on: ResolvedDistribution;
        readonly off: ResolvedDistribution;
        /** Absent: as fast as TCP takes it. */
        readonly rateBps: number | undefined;
      }
    | {
        readonly kind: 'udp-cbr' | 'udp-poisson';
        readonly rateBps: number;
        readonly payloadBytes: number;
        readonly hasReceiver: boolean;
      }
    | { readonly kind: 'syn-flood'; readonly synsPerSecond: number; readonly oneHash: boolean }
    | { readonly kind: 'replay'; readonly protocol: 'tcp' | 'udp'; readonly records: readonly ResolvedReplayRecord[] }
  );

/** Something of a link that changes during the run. */
export type ResolvedChange = {
  readonly atNs: number;
  readonly link: string;
  readonly direction: 'both' | 'forward' | 'reverse';
} & (
  | { readonly field: 'rate'; readonly rateBps: number }
  | { readonly field: 'delay'; readonly delayNs: number }
  | { readonly field: 'mtu'; readonly mtuBytes: number }
  | { readonly field: 'up'; readonly up: boolean }
  | { readonly field: 'queue/limit'; readonly limitPackets: number; readonly limitBytes: number }
  | { readonly field: 'loss/probability'; readonly probability: number }
);

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
  return {
    name: scenario.name,
    seed: scenario.seed ?? 1,
    durationNs: scenario.duration,
    nodes,
    links: scenario.links.map(resolveLink),
    traffic: flowsOf(scenario).map((flow, index) => resolveFlow(flow, index)),
    programs: programsOf(scenario).map(resolveProgram),
    changes,
    probes: scenario.probes ?? defaultProbes(scenario),
    recording: {
      intervalNs: scenario.recording?.interval ?? Math.max(1, Math.round(scenario.duration / DEFAULT_SAMPLES_PER_RUN)),
      samplesMax: scenario.recording?.samples ?? DEFAULT_SAMPLES_MAX,
    },
  };
}

export function flowsOf(scenario: ReadScenario): ReadFlow[] {
  return scenario.traffic.filter((entry): entry is ReadFlow => entry.kind !== 'kernel-program');
}

export function programsOf(scenario: ReadScenario): ReadProgram[] {
  return scenario.traffic.filter((entry): entry is ReadProgram => entry.kind === 'kernel-program');
}

/** The program's defaults, overridden by the scenario's, overridden by the host's. */
export function resolveTcp(defaults: ReadTcp, own: ReadTcp): ResolvedTcp {
  const all = { ...DEFAULT_TCP, ...defaults, ...own } as Unoptional<ReadTcp>;
  return {
    dialect: all.dialect,
    congestionControl: all.congestionControl,
    initialWindow: all.initialWindow,
    sack: all.sack,
    limitedTransmit: all.limitedTransmit,
    earlyRetransmit: all.earlyRetransmit === true ? 'bytes' : all.earlyRetransmit,
    earlyRetransmitDelay: all.earlyRetransmitDelay,
    eifel: all.eifel,
    eifelResponse: all.eifelResponse,
    frto: all.frto,
    newrenoExit: all.newrenoExit,
    newrenoHeuristic: all.newrenoHeuristic,
    ecn: all.ecn,
    newrenoTimer: all.newrenoTimer,
    slowStartLimit: all.slowStartLimit,
    byteCounting: all.byteCounting,
    idleRestart: all.idleRestart,
    timestamps: all.timestamps,
    tolerateMissingTimestamps: all.tolerateMissingTimestamps,
    timestampTickNs: all.timestampTick,
    windowScaling: all.windowScaling,
    delayedAck: all.delayedAck,
    delayedAckTimeoutNs: all.delayedAckTimeout,
    quickAcks: all.quickAcks,
    nagle: all.nagle,
    mss: all.mss,
    sendBufferBytes: all.sendBuffer,
    receiveBufferBytes: all.receiveBuffer,
    receiveBufferMaxBytes: all.receiveBufferMax,
    rtoMinNs: all.rtoMin,
    rtoInitialNs: all.rtoInitial,
    rtoMaxNs: all.rtoMax,
    rtoSlopNs: all.rtoSlop,
    rttvarFloorNs: all.rttvarFloor,
    ecnSynRetries: all.ecnSynRetries,
    resetCheck: all.resetCheck,
    synCheck: all.synCheck,
    retransmitLimit: all.retransmitLimit,
    synRetransmitLimit: all.synRetransmitLimit,
    connectTimeoutNs: all.connectTimeout,
    mslNs: all.msl,
    finWait2TimeoutNs: all.finWait2Timeout,
    ephemeralPorts: all.ephemeralPorts,
    synQueue: all.synQueue,
    backlog: all.backlog,
    synCookies: all.synCookies,
    synCacheBuckets: all.synCacheBuckets,
    synCacheBucketLimit: all.synCacheBucketLimit,
    synCacheLimit: all.synCacheLimit,
    synCacheRetransmits: all.synCacheRetransmits,
    keepAlive: all.keepAlive,
    keepAliveIdleNs: all.keepAliveIdle,
    keepAliveIntervalNs: all.keepAliveInterval,
    keepAliveProbes: all.keepAliveProbes,
    userTimeoutNs: all.userTimeout,
  };
}

/** The reverse direction is like the forward one where it does not say otherwise; a loss list is never mirrored. */
function resolveLink(link: ReadLink): ResolvedLink {
  const forward = resolveDirection(link, link.rate);
  const ends = { id: link.id, from: link.from, to: link.to, up: link.up ?? true };
  if (link.reverse === undefined && link.loss?.model !== 'list') return { ...ends, forward, reverse: forward };
  const mirrored: ReadDirection = {
    delay: link.delay,
    mtu: link.mtu,
    queue: link.queue,
    loss: link.loss?.model === 'list' ? undefined : link.loss,
    reorder: link.reorder,
    duplicate: link.duplicate,
  };
  const own = Object.fromEntries(Object.entries(link.reverse ?? {}).filter(([, value]) => value !== undefined));
  const reverse = resolveDirection({ ...mirrored, ...own }, link.reverse?.rate ?? link.rate);
  return { ...ends, forward, reverse };
}

function resolveDirection(side: ReadDirection, rateBps: number): ResolvedDirection {
  const { loss, reorder } = side;
  return {
    rateBps,
    delayNs: side.delay ?? 0,
    mtuBytes: side.mtu,
    queue: resolveQueue(side.queue),
    loss: resolveLoss(loss),
    reorder: reorder === undefined ? undefined : { probability: reorder.probability, delayNs: reorder.delay },
    duplicate: side.duplicate?.probability,
  };
}

function resolveLoss(loss: ReadDirection['loss']): ResolvedLoss | undefined {
  switch (loss?.model) {
    case undefined:
    case 'bernoulli':
      return loss;
    case 'gilbert-elliott':
      return { ...loss, lossInGood: loss.lossInGood ?? 0, lossInBad: loss.lossInBad ?? 1 };
    case 'list': {
      const drops = loss.drops.map(({ flow, packets, retransmissions }) => ({
        flow,
        packets: packets ?? [],
        retransmissions: retransmissions ?? [],
      }));
      return { model: 'list', drops };
    }
  }
}

function resolveQueue(queue: ReadDirection['queue']): ResolvedQueue {
  const limit = queue?.limit ?? { packets: DEFAULT_QUEUE_PACKETS, bytes: Infinity };
  const limits = { limitPackets: limit.packets, limitBytes: limit.bytes };
  switch (queue?.discipline) {
    case undefined:
    case 'droptail':
      return { discipline: 'droptail', ...limits };
    case 'red':
      return {
        discipline: 'red',
        ...limits,
        minThreshold: queue.minThreshold ?? DEFAULT_RED.minThreshold,
        maxThreshold: queue.maxThreshold ?? DEFAULT_RED.maxThreshold,
        maxProbability: queue.maxProbability ?? DEFAULT_RED.maxProbability,
        weight: queue.weight ?? DEFAULT_RED.weight,
        gentle: queue.gentle ?? DEFAULT_RED.gentle,
        ecn: queue.ecn ?? false,
      };
    case 'codel':
      return {
        discipline: 'codel',
        ...limits,
        targetNs: queue.target ?? DEFAULT_CODEL.targetNs,
        intervalNs: queue.interval ?? DEFAULT_CODEL.intervalNs,
        ecn: queue.ecn ?? false,
      };
  }
}

function resolveFlow(flow: ReadFlow, index: number): ResolvedFlow {
  const base = {
    id: flow.id,
    from: flow.from,
    to: flow.to,
    startNs: flow.start ?? 0,
    stopNs: flow.stop,
    port: flow.port ?? FIRST_PORT + (index % (FIRST_EPHEMERAL_PORT - FIRST_PORT)),
  };
  switch (flow.kind) {
    case 'bulk':
      return { ...base, kind: 'bulk', urgentAt: flow.urgent ?? [] };
    case 'transfer':
      return {
        ...base,
        kind: 'transfer',
        sizeBytes: flow.size,
        turnBytes: flow.exchange,
        urgentAt: flow.urgent ?? [],
      };
    case 'web':
      return {
        ...base,
        kind: 'web',
        arrivals: flow.arrivals.process,
        arrivalsPerSecond: flow.arrivals.rate,
        size: flow.size,
        requestBytes: flow.request ?? DEFAULT_WEB_REQUEST_BYTES,
      };
    case 'request-response':
      return {
        ...base,
        kind: 'request-response',
        count: flow.count,
        request: flow.request ?? { distribution: 'fixed', value: DEFAULT_REQUEST_BYTES },
        response: flow.response,
        think: flow.think ?? { distribution: 'fixed', value: 0 },
      };
    case 'onoff':
      return { ...base, kind: 'onoff', on: flow.on, off: flow.off, rateBps: flow.rate };
    case 'udp-cbr':
    case 'udp-poisson':
      return {
        ...base,
        kind: flow.kind,
        rateBps: flow.rate,
        payloadBytes: flow.size ?? DEFAULT_DATAGRAM_BYTES,
        hasReceiver: flow.receiver ?? true,
      };
    case 'syn-flood':
      return { ...base, kind: 'syn-flood', synsPerSecond: flow.syns, oneHash: flow.oneHash ?? false };
    case 'replay':
      return {
        ...base,
        kind: 'replay',
        protocol: flow.protocol ?? 'tcp',
        records: (flow.records ?? []).map(({ at, bytes, from }) => ({
          atNs: at,
          bytes,
          end: from === undefined || from === flow.from ? 'from' : 'to',
        })),
      };
  }
}

function defaultProbes(scenario: ReadScenario): string[] {
  const flows = flowsOf(scenario)
    .slice(0, DEFAULT_PROBED_FLOWS)
    .flatMap(({ id, kind }) => {
      if (kind.startsWith('udp')) return [`flow/${id}/throughput`];
      return ['cwnd', 'ssthresh', 'inflight', 'srtt', 'rto', 'throughput'].map((field) => `flow/${id}/${field}`);
    });
  const links = scenario.links
    .slice(0, DEFAULT_PROBED_LINKS)
    .flatMap(({ id }) => [`link/${id}/queue`, `link/${id}/drops`]);
  const kernel = programsOf(scenario).length > 0 ? ['cpu/*/busy'] : [];
  return [...flows, ...links, ...kernel];
}

/** Path of a change's pointer as (link index, rest); undefined if it does not name a link of the scenario. */
export function changeTarget(
  pointer: string,
  linkIds: readonly string[],
): { readonly linkIndex: number; readonly field: string; readonly direction: 'both' | 'reverse' } | undefined {
  const path = pathOf(pointer);
  if (path === undefined || path.length < 3 || path[0] !== 'links') return undefined;
  const [, name = '', ...rest] = path;
  const byId = linkIds.indexOf(name);
  const linkIndex = byId >= 0 ? byId : /^\d+$/.test(name) ? Number(name) : -1;
  if (linkIndex < 0 || linkIndex >= linkIds.length) return undefined;
  const inReverse = rest[0] === 'reverse';
  const field = (inReverse ? rest.slice(1) : rest).join('/');
  return { linkIndex, field, direction: inReverse ? 'reverse' : 'both' };
}
