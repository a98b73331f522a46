// Urgent data (RFC 9293 §3.8.5, RFC 6093): what a receiver is told, and how often.

import { describe, expect, test } from 'vitest';
import { type FlowId, type Nanos, nanos, type NodeId, seqNum } from '../../../core/base';
import { Flag, Option, Packet } from '../../../core/packet';
import { resolveTcp } from '../../../core/scenario';
import { type OutputOffer, PLAIN_OUTPUT, TcpConnection, TcpEvent, type TcpSink } from '../../../core/tcp';

const MSS = 1000;
const NOW = nanos(1e9);

interface Sent {
  readonly flags: number;
  readonly from: number;
  readonly bytes: number;
  readonly urgent: number;
}

/** A connection that the peer has opened; numbers of either side count from 0. */
class Bench implements TcpSink {
  output: OutputOffer = PLAIN_OUTPUT;
  readonly sent: Sent[] = [];
  readonly news: TcpEvent[] = [];
  readonly connection: TcpConnection;

  constructor(changes: Parameters<typeof resolveTcp>[1] = {}) {
    const options = resolveTcp({ mss: MSS, timestamps: false, windowScaling: false, receiveBuffer: 4000 }, changes);
    const ends = { local: 0 as NodeId, remote: 1 as NodeId, localPort: 1, remotePort: 2, flow: 0 as FlowId };
    this.connection = new TcpConnection(this, options, ends, seqNum(-1));
    const syn = this.segment(-1, 0, Flag.syn);
    syn.options = Option.mss;
    syn.mss = MSS;
    this.connection.accept(syn, NOW);
    this.receive(0, 0, {});
    this.sent.length = 0;
    this.news.length = 0;
  }

  takePacket(): Packet {
    return new Packet();
  }

  emit({ flags, seq, payloadBytes, urgentPointer }: Packet): void {
    const urgent = (flags & Flag.urg) === 0 ? 0 : urgentPointer;
    this.sent.push({ flags, from: seq as unknown as number, bytes: payloadBytes, urgent });
  }

  sendLater(): void {
    throw new Error('nobody else wants a turn');
  }

  ackLater(): void {
    throw new Error('there are no batches');
  }

  arm(_timer: unknown, _at: Nanos): void {
    // Time stands still.
  }

  disarm(): void {
    // Nothing is armed.
  }

  notify(event: TcpEvent): void {
    this.news.push(event);
  }

  segment(from: number, bytes: number, flags: number, urgent = 0): Packet {
    const packet = new Packet();
    packet.flags = flags | (urgent === 0 ? 0 : Flag.urg);
    packet.seq = seqNum(from);
    packet.payloadBytes = bytes;
    packet.urgentPointer = urgent;
    packet.ack = this.connection.sndMax;
    packet.window = 65_535;
    return packet;
  }

  receive(from: number, bytes: number, { urgent = 0, fin = false }: { urgent?: number; fin?: boolean }): void {
    this.connection.input(this.segment(from, bytes, Flag.ack | (fin ? Flag.fin : 0), urgent), NOW);
  }

  /** Times that the application was told of urgent data. */
  get marks(): number {
    return this.news.filter((event) => event === TcpEvent.urgent).length;
  }
}

