// Arbitrary segments into every state: RFC 9293 and RFC 5961 say what may come of each, and nothing may grow without
// bound. ODONATA_SEEDS sets how many connections are tried.

import { expect, test } from 'vitest';
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
} from '../../core/base';
import { RandomStream } from '../../core/engine';
import { Flag, Option, Packet, PacketPool } from '../../core/packet';
import { resolveTcp } from '../../core/scenario';
import {
  checkInvariants,
  PLAIN_OUTPUT,
  TcpConnection,
  TcpEvent,
  type TcpSink,
  TcpState,
  type TcpTimer,
} from '../../core/tcp';

const SEEDS = Number(process.env['ODONATA_SEEDS'] ?? 500);
const SEGMENTS = 120;
const ISS = 4_294_967_000;
const PEER_ISS = 4_294_966_000;
const BUFFER = 65_536;
/** Most segments that one event may let out: a window of them. */
const BURST_MAX = 100;

/** A connection alone, with a clock that the test turns. */
class Subject implements TcpSink {
  readonly output = PLAIN_OUTPUT;

  sendLater(): void {
    // Nobody else wants a turn.
  }

  ackLater(): void {
    // There are no batches.
  }

  readonly connection: TcpConnection;
  readonly sent: { flags: number; seq: SeqNum; payloadBytes: number }[] = [];
  readonly timers = new Map<TcpTimer, Nanos>();
  ended: TcpEvent | undefined;
  now = nanos(20e9);
  private readonly pool = new PacketPool();

  constructor(options: Parameters<typeof resolveTcp>[1]) {
    const ends = { local: 0 as NodeId, remote: 1 as NodeId, localPort: 80, remotePort: 1000, flow: 0 as FlowId };
    const all = resolveTcp({ receiveBuffer: BUFFER, sendBuffer: BUFFER }, options);
    this.connection = new TcpConnection(this, all, ends, seqNum(ISS));
  }

  takePacket(): Packet {
    return this.pool.take();
  }

  emit(packet: Packet): void {
    this.sent.push({ flags: packet.flags, seq: packet.seq, payloadBytes: packet.payloadBytes });
    this.pool.give(packet);
  }

  arm(timer: TcpTimer, at: Nanos): void {
    expect(at).toBeGreaterThanOrEqual(this.now);
    this.timers.set(timer, at);
  }

  disarm(timer: TcpTimer): void {
    this.timers.delete(timer);
  }

  notify(event: TcpEvent): void {
    if (event >= TcpEvent.closed && event !== TcpEvent.urgent) this.ended = event;
  }

  input(packet: Packet): void {
    this.sent.length = 0;
    this.connection.input(packet, this.now);
  }

  /** Lets some time pass; timers expire. */
  wait(ns: number): void {
    const until = this.now + ns;
    for (let fired = 0; fired < 50; fired += 1) {
      const due = [...this.timers].sort(([, a], [, b]) => a - b)[0];
      if (due === undefined || due[1] > until) break;
      this.timers.delete(due[0]);
      this.now = due[1];
      this.connection.timer(due[0], this.now);
    }
    this.now = nanos(until);
  }

  segment(flags: number, seq: SeqNum, ack: SeqNum, payloadBytes = 0): Packet {
    const packet = new Packet();
    packet.flags = flags;
    packet.seq = seq;
    packet.ack = ack;
    packet.payloadBytes = payloadBytes;
    packet.window = 30_000;
    packet.urgentPointer = (seq as unknown as number) & 0xffff;
    if (this.connection.timestamps || (flags & Flag.syn) !== 0) {
      packet.options |= Option.timestamps;
      packet.tsVal = tsVal(Math.floor(this.now / 1e6));
    }
    return packet;
  }

  /** A segment of a well-behaved peer. */
  good(flags: number, payloadBytes = 0): void {
    const { connection } = this;
    this.input(this.segment(flags, connection.rcvNxt, connection.sndMax, payloadBytes));
  }
}

