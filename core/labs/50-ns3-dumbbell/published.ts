// The dumbbells that ns-3.37 ran: NewReno with SACK, counting ACKs (performance.md §1), and the same here.

import { dumbbellScenario } from '../dumbbell';
import type { WorldMaker } from '../lab';

export interface Dumbbell {
  readonly flows: number;
  readonly rateBps: number;
  readonly seconds: number;
  /** By ns-3, Mb/s. */
  readonly goodput: number;
  /** By ns-3, at the bottleneck. */
  readonly drops: number;
}

export const DUMBBELLS: readonly Dumbbell[] = [
  { flows: 1, rateBps: 100e6, seconds: 20, goodput: 95.2, drops: 0 },
  { flows: 10, rateBps: 100e6, seconds: 20, goodput: 95.1, drops: 572 },
  { flows: 100, rateBps: 100e6, seconds: 20, goodput: 93.2, drops: 6391 },
  { flows: 1000, rateBps: 1e9, seconds: 3, goodput: 905.5, drops: 24_573 },
];

/** Goodput over all flows, Mb/s, and drops at the bottleneck. */
export function runDumbbell(
  { flows, rateBps, seconds }: Dumbbell,
  seed: number,
  make: WorldMaker,
): { goodput: number; drops: number } {
  const options = { flows, rateBps, delayNs: 10e6, durationNs: seconds * 1e9, sack: true, seed };
  const document = dumbbellScenario(options) as { defaults: { tcp: object } };
  // Buffers that never fill a lone flow's queue, and windows that grow by ACKs, as in those runs.
  Object.assign(document.defaults.tcp, { byteCounting: false, sendBuffer: '512KiB', receiveBuffer: '512KiB' });
  const world = make(document);
  world.run(world.endAt);
  const { flows: results, links } = world.summary('finished', 0);
  const bits = results.reduce((sum, { bytesDelivered }) => sum + bytesDelivered * 8, 0);
  return { goodput: bits / seconds / 1e6, drops: links[0]!.drops };
}
