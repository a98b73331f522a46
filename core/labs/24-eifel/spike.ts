// A spike in the delay (Ludwig and Katz 2000; Gurtov and Ludwig), and packets that others overtake: what the sender sends again for
// nothing, and what is left of its window.

import type { WorldMaker } from '../lab';
import { wireScenario } from '../on-wire';

/** Segments in flight when the spike begins: the receiver's window. */
export const WINDOW = 30;
const MSS = 1000;
const PATH = { rate: '2Mbps', delay: '50ms', queue: { discipline: 'droptail', limit: '1000p' } };

export const SENDERS: Readonly<Record<string, object>> = {
  plain: {},
  Eifel: { eifel: true },
  'Eifel without timestamps': { eifel: true, timestamps: false },
  'F-RTO without timestamps': { frto: true, timestamps: false },
};

export interface Spike {
  readonly timeouts: number;
  readonly retransmits: number;
  readonly takenBack: number;
  readonly seconds: number;
  /** Congestion window after the spike over that before. */
  readonly windowKept: number;
}

/** The packets of 20 ms are held for `seconds`, and all behind them too. */
export function spike(seconds: number, tcp: object, make: WorldMaker): Spike {
  const document = wireScenario({
    duration: '60s',
    tcp: { initialWindow: 4, mss: MSS, receiveBuffer: `${String(WINDOW * MSS)}B`, ...tcp },
    link: PATH,
    traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: 3_000_000 }],
    changes: [
      { at: '5s', set: '/links/l/delay', to: `${String(50 + seconds * 1000)}ms` },
      { at: '5.02s', set: '/links/l/delay', to: '50ms' },
    ],
  });
  const world = make(document, 'a spike of the delay');
  let before = 0;
  let after = 0;
  world.listen('flow/f/cwnd', (at, bytes) => {
    if (at < 5e9) before = bytes;
    else if (at > (5 + seconds) * 1e9 && at < (5.4 + seconds) * 1e9) after = bytes;
  });
  world.run(world.endAt);
  const flow = world.summary('finished', 0).flows[0]!;
  return {
    timeouts: flow.rtoCount,
    retransmits: flow.retransmits,
    takenBack: flow.spuriousRecoveries,
    seconds: (flow.completionTimeNs ?? Infinity) / 1e9,
    windowKept: after / before,
  };
}

export interface Overtaken {
  /** Segments that those behind them overtook, and none was lost. */
  readonly late: number;
  readonly retransmits: number;
  readonly takenBack: number;
  readonly goodputBps: number;
}

/** One segment in 200 arrives 60 ms after its time, for 30 s. */
export function overtaken(seed: number, tcp: object, make: WorldMaker): Overtaken {
  const document = wireScenario({
    seed,
    duration: '30s',
    tcp: { mss: MSS, receiveBuffer: `${String(WINDOW * MSS)}B`, ...tcp },
    link: {
      ...PATH,
      reorder: { probability: 0.005, delay: '60ms' },
      reverse: { reorder: { probability: 0, delay: '1ms' } },
    },
    traffic: [{ id: 'f', kind: 'bulk', from: 'a', to: 'b' }],
  });
  const world = make(document, 'segments that others overtake');
  world.run(world.endAt);
  const { flows, links } = world.summary('finished', 0);
  const { retransmits, spuriousRecoveries: takenBack, goodputBps } = flows[0]!;
  return { late: links[0]!.reordered, retransmits, takenBack, goodputBps };
}
