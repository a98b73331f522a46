// SYN options and the two ends of the handshake (RFC 9293 §3.10.7.3, RFC 7323 §2-3, RFC 2018 §2).

import { type Nanos, seqAdd, seqLeq, seqLt, tsDiff } from '../base';
import { Flag, Option, type Packet } from '../packet';
import { echoesTimestamp, ticksToNs, updateSendWindow } from './acknowledgment';
import { agreeOnEcn } from './ecn';
import { endConnection } from './end';
import { watchSilence } from './keep-alive';
import { answerWithReset, sendSyn } from './control-segments';
import { stopRetransmit } from './retransmit-timer';
import { timestamp } from './segment';
import { chooseStrategies } from './policy';
import { SentStamps } from './recovery/sent-stamps';
import { TcpEvent, TcpTimer } from './sink';
import { holdTextOfSyn, processText, releaseTextOfSyn } from './text';
import { type Tcb, TcpState, offeredScale, UNSCALED_WINDOW_MAX } from './tcb';

/** MSS of a peer that does not say one (RFC 9293 §3.7.1). */
const DEFAULT_MSS = 536;
/** Bytes that the timestamps option takes in every segment. */
const TIMESTAMP_BYTES = 12;

/** What we offer, before the peer has spoken. */
export function prepareOffer(tcb: Tcb): void {
  tcb.rcvScale = tcb.options.windowScaling ? offeredScale(tcb) : 0;
}

/** Takes the peer's SYN: its number, options and first timestamp. */
export function takeSyn(tcb: Tcb, syn: Packet, now: Nanos): void {
  tcb.irs = syn.seq;
  tcb.rcvNxt = seqAdd(syn.seq, 1);
  tcb.lastAckSent = tcb.rcvNxt;
  tcb.rcvAdv = seqAdd(tcb.rcvNxt, Math.min(UNSCALED_WINDOW_MAX, tcb.rcvBufferBytes));
  tcb.scalingAgreed = tcb.options.windowScaling && (syn.options & Option.windowScale) !== 0;
  tcb.sndScale = tcb.scalingAgreed ? Math.min(14, syn.windowScale) : 0;
  if (!tcb.scalingAgreed) tcb.rcvScale = 0;
  tcb.sack = tcb.options.sack && (syn.options & Option.sackPermitted) !== 0;
  tcb.timestamps = tcb.options.timestamps && (syn.options & Option.timestamps) !== 0;
  if (tcb.timestamps) {
    tcb.tsRecent = syn.tsVal;
    tcb.tsRecentAt = now;
  }
  const peerMss = (syn.options & Option.mss) === 0 ? DEFAULT_MSS : Math.max(1, syn.mss);
  const overhead = tcb.timestamps ? TIMESTAMP_BYTES : 0;
  tcb.smss = Math.max(1, Math.min(peerMss, tcb.options.mss) - overhead);
  tcb.rcvMss = tcb.smss;
  tcb.sndWl1 = syn.seq;
  if (tcb.dialect.roundsReceiveBuffer && tcb.openedActively) roundReceiveBuffer(tcb);
  agreeOnEcn(tcb, syn);
}

/** The handshake is complete: strategies are chosen for good, and data may flow. */
export function becomeEstablished(tcb: Tcb, now: Nanos): void {
  const synLost = tcb.synRetransmits > 0;
  const { congestion, recovery, dupAckPolicy, spuriousDetection } = chooseStrategies(tcb.options, {
    sack: tcb.sack,
    timestamps: tcb.timestamps,
    smss: tcb.smss,
    synLost,
  });
  tcb.congestion = congestion;
  tcb.recovery = recovery;
  tcb.dupAckPolicy = dupAckPolicy;
  tcb.spuriousDetection = spuriousDetection;
  if (tcb.options.earlyRetransmit === 'segments') tcb.segmentEnds = [];
  if (tcb.options.newrenoHeuristic === 'timestamp' && tcb.timestamps) tcb.sentStamps = new SentStamps();
  tcb.prevUna = tcb.sndUna;
  tcb.ecnRecover = tcb.sndUna;
  tcb.recover = tcb.iss;
  tcb.scoreboard.clear(tcb.sndUna);
  tcb.timeoutsInRow = 0;
  tcb.timedAt = 0;
  if (synLost) tcb.rtt.startAfterSynLoss();
  tcb.lastSentAt = now;
  tcb.progressAt = now;
  tcb.state = tcb.finQueued ? TcpState.finWait1 : TcpState.established;
  if (tcb.options.keepAlive) watchSilence(tcb, now);
  else if (tcb.options.connectTimeoutNs > 0) tcb.sink.disarm(TcpTimer.keepAlive);
  stopRetransmit(tcb);
  if (tcb.dialect.roundsReceiveBuffer && !tcb.openedActively) roundReceiveBuffer(tcb);
  tcb.sink.notify(TcpEvent.established);
  if (tcb.openedActively) releaseTextOfSyn(tcb);
  tcb.recovery.transmit(tcb, now);
}

/** The BSDs make the buffer a whole number of segments once the MSS is agreed (tcp_mss). */
function roundReceiveBuffer(tcb: Tcb): void {
  const segment = tcb.smss + (tcb.timestamps ? TIMESTAMP_BYTES : 0);
  tcb.rcvBufferBytes = Math.ceil(tcb.rcvBufferBytes / segment) * segment;
}

/** A segment in SYN-SENT (RFC 9293 §3.10.7.3). */
export function inputInSynSent(tcb: Tcb, packet: Packet, now: Nanos): void {
  const { flags } = packet;
  const hasAck = (flags & Flag.ack) !== 0;
  if (hasAck && (seqLeq(packet.ack, tcb.iss) || seqLt(tcb.sndMax, packet.ack))) {
    if ((flags & Flag.rst) === 0) answerWithReset(tcb, packet);
    return;
  }
  if ((flags & Flag.rst) !== 0) {
    if (hasAck) endConnection(tcb, TcpEvent.refused);
    return;
  }
  if ((flags & Flag.syn) === 0) return;
  takeSyn(tcb, packet, now);
  if (!hasAck) {
    // Simultaneous open: our SYN goes again, now with an ACK.
    tcb.state = TcpState.synReceived;
    holdTextOfSyn(tcb, packet);
    sendSyn(tcb, now);
    return;
  }
  sampleHandshake(tcb, packet, now);
  tcb.sndUna = packet.ack;
  tcb.sndWl2 = packet.ack;
  updateSendWindow(tcb, packet);
  tcb.ackNow = true;
  becomeEstablished(tcb, now);
  // What came with the SYN/ACK (RFC 9293 §3.10.7.3, fifth).
  if (packet.payloadBytes > 0 || (flags & Flag.fin) !== 0) processText(tcb, packet, now);
}

/** The handshake's round trip is a sample if it is certain which SYN was answered (RFC 6298 §3). */
export function sampleHandshake(tcb: Tcb, packet: Packet, now: Nanos): void {
  if (tcb.timestamps && echoesTimestamp(packet)) {
    const ticks = tsDiff(timestamp(tcb, now), packet.tsEcr);
    if (ticks >= 0) tcb.rtt.sample(ticksToNs(tcb, ticks));
  } else if (tcb.synRetransmits === 0) {
    tcb.rtt.sample(now - tcb.lastSentAt);
  }
}
