// The transmission control block (RFC 9293 §3.3.1): all state of one connection, and nothing else. Only files of
// this folder write it. Numbers are initialised with the kind they keep (whole or fractional), so that all
// blocks have one shape.

import {
  type FlowId,
  type Nanos,
  type NodeId,
  type SeqNum,
  seqAdd,
  seqNum,
  type TsVal,
  tsVal,
  TIME_ZERO,
} from '../base';
import { SendReason } from '../packet';
import type { CongestionControl } from './congestion/congestion-control';
import { type Dialect, DIALECTS } from './dialect';
import type { DupAckPolicy } from './dupack/dup-ack-policy';
import type { TcpOptions } from './options';
import { Reassembly } from './reassembly';
import type { Recovery } from './recovery/recovery';
import type { SentStamps } from './recovery/sent-stamps';
import { RttEstimator } from './rtt';
import { Scoreboard } from './scoreboard';
import type { TcpSink } from './sink';
import type { SpuriousDetection } from './spurious/spurious-detection';

/** States of RFC 9293 §3.3.2. LISTEN is the host's business: a connection begins with a SYN sent or received. */
export const TcpState = {
  closed: 0,
  synSent: 1,
  synReceived: 2,
  established: 3,
  finWait1: 4,
  finWait2: 5,
  closeWait: 6,
  closing: 7,
  lastAck: 8,
  timeWait: 9,
} as const;
export type TcpState = (typeof TcpState)[keyof typeof TcpState];

/** What let a loss recovery begin with a duplicate ACK: three of them, Limited Transmit's help, or Early Retransmit. */
export const RecoveryCause = { fast: 0, limited: 1, early: 2 } as const;
export type RecoveryCause = (typeof RecoveryCause)[keyof typeof RecoveryCause];

/** Whose connection it is and to whom. */
export interface TcpEndpoints {
  readonly local: NodeId;
  readonly remote: NodeId;
  readonly localPort: number;
  readonly remotePort: number;
  /** The lab's name for the traffic it belongs to; stamped on every packet. */
  readonly flow: FlowId;
}

/** Room in the send buffer, as a share of it, at which a blocked writer is told. */
const WRITABLE_SHARE = 3;

/** Largest window that the 16-bit field can carry without scaling. */
export const UNSCALED_WINDOW_MAX = 65_535;
/** Scaling may not exceed 14 (RFC 7323 §2.3). */
const WINDOW_SCALE_MAX = 14;

/** A number before there is one: fields that hold one from the start stay small integers to the machine. */
const UNSET = seqNum(0);

export class Tcb {
  state: TcpState = TcpState.closed;

  // Send sequence space
  readonly iss = UNSET;
  sndUna = UNSET;
  sndNxt = UNSET;
  /** End of everything ever sent; SND.NXT falls behind it after a timeout. */
  sndMax = UNSET;
  /** End of what the application has written. The FIN, when there is one, occupies this number. */
  sndEnd = UNSET;
  sndWnd = 0;
  sndWndMax = 0;
  sndWl1 = UNSET;
  sndWl2 = UNSET;
  /** Window field of the last acceptable segment, to tell duplicate ACKs from window updates. */
  lastWindowField = -1;
  /** That segment was the peer's SYN, whose window is never scaled (RFC 7323 §2.2). */
  lastWindowOfSyn = false;
  sndScale = 0;
  /** Largest payload we send: the peer's MSS and ours, less the options that every segment carries. */
  smss = 0;
  /** The application will write no more: a FIN follows the data. */
  finQueued = false;
  /** A write was cut short. */
  writeBlocked = false;
  /** Room in the send buffer at which a blocked writer is told: a third of it, unless the socket's buffers have a mark of their own. */
  sendLowWaterBytes = 0.5;
  /** One byte beyond the window went out as a probe; sending it again is no retransmission. */
  probeOut = false;

  // Urgent data (urgent.ts)
  /** Some of what is written and not acknowledged is urgent, up to SND.UP. */
  sendsUrgent = false;
  sndUp = UNSET;
  /** The application has not read up to the latest mark, RCV.UP. */
  expectsUrgent = false;
  rcvUp = UNSET;

