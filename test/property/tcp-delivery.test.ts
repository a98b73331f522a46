// Two connections over a bad network. Options, network and applications are drawn from the seed (swarm testing: some
// faults off entirely, some wildly likely). Checked after every step: the invariants of both connections, and that
// no sender goes beyond what window and cwnd permit. Checked at the end: every byte was delivered, in order, once, to
// both sides, and both connections are over. The oracle is a byte map: a receiver may only deliver bytes that arrived.

import { expect, test } from 'vitest';
import { type FlowId, type Nanos, nanos, type NodeId, seqDiff, seqNum } from '../../core/base';
import { callAt, Engine, LazyTimer, Priority, type RandomStream, Streams } from '../../core/engine';
import { Ecn, Flag, type Packet, PacketPool, type SendReason } from '../../core/packet';
import { DEFAULT_TCP, resolveTcp, type ResolvedTcp } from '../../core/scenario';
import {
  checkInvariants,
  resetFor,
  TcpConnection,
  TcpEvent,
  PLAIN_OUTPUT,
  type TcpSink,
  TcpState,
  type TcpTimer,
} from '../../core/tcp';

const SEEDS = Number(process.env['ODONATA_SEEDS'] ?? 2000);
/** Long enough for a quarter of all packets lost: timeouts back off to a minute, and stale echoes keep them there. */
const END = nanos(200_000e9);

interface Faults {
  readonly loss: number;
  readonly duplicate: number;
  readonly reorder: number;
  /** Share of the ECN-capable packets that are marked. */
  readonly mark: number;
  readonly delayNs: number;
}

class Side implements TcpSink {
  readonly output = PLAIN_OUTPUT;

  sendLater(): void {
    // Nobody else wants a turn.
  }

  ackLater(): void {
    // There are no batches.
  }

  readonly connection: TcpConnection;
  peer!: Side;
  delivered = 0;
  ended: TcpEvent | undefined = undefined;
  toWrite: number;
  wrote = 0;
  sawEnd = false;
  /** How often it writes urgent data; where in its stream these end; and which of the peer's marks it was told of. */
  private readonly urgentShare: number;
  readonly marks: number[] = [];
  readonly heard: number[] = [];
  private arrivedTo = 0;
  private readonly arrived: Uint8Array;
  private readonly timers = new Map<number, LazyTimer>();

  constructor(
    private readonly rig: Rig,
    readonly name: string,
    options: ResolvedTcp,
    iss: number,
    toWrite: number,
    expected: number,
  ) {
    const first = name === 'a';
    const ends = {
      local: (first ? 0 : 1) as NodeId,
      remote: (first ? 1 : 0) as NodeId,
      localPort: 1,
      remotePort: 2,
      flow: 0 as FlowId,
    };
    this.connection = new TcpConnection(this, options, ends, seqNum(iss));
    this.toWrite = toWrite;
    this.urgentShare = [0, 0, 0.02, 0.3][rig.random.integer(4)]!;
    this.arrived = new Uint8Array(expected);
  }

  takePacket(): Packet {
    return this.rig.pool.take();
  }

  emit(packet: Packet, _reason: SendReason): void {
    if ((packet.flags & Flag.rst) === 0) this.checkLimits(packet);
    this.rig.carry(packet, this.peer);
  }

  arm(timer: TcpTimer, at: Nanos): void {
    let lazy = this.timers.get(timer);
    if (lazy === undefined) {
      lazy = new LazyTimer(
        this.rig.engine,
        { onTimer: (_kind, now) => this.act(() => this.connection.timer(timer, now)) },
        timer,
      );
      this.timers.set(timer, lazy);
    }
    lazy.arm(at);
  }

  disarm(timer: TcpTimer): void {
    this.timers.get(timer)?.disarm();
  }

  notify(event: TcpEvent): void {
    if (event === TcpEvent.peerClosed) this.sawEnd = true;
    if (event === TcpEvent.urgent) this.noteUrgent();
    else if (event >= TcpEvent.closed) this.ended = event;
  }

  receive(packet: Packet): void {
    if (this.ended !== undefined) {
      // The host knows the connection no more and answers as hosts do.
      if ((packet.flags & Flag.rst) === 0) {
        const reset = this.rig.pool.take();
        resetFor(packet, reset);
        this.rig.carry(reset, this.peer);
      }
      this.rig.pool.give(packet);
      return;
    }
    this.noteArrival(packet);
    this.act(() => {
      this.connection.input(packet, this.rig.engine.now);
    });
    this.rig.pool.give(packet);
  }

  /** One entry of the connection, and then what the application does. */
  act(entry: () => void): void {
    entry();
    checkInvariants(this.connection);
    this.application();
    checkInvariants(this.connection);
  }

