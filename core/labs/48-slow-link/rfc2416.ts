// RFC 2416: 9600 b/s, room for three packets with the one being sent, packets of 1000 octets, Tahoe, an ACK for each packet.

import type { PacketTap } from '../../stack';
import type { WorldMaker } from '../lab';

const SECOND = 1e9;
const PAYLOAD = 960;
/** The connection is open long before its first data: RFC 2416 has no handshake. */
const QUIET_SECONDS = 10;

export interface Slow {
  /** Arrivals of ACKs at the sender, seconds after the first data left. */
  readonly ackTimes: readonly number[];
  /** Segments (from 1) as they left again, and when. */
  readonly again: readonly { readonly segment: number; readonly at: number }[];
}

/** When the sender hears its ACKs, as the RFC prints them; with one it prints 6.111 for the first duplicate, a slip: the link sends a packet each 0.833 s. */
export const PRINTED: Readonly<Record<number, readonly number[]>> = {
  1: [1.222, 2.445, 3.278, 4.111, 4.945, 5.778, 6.611, 7.445, 8.278],
  4: [1.222, 2.056, 2.889, 3.722, 4.556, 5.389],
};
/** tcp.md §19 E2: ns-2 reproduces all of them within 2 ms. */
export const TOLERANCE_SECONDS = 0.002;

export function slowLink(initialWindow: number, make: WorldMaker): Slow {
  const world = make(scenario(initialWindow));
  const ackTimes: number[] = [];
  const sent: { segment: number; at: number }[] = [];
  let first: number | undefined;
  let iss = 0;
  const tap: PacketTap = {
    packet(at, host, direction, packet) {
      const seq = (packet.seq as unknown as number) | 0;
      if (host === 0 && direction === 'out' && (packet.flags & 2) !== 0) iss = seq;
      const segment = ((seq - iss - 1) | 0) / PAYLOAD + 1;
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

function scenario(initialWindow: number): unknown {
  return {
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
        mss: PAYLOAD,
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
        records: [{ at: `${String(QUIET_SECONDS)}s`, bytes: 100 * PAYLOAD }],
      },
    ],
  };
}
