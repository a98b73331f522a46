// A spike in the delay (Ludwig and Katz 2000; Gurtov and Ludwig): what the sender sends again for nothing, and what is
// left of its window, with and without Eifel, timestamps and F-RTO.

import { describe, expect, test } from 'vitest';
import { worldOfScenario } from '../../core/labs';
import { spike, WINDOW } from '../../core/labs/24-eifel/spike';

describe.each([2, 4, 10])('a spike of %d s', (seconds) => {
  test('without Eifel nearly the whole window goes again, and half of it is lost for good', () => {
    const { timeouts, retransmits, windowKept } = spike(seconds, {}, worldOfScenario);
    expect(retransmits - timeouts).toBeGreaterThanOrEqual(WINDOW - 2);
    expect(windowKept).toBeLessThan(0.55);
  });

  test('with Eifel only what the timer itself sends, and the window is back', () => {
    const plain = spike(seconds, {}, worldOfScenario);
    const eifel = spike(seconds, { eifel: true }, worldOfScenario);
    expect(eifel.retransmits).toBe(eifel.timeouts);
    expect(eifel.takenBack).toBe(1);
    expect(eifel.windowKept).toBeGreaterThan(0.99);
    expect(plain.seconds - eifel.seconds).toBeGreaterThan(0.3);
  });

  test('Eifel without timestamps sees nothing', () => {
    const { retransmits, timeouts, takenBack } = spike(seconds, { eifel: true, timestamps: false }, worldOfScenario);
    expect(takenBack).toBe(0);
    expect(retransmits - timeouts).toBeGreaterThanOrEqual(WINDOW - 2);
  });
});

test('F-RTO finds out without timestamps, if the timer expired once only', () => {
  const once = spike(2, { frto: true, timestamps: false }, worldOfScenario);
  expect(once.timeouts).toBe(1);
  expect(once.retransmits).toBe(1);
  expect(once.windowKept).toBeGreaterThan(0.99);
  // RFC 5682 §2.1: a second timeout of the same data makes it conventional.
  const twice = spike(4, { frto: true, timestamps: false }, worldOfScenario);
  expect(twice.timeouts).toBe(2);
  expect(twice.takenBack).toBe(0);
});

test('detection without the response counts, and changes nothing', () => {
  const plain = spike(2, {}, worldOfScenario);
  const detecting = spike(2, { eifel: true, eifelResponse: false }, worldOfScenario);
  expect(detecting.takenBack).toBe(1);
  expect(detecting.retransmits).toBe(plain.retransmits);
  expect(detecting.seconds).toBe(plain.seconds);
});