  application(): void {
    const now = this.rig.engine.now;
    const { connection } = this;
    if (this.toWrite > 0 && connection.state !== TcpState.synSent && connection.state !== TcpState.synReceived) {
      const wanted = Math.min(this.toWrite, 1 + this.rig.random.integer(6000));
      const urgent = this.rig.random.chance(this.urgentShare);
      const taken = connection.write(wanted, now, urgent);
      this.toWrite -= taken;
      this.wrote += taken;
      if (urgent && taken > 0) this.marks.push(this.wrote);
    }
    if (connection.readableBytes > 0 && (this.rig.random.integer(3) > 0 || this.sawEnd)) {
      const wanted = this.sawEnd ? Infinity : 1 + this.rig.random.integer(8000);
      this.delivered += connection.read(wanted, now);
      expect(
        this.delivered,
        `${this.rig.label}: ${this.name} delivered bytes that had not arrived`,
      ).toBeLessThanOrEqual(this.contiguous());
    }
    if (this.toWrite === 0 && !connection.finQueued && connection.state > TcpState.synReceived)
      connection.shutdown(now);
  }

  /** Each mark that it hears of is one that the peer has made, further on than the last, and ahead of what it has read. */
  private noteUrgent(): void {
    const mark = this.delivered + this.connection.toUrgentMark!;
    expect(this.peer.marks, `${this.rig.label}: ${this.name} was told of a mark`).toContain(mark);
    expect(mark, `${this.rig.label}: marks rise`).toBeGreaterThan(this.heard.at(-1) ?? this.delivered);
    this.heard.push(mark);
  }

  /** Marks the bytes of a segment that lie in the stream. */
  private noteArrival(packet: Packet): void {
    if (packet.payloadBytes === 0) return;
    const from = seqDiff(packet.seq, this.peer.connection.iss) - 1;
    for (let i = from; i < from + packet.payloadBytes; i += 1) this.arrived[i] = 1;
  }

  private contiguous(): number {
    while (this.arrivedTo < this.arrived.length && this.arrived[this.arrivedTo] === 1) this.arrivedTo += 1;
    return this.arrivedTo;
  }

  /** RFC 5681 §3.1 and RFC 9293: new data stays within cwnd (plus what recovery inflates or Limited Transmit allows) and the peer's window. */
  private checkLimits(packet: Packet): void {
    const { connection } = this;
    if (packet.payloadBytes === 0) return;
    const end = seqDiff(packet.seq, connection.sndUna) + packet.payloadBytes;
    const probe = connection.probeOut || connection.sndWnd === 0;
    if (!probe)
      expect(end, `${this.rig.label}: beyond the peer's window`).toBeLessThanOrEqual(
        Math.max(connection.sndWnd, connection.sndWndMax),
      );
    const allowed =
      connection.cwnd +
      2 * connection.smss +
      connection.scoreboard.sackedBytes +
      (connection.recovery.active ? Infinity : 0);
    expect(
      end - (connection.sack ? connection.scoreboard.sackedBytes : 0),
      `${this.rig.label}: beyond cwnd`,
    ).toBeLessThanOrEqual(Math.max(allowed, connection.smss + seqDiff(connection.sndMax, connection.sndUna)));
  }
}

class Rig {
  readonly engine = new Engine();
  readonly pool = new PacketPool();
  readonly random: RandomStream;
  readonly faults: Faults;
  readonly label: string;
  packets = 0;

  constructor(seed: number) {
    this.label = `seed ${String(seed)}`;
    this.random = new Streams(seed).named('play');
    const pick = (levels: readonly number[]): number => levels[this.random.integer(levels.length)]!;
    this.faults = {
      loss: pick([0, 0, 0.01, 0.05, 0.25]),
      duplicate: pick([0, 0, 0.02, 0.3]),
      reorder: pick([0, 0, 0.05, 0.3]),
      mark: pick([0, 0, 0.05, 0.5]),
      delayNs: pick([1e5, 1e7, 1e8]),
    };
  }

  carry(packet: Packet, to: Side): void {
    this.packets += 1;
    const { loss, duplicate, reorder, mark, delayNs } = this.faults;
    if (packet.ecn !== Ecn.none && this.random.chance(mark)) packet.ecn = Ecn.ce;
    if (this.random.chance(loss)) {
      this.pool.give(packet);
      return;
    }
    const deliver = (what: Packet, delay: number): void => {
      callAt(this.engine, nanos(this.engine.now + Math.round(delay)), Priority.arrival, () => {
        to.receive(what);
      });
    };
    if (this.random.chance(duplicate)) deliver(this.pool.copy(packet), delayNs * (1 + this.random.uniform()));
    deliver(packet, this.random.chance(reorder) ? delayNs * (1 + 3 * this.random.uniform()) : delayNs);
  }
}

