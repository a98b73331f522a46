// TCP switches of a host with nothing left open. Defaults live here, once.

import type { ReadScenario } from './schema';

type ReadTcp = NonNullable<NonNullable<ReadScenario['defaults']>['tcp']>;
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
