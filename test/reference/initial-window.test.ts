// What a larger initial window buys: RFC 2416's printed times, and the round trips of small transfers (tcp.md §3, §19 E2).

import { describe, expect, test } from 'vitest';
import { worldOfScenario } from '../../core/labs';
import { ROUND_TRIPS, roundTrips, WINDOWS } from '../../core/labs/22-initial-window/round-trips';
import { PRINTED, slowLink, TOLERANCE_SECONDS } from '../../core/labs/48-slow-link/rfc2416';

describe('RFC 2416: four packets into a queue of three', () => {
  test('an initial window of four: ACKs, duplicates and the retransmission within 2 ms', () => {
    const { ackTimes, again } = slowLink(4, worldOfScenario);
    PRINTED[4]!.forEach((wanted, index) => {
      expect(Math.abs(ackTimes[index]! - wanted), `ACK ${String(index + 1)}`).toBeLessThan(TOLERANCE_SECONDS);
    });
    expect(again[0]!.segment).toBe(4);
    expect(Math.abs(again[0]!.at - 5.389)).toBeLessThan(TOLERANCE_SECONDS);
  });

  test('an initial window of one comes to the same loss 2.889 s later', () => {
    const { ackTimes, again } = slowLink(1, worldOfScenario);
    PRINTED[1]!.forEach((wanted, index) => {
      expect(Math.abs(ackTimes[index]! - wanted), `ACK ${String(index + 1)}`).toBeLessThan(TOLERANCE_SECONDS);
    });
    expect(again[0]!.segment).toBe(7);
    expect(Math.abs(again[0]!.at - slowLink(4, worldOfScenario).again[0]!.at - 2.889)).toBeLessThan(
      2 * TOLERANCE_SECONDS,
    );
  });
});

describe('round trips of a transfer, an ACK for each segment (tcp.md §3)', () => {
  test.each(ROUND_TRIPS)('%d KB with windows of 1, 2, 3, 4 and 10 segments', (kilobytes, wanted) => {
    const rounds = WINDOWS.map((window) => {
      const initialWindow = window === 10 ? 'iw10' : window;
      return Math.round(roundTrips({ kilobytes, initialWindow, delayedAck: false }, worldOfScenario));
    });
    expect(rounds).toEqual(wanted);
  });
});
