// A spike in the delay (Ludwig and Katz 2000; Gurtov and Ludwig): what the sender sends again for nothing, and what is
// left of its window, with and without Eifel, timestamps and F-RTO.

import { describe, expect, test } from 'vitest';
import { World } from '../../core/world';
import { resolved, wireDocument } from '../worlds';

/** Segments in flight when the spike begins: the receiver's window. */
const WINDOW = 30;

interface Spike {
  readonly timeouts: number;
  readonly retransmits: number;
  readonly takenBack: number;
  readonly seconds: number;
  /** Congestion window after the spike over that before. */
  readonly windowKept: number;
}

/** The packets of 20 ms are held for `seconds`, and all behind them too. */
function spike(seconds: number, tcp: object): Spike {
  const scenario = wireDocument({
    duration: '60s',
    tcp: { initialWindow: 4, mss: 1000, receiveBuffer: `${String(WINDOW * 1000)}B`, ...tcp },
    link: { rate: '2Mbps', delay: '50ms', queue: { discipline: 'droptail', limit: '1000p' } },
    traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: 3_000_000 }],
    changes: [
      { at: '5s', set: '/links/l/delay', to: `${String(50 + seconds * 1000)}ms` },
      { at: '5.02s', set: '/links/l/delay', to: '50ms' },
    ],
  });
  const world = new World(resolved(scenario));
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

describe.each([2, 4, 10])('a spike of %d s', (seconds) => {
  test('without Eifel nearly the whole window goes again, and half of it is lost for good', () => {
    const { timeouts, retransmits, windowKept } = spike(seconds, {});
    expect(retransmits - timeouts).toBeGreaterThanOrEqual(WINDOW - 2);
    expect(windowKept).toBeLessThan(0.55);
  });

  test('with Eifel only what the timer itself sends, and the window is back', () => {
    const plain = spike(seconds, {});
    const eifel = spike(seconds, { eifel: true });
    expect(eifel.retransmits).toBe(eifel.timeouts);
    expect(eifel.takenBack).toBe(1);
    expect(eifel.windowKept).toBeGreaterThan(0.99);
    expect(plain.seconds - eifel.seconds).toBeGreaterThan(0.3);
  });

  test('Eifel without timestamps sees nothing', () => {
    const { retransmits, timeouts, takenBack } = spike(seconds, { eifel: true, timestamps: false });
    expect(takenBack).toBe(0);
    expect(retransmits - timeouts).toBeGreaterThanOrEqual(WINDOW - 2);
  });
});

test('F-RTO finds out without timestamps, if the timer expired once only', () => {
  const once = spike(2, { frto: true, timestamps: false });
  expect(once.timeouts).toBe(1);
  expect(once.retransmits).toBe(1);
  expect(once.windowKept).toBeGreaterThan(0.99);
  // RFC 5682 §2.1: a second timeout of the same data makes it conventional.
  const twice = spike(4, { frto: true, timestamps: false });
  expect(twice.timeouts).toBe(2);
  expect(twice.takenBack).toBe(0);
});

test('detection without the response counts, and changes nothing', () => {
  const plain = spike(2, {});
  const detecting = spike(2, { eifel: true, eifelResponse: false });
  expect(detecting.takenBack).toBe(1);
  expect(detecting.retransmits).toBe(plain.retransmits);
  expect(detecting.seconds).toBe(plain.seconds);
});
