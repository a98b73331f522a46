// One entry of a scenario's traffic while it runs: its two hosts, its connections, and what they add up to.
// The kinds (bulk, web, …) are functions that start a flow; they know what applications do, the flow counts.

import { type FlowId, type Nanos, NS_PER_SECOND } from '../base';
import { callAt, type Engine, Priority, type RandomStream } from '../engine';
import { Histogram } from '../measure';
import type { EndListener, Host, Program, TcpSocket, UdpSocket } from '../stack';
import type { TcpConnection } from '../tcp';

/** Which way a connection's bytes count for its flow: an end that sends, one that receives, or one that does both. */
export type EndRole = 'sender' | 'receiver' | 'both';

/** Sums over connections, live and ended. Bytes are application bytes. */
export interface FlowCounts {
  bytesAcked: number;
  bytesDelivered: number;
  segmentsSent: number;
  segmentsReceived: number;
  dataSegmentsSent: number;
  retransmits: number;
  retransmitsTimeout: number;
  retransmitsFast: number;
  retransmitsLimited: number;
  retransmitsEarly: number;
  retransmitsTail: number;
  retransmitsMtu: number;
  pathMtuChanges: number;
  rtoCount: number;
  recoveries: number;
  spurious: number;
  spuriousRecoveries: number;
  ecnReductions: number;
  urgentMarksSent: number;
  urgentMarksReceived: number;
  urgentSegmentsSent: number;
}

/** Hears of a flow's connections; probes attach to them. */
export interface FlowObserver {
  onSocket(socket: TcpSocket, role: EndRole): void;
}

/** What a flow needs of the world around it. */
export interface FlowSetting {
  readonly engine: Engine;
  /** Draws of this flow only. */
  readonly random: RandomStream;
  readonly from: Host;
  readonly to: Host;
  readonly startAt: Nanos;
  /** No new data after this; TIME_NEVER for none. */
  readonly stopAt: Nanos;
  /** Port that the receiving side listens on. */
  readonly port: number;
}

export class Flow {
  connections = 0;
  connectionsCompleted = 0;
  connectionsFailed = 0;
  /** When the last byte of a flow that ends was acknowledged. */
  completedAt: Nanos | undefined = undefined;
  /** Durations of finished transfers, for kinds that have several; ns. */
  readonly completions = new Histogram();
  readonly datagramSockets: UdpSocket[] = [];
  readonly observers: FlowObserver[] = [];
  private readonly live = new Map<TcpSocket, EndRole>();
  private readonly ended: FlowCounts = noCounts();

  constructor(
    readonly id: string,
    readonly index: FlowId,
    readonly kind: string,
    readonly protocol: 'tcp' | 'udp',
    readonly setting: FlowSetting,
  ) {}

  /** Runs `action` when the flow starts. */
  atStart(action: () => void): void {
    callAt(this.setting.engine, this.setting.startAt, Priority.application, action);
  }

  /** Lets `host` answer connections to the flow's port with the program that `serve` makes. */
  listen(host: Host, role: EndRole, serve: (socket: TcpSocket) => Program): void {
    host.listen(this.setting.port, this.index, (socket) => {
      this.track(socket, role);
      return host.application(serve(socket), (_end, ended) => {
        this.retire(ended);
      });
    });
  }

  /** Opens a connection from one of the flow's hosts to the other and runs `program` on it. */
  connect(client: Host, server: Host, role: EndRole, program: Program, onEnd?: EndListener): TcpSocket {
    this.connections += 1;
    const application = client.application(program, (end, socket) => {
      if (end === 'done') this.connectionsCompleted += 1;
      else this.connectionsFailed += 1;
      this.retire(socket);
      if (onEnd !== undefined) onEnd(end, socket);
    });
    const socket = client.connect(server.id, this.setting.port, this.index, application);
    this.track(socket, role);
    return socket;
  }

  /** Sockets that are not CLOSED, with their roles, oldest first. */
  get sockets(): ReadonlyMap<TcpSocket, EndRole> {
    return this.live;
  }