  // Receive sequence space
  irs = UNSET;
  rcvNxt = UNSET;
  /** Right edge of the window we advertised; it never moves back. */
  rcvAdv = UNSET;
  rcvScale = 0;
  /** Both SYNs carried a window scale. */
  scalingAgreed = false;
  /** Receive buffer; the options' size, or what the socket has set since. */
  rcvBufferBytes = 0;
  /** In order and not read. */
  readableBytes = 0;
  /** The application closed and will not read what comes. */
  rcvClosed = false;
  /** The peer's FIN, once seen; valid with `finSeen`. */
  finSeq = UNSET;
  finSeen = false;
  /** Full-sized segment of the peer as far as we know, for delayed ACKs and silly windows. */
  rcvMss = 0;

  // Acknowledging
  /** In-order bytes not yet acknowledged. */
  ackPendingBytes = 0;
  /** Segments received in order since the last ACK. */
  ackPendingSegments = 0;
  /** Segments that are still acknowledged at once. */
  quickAcksLeft = 0;
  ackNow = false;
  /** The application has read since the last segment left: the window may have something to tell. */
  readSinceSent = false;
  delayedAckArmed = false;
  lastAckSent = UNSET;
  /** Inside an entry of the connection: ACKs and window updates are decided at its end. */
  entered = false;
  /** The segment being processed has data too: what it lets us send waits, so that it carries the ACK. */
  outputWaits = false;

  // Options in use
  timestamps = false;
  sack = false;
  tsRecent: TsVal = tsVal(0);
  /** When tsRecent was set, for the 24-day rule of PAWS. */
  tsRecentAt: Nanos = TIME_ZERO;
  readonly tsOffset: number = 0;
  readonly dialect: Dialect;

  /** Both ends use ECN. */
  ecn = false;
  /** A mark arrived and the peer has not said that it reduced its window. */
  ecnEchoing = false;
  /** The next new data tells the peer that the window was reduced. */
  cwrPending = false;
  /** SND.MAX at the last reduction: echoes up to here tell nothing new. */
  ecnRecover = UNSET;

  // Timing
  readonly rtt: RttEstimator;
  /** One segment is timed while timestamps are off (RFC 6298 §3): its end, and when it was sent; 0 when none. */
  timedEnd = UNSET;
  timedAt = 0;
  rtoArmed = false;
  persistArmed = false;
  persistBackoffs = 0;
  synRetransmits = 0;
  /** A router complained about a segment of this connection. */
  softError = false;
  /** We sent the first SYN. */
  openedActively = false;
  lastSentAt: Nanos = TIME_ZERO;
  /** When the peer last acknowledged something new, or data was first sent after all was acknowledged. */
  progressAt: Nanos = TIME_ZERO;
  keepAliveProbesOut = 0;
  keepAliveProbesSent = 0;

  // Loss recovery
  congestion: CongestionControl;
  recovery: Recovery;
  dupAckPolicy: DupAckPolicy;
  spuriousDetection: SpuriousDetection;
  dupAcks = 0;
  /** Data up to here was outstanding when the last recovery began (exclusive end; RFC 6582 §3.2 "recover"). */
  recover = UNSET;
  /** Bytes sent by Limited Transmit since the last ACK of new data; not part of FlightSize for ssthresh. */
  limitedBytes = 0;
  /** Why the recovery under way could begin; see RecoveryCause. */
  recoveryCause: RecoveryCause = RecoveryCause.fast;
  /** The delay of an early retransmission is running. */
  earlyArmed = false;
  /** The peer has reported a duplicate (RFC 2883). */
  dsackSeen = false;
  /** Ends of the outstanding segments, while somebody counts segments (Early Retransmit). */
  segmentEnds: SeqNum[] | undefined = undefined;
  /** With the timestamp heuristic of NewReno. */
  sentStamps: SentStamps | undefined = undefined;
  /** SND.UNA before the last ACK of new data, for the ACK heuristic (RFC 6582 §4.1). */
  prevUna = UNSET;
  /** No duplicate ACK came before the last timeout: what was lost is the end of what was sent, or all of it. */
  tailTimeout = false;
  /** Why SND.NXT was set back last: a timeout, a loss that duplicate ACKs reported (Tahoe), or a smaller path MTU. */
  rollBackReason: SendReason = SendReason.timeout;
  /** The interface did not take a segment, for it carries no more than this; 0 if it takes all (EMSGSIZE). */
  interfaceMtu = 0;
  /** Timeouts since the last ACK of new data; after the first, ssthresh is kept (RFC 5681 §3.1). */
  timeoutsInRow = 0;
  scoreboard: Scoreboard;
  readonly reassembly = new Reassembly();

