// The probes of flows. A probe hears the flow's first live connection that sends; rates and totals are of the whole
// flow. An observer exists on a connection only while somebody listens.

import { type Nanos, seqDiff, type SeqNum } from '../base';
import type { Engine, ProbeFamily, ProbeListener } from '../engine';
import { RateMeter } from '../measure';
import { SendReason } from '../packet';
import { FLOW_FIELDS, type RetransmissionCause } from '../scenario';
import type { TcpSocket } from '../stack';
import { RecoveryCause, type TcpConnection, type TcpObserver } from '../tcp';
import type { EndRole, Flow, FlowObserver } from '../traffic';

const BITS_PER_BYTE = 8;

/** Values of a connection by field; undefined where there is nothing to tell yet. */
const READ: Readonly<Record<string, (connection: TcpConnection) => number | undefined>> = {
  cwnd: (connection) => connection.cwnd,
  ssthresh: (connection) => (connection.ssthresh === Infinity ? undefined : connection.ssthresh),
  inflight: (connection) => connection.inflight,
  rwnd: (connection) => connection.sndWnd,
  srtt: (connection) => (connection.srttNs === 0 ? undefined : connection.srttNs),
  rto: (connection) => connection.rtoNs,
  acked: (connection) => connection.bytesAcked,
  sequence: (connection) => connection.bytesAcked + connection.inflight,
  retransmits: (connection) =>
    connection.retransmitsTimeout +
    connection.retransmitsFast +
    connection.retransmitsLimited +
    connection.retransmitsEarly +
    connection.retransmitsMtu,
  'retransmits-fast': (connection) => connection.retransmitsFast,
  'retransmits-timeout': (connection) => connection.retransmitsTimeout,
  'retransmits-limited': (connection) => connection.retransmitsLimited,
  'retransmits-early': (connection) => connection.retransmitsEarly,
  'retransmits-tail': (connection) => connection.retransmitsTail,
  'retransmits-mtu': (connection) => connection.retransmitsMtu,
  spurious: (connection) => connection.spurious,
  urgent: (connection) => connection.toUrgentEnd,
  'urgent-segments': (connection) => (connection.urgentMarksSent === 0 ? undefined : connection.urgentSegmentsSent),
};

/** Fields that mark single retransmissions in the time-sequence graph. */
const MARKS = 'rtx-';

/** Why a connection sends again now. */
function causeOf(connection: TcpConnection, reason: SendReason): RetransmissionCause {
  if (reason === SendReason.timeout) return connection.tailTimeout ? 'tail' : 'timeout';
  if (reason === SendReason.mtu) return 'mtu';
  if (connection.recoveryCause === RecoveryCause.early) return 'early';
  return connection.recoveryCause === RecoveryCause.limited ? 'limited' : 'fast';
}

/** Watches one flow for all who listen to it. */
class FlowWatch implements FlowObserver, TcpObserver {
  private readonly listeners: { field: string; listener: ProbeListener; last: number }[] = [];
  private readonly meters: RateMeter[] = [];
  private readonly marks: { cause: string; listener: ProbeListener }[] = [];
  /** The connection whose fields are told at present. */
  private watched: TcpConnection | undefined = undefined;

  constructor(
    private readonly flow: Flow,
    private readonly engine: Engine,
    private readonly intervalNs: number,
  ) {
    flow.observers.push(this);
    for (const [socket, role] of flow.sockets) this.onSocket(socket, role);
    for (const socket of flow.datagramSockets) {
      const before = socket.onDatagram;
      socket.onDatagram = (bytes, now) => {
        if (before !== undefined) before(bytes, now);
        this.feed(now);
      };
    }
  }

  add(field: string, listener: ProbeListener): () => void {
    if (field === 'throughput') return this.addMeter(listener);
    if (field.startsWith(MARKS)) return this.addMark(field.slice(MARKS.length), listener);
    const entry = { field, listener, last: Number.NaN };
    this.listeners.push(entry);
    if (this.watched !== undefined) this.tell(entry, this.watched, this.engine.now);
    return () => {
      this.listeners.splice(this.listeners.indexOf(entry), 1);
    };
  }

  /** Bytes may have been acknowledged: the meters count them. */
  private feed(now: Nanos): void {
    if (this.meters.length === 0) return;
    const bytes = this.flow.bytesAcked();
    for (const meter of this.meters) meter.see(now, bytes);
  }

  /** Somebody looks at the present. */
  wait(now: Nanos): void {
    for (const meter of this.meters) meter.wait(now);
  }

  onSocket(socket: TcpSocket, role: EndRole): void {
    if (role === 'receiver') return;
    const { connection } = socket;
    connection.observer = this;
    connection.onRetransmission = (seq, reason) => {
      this.mark(connection, seq, reason);
    };
  }

  after(connection: TcpConnection, now: Nanos): void {
    this.feed(now);
    if (this.flow.firstSender !== connection) return;
    this.watched = connection;
    for (const entry of this.listeners) this.tell(entry, connection, now);
  }

  private tell(
    entry: { field: string; listener: ProbeListener; last: number },
    connection: TcpConnection,
    now: Nanos,
  ): void {
    const value = READ[entry.field]?.(connection);
    if (value === undefined || value === entry.last) return;
    entry.last = value;
    entry.listener(now, value);
  }

  private addMark(cause: string, listener: ProbeListener): () => void {
    const mark = { cause, listener };
    this.marks.push(mark);
    return () => {
      this.marks.splice(this.marks.indexOf(mark), 1);
    };
  }

  /** Tells where a retransmission lies in the stream of the connection that is watched. */
  private mark(connection: TcpConnection, seq: SeqNum, reason: SendReason): void {
    if (this.marks.length === 0 || this.flow.firstSender !== connection) return;
    const cause = causeOf(connection, reason);
    const offset = connection.bytesAcked + seqDiff(seq, connection.sndUna);
    for (const mark of this.marks) if (mark.cause === cause) mark.listener(this.engine.now, offset);
  }

  private addMeter(listener: ProbeListener): () => void {
    const bytes = this.flow.bytesAcked();
    const meter = new RateMeter(this.intervalNs, BITS_PER_BYTE, this.engine.now, bytes, listener);
    this.meters.push(meter);
    return () => {
      this.meters.splice(this.meters.indexOf(meter), 1);
    };
  }
}

/** The family `flow/<id>/<field>`. @param rateIntervalNs interval of rates */
export class FlowProbes implements ProbeFamily {
  readonly family = 'flow';
  readonly fields = FLOW_FIELDS;
  private readonly watches = new Map<string, FlowWatch>();
  private readonly byId: ReadonlyMap<string, Flow>;

  constructor(
    flows: readonly Flow[],
    private readonly engine: Engine,
    private readonly rateIntervalNs: number,
  ) {
    this.byId = new Map(flows.map((flow) => [flow.id, flow]));
  }

  members(): readonly string[] {
    return [...this.byId.keys()];
  }

  attach(member: string, field: string, listener: ProbeListener): () => void {
    const flow = this.byId.get(member)!;
    let watch = this.watches.get(member);
    if (watch === undefined) {
      watch = new FlowWatch(flow, this.engine, this.rateIntervalNs);
      this.watches.set(member, watch);
    }
    return watch.add(field, listener);
  }

  /** Brings rates up to the present. */
  settle(now: Nanos): void {
    for (const watch of this.watches.values()) watch.wait(now);
  }
}
