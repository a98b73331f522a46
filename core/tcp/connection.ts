// One TCP connection: the verbs of an application, a segment and a timer as entries, and what observers may read.
// Every entry takes the present instant and leaves through the sink; nothing else is known here
// (architecture.md §2). The steps are in input.ts, output.ts and the strategies.

import { type Nanos, type SeqNum, seqAdd, seqDiff, seqLt, tsLt } from '../base';
import { Option, type Packet, SendReason } from '../packet';
import { onEarlyTimeout } from './dupack/early-retransmit';
import { prepareOffer, takeSyn } from './handshake';
import { endConnection } from './end';
import { type IcmpError, onIcmpError, onInterfaceMtu } from './icmp';
import { input } from './input';
import { announceUrgent, sendAck, sendReset, sendSyn } from './control-segments';
import { onPersistTimeout } from './persist';
import { canSendData } from './send-data';
import { windowUpdateDue } from './window';
import { flightBytes, unsentBytes } from './flight';
import { onKeepAliveTimeout, watchSilence } from './keep-alive';
import type { TcpOptions } from './options';
import { chooseStrategies } from './policy';
import { rollBack } from './recovery/timeout';
import { TcpEvent, type TcpSink, TcpTimer } from './sink';
import { Tcb, type TcpEndpoints, TcpState } from './tcb';
import { acknowledgeIfDue } from './text';
import { bytesToMark, markUrgent, passMark } from './urgent';

/** Looks at a connection after each entry; must not change it. */
export interface TcpObserver {
  after(connection: TcpConnection, now: Nanos): void;
}

export class TcpConnection extends Tcb {
  observer: TcpObserver | undefined = undefined;

  /** @param iss initial send sequence number, unpredictable (RFC 9293 §3.4.1) */
  constructor(sink: TcpSink, options: TcpOptions, ends: TcpEndpoints, iss: SeqNum) {
    super(
      sink,
      options,
      ends,
      iss,
      chooseStrategies(options, { sack: false, timestamps: false, smss: options.mss, synLost: false }),
    );
    prepareOffer(this);
  }

  get cwnd(): number {
    return this.congestion.cwnd;
  }

  get ssthresh(): number {
    return this.congestion.ssthresh;
  }

  /** Bytes sent and not acknowledged. */
  get inflight(): number {
    return flightBytes(this);
  }

  /** Bytes written and not yet sent. */
  get unsentBytes(): number {
    return unsentBytes(this);
  }

  get srttNs(): number {
    return this.rtt.srttNs;
  }

  get rttvarNs(): number {
    return this.rtt.rttvarNs;
  }

  get rtoNs(): number {
    return this.rtt.rtoNs;
  }

  /** Receive window as last advertised, bytes. */
  get rcvWnd(): number {
    return Math.max(0, seqDiff(this.rcvAdv, this.rcvNxt));
  }

  /** Bytes to read to have all of the peer's urgent data, 1 at the mark itself; undefined when there are none ahead. */
  get toUrgentMark(): number | undefined {
    return this.expectsUrgent ? bytesToMark(this) : undefined;
  }

  /** Bytes that the peer has not acknowledged, up to the end of the urgent ones; undefined before any were written. */
  get toUrgentEnd(): number | undefined {
    if (this.urgentMarksSent === 0) return undefined;
    return this.sendsUrgent ? Math.max(0, seqDiff(this.sndUp, this.sndUna)) : 0;
  }

  /** Active open: sends the SYN. */
  open(now: Nanos): void {
    this.state = TcpState.synSent;
    this.openedActively = true;
    sendSyn(this, now);
    this.limitOpening(now);
    this.leave(now);
  }

  /** Passive open: a listener got this SYN. */
  accept(syn: Packet, now: Nanos): void {
    this.state = TcpState.synReceived;
    this.segmentsReceived += 1;
    takeSyn(this, syn, now);
    sendSyn(this, now);
    this.limitOpening(now);
    this.leave(now);
  }

  /**
   * Takes over a handshake that the SYN cache has answered; the ACK that completed it is given to `input` next.
   * @param syn the peer's SYN as the cache knew it
   */
  resume(syn: Packet, handshake: { readonly sentAt: Nanos; readonly retransmits: number }, now: Nanos): void {
    this.state = TcpState.synReceived;
    takeSyn(this, syn, now);
    this.sndNxt = seqAdd(this.iss, 1);
    this.sndMax = this.sndNxt;
    this.synRetransmits = handshake.retransmits;
    this.lastSentAt = handshake.sentAt;
  }

