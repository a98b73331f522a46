// What a larger initial window buys: RFC 2416's printed times, and the round trips of small transfers (tcp.md §3, §19 E2).

import { describe, expect, test } from 'vitest';
import { resolved, wireDocument } from '../worlds';
import type { PacketTap } from '../../core/stack';
import { World } from '../../core/world';

const SECOND = 1e9;
/** The connection is open long before its first data: RFC 2416 has no handshake. */
const QUIET_SECONDS = 10;

interface Slow {
  /** Arrivals of ACKs at the sender, seconds after the first data left. */
  readonly ackTimes: readonly number[];
  /** Segments (from 1) as they left again, and when. */
  readonly again: readonly { readonly segment: number; readonly at: number }[];
}

/** RFC 2416: 9600 b/s, room for three packets with the one being sent, packets of 1000 octets, Tahoe, an ACK for each packet. */
function slowLink(initialWindow: number): Slow {
  const payload = 960;
  const scenario = {
    format: 'odonata-scenario',
    version: 1,
    name: 'RFC 2416',
    seed: 1,
    duration: '22s',
    defaults: {
      tcp: {
        congestionControl: 'tahoe',
        limitedTransmit: false,
        timestamps: false,
        delayedAck: false,
        idleRestart: false,
        // The handshake's small packets are no measure of this link: the timer is kept out of it.
        rtoMin: '6s',
        mss: payload,
        initialWindow,
      },
    },
    nodes: [
      { id: 'source', kind: 'host' },
      { id: 'r1', kind: 'router' },
      { id: 'r2', kind: 'router' },
      { id: 'receiver', kind: 'host' },
    ],
    links: [
      { id: 'lan', from: 'source', to: 'r1', rate: '100Mbps', delay: '0ms' },
      { id: 't1', from: 'r1', to: 'r2', rate: '1.5Mbps', delay: '25ms' },
      {
        id: 'modem',
        from: 'r2',
        to: 'receiver',
        rate: '9600bps',
        delay: '150ms',
        queue: { discipline: 'droptail', limit: '2p' },
      },
    ],
    traffic: [
      {
        id: 'f',
        kind: 'replay',
        from: 'source',
        to: 'receiver',
        records: [{ at: `${String(QUIET_SECONDS)}s`, bytes: 100 * payload }],
      },
    ],
  };
  const world = new World(resolved(scenario));
  const ackTimes: number[] = [];
  const sent: { segment: number; at: number }[] = [];
  let first: number | undefined;
  let iss = 0;
  const tap: PacketTap = {
    packet(at, host, direction, packet) {
      const seq = (packet.seq as unknown as number) | 0;
      if (host === 0 && direction === 'out' && (packet.flags & 2) !== 0) iss = seq;
      const segment = ((seq - iss - 1) | 0) / payload + 1;
      if (host === 0 && direction === 'out' && packet.payloadBytes > 0) {
        first ??= at;
        sent.push({ segment, at: (at - first) / SECOND });
      }
      if (host === 0 && direction === 'in' && first !== undefined) ackTimes.push((at - first) / SECOND);
    },
  };
  world.setTap(tap);
  world.run(world.endAt);
  const seen = new Set<number>();
  const again = sent.filter(({ segment }) => seen.has(segment) || !seen.add(segment));
  return { ackTimes, again };
}

describe('RFC 2416: four packets into a queue of three', () => {
  test('an initial window of four: ACKs, duplicates and the retransmission within 2 ms', () => {
    const { ackTimes, again } = slowLink(4);
    [1.222, 2.056, 2.889, 3.722, 4.556, 5.389].forEach((wanted, index) => {
      expect(Math.abs(ackTimes[index]! - wanted), `ACK ${String(index + 1)}`).toBeLessThan(0.002);
    });
    expect(again[0]!.segment).toBe(4);
    expect(Math.abs(again[0]!.at - 5.389)).toBeLessThan(0.002);
  });

  test('an initial window of one comes to the same loss 2.889 s later', () => {
    const { ackTimes, again } = slowLink(1);
    // The RFC prints 6.111 for the first duplicate, a slip: the link sends one packet each 0.833 s.
    [1.222, 2.445, 3.278, 4.111, 4.945, 5.778, 6.611, 7.445, 8.278].forEach((wanted, index) => {
      expect(Math.abs(ackTimes[index]! - wanted), `ACK ${String(index + 1)}`).toBeLessThan(0.002);
    });
    expect(again[0]!.segment).toBe(7);
    expect(Math.abs(again[0]!.at - slowLink(4).again[0]!.at - 2.889)).toBeLessThan(0.004);
  });
});

/** Round trips from the first data to the last ACK, on a path with nothing but delay. */
function rounds(kilobytes: number, initialWindow: number | 'iw10', delayedAck: boolean): number {
  const rttMs = 200;
  const scenario = wireDocument({
    duration: '60s',
    tcp: {
      initialWindow,
      delayedAck,
      timestamps: false,
      mss: 1460,
      receiveBuffer: '1MiB',
      rtoMin: '3s',
      delayedAckTimeout: '1ms',
      slowStartLimit: 1,
      nagle: false,
    },
    link: {
      rate: '100Gbps',
      delay: `${String(rttMs / 2)}ms`,
      queue: { discipline: 'droptail', limit: '10000p' },
    },
    traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: kilobytes * 1024 }],
  });
  const world = new World(resolved(scenario));
  let firstAt: number | undefined;
  let doneAt = Infinity;
  world.setTap({
    packet(at, host, direction, packet) {
      if (host === 0 && direction === 'out' && packet.payloadBytes > 0) firstAt ??= at;
    },
  });
  world.listen('flow/f/acked', (at, bytes) => {
    if (bytes >= kilobytes * 1024) doneAt = Math.min(doneAt, at);
  });
  world.run(world.endAt);
  return Math.round((doneAt - firstAt!) / (rttMs * 1e6));
}

// 64 KB are 45 segments, and 3 + 6 + 12 + 24 make 45: four round trips with a window of three, not the five of tcp.md's table.
describe('round trips of a transfer, an ACK for each segment (tcp.md §3)', () => {
  test.each([
    [4, [2, 2, 1, 1, 1]],
    [8, [3, 2, 2, 2, 1]],
    [16, [4, 3, 3, 2, 2]],
    [32, [5, 4, 4, 3, 2]],
    [64, [6, 5, 4, 4, 3]],
    [128, [7, 6, 5, 5, 4]],
  ])('%d KB with windows of 1, 2, 3, 4 and 10 segments', (kilobytes, wanted) => {
    expect(([1, 2, 3, 4, 'iw10'] as const).map((window) => rounds(kilobytes, window, false))).toEqual(wanted);
  });
});
