// Round trips from the first data to the last ACK, on a path with nothing but delay.

import type { WorldMaker } from '../lab';
import { wireScenario } from '../on-wire';

export const RTT_NS = 200e6;
const SIZE_UNIT = 1024;

export interface RoundTrips {
  readonly kilobytes: number;
  readonly initialWindow: number | 'iw10';
  readonly delayedAck: boolean;
  readonly delayedAckTimeoutNs?: number;
}

/** In round-trip times, as it was: the link's own time is a fraction of one. */
export function roundTrips(
  { kilobytes, initialWindow, delayedAck, delayedAckTimeoutNs = 1e6 }: RoundTrips,
  make: WorldMaker,
): number {
  const bytes = kilobytes * SIZE_UNIT;
  const world = make(
    wireScenario({
      duration: '60s',
      tcp: {
        initialWindow,
        delayedAck,
        timestamps: false,
        mss: 1460,
        receiveBuffer: '1MiB',
        rtoMin: '3s',
        delayedAckTimeout: delayedAckTimeoutNs,
        slowStartLimit: 1,
        nagle: false,
      },
      link: { rate: '100Gbps', delay: RTT_NS / 2, queue: { discipline: 'droptail', limit: '10000p' } },
      traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: bytes }],
    }),
  );
  let firstAt: number | undefined;
  let doneAt = Infinity;
  world.setTap({
    packet(at, host, direction, packet) {
      if (host === 0 && direction === 'out' && packet.payloadBytes > 0) firstAt ??= at;
    },
  });
  world.listen('flow/f/acked', (at, acked) => {
    if (acked >= bytes) doneAt = Math.min(doneAt, at);
  });
  world.run(world.endAt);
  return (doneAt - firstAt!) / RTT_NS;
}

/**
 * By kilobytes, for windows of 1, 2, 3, 4 and 10 segments, an ACK for each segment (tcp.md §3). 64 KB are 45 segments, and 3 + 6 + 12 + 24
 * make 45: four round trips with a window of three, not the five of that table.
 */
export const WINDOWS = [1, 2, 3, 4, 10] as const;
export const ROUND_TRIPS: readonly (readonly [number, readonly number[]])[] = [
  [4, [2, 2, 1, 1, 1]],
  [8, [3, 2, 2, 2, 1]],
  [16, [4, 3, 3, 2, 2]],
  [32, [5, 4, 4, 3, 2]],
  [64, [6, 5, 4, 4, 3]],
  [128, [7, 6, 5, 5, 4]],
];
