// Many short transfers of which one segment in five arrives 3 ms late, and none is lost.

import type { WorldMaker } from '../lab';
import { wireScenario } from '../on-wire';
import { MSS } from '../short-transfers';

export interface LateTransfers {
  readonly transfers: number;
  /** Of each transfer, all in its first window. */
  readonly segments: number;
  readonly tcp: object;
  readonly seed?: number;
}

/** Segments sent again for nothing, per transfer. */
export function needlessPerTransfer({ transfers, segments, tcp, seed = 7 }: LateTransfers, make: WorldMaker): number {
  const document = wireScenario({
    seed,
    duration: `${String(transfers * 10)}s`,
    tcp: { sack: true, timestamps: false, mss: MSS, delayedAck: false, initialWindow: segments, ...tcp },
    link: {
      rate: '10Gbps',
      delay: '50ms',
      reorder: { probability: LATE, delay: '3ms' },
      reverse: { reorder: { probability: 0, delay: '1ms' } },
    },
    traffic: Array.from({ length: transfers }, (_, index) => ({
      id: `f${String(index)}`,
      kind: 'transfer',
      from: 'a',
      to: 'b',
      size: segments * MSS,
      start: `${String(index * 10)}s`,
      port: 5000 + index,
    })),
  });
  const world = make(document, 'segments that come late');
  world.run(world.endAt);
  return world.summary('finished', 0).flows.reduce((sum, { retransmits }) => sum + retransmits, 0) / transfers;
}

const LATE = 0.2;

/** Of transfers of three segments: the first is late and the others are not, or the second of three and the third is not. */
export const NEEDLESS_EXPECTED = 2 * LATE * (1 - LATE) ** 2;