function randomOptions(random: RandomStream): ResolvedTcp {
  const pick = <T>(values: readonly T[]): T => values[random.integer(values.length)]!;
  return resolveTcp(DEFAULT_TCP, {
    congestionControl: pick(['tahoe', 'reno', 'newreno', 'cubic'] as const),
    sack: pick([true, false]),
    timestamps: pick([true, false]),
    windowScaling: pick([true, false]),
    delayedAck: pick([true, false]),
    nagle: pick([true, false]),
    limitedTransmit: pick([true, false]),
    earlyRetransmit: pick([false, 'bytes', 'segments'] as const),
    earlyRetransmitDelay: pick([true, false]),
    eifel: pick([true, false]),
    eifelResponse: pick([true, true, false]),
    frto: pick([true, false]),
    newrenoHeuristic: pick(['none', 'none', 'ack', 'timestamp', 'rfc2582'] as const),
    newrenoExit: pick(['flight', 'ssthresh'] as const),
    ecn: pick([true, false]),
    byteCounting: pick([true, false]),
    newrenoTimer: pick(['impatient', 'slow-but-steady'] as const),
    slowStartLimit: pick([1, 2]),
    initialWindow: pick(['rfc2581', 'rfc3390', 'iw10', 1] as const),
    mss: pick([100, 536, 1460]),
    sendBuffer: pick([2000, 20_000, 200_000]),
    receiveBuffer: pick([2000, 20_000, 200_000]),
    rtoMin: pick([200e6, 1e9]),
    retransmitLimit: 100,
    synRetransmitLimit: 100,
    msl: 1e9,
  });
}

function play(seed: number): void {
  const rig = new Rig(seed);
  const { random } = rig;
  const bytes = [random.integer(60_000), random.integer(3) === 0 ? random.integer(60_000) : 0] as const;
  const isses = [0xffff_ff00, 0x7fff_ff00, random.nextU32()];
  const a = new Side(rig, 'a', randomOptions(random), isses[seed % 3]!, bytes[0], bytes[1]);
  const b = new Side(rig, 'b', randomOptions(random), isses[(seed + 1) % 3]!, bytes[1], bytes[0]);
  a.peer = b;
  b.peer = a;
  const simultaneous = random.integer(8) === 0;
  let opened = simultaneous;
  const original = b.receive.bind(b);
  b.receive = (packet) => {
    if (opened) {
      original(packet);
      return;
    }
    if ((packet.flags & (Flag.syn | Flag.ack)) === Flag.syn) {
      opened = true;
      b.act(() => {
        b.connection.accept(packet, rig.engine.now);
      });
    }
    rig.pool.give(packet);
  };
  a.act(() => {
    a.connection.open(rig.engine.now);
  });
  if (simultaneous) {
    b.act(() => {
      b.connection.open(rig.engine.now);
    });
  }
  // Applications also act on their own from time to time.
  const tick = (): void => {
    for (const side of [a, b]) if (side.ended === undefined) side.act(() => undefined);
    if (a.ended === undefined || b.ended === undefined)
      callAt(rig.engine, nanos(rig.engine.now + 5e7), Priority.application, tick);
  };
  callAt(rig.engine, nanos(5e7), Priority.application, tick);
  rig.engine.run(END, 3_000_000);
  const state = `${rig.label} ${JSON.stringify(rig.faults)} a=${String(a.connection.state)} b=${String(b.connection.state)} t=${String(rig.engine.now / 1e9)}`;
  expect(a.ended, `${state}: a ends`).toBe(TcpEvent.closed);
  expect(b.ended, `${state}: b ends`).toBe(TcpEvent.closed);
  expect(b.delivered, `${state}: b got all`).toBe(bytes[0]);
  expect(a.delivered, `${state}: a got all`).toBe(bytes[1]);
  for (const side of [a, b]) {
    const { expectsUrgent, urgentMarksSent } = side.connection;
    expect(urgentMarksSent, `${state}: marks are counted`).toBe(side.marks.length);
    expect(expectsUrgent, `${state}: all urgent data were read`).toBe(false);
    // The last mark is said by the last segments before it, which have all come in the end.
    expect(side.heard.at(-1), `${state}: ${side.name} knows of the last mark`).toBe(side.peer.marks.at(-1));
  }
  expect(rig.pool.taken, `${state}: no packet is forgotten`).toBe(0);
}

test(`delivery is exact and in order, limits hold and connections end, over ${String(SEEDS)} bad networks`, () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) play(seed);
});
