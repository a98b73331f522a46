// Losses in windows too small for three duplicate ACKs: which of Limited Transmit and Early Retransmit saves the timeout
// (the closed form of tcp.md §4), what a timeout costs against a round trip, and what Early Retransmit costs when
// segments are only reordered.

import { describe, expect, test } from 'vitest';
import { worldOfScenario } from '../../core/labs';
import { NEEDLESS_EXPECTED, needlessPerTransfer } from '../../core/labs/25-early-retransmit/late-segments';
import { timesOut } from '../../core/labs/25-early-retransmit/lab';
import { RTT_MS, timeOf as timeNsOf, transfer, transferScenario } from '../../core/labs/short-transfers';
import type { FlowSummary } from '../../core/measure';

function repaired(...parts: Parameters<typeof transferScenario>): FlowSummary {
  return transfer(worldOfScenario(transferScenario(...parts)));
}

describe('one loss among W segments, k of them behind it', () => {
  const cases = Array.from({ length: 10 }, (_, index) => index + 1).flatMap((window) =>
    Array.from({ length: window }, (_, index) => ({ window, lost: index + 1, behind: window - index - 1 })),
  );

  test('plain: fast retransmit if k ≥ 3, else a timeout', () => {
    for (const { window, lost, behind } of cases)
      expect(repaired(window, [lost], {}).rtoCount, `W ${String(window)}, lost ${String(lost)}`).toBe(
        timesOut(behind, false) ? 1 : 0,
      );
  });

  test('Early Retransmit: no timeout if k ≥ 1', () => {
    for (const { window, lost, behind } of cases) {
      const { rtoCount } = repaired(window, [lost], { earlyRetransmit: true });
      expect(rtoCount, `W ${String(window)}, lost ${String(lost)}`).toBe(timesOut(behind, true) ? 1 : 0);
    }
  });

  test('Limited Transmit with data waiting: the first of W lost is repaired without a timeout if k ≥ 1', () => {
    for (let window = 1; window <= 10; window += 1) {
      const { rtoCount } = repaired(40, [1], { initialWindow: window, limitedTransmit: true });
      expect(rtoCount, `W ${String(window)}`).toBe(window >= 2 ? 0 : 1);
    }
  });

  test('conservation of packets: Limited Transmit never has more than two segments beyond the window outstanding', () => {
    for (let window = 2; window <= 10; window += 1) {
      const { recoveries, retransmits } = repaired(40, [1], { initialWindow: window, limitedTransmit: true });
      expect([recoveries, retransmits]).toEqual([1, 1]);
    }
  });
});

describe('what a timeout costs (the talk: a disk seeks in 10 ms, a round trip takes 50, a timeout 1000)', () => {
  const timeOf = (flow: ReturnType<typeof transfer>): number => timeNsOf(flow) / 1e6;

  test('a page of three segments takes two round trips with its handshake; a lost last segment eleven more', () => {
    const clean = timeOf(repaired(3, [], {}));
    expect(Math.round(clean / RTT_MS)).toBe(2);
    const tail = timeOf(repaired(3, [3], {}));
    // The timer counts from the ACK of the other two: one round trip, and the minimum of one second.
    expect(Math.abs(tail - clean - RTT_MS - 1000)).toBeLessThan(10);
  });

  test('an RTO of four round trips would cost five', () => {
    const clean = timeOf(repaired(3, [], {}));
    const tail = timeOf(repaired(3, [3], { rtoMin: `${String(4 * RTT_MS)}ms` }));
    expect(Math.abs(tail - clean - 5 * RTT_MS)).toBeLessThan(10);
  });

  test('Limited Transmit saves 0.8 s of a window of three', () => {
    const off = timeOf(repaired(20, [1], { initialWindow: 3 }));
    const on = timeOf(repaired(20, [1], { initialWindow: 3, limitedTransmit: true }));
    expect(off - on).toBeGreaterThan(700);
  });
});

describe('Early Retransmit and reordering', () => {
  const TRANSFERS = 300;

  /** Segments sent again in transfers of three segments, of which one in five arrives 3 ms late and none is lost. */
  const needless = (tcp: object): number =>
    needlessPerTransfer({ transfers: TRANSFERS, segments: 3, tcp }, worldOfScenario);

  test('it sends again what was only late, in a quarter of the transfers; its delay variant never', () => {
    expect(needless({})).toBe(0);
    expect(Math.abs(needless({ earlyRetransmit: true }) - NEEDLESS_EXPECTED)).toBeLessThan(0.06);
    expect(needless({ earlyRetransmit: true, earlyRetransmitDelay: true })).toBe(0);
  });
});
