// Against others' arithmetic: Padhye's full model of Reno, and the published runs of ns-3 on the same dumbbells.

import { describe, expect, test } from 'vitest';
import { worldOfScenario } from '../../core/labs';
import { flowRate, padhye, renoOf, secondsFor } from '../../core/labs/49-loss-and-rate/models';
import { DUMBBELLS, runDumbbell } from '../../core/labs/50-ns3-dumbbell/published';

/** Data packets a second of one Reno flow with random losses. */
function reno(p: number, b: number): number {
  return flowRate({ p, seconds: secondsFor(60_000, p, b), seed: 7, tcp: renoOf(b) }, worldOfScenario).sent;
}

describe("Padhye's full model holds within 15%", () => {
  test.each([1, 2])('an ACK for %d packets, losses of 0.05% to 5%', (b) => {
    for (const p of [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05]) {
      const ratio = reno(p, b) / padhye(p, b);
      expect(Math.abs(ratio - 1), `p = ${String(p)}: ${ratio.toFixed(3)}`).toBeLessThan(0.15);
    }
  });
});

/** Measured: with 100 flows 3.1% above in goodput, and with 1,000 flows 21% below in drops. */
const DROP_SHARES: Readonly<Record<number, number>> = { 1: 0, 10: 0.2, 100: 0.2, 1000: 0.22 };

describe('the dumbbells of ns-3', () => {
  test.each(DUMBBELLS)('$flows flows', (dumbbell) => {
    const { goodput, drops } = runDumbbell(dumbbell, 1, worldOfScenario);
    expect(Math.abs(goodput / dumbbell.goodput - 1)).toBeLessThan(0.032);
    expect(Math.abs(drops - dumbbell.drops)).toBeLessThanOrEqual(dumbbell.drops * DROP_SHARES[dumbbell.flows]!);
  });
});
