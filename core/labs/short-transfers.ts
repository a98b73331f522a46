// One short transfer with chosen losses: what is lost in a window too small for three duplicate ACKs (tcp.md §4).

import type { FlowSummary } from '../measure';
import type { WorldMaker } from './lab';
import { wireScenario } from './on-wire';

export const MSS = 1000;
export const RTT_MS = 100;
export const RTT_NS = RTT_MS * 1e6;

/** @param lost data packets that are lost when first sent, from 1 */
export function transferScenario(segments: number, lost: readonly number[], tcp: object, path: object = {}): object {
  return wireScenario({
    duration: '100s',
    tcp: { limitedTransmit: false, timestamps: false, mss: MSS, delayedAck: false, initialWindow: 10, ...tcp },
    link: {
      rate: '10Gbps',
      delay: `${String(RTT_MS / 2)}ms`,
      queue: { discipline: 'droptail', limit: '1000p' },
      ...(lost.length === 0 ? {} : { loss: { model: 'list', drops: [{ flow: 'f', packets: lost }] } }),
      ...path,
    },
    traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: segments * MSS }],
  });
}

/** Runs it in a world, and says what became of it. */
export function transfer(world: ReturnType<WorldMaker>): FlowSummary {
  world.run(world.endAt);
  return world.summary('finished', 0).flows[0]!;
}

/** A flow's time from its start to its last acknowledged byte, ns. */
export function timeOf({ completionTimeNs }: FlowSummary): number {
  return completionTimeNs ?? Infinity;
}
