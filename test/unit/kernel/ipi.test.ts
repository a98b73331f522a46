// IPI messages: one interrupt for many, passive ones wait, and full rings do not deadlock (kernel.md §5).

import { describe, expect, test } from 'vitest';
import { rig } from './rig';

/** Two CPUs flood each other's threads with messages that nobody waits for. */
function flood(options: Parameters<typeof rig>[1], messages: number, gapNs: number): ReturnType<typeof rig>['kernel'] {
  const { kernel, run } = rig(2, options);
  const sinks = [0, 1].map((cpu) =>
    kernel.start(
      `sink ${String(cpu)}`,
      function* (k) {
        for (let i = 0; i < messages; i += 1) {
          yield k.waitport(k.port);
          yield k.replymsg(k.message!);
        }
      },
      { cpu, priority: 10 },
    ),
  );
  for (const cpu of [0, 1]) {
    kernel.start(
      `source ${String(cpu)}`,
      function* (k) {
        const sent = Array.from({ length: messages }, () => k.newMessage());
        // All at once: nobody gets the CPU in between.
        yield k.crit_enter();
        for (const message of sent) {
          yield k.sendmsg(sinks[1 - cpu]!.port, message);
          if (gapNs > 0) yield k.work(gapNs);
        }
        yield k.crit_exit();
        for (const message of sent) yield k.waitmsg(message);
      },
      { cpu, priority: 20 },
    );
  }
  run(1e10);
  return kernel;
}

describe('the interlock', () => {
  test('of many messages in a row few are worth an interrupt', () => {
    const kernel = flood({}, 100, 0);
    const { ipiSent, ipiInterrupts, ipiAvoided } = kernel.cpus[0]!.counters;
    expect(ipiSent).toBeGreaterThanOrEqual(200);
    expect(ipiInterrupts + ipiAvoided).toBe(ipiSent);
    expect(ipiAvoided / ipiSent).toBeGreaterThan(0.8);
  });

  test('without it each costs one', () => {
    const { ipiSent, ipiInterrupts } = flood({ ipiInterlock: false }, 100, 0).cpus[0]!.counters;
    expect(ipiInterrupts).toBe(ipiSent);
  });
});

describe('a full ring', () => {
  test('makes its sender wait, who works on its own rings meanwhile', () => {
    const kernel = flood({ ipiRingEntries: 16 }, 200, 0);
    expect(kernel.livingThreads).toBe(0);
    expect(kernel.cpus[0]!.counters.ipiFifoFull).toBeGreaterThan(0);
  });

  test('and if it did not, two full CPUs would wait for each other for ever', () => {
    const kernel = flood({ ipiRingEntries: 16, drainsWhileSpinning: false }, 200, 0);
    expect(kernel.livingThreads).toBe(4);
  });
});
