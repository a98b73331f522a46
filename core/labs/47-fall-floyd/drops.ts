// Fall and Floyd (1996) as ns-2 runs it: one to four drops in a window of 28, on 800 kb/s behind a queue of eight.

import type { WorldMaker } from '../lab';

export type Variant = 'tahoe' | 'reno' | 'newreno' | 'sack';
export const VARIANTS: readonly Variant[] = ['tahoe', 'reno', 'newreno', 'sack'];

/** Drops are segments 15, 25, 27 and 29 counted from 1: 14, 24, 26 and 28 of ns-2, which counts from 0. */
export const DROPS: Readonly<Record<number, readonly number[]>> = {
  1: [15],
  2: [15, 29],
  3: [15, 27, 29],
  4: [15, 25, 27, 29],
};

export interface AfterDrops {
  /** Segments, counted from 0, after five seconds. */
  readonly highestAck: number;
  readonly timeouts: number;
  readonly retransmits: number;
}

export function afterDrops(variant: Variant, drops: number, make: WorldMaker): AfterDrops {
  const world = make(scenario(variant, drops));
  world.run(world.endAt);
  const { bytesAcked, rtoCount, retransmits } = world.summary('finished', 0).flows[0]!;
  return { highestAck: Math.floor(bytesAcked / 1000) - 1, timeouts: rtoCount, retransmits };
}

function scenario(variant: Variant, drops: number): unknown {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'Fall and Floyd',
    seed: 7,
    duration: '6s',
    defaults: {
      tcp: {
        // ns-2 counts whole segments, as the BSDs do.
        dialect: 'bsd',
        congestionControl: variant === 'sack' ? 'newreno' : variant,
        sack: variant === 'sack',
        limitedTransmit: false,
        timestamps: false,
        windowScaling: false,
        delayedAck: false,
        newrenoExit: 'ssthresh',
        mss: 1000,
        initialWindow: 1,
        receiveBuffer: '28000B',
      },
    },
    nodes: [
      { id: 's', kind: 'host' },
      { id: 'k', kind: 'router' },
      { id: 'd', kind: 'host' },
    ],
    links: [
      { id: 'fast', from: 's', to: 'k', rate: '8Mbps', delay: '0ms' },
      {
        id: 'slow',
        from: 'k',
        to: 'd',
        rate: '800kbps',
        delay: '100ms',
        // A queue of 8 in ns-2 drops the packet that would make 8.
        queue: { discipline: 'droptail', limit: '7p' },
        loss: { model: 'list', drops: [{ flow: 'f', packets: DROPS[drops] }] },
      },
    ],
    // Data begin at 1 s: the handshake takes the round trip before.
    traffic: [{ id: 'f', kind: 'bulk', from: 's', to: 'd', start: '799ms' }],
  };
}

/** tcp.md §19 E5, and what test/reference/ns2/fall-floyd.tcl prints with ns-2.35: highest ACK after 1 to 4 drops. */
export const PUBLISHED: Readonly<Record<Variant, readonly number[]>> = {
  tahoe: [224, 223, 215, 208],
  reno: [272, 104, 97, 88],
  newreno: [272, 260, 232, 208],
  sack: [270, 255, 253, 251],
};
export const NS2: Readonly<Record<Variant, readonly number[]>> = {
  tahoe: [226, 222, 211, 213],
  reno: [280, 106, 103, 97],
  newreno: [280, 265, 249, 232],
  sack: [277, 267, 265, 258],
};

/** After its timeout our Reno halves what is in flight (RFC 5681 equation 4), ns-2 halves cwnd. */
export function toleranceOf(variant: Variant, drops: number): number {
  return variant === 'reno' && drops === 4 ? 0.07 : 0.05;
}

/** How far off the nearer of the two figures is, as a share of it. */
export function deviation(variant: Variant, drops: number, highestAck: number): number {
  return Math.min(...[PUBLISHED, NS2].map((figures) => Math.abs(highestAck / figures[variant][drops - 1]! - 1)));
}