  /** A segment for this connection; the caller keeps the packet. */
  input(packet: Packet, now: Nanos): void {
    const nested = this.entered;
    this.entered = true;
    input(this, packet, now);
    this.entered = nested;
    this.leave(now);
  }

  /**
   * Takes up to `bytes` (may be Infinity) into the send buffer.
   * @param urgent the end of what is taken is a mark that the peer is told of ahead of the data (MSG_OOB)
   * @returns how many were taken; TcpEvent.writable follows when not all were. 0 after shutdown or close.
   */
  write(bytes: number, now: Nanos, urgent = false): number {
    if (this.finQueued || this.state === TcpState.closed) return 0;
    const room = this.options.sendBufferBytes - seqDiff(this.sndEnd, this.sndUna);
    const taken = Math.max(0, Math.min(bytes, room));
    if (taken < bytes) this.writeBlocked = true;
    if (taken > 0) {
      this.sndEnd = seqAdd(this.sndEnd, taken);
      const { segmentsSent } = this;
      if (urgent) markUrgent(this);
      this.recovery.transmit(this, now);
      if (urgent) announceUrgent(this, segmentsSent, now);
    }
    this.leave(now);
    return taken;
  }

  /** Goes on sending after `sink.sendLater` (fairsend). */
  sendMore(now: Nanos): void {
    if (this.state === TcpState.closed) return;
    this.recovery.transmit(this, now);
    this.leave(now);
  }

  /** The batch in which `sink.ackLater` was called is over: acknowledges what nothing else has acknowledged since. */
  flushAck(now: Nanos): void {
    if (this.state === TcpState.closed || this.ackPendingBytes === 0) return;
    this.ackNow = true;
    this.leave(now);
  }

  /** The application takes up to `bytes` that have arrived in order; returns how many there were. */
  read(bytes: number, now: Nanos): number {
    const taken = Math.min(bytes, this.readableBytes);
    if (taken === 0) return 0;
    this.readableBytes -= taken;
    this.bytesDelivered += taken;
    this.readSinceSent = true;
    if (this.expectsUrgent) passMark(this);
    if (!this.entered && this.mayUpdateWindow() && windowUpdateDue(this)) {
      sendAck(this, SendReason.windowUpdate, now);
    }
    this.leave(now);
    return taken;
  }

  /** No more writes: FIN follows what was written. Reading goes on (half-close). */
  shutdown(now: Nanos): void {
    if (this.finQueued) return;
    if (this.state === TcpState.synSent) {
      endConnection(this, TcpEvent.closed);
      return;
    }
    if (this.state === TcpState.closed) return;
    this.finQueued = true;
    if (this.state === TcpState.established) this.state = TcpState.finWait1;
    else if (this.state === TcpState.closeWait) this.state = TcpState.lastAck;
    this.recovery.transmit(this, now);
    this.leave(now);
  }

  /** The application is done. With unread data the peer learns that by a reset (RFC 9293 §3.6.1, RFC 2525 §2.17). */
  close(now: Nanos): void {
    if (this.state === TcpState.closed || this.state === TcpState.timeWait || this.rcvClosed) return;
    if (this.readableBytes > 0 && this.dialect.resetsOnUnread) {
      this.abort(now);
      return;
    }
    this.rcvClosed = true;
    if (this.state === TcpState.finWait2) this.armFinWait2(now);
    this.shutdown(now);
  }

  /** An ICMP error that quotes a segment of ours beginning at `quotedSeq`. */
  icmp(error: IcmpError, quotedSeq: SeqNum, now: Nanos): void {
    onIcmpError(this, error, quotedSeq, now);
    this.leave(now);
  }

  /**
   * Ends a connection in TIME-WAIT if this SYN may take its place: it must be new beyond doubt, by its timestamp or
   * else by its sequence number (RFC 6191 §2, RFC 1122 §4.2.2.13).
   */
  giveWay(syn: Packet): boolean {
    if (this.state !== TcpState.timeWait) return false;
    const comparable = this.timestamps && (syn.options & Option.timestamps) !== 0;
    const isNew =
      comparable && syn.tsVal !== this.tsRecent ? tsLt(this.tsRecent, syn.tsVal) : seqLt(this.rcvNxt, syn.seq);
    if (isNew) endConnection(this, TcpEvent.closed);
    return isNew;
  }