  /** The oldest live connection that sends, for probes and RTTs. */
  get firstSender(): TcpConnection | undefined {
    for (const [socket, role] of this.live) {
      if (role !== 'receiver') return socket.connection;
    }
    return undefined;
  }

  /** Application bytes that have reached the other end's TCP (or socket, for UDP) by now; allocates nothing. */
  bytesAcked(): number {
    let sum = this.ended.bytesAcked;
    for (const [socket, role] of this.live) {
      if (role !== 'receiver') sum += socket.connection.bytesAcked;
    }
    for (const socket of this.datagramSockets) sum += socket.bytesReceived;
    return sum;
  }

  /** All counts up to now. */
  counts(): FlowCounts {
    const sum = { ...this.ended };
    for (const [socket, role] of this.live) addCounts(sum, socket.connection, role);
    for (const socket of this.datagramSockets) {
      sum.bytesDelivered += socket.bytesReceived;
      sum.bytesAcked += socket.bytesReceived;
    }
    return sum;
  }

  /** A segment was sent that belongs to no connection. */
  noteStraySegment(): void {
    this.ended.segmentsSent += 1;
  }

  /** Bits per second from the start to the last delivery of a flow that ended, else to `now`. */
  goodputBps(now: Nanos, bytesDelivered: number): number {
    const end = this.completedAt ?? now;
    const spanNs = end - this.setting.startAt;
    return spanNs <= 0 ? 0 : (bytesDelivered * 8 * NS_PER_SECOND) / spanNs;
  }

  private track(socket: TcpSocket, role: EndRole): void {
    this.live.set(socket, role);
    for (const observer of this.observers) observer.onSocket(socket, role);
  }

  private retire(socket: TcpSocket): void {
    const role = this.live.get(socket);
    if (role === undefined) return;
    this.live.delete(socket);
    addCounts(this.ended, socket.connection, role);
  }
}

function noCounts(): FlowCounts {
  return {
    bytesAcked: 0,
    bytesDelivered: 0,
    segmentsSent: 0,
    segmentsReceived: 0,
    dataSegmentsSent: 0,
    retransmits: 0,
    retransmitsTimeout: 0,
    retransmitsFast: 0,
    retransmitsLimited: 0,
    retransmitsEarly: 0,
    retransmitsTail: 0,
    retransmitsMtu: 0,
    pathMtuChanges: 0,
    rtoCount: 0,
    recoveries: 0,
    spurious: 0,
    spuriousRecoveries: 0,
    ecnReductions: 0,
    urgentMarksSent: 0,
    urgentMarksReceived: 0,
    urgentSegmentsSent: 0,
  };
}

function addCounts(sum: FlowCounts, connection: TcpConnection, role: EndRole): void {
  sum.urgentMarksReceived += connection.urgentMarksReceived;
  if (role !== 'sender') sum.bytesDelivered += connection.bytesDelivered;
  if (role === 'receiver') return;
  sum.bytesAcked += connection.bytesAcked;
  sum.segmentsSent += connection.segmentsSent;
  sum.segmentsReceived += connection.segmentsReceived;
  sum.dataSegmentsSent += connection.dataSegmentsSent;
  sum.retransmitsTimeout += connection.retransmitsTimeout;
  sum.retransmitsFast += connection.retransmitsFast;
  sum.retransmitsLimited += connection.retransmitsLimited;
  sum.retransmitsEarly += connection.retransmitsEarly;
  sum.retransmitsTail += connection.retransmitsTail;
  sum.retransmitsMtu += connection.retransmitsMtu;
  sum.pathMtuChanges += connection.pathMtuChanges;
  sum.retransmits +=
    connection.retransmitsTimeout +
    connection.retransmitsFast +
    connection.retransmitsLimited +
    connection.retransmitsEarly +
    connection.retransmitsMtu;
  sum.rtoCount += connection.rtoCount;
  sum.recoveries += connection.recoveries;
  sum.spurious += connection.spurious;
  sum.spuriousRecoveries += connection.spuriousRecoveries;
  sum.ecnReductions += connection.ecnReductions;
  sum.urgentMarksSent += connection.urgentMarksSent;
  sum.urgentSegmentsSent += connection.urgentSegmentsSent;
}
