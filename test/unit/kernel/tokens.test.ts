// Tokens: held only while running, no deadlock in any order, all or nothing (kernel.md §4).

import { describe, expect, test } from 'vitest';
import { KernelProgramError, type Token } from '../../../core/kernel';
import { rig } from './rig';

/** Watches that a section is for one at a time. */
class Section {
  inside = 0;
  most = 0;

  enter(): void {
    this.inside += 1;
    this.most = Math.max(this.most, this.inside);
  }

  leave(): void {
    this.inside -= 1;
  }
}

type Kernel = ReturnType<typeof rig>['kernel'];

const GENERATIONS = ['g1', 'g2', 'g3'] as const;

describe('exclusion', () => {
  test.each(GENERATIONS)('one holder at a time, over eight CPUs, %s', (tokens) => {
    const { kernel, run } = rig(8, { tokens });
    const token = kernel.token('t');
    const section = new Section();
    let rounds = 0;
    for (let cpu = 0; cpu < 8; cpu += 1) {
      kernel.start(
        `t${String(cpu)}`,
        function* (k) {
          for (let i = 0; i < 50; i += 1) {
            yield k.gettoken(token);
            section.enter();
            yield k.work(1000);
            section.leave();
            yield k.reltoken(token);
            yield k.work(300);
            rounds += 1;
          }
        },
        { cpu },
      );
    }
    run();
    expect(section.most).toBe(1);
    expect(rounds).toBe(400);
    expect(token.counters.collisions).toBeGreaterThan(0);
    expect(token.counters.handOffs).toBeGreaterThan(0);
  });

  test('sharers hold it together, and not with one who has it alone', () => {
    const { kernel, run } = rig(4);
    const token = kernel.token('t');
    let readers = 0;
    let writers = 0;
    let mostReaders = 0;
    let mixed = 0;
    for (let cpu = 0; cpu < 4; cpu += 1) {
      kernel.start(
        `t${String(cpu)}`,
        function* (k) {
          for (let i = 0; i < 40; i += 1) {
            const writes = (i + cpu) % 8 === 0;
            yield writes ? k.gettoken(token) : k.gettoken_shared(token);
            if (writes) writers += 1;
            else readers += 1;
            mostReaders = Math.max(mostReaders, readers);
            if (writers > 1 || (writers === 1 && readers > 0)) mixed += 1;
            yield k.work(2000);
            if (writes) writers -= 1;
            else readers -= 1;
            yield k.reltoken(token);
          }
        },
        { cpu },
      );
    }
    run();
    expect(mixed).toBe(0);
    expect(mostReaders).toBeGreaterThan(1);
    expect(kernel.livingThreads).toBe(0);
  });
});

test('a reader stands back for who waits to write, unless it holds another token', () => {
  const delays = [false, true].map((holdsAnother) => {
    const { kernel, run } = rig(3);
    const [token, other] = [kernel.token('t'), kernel.token('other')];
    let waited = -1;
    kernel.start('first reader', function* (k) {
      yield k.gettoken_shared(token);
      yield k.work(50_000);
      yield k.reltoken(token);
    });
    kernel.start(
      'writer',
      function* (k) {
        yield k.work(5000);
        yield k.gettoken(token);
        yield k.work(30_000);
        yield k.reltoken(token);
      },
      { cpu: 1 },
    );
    kernel.start(
      'second reader',
      function* (k) {
        yield k.work(10_000);
        if (holdsAnother) yield k.gettoken(other);
        const from = k.now;
        yield k.gettoken_shared(token);
        waited = k.now - from;
        yield k.reltoken(token);
        if (holdsAnother) yield k.reltoken(other);
      },
      { cpu: 2 },
    );
    run();
    return waited;
  });
  // Behind the first reader and the writer, or beside the first reader.
  expect(delays[0]).toBeGreaterThan(60_000);
  expect(delays[1]).toBeLessThan(1000);
});

describe('a token is held only while its thread runs', () => {
  test('who sleeps with it does not hold up others, and has it again when it runs', () => {
    const { kernel, engine, run } = rig(2);
    const token = kernel.token('t');
    let gotAt = 0;
    let wokeAt = 0;
    let others = 0;
    kernel.start('sleeper', function* (k) {
      yield k.gettoken(token);
      const before = others;
      yield k.sleep(1e6);
      wokeAt = engine.now;
      // What the token protects may have changed meanwhile.
      expect(others).toBeGreaterThan(before);
      yield k.reltoken(token);
    });
    kernel.start(
      'other',
      function* (k) {
        yield k.work(10_000);
        yield k.gettoken(token);
        gotAt = engine.now;
        others += 1;
        yield k.work(2e6);
        yield k.reltoken(token);
      },
      { cpu: 1 },
    );
    run();
    expect(gotAt).toBeLessThan(20_000);
    expect(wokeAt).toBeGreaterThan(2e6);
    expect(token.counters.dropped).toBe(1);
  });

  test('a preempted thread keeps it', () => {
    const { kernel, engine, run } = rig(2);
    const token = kernel.token('t');
    let releasedAt = 0;
    let gotAt = 0;
    kernel.start('holder', function* (k) {
      yield k.gettoken(token);
      yield k.work(50_000);
      releasedAt = engine.now;
      yield k.reltoken(token);
    });
    kernel.start(
      'interrupt',
      function* (k) {
        yield k.sleep(10_000);
        yield k.work(20_000);
      },
      { priority: 28, mayPreempt: true },
    );
    kernel.start(
      'other',
      function* (k) {
        yield k.work(15_000);
        yield k.gettoken(token);
        gotAt = engine.now;
        yield k.reltoken(token);
      },
      { cpu: 1 },
    );
    run();
    expect(releasedAt).toBeGreaterThan(70_000);
    expect(gotAt).toBeGreaterThan(releasedAt);
  });
});