  /** Changes switches of a living connection, as socket options do; strategies stay as they were chosen. */
  configure(changes: Partial<TcpOptions>, now: Nanos): void {
    const { options } = this;
    this.options = { ...options, ...changes };
    if (changes.receiveBufferBytes !== undefined) this.rcvBufferBytes = changes.receiveBufferBytes;
    if (this.options.keepAlive && canSendData(this)) watchSilence(this, now);
    else if (options.keepAlive && !this.options.keepAlive) this.sink.disarm(TcpTimer.keepAlive);
    if (options.nagle && !this.options.nagle) this.recovery.transmit(this, now);
    this.leave(now);
  }

  /** Ends the connection at once, with a reset if the peer knows of it. */
  abort(now: Nanos): void {
    if (this.state === TcpState.closed) return;
    if (this.state !== TcpState.synSent && this.state !== TcpState.timeWait) sendReset(this, this.sndMax, now);
    endConnection(this, TcpEvent.closed);
    this.leave(now);
  }

  /** A timer that the sink was asked to arm has expired. */
  timer(kind: TcpTimer, now: Nanos): void {
    if (this.state === TcpState.closed) return;
    switch (kind) {
      case TcpTimer.retransmit:
        this.rtoArmed = false;
        this.onRetransmitTimeout(now);
        break;
      case TcpTimer.delayedAck:
        this.delayedAckArmed = false;
        if (this.ackPendingBytes > 0) sendAck(this, SendReason.ack, now);
        break;
      case TcpTimer.persist:
        onPersistTimeout(this, now);
        break;
      case TcpTimer.earlyRetransmit:
        onEarlyTimeout(this, now);
        break;
      case TcpTimer.keepAlive:
        if (this.isOpening) endConnection(this, TcpEvent.timedOut);
        else onKeepAliveTimeout(this, now);
        break;
      case TcpTimer.timeWait:
      case TcpTimer.finWait2:
        endConnection(this, TcpEvent.closed);
        break;
    }
    this.leave(now);
  }

  private onRetransmitTimeout(now: Nanos): void {
    if (this.isOpening) {
      if (this.synRetransmits >= this.options.synRetransmitLimit) {
        endConnection(this, TcpEvent.timedOut);
        return;
      }
      this.synRetransmits += 1;
      this.rtt.backOff();
      sendSyn(this, now);
      return;
    }
    if (this.sndUna === this.sndMax) return;
    const { userTimeoutNs } = this.options;
    const isOverdue = userTimeoutNs > 0 && now - this.progressAt >= userTimeoutNs;
    if (isOverdue || this.timeoutsInRow >= this.options.retransmitLimit) {
      sendReset(this, this.sndMax, now);
      endConnection(this, TcpEvent.timedOut);
      return;
    }
    rollBack(this, now);
  }

  private get isOpening(): boolean {
    return this.state === TcpState.synSent || this.state === TcpState.synReceived;
  }

  /** BSD's TCP_KEEPINIT: the timer that keeps a connection alive later bounds its opening. */
  private limitOpening(now: Nanos): void {
    const { connectTimeoutNs } = this.options;
    if (connectTimeoutNs > 0) this.sink.arm(TcpTimer.keepAlive, (now + connectTimeoutNs) as Nanos);
  }

  private armFinWait2(now: Nanos): void {
    this.sink.arm(TcpTimer.finWait2, (now + this.options.finWait2TimeoutNs) as Nanos);
  }

  private mayUpdateWindow(): boolean {
    return this.state === TcpState.established || this.state === TcpState.finWait1 || this.state === TcpState.finWait2;
  }

  /** End of every entry: what is due is acknowledged, and the observer sees the result. */
  private leave(now: Nanos): void {
    if (this.entered) return;
    if (this.interfaceMtu > 0) onInterfaceMtu(this, now);
    if (this.ackNow && this.state !== TcpState.closed) acknowledgeIfDue(this, now);
    if (this.observer !== undefined) this.observer.after(this, now);
  }
}