describe('a receiver', () => {
  test('is told once of a mark, however many segments say so, and before the data', () => {
    const bench = new Bench();
    bench.receive(0, 500, { urgent: 1200 });
    expect(bench.news).toEqual([TcpEvent.urgent, TcpEvent.readable]);
    bench.receive(500, 500, { urgent: 700 });
    bench.receive(500, 500, { urgent: 700 });
    bench.receive(1000, 300, { urgent: 200 });
    expect(bench.marks).toBe(1);
    expect(bench.connection.urgentMarksReceived).toBe(1);
    expect(bench.connection.toUrgentMark).toBe(1200);
  });

  test('has the mark before the last urgent octet, and none behind it', () => {
    const bench = new Bench();
    bench.receive(0, 300, { urgent: 200 });
    bench.connection.read(199, NOW);
    expect(bench.connection.toUrgentMark).toBe(1);
    bench.connection.read(1, NOW);
    expect(bench.connection.toUrgentMark).toBeUndefined();
  });

  test('is told again when the mark moves on, but not when an older one is heard of later', () => {
    const bench = new Bench();
    bench.receive(1000, 100, { urgent: 100 });
    bench.receive(0, 1000, { urgent: 50 });
    expect(bench.marks).toBe(1);
    expect(bench.connection.toUrgentMark).toBe(1100);
    bench.receive(1100, 100, { urgent: 100 });
    expect(bench.marks).toBe(2);
  });

  test('does not hear of a mark anew that it is behind, when what came before comes again with more', () => {
    const bench = new Bench();
    bench.receive(0, 200, { urgent: 200 });
    bench.connection.read(200, NOW);
    bench.receive(100, 200, { urgent: 100 });
    expect(bench.connection.readableBytes).toBe(100);
    expect(bench.marks).toBe(1);
    expect(bench.connection.toUrgentMark).toBeUndefined();
  });

  test('is told through a closed window, by an empty segment and by a probe that it has no room for', () => {
    for (const probeBytes of [0, 1]) {
      const bench = new Bench();
      for (let from = 0; from < 4000; from += 1000) bench.receive(from, 1000, {});
      expect(bench.connection.rcvWnd).toBe(0);
      bench.receive(4000, probeBytes, { urgent: 10 });
      expect(bench.marks).toBe(1);
      expect(bench.connection.readableBytes).toBe(4000);
    }
  });

  test('does not believe what lies outside of its window, nor anything behind the end of the stream', () => {
    const bench = new Bench();
    bench.receive(9000, 100, { urgent: 50 });
    expect(bench.marks).toBe(0);
    bench.receive(0, 100, { fin: true });
    bench.receive(101, 0, { urgent: 50 });
    expect(bench.marks).toBe(0);
  });

  test('a pointer of nothing is no mark', () => {
    const bench = new Bench();
    const packet = bench.segment(0, 100, Flag.ack | Flag.urg);
    bench.connection.input(packet, NOW);
    expect(bench.marks).toBe(0);
  });
});

describe('a sender', () => {
  test('cuts its bursts where urgent data begin, and lets the NIC cut again behind them', () => {
    const bench = new Bench({ initialWindow: 30, sendBuffer: 100_000 });
    bench.output = { ...PLAIN_OUTPUT, burstBytesMax: 65_535 };
    const { connection } = bench;
    connection.write(5000, NOW);
    connection.write(2500, NOW, true);
    connection.write(5500, NOW);
    expect(bench.sent.map(({ from, bytes, urgent }) => [from, bytes, urgent])).toEqual([
      [0, 5000, 0],
      [5000, 1000, 2500],
      [6000, 1000, 1500],
      [7000, 500, 500],
      [7500, 5000, 0],
    ]);
    expect(connection.urgentMarksSent).toBe(1);
    expect(connection.urgentSegmentsSent).toBe(3);
  });

  test('no burst is asked for while the mark is too far ahead for the pointer either', () => {
    const bench = new Bench({ initialWindow: 3, sendBuffer: 200_000 });
    bench.output = { ...PLAIN_OUTPUT, burstBytesMax: 65_535 };
    const { connection } = bench;
    connection.write(3000, NOW);
    connection.write(100_000, NOW);
    connection.write(1, NOW, true);
    bench.sent.length = 0;
    connection.input(bench.segment(0, 0, Flag.ack), NOW);
    expect(bench.sent.length).toBeGreaterThanOrEqual(3);
    expect(bench.sent.every(({ bytes, flags }) => bytes === MSS && (flags & Flag.urg) === 0)).toBe(true);
  });

  test('says so on its ACKs as well, until the data are acknowledged', () => {
    const bench = new Bench({ initialWindow: 1, delayedAck: false });
    const { connection } = bench;
    connection.write(1000, NOW);
    connection.write(500, NOW, true);
    bench.sent.length = 0;
    const unacked = bench.segment(0, 100, Flag.ack);
    unacked.ack = seqNum(0);
    connection.input(unacked, NOW);
    expect(bench.sent).toEqual([{ flags: Flag.ack | Flag.urg, from: 1000, bytes: 0, urgent: 500 }]);
    bench.receive(100, 0, {});
    expect(bench.sent.at(-1)).toMatchObject({ from: 1000, bytes: 500, urgent: 500 });
    bench.receive(100, 0, {});
    bench.receive(100, 100, {});
    expect(bench.sent.at(-1)).toMatchObject({ flags: Flag.ack, bytes: 0 });
    expect(connection.sendsUrgent).toBe(false);
  });
});
