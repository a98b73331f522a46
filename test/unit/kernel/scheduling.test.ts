// Who runs when, who interrupts whom, and where control goes afterwards (kernel.md §1).

import { describe, expect, test } from 'vitest';
import { nanos } from '../../../core/base';
import { Priority } from '../../../core/engine';
import { InterruptSource, type Thread } from '../../../core/kernel';
import { rig } from './rig';

describe('priorities', () => {
  test('the highest runs first, equals in the order of waking', () => {
    const { kernel, run } = rig(1);
    const order: string[] = [];
    const note = (name: string) =>
      function* (k: Parameters<Parameters<typeof kernel.start>[1]>[0]) {
        order.push(name);
        yield k.work(10);
      };
    const starter = function* (k: Parameters<Parameters<typeof kernel.start>[1]>[0]) {
      for (const thread of threads) yield k.schedule(thread);
    };
    const threads = (
      [
        ['a', 5],
        ['b', 10],
        ['c', 10],
        ['d', 31],
        ['e', 0],
      ] as const
    ).map(([name, priority]) => kernel.create(name, note(name), { priority }));
    kernel.start('starter', starter, { priority: 31 });
    run();
    expect(order).toEqual(['d', 'b', 'c', 'a', 'e']);
  });

  /** Who computes in each 0.1 ms while a higher thread interrupts every one of them, for 21 ms. */
  function turns(rotation: 'switch' | 'tick'): string {
    const { kernel, run } = rig(1, { rotation });
    let order = '';
    for (const name of ['a', 'b']) {
      kernel.start(name, function* (k) {
        for (;;) {
          order += name;
          yield k.work(100_000);
          yield k.yieldQuick();
        }
      });
    }
    kernel.start(
      'high',
      function* (k) {
        for (;;) {
          yield k.sleep(98_000);
          yield k.work(100);
        }
      },
      { priority: 20 },
    );
    run(21e6);
    return order;
  }

  test('equals take turns at each switch', () => {
    // The first was alone in its queue when it was chosen.
    expect(turns('switch').slice(1, 11)).toBe('ababababab');
  });

  test('or at the clock tick only', () => {
    expect(turns('tick')).toMatch(/^a{90,105}b{90,105}a+$/u);
  });

  test('who yields goes behind its equals, at once', () => {
    const { kernel, run } = rig(1, { rotation: 'tick' });
    let order = '';
    for (const name of ['a', 'b', 'c']) {
      kernel.start(name, function* (k) {
        for (let i = 0; i < 3; i += 1) {
          order += name;
          yield k.work(100);
          yield k.yield();
        }
      });
    }
    run();
    expect(order).toBe('abcabcabc');
  });

  test('a thread that computes does not lose the CPU to a higher one that is no interrupt thread', () => {
    const { kernel, engine, run } = rig(1);
    let ranAt = 0;
    kernel.start(
      'high',
      function* (k) {
        yield k.sleep(10_000);
        ranAt = engine.now;
      },
      { priority: 20 },
    );
    kernel.start(
      'low',
      function* (k) {
        yield k.work(1e6);
      },
      { priority: 5 },
    );
    run();
    expect(ranAt).toBeGreaterThan(1e6);
  });
});

