// Interrupt threads: masked while they serve, limited when they would take everything (kernel.md §1.7).

import { describe, expect, test } from 'vitest';
import { nanos } from '../../../core/base';
import { Priority } from '../../../core/engine';
import { InterruptSource } from '../../../core/kernel';
import { rig } from './rig';

/** A device that raises `rate` times a second for `seconds`; its handler takes 5 µs. */
function device(rate: number, seconds: number, limit: number): { source: InterruptSource; background: number } {
  const { kernel, engine, run } = rig(1);
  const source = new InterruptSource(kernel, 'device', () => 5000, { livelockLimit: limit });
  const gapNs = Math.round(1e9 / rate);
  const raise = {
    onEvent(now: number): void {
      source.raise();
      if (now < seconds * 1e9) engine.schedule(nanos(now + gapNs), Priority.arrival, raise, 0);
    },
  };
  engine.schedule(nanos(0), Priority.arrival, raise, 0);
  let background = 0;
  kernel.start('background', function* (k) {
    for (;;) {
      yield k.work(10_000);
      background += 1;
    }
  });
  run(seconds * 1e9);
  return { source, background };
}

test('what is raised while the source is masked is served by one run more, not lost', () => {
  const { kernel, engine, run } = rig(1);
  let served = 0;
  let waiting = 0;
  const source = new InterruptSource(kernel, 'device', () => {
    served += waiting;
    waiting = 0;
    return 10_000;
  });
  for (let i = 0; i < 5; i += 1) {
    const raise = {
      onEvent(): void {
        waiting += 1;
        source.raise();
      },
    };
    engine.schedule(nanos(1000 + 2000 * i), Priority.arrival, raise, 0);
  }
  run();
  expect(served).toBe(5);
  expect(source.counters.raised).toBe(5);
  expect(source.counters.whileMasked).toBe(4);
  expect(source.counters.runs).toBe(2);
});

test('an interrupt inside a critical section waits for its end', () => {
  const { kernel, engine, run } = rig(1);
  let servedAt = 0;
  const source = new InterruptSource(kernel, 'device', () => {
    servedAt = engine.now;
    return 100;
  });
  engine.schedule(
    nanos(10_000),
    Priority.arrival,
    {
      onEvent: () => {
        source.raise();
      },
    },
    0,
  );
  kernel.start('section', function* (k) {
    yield k.crit_enter();
    yield k.work(100_000);
    yield k.crit_exit();
    yield k.work(100_000);
  });
  run();
  expect(servedAt).toBeGreaterThan(100_000);
  expect(servedAt).toBeLessThan(105_000);
});

describe('livelock', () => {
  test('below the limit every interrupt is served as it comes', () => {
    const { source } = device(5000, 2, 20_000);
    expect(source.counters.livelocks).toBe(0);
    expect(source.counters.runs).toBeGreaterThan(9990);
  });

  test('without a limit a device that never rests leaves nothing for others', () => {
    const { background } = device(200_000, 2, Infinity);
    expect(background).toBeLessThan(10);
  });

  test('with one it runs at the rate of the limit, and others get the rest', () => {
    const { source, background } = device(200_000, 4, 20_000);
    expect(source.counters.livelocks).toBe(1);
    // A run takes 5 µs and a timer's handler: 20,000 of them leave most of the time.
    expect(source.counters.runs / 4).toBeGreaterThan(15_000);
    expect(source.counters.runs / 4).toBeLessThan(26_000);
    expect(background).toBeGreaterThan(4 * 50_000);
  });
});