/** Ways into each state (RFC 9293 figure 5). */
const WAYS: Readonly<Record<string, (subject: Subject) => void>> = {
  'SYN-SENT': (subject) => {
    subject.connection.open(subject.now);
  },
  'SYN-RECEIVED': (subject) => {
    subject.connection.accept(subject.segment(Flag.syn, seqNum(PEER_ISS), seqNum(0)), subject.now);
  },
  ESTABLISHED: (subject) => {
    WAYS['SYN-RECEIVED']!(subject);
    subject.good(Flag.ack);
    subject.connection.write(20_000, subject.now);
  },
  'FIN-WAIT-1': (subject) => {
    WAYS['ESTABLISHED']!(subject);
    subject.connection.shutdown(subject.now);
  },
  'FIN-WAIT-2': (subject) => {
    WAYS['SYN-RECEIVED']!(subject);
    subject.good(Flag.ack);
    subject.connection.shutdown(subject.now);
    subject.good(Flag.ack);
  },
  CLOSING: (subject) => {
    WAYS['SYN-RECEIVED']!(subject);
    subject.good(Flag.ack);
    subject.connection.shutdown(subject.now);
    const { connection } = subject;
    subject.input(subject.segment(Flag.fin | Flag.ack, connection.rcvNxt, connection.sndUna));
  },
  'CLOSE-WAIT': (subject) => {
    WAYS['ESTABLISHED']!(subject);
    subject.good(Flag.fin | Flag.ack);
  },
  'LAST-ACK': (subject) => {
    WAYS['SYN-RECEIVED']!(subject);
    subject.good(Flag.ack);
    subject.good(Flag.fin | Flag.ack);
    subject.connection.shutdown(subject.now);
  },
  'TIME-WAIT': (subject) => {
    WAYS['FIN-WAIT-2']!(subject);
    subject.good(Flag.fin | Flag.ack);
  },
};

const STATES: Readonly<Record<string, TcpState>> = {
  'SYN-SENT': TcpState.synSent,
  'SYN-RECEIVED': TcpState.synReceived,
  ESTABLISHED: TcpState.established,
  'FIN-WAIT-1': TcpState.finWait1,
  'FIN-WAIT-2': TcpState.finWait2,
  CLOSING: TcpState.closing,
  'CLOSE-WAIT': TcpState.closeWait,
  'LAST-ACK': TcpState.lastAck,
  'TIME-WAIT': TcpState.timeWait,
};

/** Numbers near the edges are likelier than others. */
function numberNear(random: RandomStream, edges: readonly SeqNum[]): SeqNum {
  const edge = edges[random.integer(edges.length)]!;
  switch (random.integer(4)) {
    case 0:
      return edge;
    case 1:
      return seqAdd(edge, random.integer(5) - 2);
    case 2:
      return seqAdd(edge, random.integer(200_000) - 100_000);
    default:
      return seqNum(random.nextU32());
  }
}

function arbitrary(random: RandomStream, subject: Subject): Packet {
  const { connection } = subject;
  const flags =
    random.integer(3) === 0
      ? random.integer(256)
      : [Flag.ack, Flag.ack | Flag.psh, Flag.rst, Flag.syn, Flag.fin | Flag.ack][random.integer(5)]!;
  const seq = numberNear(random, [connection.rcvNxt, connection.rcvAdv, connection.irs]);
  const ack = numberNear(random, [connection.sndUna, connection.sndMax, connection.iss]);
  const packet = subject.segment(flags, seq, ack, random.integer(2) === 0 ? 0 : random.integer(3000));
  packet.window = random.integer(65_536);
  packet.ecn = random.integer(4) as 0;
  if (random.integer(4) === 0) packet.tsVal = tsVal(random.nextU32());
  if (random.integer(3) === 0) {
    packet.options |= Option.sack;
    packet.sackCount = 1 + random.integer(4);
    for (let i = 0; i < packet.sackCount; i += 1)
      packet.setSackBlock(
        i,
        numberNear(random, [connection.sndUna, connection.sndMax]),
        numberNear(random, [connection.sndUna, connection.sndMax]),
      );
  }
  return packet;
}

const has = (packet: Packet, flag: number): boolean => (packet.flags & flag) !== 0;

