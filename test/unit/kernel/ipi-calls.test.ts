// IPI messages that programs send themselves, standstills, and the pool of tokens (kernel.md §4.1, §5).

import { expect, test } from 'vitest';
import { rig } from './rig';

test('a call runs on its target, in a handler there, and is waited for by its number', () => {
  const { kernel, engine, run } = rig(2);
  const ran: number[] = [];
  let waitedUntil = 0;
  kernel.start('sender', function* (k) {
    yield k.send_ipiq(1, (cpu) => {
      ran.push(cpu);
      return 5000;
    });
    yield k.wait_ipiq(1, k.sequence);
    waitedUntil = engine.now;
  });
  run();
  expect(ran).toEqual([1]);
  // Latency, entry, the ring's line, the call, and the line with the index back.
  expect(waitedUntil).toBeGreaterThan(6400);
  expect(waitedUntil).toBeLessThan(7500);
  expect(kernel.cpus[1]!.counters.handlerNs).toBeGreaterThan(5400);
});

test('a passive one waits for the tick, or for a later one that interrupts', () => {
  const arrivals = [false, true].map((hurries) => {
    const { kernel, engine, run } = rig(2);
    let at = 0;
    kernel.start('sender', function* (k) {
      yield k.send_ipiq_passive(1, () => {
        at = engine.now;
        return 0;
      });
      if (hurries) yield k.send_ipiq(1, () => 0);
    });
    run(50e6);
    return at;
  });
  expect(arrivals[0]).toBeGreaterThan(1e6);
  expect(arrivals[1]).toBeLessThan(5000);
});

test('who does not wait for room is told that there is little', () => {
  const { kernel, run } = rig(2, { ipiRingEntries: 12 });
  const errors: number[] = [];
  kernel.start(
    'busy',
    function* (k) {
      yield k.crit_enter();
      yield k.work(1e6);
      yield k.crit_exit();
    },
    { cpu: 1 },
  );
  kernel.start('sender', function* (k) {
    for (let i = 0; i < 10; i += 1) {
      yield k.send_ipiq_nowait(1, () => 0);
      errors.push(k.error);
    }
  });
  run();
  expect(errors).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 2, 2]);
});

test('a mask is sent to in ascending order, and to oneself at once', () => {
  const { kernel, run } = rig(4);
  const ran: number[] = [];
  kernel.start('sender', function* (k) {
    yield k.send_ipiq_mask([3, 1, 2], (cpu) => {
      ran.push(cpu);
      return 0;
    });
  });
  run();
  expect(ran).toEqual([1, 2, 3]);
});

test('no CPU does anything else between interlock and deinterlock, and all run the function', () => {
  const { kernel, engine, run } = rig(4);
  const worked: number[] = [];
  const ran: number[] = [];
  let stillFrom = 0;
  let stillTo = 0;
  for (let cpu = 1; cpu < 4; cpu += 1)
    kernel.start(
      `worker ${String(cpu)}`,
      function* (k) {
        for (let i = 0; i < 300; i += 1) {
          yield k.work(1000);
          worked.push(engine.now);
        }
      },
      { cpu },
    );
  kernel.start('master', function* (k) {
    yield k.work(50_000);
    const sync = k.newCpuSync([0, 1, 2, 3], (cpu) => {
      ran.push(cpu);
      return 200;
    });
    yield k.cpusync_interlock(sync);
    stillFrom = engine.now;
    yield k.work(30_000);
    stillTo = engine.now;
    yield k.cpusync_deinterlock(sync);
    expect(ran.toSorted()).toEqual([0, 1, 2, 3]);
  });
  run();
  expect(stillTo - stillFrom).toBe(30_000);
  expect(worked.filter((at) => at > stillFrom && at <= stillTo)).toEqual([]);
  expect(worked.length).toBe(900);
  expect(kernel.cpus[0]!.counters.cpuSyncs).toBe(1);
});

test('two masters at once do not deadlock: each serves the other while it waits', () => {
  const { kernel, run } = rig(2);
  let done = 0;
  for (let cpu = 0; cpu < 2; cpu += 1)
    kernel.start(
      `master ${String(cpu)}`,
      function* (k) {
        for (let i = 0; i < 20; i += 1) {
          yield k.work(500);
          const sync = k.newCpuSync([0, 1], () => 100);
          yield k.cpusync_interlock(sync);
          yield k.cpusync_deinterlock(sync);
          done += 1;
        }
      },
      { cpu },
    );
  run(1e9);
  expect(done).toBe(40);
});

test('a master that waits for something else is told that others stand still', () => {
  const { kernel, run } = rig(2);
  kernel.start('master', function* (k) {
    yield k.cpusync_interlock(k.newCpuSync([1], () => 0));
    yield k.sleep(1000);
  });
  expect(() => {
    run();
  }).toThrow('gives its CPU up while others stand still');
});

test('the pool has one token for each place, and many addresses for a token', () => {
  const { kernel } = rig(1, { tokens: 'g2' });
  const { tokenPool } = kernel;
  expect(tokenPool.of(0x1000)).toBe(tokenPool.of(0x1000));
  expect(tokenPool.of(0x1000)).not.toBe(tokenPool.of(0x2000));
  const tokens = new Set(Array.from({ length: 5000 }, (_, i) => tokenPool.of(64 * i)));
  expect(tokens.size).toBeLessThanOrEqual(1024);
  expect(tokens.size).toBeGreaterThan(200);
});
