// Losses in windows too small for three duplicate ACKs: which of Limited Transmit and Early Retransmit saves the timeout
// (the closed form of tcp.md §4), what a timeout costs against a round trip, and what Early Retransmit costs when
// segments are only reordered.

import { describe, expect, test } from 'vitest';
import type { FlowSummary } from '../../core/measure';
import { World } from '../../core/world';
import { resolved, wireDocument } from '../worlds';

const MSS = 1000;
const RTT_MS = 100;

function transfer(segments: number, lost: readonly number[], tcp: object, path: object = {}): FlowSummary {
  const scenario = wireDocument({
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
  const world = new World(resolved(scenario));
  world.run(world.endAt);
  return world.summary('finished', 0).flows[0]!;
}

describe('one loss among W segments, k of them behind it', () => {
  const cases = Array.from({ length: 10 }, (_, index) => index + 1).flatMap((window) =>
    Array.from({ length: window }, (_, index) => ({ window, lost: index + 1, behind: window - index - 1 })),
  );

  test('plain: fast retransmit if k ≥ 3, else a timeout', () => {
    for (const { window, lost, behind } of cases)
      expect(transfer(window, [lost], {}).rtoCount, `W ${String(window)}, lost ${String(lost)}`).toBe(
        behind >= 3 ? 0 : 1,
      );
  });

  test('Early Retransmit: no timeout if k ≥ 1', () => {
    for (const { window, lost, behind } of cases) {
      // Four or more outstanding keep the ordinary threshold (RFC 5827 §2.1).
      const outstanding = behind + 1;
      const saved = behind >= 3 || (behind >= 1 && outstanding < 4);
      const { rtoCount } = transfer(window, [lost], { earlyRetransmit: true });
      expect(rtoCount, `W ${String(window)}, lost ${String(lost)}`).toBe(saved ? 0 : 1);
    }
  });

  test('Limited Transmit with data waiting: the first of W lost is repaired without a timeout if k ≥ 1', () => {
    for (let window = 1; window <= 10; window += 1) {
      const { rtoCount } = transfer(40, [1], { initialWindow: window, limitedTransmit: true });
      expect(rtoCount, `W ${String(window)}`).toBe(window >= 2 ? 0 : 1);
    }
  });

  test('conservation of packets: Limited Transmit never has more than two segments beyond the window outstanding', () => {
    for (let window = 2; window <= 10; window += 1) {
      const { recoveries, retransmits } = transfer(40, [1], { initialWindow: window, limitedTransmit: true });
      expect([recoveries, retransmits]).toEqual([1, 1]);
    }
  });
});

describe('what a timeout costs (the talk: a disk seeks in 10 ms, a round trip takes 50, a timeout 1000)', () => {
  const timeOf = (flow: FlowSummary): number => (flow.completionTimeNs ?? Infinity) / 1e6;

  test('a page of three segments takes two round trips with its handshake; a lost last segment eleven more', () => {
    const clean = timeOf(transfer(3, [], {}));
    expect(Math.round(clean / RTT_MS)).toBe(2);
    const tail = timeOf(transfer(3, [3], {}));
    // The timer counts from the ACK of the other two: one round trip, and the minimum of one second.
    expect(Math.abs(tail - clean - RTT_MS - 1000)).toBeLessThan(10);
  });

  test('an RTO of four round trips would cost five', () => {
    const clean = timeOf(transfer(3, [], {}));
    const tail = timeOf(transfer(3, [3], { rtoMin: `${String(4 * RTT_MS)}ms` }));
    expect(Math.abs(tail - clean - 5 * RTT_MS)).toBeLessThan(10);
  });

  test('Limited Transmit saves 0.8 s of a window of three', () => {
    const off = timeOf(transfer(20, [1], { initialWindow: 3 }));
    const on = timeOf(transfer(20, [1], { initialWindow: 3, limitedTransmit: true }));
    expect(off - on).toBeGreaterThan(700);
  });
});

describe('Early Retransmit and reordering', () => {
  const TRANSFERS = 300;

  /** Segments sent again in transfers of three segments, of which one in five arrives 3 ms late and none is lost. */
  const needless = (tcp: object): number => {
    const scenario = wireDocument({
      duration: `${String(TRANSFERS * 10)}s`,
      tcp: { sack: true, timestamps: false, mss: MSS, delayedAck: false, initialWindow: 3, ...tcp },
      link: {
        rate: '10Gbps',
        delay: '50ms',
        reorder: { probability: 0.2, delay: '3ms' },
        reverse: { reorder: { probability: 0, delay: '1ms' } },
      },
      traffic: Array.from({ length: TRANSFERS }, (_, index) => ({
        id: `f${String(index)}`,
        kind: 'transfer',
        from: 'a',
        to: 'b',
        size: 3 * MSS,
        start: `${String(index * 10)}s`,
        port: 5000 + index,
      })),
    });
    const world = new World(resolved(scenario));
    world.run(world.endAt);
    return world.summary('finished', 0).flows.reduce((sum, { retransmits }) => sum + retransmits, 0);
  };

  test('it sends again what was only late, in a quarter of the transfers; its delay variant never', () => {
    expect(needless({})).toBe(0);
    const rate = needless({ earlyRetransmit: true }) / TRANSFERS;
    // The first of three is late and the others are not, or the second of three and the third is not: 2 · 0.2 · 0.8².
    expect(Math.abs(rate - 0.256)).toBeLessThan(0.06);
    expect(needless({ earlyRetransmit: true, earlyRetransmitDelay: true })).toBe(0);
  });
});
