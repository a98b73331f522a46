// The two sides of a connection: what it needs from whoever hosts it, and the options it is made with.
// A connection knows no clock, socket, link, thread or lock: time is an argument of every entry, packets,
// timers and news go to the sink (architecture.md §2, "TCP is a pure state machine").

import type { Nanos } from '../base';
import type { Packet, SendReason } from '../packet';

/** Timers of a connection; the numbers are what the host hands back to `TcpConnection.timer`. */
export const TcpTimer = {
  retransmit: 0,
  delayedAck: 1,
  persist: 2,
  timeWait: 3,
  finWait2: 4,
  earlyRetransmit: 5,
  keepAlive: 6,
} as const;
export type TcpTimer = (typeof TcpTimer)[keyof typeof TcpTimer];
export const TCP_TIMER_COUNT = 7;

/** News for the socket above a connection. */
export const TcpEvent = {
  /** The handshake is complete. */
  established: 0,
  /** In-order bytes arrived (`readableBytes` grew). */
  readable: 1,
  /** Room in the send buffer after a write had been cut short. */
  writable: 2,
  /** The peer's FIN was reached in order: after the readable bytes comes end of file. */
  peerClosed: 3,
  /** All that was written, and our FIN if any, has been acknowledged. */
  drained: 4,
  /** CLOSED was reached in good order (after TIME-WAIT or LAST-ACK); the connection will not call again. */
  closed: 5,
  /** The peer reset the connection; it is CLOSED. */
  reset: 6,
  /** Retransmission or keep-alive gave up (RFC 9293 §3.8.3); it is CLOSED. */
  timedOut: 7,
  /** The peer refused: RST in answer to our SYN; it is CLOSED. */
  refused: 8,
  /** A router says that there is no way to the peer; it is CLOSED. */
  unreachable: 9,
  /** The peer has urgent data ahead: a mark that was not known before (`toUrgentMark`). */
  urgent: 10,
} as const;
export type TcpEvent = (typeof TcpEvent)[keyof typeof TcpEvent];

/** What the way out offers at this output call; asked anew each time, for routes change (kernel.md §9.1). */
export interface OutputOffer {
  /** Most bytes of a packet, headers included, that the NIC cuts into segments; 0 when it does not. */
  readonly burstBytesMax: number;
  /** Fewest segments that make a burst. */
  readonly burstSegmentsMin: number;
  /** Segments after which others get their turn: `sendLater` is called if more may go (fairsend, kernel.md §6.5). */
  readonly segmentsAtOnce: number;
  /** ACKs of data in order wait for the end of a batch: `ackLater` is called instead of sending one (kernel.md §6.5). */
  readonly gathersAcks: boolean;
  /** The interface's queue has no room left (ENOBUFS); changes while segments are emitted. */
  readonly isFull: boolean;
}

/** One segment at a time, as many as may go, acknowledged at once. */
export const PLAIN_OUTPUT: OutputOffer = {
  burstBytesMax: 0,
  burstSegmentsMin: 2,
  segmentsAtOnce: Infinity,
  gathersAcks: false,
  isFull: false,
};

/** What a connection asks of its host. Calls happen inside an entry (`input`, `write`, `timer`…) of the connection. */
export interface TcpSink {
  /** A packet record for the connection to fill; see PacketPool.take. */
  takePacket(): Packet;
  /** Sends a finished segment; ownership of the packet passes to the host. Reason also stands in the packet. */
  emit(packet: Packet, reason: SendReason): void;
  /** What the way out offers now. */
  readonly output: OutputOffer;
  /** More may be sent and others should have their turn first: `TcpConnection.sendMore` is to be called. */
  sendLater(): void;
  /** An ACK is due: `TcpConnection.flushAck` is to be called at the end of the batch. */
  ackLater(): void;
  /** Lets `timer` expire at `at`, replacing an earlier setting. */
  arm(timer: TcpTimer, at: Nanos): void;
  /** Lets `timer` not expire. Harmless when it is not armed. */
  disarm(timer: TcpTimer): void;
  /** Tells the socket. Called after the connection's own state is consistent; the socket may call back in. */
  notify(event: TcpEvent): void;
}
