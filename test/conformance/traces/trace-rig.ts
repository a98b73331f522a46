// One sending connection whose peer is a script: it opens at a virtual instant with a round trip of nothing, so that
// the trace's own first round trip is the first sample.

import {
  type FlowId,
  type Nanos,
  nanos,
  type NodeId,
  type SeqNum,
  seqAdd,
  seqDiff,
  seqNum,
  tsVal,
} from '../../../core/base';
import { Flag, Option, type Packet, PacketPool } from '../../../core/packet';
import { type ResolvedTcp, type resolveTcp } from '../../../core/scenario';
import { PLAIN_OUTPUT, TcpConnection, type TcpSink, TcpTimer } from '../../../core/tcp';
import type { AckLine } from './trace-file';

export interface TraceSetting {
  readonly tcp: Parameters<typeof resolveTcp>[1];
  /** What the application writes at 0; without end when absent. */
  readonly appBytes?: number;
  readonly ssthresh?: number;
  /** The next timeout at the end is not compared; the reason stands with the setting. */
  readonly timeoutUnknown?: boolean;
  readonly rtt?: { readonly srttNs: number; readonly rttvarNs: number };
}

const ENDLESS_BYTES = 200_000;
/** Instant of the traces' 0.000: timestamps of the handshake lie before it. */
const START_NS = 10e9;
const WINDOW = 65_535;
const ISS = 1_000_000;
/** Timestamp that the traces give to 0.000. */
const TRACE_TS = 1000;

export class TraceRig implements TcpSink {
  readonly output = PLAIN_OUTPUT;

  sendLater(): void {
    // Nobody else wants a turn.
  }

  ackLater(): void {
    // There are no batches.
  }

  private readonly pool = new PacketPool();
  private readonly connection: TcpConnection;
  private readonly timers = new Map<TcpTimer, Nanos>();
  private readonly sent: { from: number; to: number }[] = [];
  private synTsVal = 0;

  constructor(
    options: ResolvedTcp,
    private readonly setting: TraceSetting,
  ) {
    const ends = { local: 0 as NodeId, remote: 1 as NodeId, localPort: 1, remotePort: 2, flow: 0 as FlowId };
    const roomy = { ...options, sendBufferBytes: 2 * ENDLESS_BYTES, windowScaling: false };
    this.connection = new TcpConnection(this, roomy, ends, seqNum(ISS));
    this.connection.open(nanos(START_NS));
    const synAck = this.segment(Flag.syn | Flag.ack, 0);
    synAck.options = Option.mss | (options.sack ? Option.sackPermitted : 0);
    synAck.mss = options.mss;
    if (options.timestamps) synAck.options |= Option.timestamps;
    synAck.tsVal = tsVal(TRACE_TS);
    synAck.tsEcr = tsVal(this.synTsVal);
    this.input(synAck, START_NS);
    if (setting.ssthresh !== undefined) this.connection.congestion.ssthresh = setting.ssthresh;
    const { rtt } = this.connection;
    rtt.srttNs = setting.rtt?.srttNs ?? 0;
    rtt.rttvarNs = setting.rtt?.rttvarNs ?? 0;
  }

  write(): void {
    this.connection.write(this.setting.appBytes ?? ENDLESS_BYTES, nanos(START_NS));
  }

  /** Lets timers expire until then (before what happens then); with `inclusive` also those of that instant. */
  runTo(seconds: number, inclusive: boolean): string[] {
    const rows: string[] = [];
    const until = START_NS + Math.round(seconds * 1e9);
    for (;;) {
      const due = [...this.timers].sort(([, a], [, b]) => a - b)[0];
      if (due === undefined || (inclusive ? due[1] > until : due[1] >= until)) return rows;
      const [timer, at] = due;
      this.timers.delete(timer);
      this.connection.timer(timer, at);
      // What an expected timeout sends is compared after its line.
      if (at < until) rows.push(`timer ${String(timer)}`, ...this.takeSent((at - START_NS) / 1e9));
    }
  }

  acknowledge(line: AckLine): void {
    const packet = this.segment(Flag.ack, line.ack);
    if (line.ecr !== undefined) {
      packet.options |= Option.timestamps;
      packet.tsVal = tsVal(Math.round(line.seconds * 1e3) + TRACE_TS);
      packet.tsEcr = tsVal(line.ecr - TRACE_TS + this.synTsVal);
    }
    if (line.sack.length > 0) packet.options |= Option.sack;
    packet.sackCount = line.sack.length;
    line.sack.forEach(({ left, right }, index) => {
      packet.setSackBlock(index, at(left), at(right));
    });
    this.input(packet, START_NS + Math.round(line.seconds * 1e9));
  }

  /** Segments since the last call, in the words of the trace. */
  takeSent(seconds: number): string[] {
    return this.sent.splice(0).map(({ from, to }) => `${seconds.toFixed(3)} > ${String(from)}:${String(to)}`);
  }

  state(): Record<string, number> {
    const { connection } = this;
    return {
      una: seqDiff(connection.sndUna, seqNum(ISS)),
      max: seqDiff(connection.sndMax, seqNum(ISS)),
      cwnd: connection.cwnd,
      ssth: connection.ssthresh,
      flight: connection.inflight,
      pipe: connection.scoreboard.pipe(connection.sndUna, connection.sndMax),
    };
  }

  nextTimeout(): string {
    const due = this.timers.get(TcpTimer.retransmit);
    return due === undefined ? '-' : ((due - START_NS) / 1e9).toFixed(3);
  }

  takePacket(): Packet {
    return this.pool.take();
  }

  emit(packet: Packet): void {
    if ((packet.flags & Flag.syn) !== 0) this.synTsVal = packet.tsVal as unknown as number;
    const from = seqDiff(packet.seq, seqNum(ISS));
    if (packet.payloadBytes > 0) this.sent.push({ from, to: from + packet.payloadBytes });
    this.pool.give(packet);
  }

  arm(timer: TcpTimer, when: Nanos): void {
    this.timers.set(timer, when);
  }

  disarm(timer: TcpTimer): void {
    this.timers.delete(timer);
  }

  notify(): void {
    // The application of a trace has written all it will.
  }

  private input(packet: Packet, ns: number): void {
    this.connection.input(packet, nanos(ns));
    this.pool.give(packet);
  }

  private segment(flags: number, ack: number): Packet {
    const packet = this.pool.take();
    packet.src = 1 as NodeId;
    packet.dst = 0 as NodeId;
    packet.srcPort = 2;
    packet.dstPort = 1;
    packet.seq = seqNum((flags & Flag.syn) === 0 ? 1 : 0);
    packet.ack = (flags & Flag.syn) === 0 ? at(ack) : at(1);
    packet.flags = flags;
    packet.window = WINDOW;
    packet.payloadBytes = 0;
    packet.options = 0;
    packet.sackCount = 0;
    return packet;
  }
}

/** A trace's octet as a sequence number: 1 is the first data octet. */
function at(octet: number): SeqNum {
  return seqAdd(seqNum(ISS), octet);
}
