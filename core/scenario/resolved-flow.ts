// Traffic between two hosts with nothing left open.

import type { ReadScenario } from './schema';

export type ReadProgram = Extract<ReadScenario['traffic'][number], { kind: 'kernel-program' }>;
/** Traffic between two hosts. */
export type ReadFlow = Exclude<ReadScenario['traffic'][number], ReadProgram>;

const DEFAULT_WEB_REQUEST_BYTES = 300;
const DEFAULT_REQUEST_BYTES = 200;
const DEFAULT_DATAGRAM_BYTES = 1000;
/** Ports of flows that do not name one: this, and one more for each flow. */
const FIRST_PORT = 5001;
/** Clients draw their own ports from here on (RFC 6335 §6). */
const FIRST_EPHEMERAL_PORT = 49_152;

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
  readonly urgent: boolean;
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

/** Whether some of what a flow writes is urgent. */
export function hasUrgentData(flow: ResolvedFlow): boolean {
  if (flow.kind === 'replay') return flow.records.some(({ urgent }) => urgent);
  return (flow.kind === 'bulk' || flow.kind === 'transfer') && flow.urgentAt.length > 0;
}

export function flowsOf(scenario: ReadScenario): ReadFlow[] {
  return scenario.traffic.filter((entry): entry is ReadFlow => entry.kind !== 'kernel-program');
}

export function programsOf(scenario: ReadScenario): ReadProgram[] {
  return scenario.traffic.filter((entry): entry is ReadProgram => entry.kind === 'kernel-program');
}

export function resolveFlow(flow: ReadFlow, index: number): ResolvedFlow {
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
        records: (flow.records ?? []).map(({ at, bytes, from, urgent }) => ({
          atNs: at,
          bytes,
          end: from === undefined || from === flow.from ? 'from' : 'to',
          urgent: urgent ?? false,
        })),
      };
  }
}