/** What a segment may have done, whatever it was. */
function judge(subject: Subject, packet: Packet, before: Before): void {
  const { connection, sent } = subject;
  const { state } = before;
  const isSynchronised = state !== TcpState.synSent && state !== TcpState.synReceived;
  checkInvariants(connection);
  expect(sent.length).toBeLessThanOrEqual(BURST_MAX);
  if (has(packet, Flag.rst)) expect(sent.every(({ flags }) => (flags & Flag.rst) === 0)).toBe(true);
  expect(connection.reassembly.heldBytes).toBeLessThanOrEqual(BUFFER);
  expect(connection.scoreboard.sackedBytes).toBeLessThanOrEqual(BUFFER + 1);
  if (!isSynchronised || connection.state === TcpState.closed) {
    if (isSynchronised) judgeEnd(subject, packet, before);
    return;
  }
  expect(seqDiff(connection.rcvNxt, before.rcvNxt)).toBeGreaterThanOrEqual(0);
  expect(seqDiff(connection.sndUna, before.sndUna)).toBeGreaterThanOrEqual(0);
  const isPlain = !has(packet, Flag.rst) && !has(packet, Flag.syn);
  if (isPlain && !has(packet, Flag.ack)) expect(connection.rcvNxt).toBe(before.rcvNxt);
  if (has(packet, Flag.ack) && seqDiff(packet.ack, before.sndMax) > 0) expect(connection.sndUna).toBe(before.sndUna);
  // RFC 5961 §4.2: a SYN is answered with an ACK and nothing else happens, unless an old timestamp spoke first.
  if (has(packet, Flag.syn) && !has(packet, Flag.rst)) {
    expect(connection.rcvNxt).toBe(before.rcvNxt);
    expect(sent.map(({ flags }) => flags & (Flag.ack | Flag.syn | Flag.rst))).toEqual([Flag.ack]);
  }
}

/** A synchronised connection has ended: only these may do that. */
function judgeEnd(subject: Subject, packet: Packet, before: Before): void {
  if (has(packet, Flag.rst)) {
    expect(packet.seq).toBe(before.rcvNxt);
    return;
  }
  const finAcked = before.state === TcpState.lastAck && has(packet, Flag.ack) && packet.ack === before.sndMax;
  const unwanted = before.isClosed && subject.sent.some(({ flags }) => (flags & Flag.rst) !== 0);
  expect(finAcked || unwanted).toBe(true);
}

interface Before {
  readonly state: TcpState;
  readonly rcvNxt: SeqNum;
  readonly sndUna: SeqNum;
  readonly sndMax: SeqNum;
  readonly isClosed: boolean;
}

function snapshot({ connection }: Subject): Before {
  const { state, rcvNxt, sndUna, sndMax, rcvClosed } = connection;
  return { state, rcvNxt, sndUna, sndMax, isClosed: rcvClosed };
}

const SWITCHES: readonly Parameters<typeof resolveTcp>[1][] = [
  {},
  { sack: true, earlyRetransmit: true, eifel: true, frto: true, ecn: true },
  {
    timestamps: false,
    sack: true,
    congestionControl: 'cubic',
    earlyRetransmit: 'segments',
    earlyRetransmitDelay: true,
  },
  { congestionControl: 'reno', keepAlive: true, userTimeout: 30e9, delayedAck: false },
  { congestionControl: 'tahoe', dialect: 'linux', limitedTransmit: false },
];

test.each(Object.keys(WAYS))('segments of any kind in %s', (name) => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = new RandomStream(seed, STATES[name]!);
    const subject = new Subject(SWITCHES[seed % SWITCHES.length]!);
    WAYS[name]!(subject);
    expect(subject.connection.state).toBe(STATES[name]);
    if (seed % 7 === 0) subject.connection.close(subject.now);
    for (let i = 0; i < SEGMENTS && subject.connection.state !== TcpState.closed; i += 1) {
      const packet = arbitrary(random, subject);
      const before = snapshot(subject);
      try {
        subject.input(packet);
        judge(subject, packet, before);
        if (random.integer(3) === 0) subject.connection.read(random.integer(5000), subject.now);
        if (random.integer(5) === 0) subject.connection.write(random.integer(5000), subject.now);
        if (random.integer(4) === 0) subject.wait(random.integer(2e9));
        checkInvariants(subject.connection);
      } catch (error) {
        throw new Error(
          `seed ${String(seed)}, segment ${String(i)}, state ${String(before.state)}, flags ${String(packet.flags)}`,
          { cause: error },
        );
      }
    }
    if (subject.connection.state === TcpState.closed) expect(subject.timers.size).toBe(0);
  }
});