describe('preemption', () => {
  interface Seen {
    readonly trace: string[];
    readonly hits: number;
    readonly misses: number;
  }

  /** A victim works 100 µs; at 20 µs an interrupt thread is woken, and in it a thread above all is woken. */
  function interrupted(inSection: boolean, preemption: 'none' | 'interrupt' | 'full' = 'interrupt'): Seen {
    const { kernel, run } = rig(1, { preemption });
    const trace: string[] = [];
    const urgent = kernel.create(
      'urgent',
      function* (k) {
        trace.push('urgent');
        yield k.work(1000);
      },
      { priority: 31 },
    );
    kernel.start(
      'interrupt',
      function* (k) {
        yield k.sleep(20_000);
        trace.push('interrupt begins');
        yield k.schedule(urgent);
        yield k.work(1000);
        trace.push('interrupt ends');
        yield k.block();
      },
      { priority: 28, mayPreempt: true },
    );
    kernel.start(
      'victim',
      function* (k) {
        if (inSection) yield k.crit_enter();
        yield k.work(100_000);
        trace.push('victim');
        if (inSection) yield k.crit_exit();
      },
      { priority: 12 },
    );
    run();
    const { preemptHit, preemptMiss } = kernel.cpus[0]!.counters;
    return { trace, hits: preemptHit, misses: preemptMiss };
  }

  test('an interrupt thread runs at once and returns to its victim, though a higher thread waits', () => {
    const { trace, hits } = interrupted(false);
    expect(trace).toEqual(['interrupt begins', 'interrupt ends', 'victim', 'urgent']);
    expect(hits).toBe(1);
  });

  test('not inside a critical section: it runs when the section is left', () => {
    const { trace } = interrupted(true);
    expect(trace[0]).toBe('victim');
    expect(trace[1]).toBe('interrupt begins');
  });

  test('nor when the thread in the section wakes the interrupt thread itself: that is a miss, and it waits its turn', () => {
    const { kernel, run } = rig(1);
    const trace: string[] = [];
    const interrupt = kernel.create(
      'interrupt',
      function* (k) {
        trace.push('interrupt');
        yield k.work(100);
      },
      { priority: 28, mayPreempt: true },
    );
    kernel.start('victim', function* (k) {
      yield k.crit_enter();
      yield k.schedule(interrupt);
      yield k.work(1000);
      trace.push('section');
      yield k.crit_exit();
      yield k.sleep(1);
    });
    run();
    expect(trace).toEqual(['section', 'interrupt']);
    expect(kernel.cpus[0]!.counters.preemptMiss).toBe(1);
  });

  test('switched off it waits for the victim; switched on for all, the higher thread interrupts the interrupt', () => {
    expect(interrupted(false, 'none').trace).toEqual(['victim', 'interrupt begins', 'interrupt ends', 'urgent']);
    expect(interrupted(false, 'full').trace).toEqual(['interrupt begins', 'urgent', 'interrupt ends', 'victim']);
  });

  test('the victim gets all of its time', () => {
    const { kernel, run, engine } = rig(1);
    let endedAt = 0;
    const victim = kernel.start('victim', function* (k) {
      yield k.work(100_000);
      endedAt = engine.now;
    });
    kernel.start(
      'interrupt',
      function* (k) {
        for (let i = 0; i < 5; i += 1) {
          yield k.sleep(5000);
          yield k.work(2000);
        }
      },
      { priority: 28, mayPreempt: true },
    );
    run();
    expect(victim.busyNs).toBeGreaterThanOrEqual(100_000);
    expect(victim.busyNs).toBeLessThan(105_000);
    expect(endedAt).toBeGreaterThan(110_000);
  });
});

describe('migration', () => {
  test('a thread goes where it asks to, and what is sent to it follows', () => {
    const { kernel, run } = rig(3);
    const cpus: number[] = [];
    let replies = 0;
    const nomad: Thread = kernel.start('nomad', function* (k) {
      for (let i = 0; i < 60; i += 1) {
        yield k.setcpu(i % 3);
        cpus.push(k.cpu);
        yield k.waitport(k.port);
        yield k.replymsg(k.message!);
      }
    });
    for (let cpu = 0; cpu < 3; cpu += 1) {
      kernel.start(
        `client ${String(cpu)}`,
        function* (k) {
          for (let i = 0; i < 20; i += 1) {
            yield k.domsg(nomad.port, k.newMessage());
            replies += 1;
            yield k.work(1000 * cpu);
          }
        },
        { cpu },
      );
    }
    run();
    expect(replies).toBe(60);
    expect(cpus).toEqual(Array.from({ length: 60 }, (_, i) => i % 3));
  });
});

