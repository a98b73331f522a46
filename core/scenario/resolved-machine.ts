// A host's machine and kernel with nothing left open.

import { BUSES, type BusProfile, type CostProfile, PROFILES } from '../machine';
import type { ReadScenario } from './schema';

type ReadMachine = NonNullable<ReadScenario['defaults']>['machine'];
type ReadKernel = NonNullable<ReadScenario['defaults']>['kernel'];
type ReadNic = NonNullable<ReadScenario['defaults']>['nic'];

export interface ResolvedMachine {
  readonly cpus: number;
  readonly sockets: number;
  readonly profile: CostProfile;
  readonly bus: BusProfile;
}

/** The fields of core/kernel's KernelOptions. */
export interface ResolvedKernel {
  readonly rotation: 'switch' | 'tick';
  readonly preemption: 'none' | 'interrupt' | 'full';
  readonly ipiRingEntries: number;
  readonly drainsWhileSpinning: boolean;
  readonly ipiInterlock: boolean;
  readonly tickNs: number;
  readonly tokens: 'g1' | 'g2' | 'g3';
  readonly tokenBackoffMax: number;
}

/** The fields of core/stack's StackOptions. */
export interface ResolvedStack {
  readonly model: 'giant' | 'mutex' | 'grouplock' | 'pmp';
  readonly protocolThreads: 'three' | 'one';
  readonly hash: 'xor' | 'toeplitz';
  readonly classification: 'early' | 'none';
  readonly batch: number;
  readonly stageOrder: 'message' | 'stage';
  readonly caches: boolean;
  readonly ackAggregation: boolean;
  readonly fairSend: number;
  readonly sends: 'sync' | 'async';
  readonly receives: 'sync' | 'async';
  readonly udpSends: 'direct' | 'sync' | 'async';
  readonly udpConnected: boolean;
  readonly groups: number;
  readonly tableLock: 'held' | 'lookup';
  readonly tcpMpsafe: boolean;
  readonly udpMpsafe: boolean;
  readonly applications: 'spread' | 'flow' | 'first';
  readonly eventDriven: boolean;
  readonly writeBytes: number;
  readonly readBytes: number;
  readonly sendLowWaterBytes: number;
  readonly zeroCopy: boolean;
  readonly acceptors: number;
  readonly reusePort: number;
}

/** The fields of core/nic's NicOptions. */
export interface ResolvedNic {
  readonly rings: number;
  readonly ringEntries: number;
  readonly interruptRate: number;
  readonly checksumOffload: boolean;
  readonly tso: boolean;
  /** Absent: on all links. */
  readonly tsoLinks: readonly string[] | undefined;
  readonly tsoBytesMax: number;
  readonly tsoSegmentsMin: number;
  readonly tsoIpIds: 'increment' | 'fixed';
  readonly sendReportEvery: number;
  readonly doorbellEvery: number;
}

/** Fields that are written, without those that are only mentioned as undefined. */
function written<T extends object>(fields: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Undefined when neither the scenario nor the host asks for one, and the stack does not need one. */
export function resolveMachine(
  defaults: ReadMachine,
  own: ReadMachine,
  isNeeded: boolean,
): ResolvedMachine | undefined {
  if (defaults === undefined && own === undefined && !isNeeded) return undefined;
  const all = { ...written(defaults), ...written(own) };
  const { cpus = 1, sockets = 1, profile = 'opteron-1800', bus = 'pci-x-133' } = all;
  if (typeof profile === 'string') return { cpus, sockets, profile: PROFILES[profile], bus: BUSES[bus] };
  const { base, ...changes } = profile;
  const changed = { ...PROFILES[base], name: `${base}, changed`, ...written(changes) } as CostProfile;
  return { cpus, sockets, profile: changed, bus: BUSES[bus] };
}

/** Undefined for an ideal stack. */
export function resolveStack(defaults: ReadKernel, own: ReadKernel): ResolvedStack | undefined {
  const all = { ...written(defaults), ...written(own) };
  const { model = 'ideal', mpsafe = ['tcp', 'udp'] } = all;
  if (model === 'ideal') return undefined;
  return {
    model,
    protocolThreads: all.protocolThreads ?? 'one',
    hash: all.hash ?? 'toeplitz',
    classification: all.classification ?? 'early',
    batch: all.batch ?? 512,
    stageOrder: all.stageOrder ?? 'message',
    caches: all.caches ?? false,
    ackAggregation: all.ackAggregation ?? true,
    fairSend: all.fairSend ?? 4,
    sends: all.sends ?? 'async',
    receives: all.receives ?? 'async',
    udpSends: all.udpSends ?? 'async',
    udpConnected: all.udpConnected ?? true,
    groups: all.groups ?? 16,
    tableLock: all.tableLock ?? 'held',
    tcpMpsafe: mpsafe.includes('tcp'),
    udpMpsafe: mpsafe.includes('udp'),
    applications: all.applications ?? 'spread',
    eventDriven: all.eventDriven ?? false,
    writeBytes: all.write ?? 65_536,
    readBytes: all.read ?? 65_536,
    sendLowWaterBytes: all.sendLowWater ?? 2048,
    zeroCopy: all.zeroCopy ?? false,
    acceptors: all.acceptors ?? 1,
    reusePort: all.reusePort ?? 1,
  };
}

export function resolveNic(defaults: ReadNic, own: ReadNic): ResolvedNic {
  const all = { ...written(defaults), ...written(own) };
  const { interruptRate = 6000 } = all;
  return {
    rings: all.rings ?? 1,
    ringEntries: all.ringEntries ?? 256,
    interruptRate: interruptRate === 0 ? Infinity : interruptRate,
    checksumOffload: all.checksum ?? true,
    tso: all.tso ?? false,
    tsoLinks: all.tsoLinks,
    tsoBytesMax: Math.min(65_535, all.tsoMax ?? 65_535),
    tsoSegmentsMin: all.tsoSegmentsMin ?? 2,
    tsoIpIds: all.tsoIds ?? 'increment',
    sendReportEvery: all.sendReportEvery ?? 16,
    doorbellEvery: all.doorbellEvery ?? 8,
  };
}

export function resolveKernel(defaults: ReadKernel, own: ReadKernel): ResolvedKernel {
  const all = { ...written(defaults), ...written(own) };
  return {
    rotation: all.rotation ?? 'switch',
    preemption: all.preemption ?? 'interrupt',
    ipiRingEntries: all.ipiRing ?? 256,
    drainsWhileSpinning: all.drainsWhileSpinning ?? true,
    ipiInterlock: all.ipiInterlock ?? true,
    tickNs: all.tick ?? 10_000_000,
    tokens: all.tokens ?? 'g3',
    tokenBackoffMax: all.tokenBackoff ?? 4096,
  };
}