describe('no order of taking deadlocks', () => {
  test.each([2, 3, 4].flatMap((count) => GENERATIONS.map((tokens) => ({ count, tokens }))))(
    '$count tokens, threads that take them in all orders, $tokens',
    ({ count, tokens: generation }) => {
      const { kernel, run } = rig(4, { tokens: generation });
      const tokens = Array.from({ length: count }, (_, i) => kernel.token(`t${String(i)}`));
      const sections = tokens.map(() => new Section());
      let rounds = 0;
      for (let cpu = 0; cpu < 4; cpu += 1) {
        kernel.start(
          `t${String(cpu)}`,
          function* (k) {
            for (let i = 0; i < 30; i += 1) {
              const order = tokens.map((_, j) => (j * (cpu % 2 === 0 ? 1 : count - 1) + cpu + i) % count);
              for (const at of order) yield k.gettoken(tokens[at]!);
              for (const section of sections) section.enter();
              yield k.work(500);
              for (const section of sections) section.leave();
              for (const at of [...order].reverse()) yield k.reltoken(tokens[at]!);
              rounds += 1;
            }
          },
          { cpu },
        );
      }
      run();
      expect(rounds).toBe(120);
      for (const { most } of sections) expect(most).toBe(1);
    },
  );
});

describe('generations', () => {
  /** What one CPU pays for 1,000 sections of its own, and how often two CPUs' sections ask for each other's token. */
  function cost(tokens: 'g1' | 'g2' | 'g3', cpus: number): { ns: number; kernel: ReturnType<typeof rig>['kernel'] } {
    const { kernel, engine, run } = rig(cpus, { tokens });
    const token = kernel.token('t');
    let endedAt = 0;
    for (let cpu = 0; cpu < cpus; cpu += 1) {
      kernel.start(
        `t${String(cpu)}`,
        function* (k) {
          for (let i = 0; i < 1000; i += 1) {
            yield k.gettoken(token);
            yield k.work(100);
            yield k.reltoken(token);
          }
          endedAt = engine.now;
        },
        { cpu },
      );
    }
    run();
    expect(kernel.livingThreads).toBe(0);
    return { ns: endedAt / 1000, kernel };
  }

  test('owned by CPUs a token is free on its CPU, where the atomic word costs an operation each time', () => {
    const [g1, g2, g3] = GENERATIONS.map((tokens) => cost(tokens, 1).ns);
    expect(g1).toBeLessThan(110);
    expect(g2).toBeLessThan(110);
    expect(g3).toBeGreaterThan(135);
  });

  test('shared between CPUs it costs IPIs, and passive ones wait for a tick', () => {
    const [g1, g2, g3] = GENERATIONS.map((tokens) => cost(tokens, 2));
    const sum = (kernel: Kernel, counter: 'ipiSent' | 'ipiPassive'): number =>
      kernel.cpus.reduce((total, { counters }) => total + counters[counter], 0);
    expect(sum(g1!.kernel, 'ipiSent')).toBeGreaterThan(0);
    expect(sum(g1!.kernel, 'ipiPassive')).toBe(0);
    expect(sum(g2!.kernel, 'ipiPassive')).toBeGreaterThan(0);
    expect(sum(g3!.kernel, 'ipiSent')).toBe(0);
    expect(g2!.ns).toBeGreaterThan(1000);
  });
});

describe('misuse', () => {
  const programs: [string, RegExp, (a: Token, b: Token) => Parameters<ReturnType<typeof rig>['kernel']['start']>[1]][] =
    [
      [
        'releasing out of order',
        /reverse order/u,
        (a, b) =>
          function* (k) {
            yield k.gettoken(a);
            yield k.gettoken(b);
            yield k.reltoken(a);
          },
      ],
      [
        'alone after shared',
        /shared and wants it alone/u,
        (a) =>
          function* (k) {
            yield k.gettoken_shared(a);
            yield k.gettoken(a);
          },
      ],
      [
        'ending with one',
        /ends with a token/u,
        (a) =>
          function* (k) {
            yield k.gettoken(a);
          },
      ],
    ];

  test.each(programs)('%s', (_, message, program) => {
    const { kernel, run } = rig(1);
    kernel.start('program', program(kernel.token('a'), kernel.token('b')));
    let error: unknown;
    try {
      run();
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(KernelProgramError);
    expect((error as Error).message).toMatch(message);
  });

  test('one may take a token again that one has', () => {
    const { kernel, run } = rig(1);
    const token = kernel.token('a');
    kernel.start('program', function* (k) {
      yield k.gettoken(token);
      yield k.gettoken(token);
      yield k.gettoken_shared(token);
      yield k.reltoken(token);
      yield k.reltoken(token);
      yield k.reltoken(token);
    });
    run();
    expect(kernel.livingThreads).toBe(0);
  });
});