  // Counters: output only, nothing decides by them
  segmentsSent = 0;
  segmentsReceived = 0;
  dataSegmentsSent = 0;
  bytesAcked = 0;
  bytesDelivered = 0;
  bytesReceived = 0;
  duplicateBytesReceived = 0;
  dupAcksReceived = 0;
  rtoCount = 0;
  retransmitsTimeout = 0;
  retransmitsFast = 0;
  retransmitsLimited = 0;
  retransmitsEarly = 0;
  /** In smaller segments, after those of before had been too large for the path. */
  retransmitsMtu = 0;
  /** Of retransmitsTimeout: after timeouts to which no duplicate ACK had pointed. */
  retransmitsTail = 0;
  /** Hears of every retransmission; must not change anything. */
  onRetransmission: ((seq: SeqNum, reason: SendReason) => void) | undefined = undefined;
  /** Segments that were retransmitted for nothing, as far as D-SACKs or spurious-retransmission detection tell. */
  spurious = 0;
  /** Recoveries found needless, taken back where the Eifel response is on. */
  spuriousRecoveries = 0;
  /** Windows reduced because of ECN. */
  ecnReductions = 0;
  probesSent = 0;
  urgentMarksSent = 0;
  urgentMarksReceived = 0;
  /** Segments that said that urgent data lay ahead. */
  urgentSegmentsSent = 0;
  pathMtuChanges = 0;
  recoveries = 0;

  constructor(
    readonly sink: TcpSink,
    public options: TcpOptions,
    readonly ends: TcpEndpoints,
    iss: SeqNum,
    strategies: {
      congestion: CongestionControl;
      recovery: Recovery;
      dupAckPolicy: DupAckPolicy;
      spuriousDetection: SpuriousDetection;
    },
  ) {
    this.iss = iss;
    this.sndUna = iss;
    this.sndNxt = iss;
    this.sndMax = iss;
    this.sndEnd = seqAdd(iss, 1);
    this.sndWl1 = iss;
    this.sndWl2 = iss;
    this.irs = iss;
    this.rcvNxt = iss;
    this.sndUp = iss;
    this.rcvUp = iss;
    this.rcvAdv = iss;
    this.finSeq = iss;
    this.lastAckSent = iss;
    this.timedEnd = iss;
    this.recover = iss;
    this.dialect = DIALECTS[options.dialect];
    this.smss = options.mss;
    this.rcvBufferBytes = options.receiveBufferBytes;
    this.sendLowWaterBytes = options.sendBufferBytes / WRITABLE_SHARE;
    this.quickAcksLeft = options.quickAcks;
    this.rcvMss = options.mss;
    this.tsOffset = timestampOffset(iss);
    this.rtt = new RttEstimator(options);
    this.scoreboard = new Scoreboard(iss);
    this.congestion = strategies.congestion;
    this.recovery = strategies.recovery;
    this.dupAckPolicy = strategies.dupAckPolicy;
    this.spuriousDetection = strategies.spuriousDetection;
    this.prevUna = iss;
    this.ecnRecover = iss;
  }
}

/** Each connection's timestamp clock begins at a place of its own (RFC 7323 §5.4). */
export function timestampOffset(iss: SeqNum): number {
  return (iss as unknown as number) >>> 1;
}

/** The shift that lets a receive buffer of this size be advertised in 16 bits (RFC 7323 §2.3). */
export function windowScaleFor(bufferBytes: number): number {
  let scale = 0;
  while (scale < WINDOW_SCALE_MAX && bufferBytes > UNSCALED_WINDOW_MAX * 2 ** scale) scale += 1;
  return scale;
}

/** The scale that our SYN offers: for the buffer as it is, or as it may become. */
export function offeredScale(tcb: Tcb): number {
  return windowScaleFor(Math.max(tcb.rcvBufferBytes, tcb.options.receiveBufferMaxBytes));
}