describe('costs', () => {
  test('a switch between address spaces costs more than one between kernel threads', () => {
    const span = (addressSpaces: boolean): number => {
      const { kernel, engine, run } = rig(1);
      let endedAt = 0;
      for (const name of ['a', 'b']) {
        kernel.start(
          name,
          function* (k) {
            for (let i = 0; i < 100; i += 1) yield k.yield();
            endedAt = engine.now;
          },
          addressSpaces ? { addressSpace: Symbol(name) } : {},
        );
      }
      run();
      return endedAt;
    };
    expect(span(true) - span(false)).toBeGreaterThan(195 * 1500);
  });

  test('a line that two CPUs write costs a transfer each time, one that one CPU writes costs a hit', () => {
    const { kernel, run } = rig(2);
    const line = kernel.machine.line();
    const threads = [0, 1].map((cpu) =>
      kernel.start(
        `writer ${String(cpu)}`,
        function* (k) {
          for (let i = 0; i < 100; i += 1) {
            yield k.write(line);
            yield k.work(500);
          }
        },
        { cpu },
      ),
    );
    run();
    expect(line.transfers).toBeGreaterThan(190);
    for (const { busyNs } of threads) expect(busyNs).toBeGreaterThan(100 * (500 + 139));
  });
});

test('a thread is descheduled from another CPU by a message, and scheduled again', () => {
  const { kernel, run } = rig(2);
  let turns = 0;
  const worker = kernel.start(
    'worker',
    function* (k) {
      for (;;) {
        yield k.work(1000);
        turns += 1;
        yield k.yield();
      }
    },
    { cpu: 1 },
  );
  const seen: number[] = [];
  kernel.start('master', function* (k) {
    yield k.sleep(50_000);
    yield k.deschedule(worker);
    yield k.sleep(20_000);
    seen.push(turns);
    yield k.sleep(100_000);
    seen.push(turns);
    yield k.schedule(worker);
    yield k.sleep(50_000);
    seen.push(turns);
  });
  run(1e6);
  expect(seen[0]).toBeGreaterThan(20);
  expect(seen[1]).toBe(seen[0]);
  expect(seen[2]).toBeGreaterThan(seen[1]! + 20);
});

test('a waiting thread is given away and acquired; both sides are told when they may not', () => {
  const { kernel, run } = rig(2);
  const places: number[] = [];
  const thing = kernel.start('thing', function* (k) {
    places.push(k.cpu);
    yield k.block();
    places.push(k.cpu);
  });
  kernel.start('giver', function* (k) {
    yield k.sleep(10_000);
    yield k.giveaway(thing);
  });
  kernel.start(
    'taker',
    function* (k) {
      yield k.sleep(50_000);
      yield k.acquire(thing);
      yield k.schedule(thing);
      yield k.sleep(50_000);
      yield k.acquire(thing);
    },
    { cpu: 1 },
  );
  expect(run).toThrow('which nobody gave away');
  expect(places).toEqual([0, 1]);
});

test('what a CPU spent in critical sections, and how long interrupts waited for that, is counted', () => {
  const { kernel, engine, run } = rig(1);
  const source = new InterruptSource(kernel, 'device', () => 100);
  kernel.start('worker', function* (k) {
    yield k.crit_enter();
    yield k.work(30_000);
    yield k.crit_exit();
    yield k.work(20_000);
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
  run();
  const { criticalNs, interrupts, interruptsDeferred, interruptDelayNs } = kernel.cpus[0]!.counters;
  expect(criticalNs).toBeGreaterThanOrEqual(30_000);
  expect(criticalNs).toBeLessThan(30_010);
  expect([interrupts, interruptsDeferred]).toEqual([1, 1]);
  expect(interruptDelayNs).toBeGreaterThan(20_000);
});
