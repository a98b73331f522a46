// The big lock as a count in threads, and the locks that tokens are compared with (kernel.md §4.3, §6.8).

import { describe, expect, test } from 'vitest';
import { KernelProgramError, type Lock, Mutex, Serializer, Spinlock } from '../../../core/kernel';
import { rig } from './rig';

type Rig = ReturnType<typeof rig>;

const KINDS: [string, (rig: Rig) => Lock][] = [
  ['mutex', ({ kernel }) => new Mutex(kernel, 'lock')],
  ['spinlock', ({ kernel }) => new Spinlock(kernel, 'lock')],
  ['serializer', ({ kernel }) => new Serializer(kernel, 'lock')],
];

test.each(KINDS)('a %s is held by one at a time, over four CPUs', (_, make) => {
  const machine = rig(4);
  const lock = make(machine);
  let inside = 0;
  let most = 0;
  let rounds = 0;
  for (let cpu = 0; cpu < 4; cpu += 1) {
    machine.kernel.start(
      `t${String(cpu)}`,
      function* (k) {
        for (let i = 0; i < 50; i += 1) {
          yield k.lock(lock);
          inside += 1;
          most = Math.max(most, inside);
          yield k.work(1000);
          inside -= 1;
          yield k.unlock(lock);
          yield k.work(200);
          rounds += 1;
        }
      },
      { cpu },
    );
  }
  machine.run();
  expect(rounds).toBe(200);
  expect(most).toBe(1);
  expect(lock.counters.collisions).toBeGreaterThan(0);
});

test('a sleeper keeps its mutex and holds up others, where a token would not', () => {
  const { kernel, engine, run } = rig(2);
  const lock = new Mutex(kernel, 'lock');
  let gotAt = 0;
  kernel.start('sleeper', function* (k) {
    yield k.lock(lock);
    yield k.sleep(1e6);
    yield k.unlock(lock);
  });
  kernel.start(
    'other',
    function* (k) {
      yield k.work(10_000);
      yield k.lock(lock);
      gotAt = engine.now;
      yield k.unlock(lock);
    },
    { cpu: 1 },
  );
  run();
  expect(gotAt).toBeGreaterThan(1e6);
  expect(lock.counters.blocks).toBe(1);
});

/** Two threads take two mutexes, in the same or in opposite orders. */
function cross(opposite: boolean): Rig['kernel'] {
  const { kernel, run } = rig(2);
  const locks = [new Mutex(kernel, 'a'), new Mutex(kernel, 'b')];
  for (const cpu of [0, 1]) {
    const order = opposite && cpu === 1 ? [...locks].reverse() : locks;
    kernel.start(
      `t${String(cpu)}`,
      function* (k) {
        yield k.lock(order[0]!);
        yield k.work(10_000);
        yield k.lock(order[1]!);
        yield k.unlock(order[1]!);
        yield k.unlock(order[0]!);
      },
      { cpu },
    );
  }
  run();
  return kernel;
}

test('mutexes taken in opposite orders deadlock, and the circle is found; in one order they do not', () => {
  const stuck = cross(true);
  expect(stuck.livingThreads).toBe(2);
  expect(
    stuck
      .deadlock()
      ?.map(({ name }) => name)
      .sort(),
  ).toEqual(['t0', 't1']);
  const fine = cross(false);
  expect(fine.livingThreads).toBe(0);
  expect(fine.deadlock()).toBeUndefined();
});

test('who holds a spinlock may not sleep', () => {
  const { kernel, run } = rig(1);
  const lock = new Spinlock(kernel, 'lock');
  kernel.start('program', function* (k) {
    yield k.lock(lock);
    yield k.sleep(1);
  });
  expect(run).toThrow(KernelProgramError);
});

describe('the big lock', () => {
  /** When each of two threads per CPU has done its 100 µs; those with the lock and those without. */
  function shares(locked: readonly boolean[]): number {
    const { kernel, engine, run } = rig(locked.length);
    let endedAt = 0;
    locked.forEach((bigLock, cpu) => {
      kernel.start(
        `t${String(cpu)}`,
        function* (k) {
          for (let i = 0; i < 10; i += 1) {
            yield k.work(10_000);
            yield k.yield();
          }
          endedAt = Math.max(endedAt, engine.now);
        },
        { cpu, bigLock },
      );
    });
    run();
    return endedAt;
  }

  test('makes threads of different CPUs take turns, and lets the others run', () => {
    expect(shares([false, false, false, false])).toBeLessThan(110_000);
    expect(shares([true, true, true, true])).toBeGreaterThan(400_000);
    const half = shares([true, true, false, false]);
    expect(half).toBeGreaterThan(200_000);
    expect(half).toBeLessThan(250_000);
  });

  test('a thread that does not need it runs while one that does waits', () => {
    const { kernel, engine, run } = rig(2);
    let freeAt = 0;
    kernel.start('holder', function* (k) {
      yield k.get_mplock();
      yield k.work(1e6);
      yield k.rel_mplock();
    });
    kernel.start(
      'needy',
      function* (k) {
        yield k.work(10_000);
        yield k.get_mplock();
        yield k.rel_mplock();
      },
      { cpu: 1, priority: 20 },
    );
    kernel.start(
      'free',
      function* (k) {
        yield k.work(1000);
        freeAt = engine.now;
      },
      { cpu: 1, priority: 5 },
    );
    run();
    expect(freeAt).toBeLessThan(20_000);
    expect(kernel.livingThreads).toBe(0);
    expect(kernel.cpus[1]!.counters.contestedNs).toBeGreaterThan(900_000);
  });
});
