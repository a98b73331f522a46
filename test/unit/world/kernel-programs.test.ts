import { expect, test } from 'vitest';
import { writeTrace } from '../../../core/export';
import type { RunSummary } from '../../../core/measure';
import { World } from '../../../core/world';
import { programDocument, readyDocument, resolved, runDocument, worldOf } from '../../worlds';

const work = (time: string): object => ({ do: 'work', for: time });
const forEver = (...steps: readonly object[]): object => ({ do: 'repeat', steps });

function counted(summary: RunSummary): Readonly<Record<string, number>> {
  return summary.kernels[0]!.counters;
}

test('every nanosecond of every CPU is somebody’s: busy, idle and contested add up, and so do the threads', () => {
  const summary = runDocument(readyDocument('producer-consumer'));
  for (const cpu of summary.cpus) {
    expect(cpu.busyNs + cpu.idleNs + cpu.contestedNs).toBe(summary.durationNs);
    const threads = cpu.threads.reduce((sum, { busyNs }) => sum + busyNs, 0);
    expect(threads + cpu.handlerNs).toBe(cpu.busyNs);
  }
  expect(counted(summary)['produced']).toBeGreaterThan(500);
});

test('a thread that moves is accounted where it worked', () => {
  const steps = [work('100us'), { do: 'move', cpu: 1 }, work('300us')];
  const { cpus, kernels } = runDocument(programDocument({ program: { threads: [{ id: 'a', steps }] } }));
  expect(cpus[0]!.threads[0]!.busyNs).toBeGreaterThanOrEqual(100_000);
  expect(cpus[0]!.threads[0]!.busyNs).toBeLessThan(110_000);
  expect(cpus[1]!.threads[0]!.busyNs).toBeGreaterThanOrEqual(300_000);
  expect(cpus[0]!.migrations).toBe(1);
  expect(kernels[0]!.threads[0]).toMatchObject({ cpu: 1, state: 'exited' });
});

test('who spins for a lock is busy meanwhile', () => {
  const hold = [{ do: 'take', what: 's' }, work('400us'), { do: 'release', what: 's' }];
  const program = {
    locks: [{ id: 's', kind: 'spinlock' }],
    threads: [
      { id: 'first', cpu: 0, steps: hold },
      { id: 'second', cpu: 1, steps: [work('10us'), ...hold] },
    ],
  };
  const { cpus, kernels } = runDocument(programDocument({ program }));
  expect(cpus[1]!.busyNs).toBeGreaterThan(790_000);
  expect(kernels[0]!.locks[0]).toMatchObject({ kind: 'spinlock', acquisitions: 2, collisions: 1 });
  expect(cpus[1]!.lockWaitNs).toBeGreaterThan(380_000);
});

const OPPOSITE = (lock: boolean): object => {
  const both = (first: string, second: string): object =>
    forEver(
      { do: 'take', what: first },
      work('3us'),
      { do: 'take', what: second },
      work('1us'),
      { do: 'release', what: second },
      { do: 'release', what: first },
      { do: 'count', as: 'rounds' },
    );
  return {
    ...(lock ? { locks: ['a', 'b'].map((id) => ({ id, kind: 'mutex' })) } : { tokens: ['a', 'b'] }),
    threads: [
      { id: 'x', cpu: 0, steps: [both('a', 'b')] },
      { id: 'y', cpu: 1, steps: [both('b', 'a')] },
    ],
  };
};

test('mutexes in opposite orders deadlock and that is told; tokens do not', () => {
  const locked = runDocument(programDocument({ program: OPPOSITE(true) }));
  expect(locked.kernels[0]!.deadlock?.toSorted()).toEqual(['x', 'y']);
  const free = runDocument(programDocument({ program: OPPOSITE(false) }));
  expect(free.kernels[0]!.deadlock).toBeUndefined();
  expect(counted(free)['rounds']).toBeGreaterThan(100);
});

test('an interrupt source raises at its rate, works, and wakes a thread', () => {
  const program = {
    interrupts: [{ id: 'nic', cpu: 1, process: 'periodic', rate: 10_000, work: '5us', wakes: 'reader' }],
    threads: [{ id: 'reader', cpu: 0, steps: [forEver({ do: 'block' }, work('1us'), { do: 'count', as: 'woken' })] }],
  };
  const summary = runDocument(programDocument({ program, duration: '10ms' }));
  expect(summary.kernels[0]!.interrupts[0]).toMatchObject({ name: 'nic', raised: 100 });
  expect(counted(summary)['woken']).toBe(99);
  expect(summary.cpus[1]!.interrupts).toBe(100);
});

test('copies of senders are paired with copies of receivers', () => {
  const program = {
    threads: [
      { id: 'client', cpu: 'each', steps: [{ do: 'repeat', times: 5, steps: [{ do: 'call', to: 'server' }] }] },
      { id: 'server', cpu: 'each', steps: [forEver({ do: 'receive' }, { do: 'reply' })] },
    ],
  };
  const { threads } = runDocument(programDocument({ program, cpus: 4 })).kernels[0]!;
  expect(threads.map(({ name }) => name)).toContain('server.3');
  expect(threads.filter(({ name }) => name.startsWith('server')).map(({ messages }) => messages)).toEqual([5, 5, 5, 5]);
});

test('a message goes through a shared port and is passed on; the reply finds its way back', () => {
  const program = {
    ports: ['inbox'],
    threads: [
      {
        id: 'client',
        cpu: 0,
        steps: [
          { do: 'call', to: 'inbox' },
          { do: 'count', as: 'answered' },
        ],
      },
      {
        id: 'desk',
        cpu: 1,
        steps: [
          { do: 'receive', from: 'inbox' },
          { do: 'forward', to: 'back' },
        ],
      },
      { id: 'back', cpu: 1, steps: [{ do: 'receive' }, work('2us'), { do: 'reply' }] },
    ],
  };
  expect(counted(runDocument(programDocument({ program })))['answered']).toBe(1);
});

test.each([
  ['a loop that asks for nothing', [forEver({ do: 'count', as: 'c' })], 'repeats steps for ever that ask for nothing'],
  ['a loop that costs nothing', [forEver(work('0us'))], 'steps in no time'],
  ['a reply to nothing', [{ do: 'reply' }], 'it replies without having a message'],
  [
    'a sleep in a critical section',
    [{ do: 'critical', steps: [{ do: 'sleep', for: '1us' }] }],
    'blocks inside a critical',
  ],
  ['a call to itself', [{ do: 'call', to: 'a' }], 'it waits for itself'],
  ['a token released that was not taken', [{ do: 'release', what: 't' }], 'releases token "t", but took "none" last'],
])('%s stops the run with an error that teaches', (_, steps, message) => {
  const world = worldOf(programDocument({ program: { tokens: ['t'], threads: [{ id: 'a', steps }] } }));
  expect(() => world.run(world.endAt)).toThrow(message);
});

test('a receiver that owes a reply is told so', () => {
  const program = {
    threads: [
      {
        id: 'a',
        steps: [
          { do: 'send', to: 'b' },
          { do: 'send', to: 'b' },
        ],
      },
      { id: 'b', steps: [{ do: 'receive' }, { do: 'receive' }] },
    ],
  };
  const world = worldOf(programDocument({ program }));
  expect(() => world.run(world.endAt)).toThrow('receives while it still has a message');
});

test('probes tell shares between 0 and 1 that agree with the summary', () => {
  const world = worldOf(readyDocument('producer-consumer'), '/probes=["cpu/m/*/busy", "thread/m/*/busy"]');
  world.run(world.endAt);
  world.finishSeries();
  const summary = world.summary('finished', 0);
  expect(world.series.map(({ name }) => name)).toContain('thread/m/producer.1/busy');
  for (const series of world.series) {
    const values = [...series.values.subarray(0, series.length)];
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThanOrEqual(1);
  }
  const busy = world.series.find(({ name }) => name === 'cpu/m/1/busy')!;
  expect(busy.length).toBe(200);
  const mean = [...busy.values.subarray(0, 200)].reduce((sum, value) => sum + value, 0) / 200;
  expect(mean).toBeCloseTo(summary.cpus[1]!.busyNs / summary.durationNs, 6);
});

test('the trace nests slices on each CPU, ends what it begins, and draws arrows along messages', () => {
  const world = new World(resolved(readyDocument('producer-consumer'), '/duration="2ms"'), { causes: true });
  world.run(world.endAt);
  const { causes } = world.engine;
  let text = '';
  writeTrace(
    { name: 't', records: causes!, recordAt: (id) => causes!.at(id), ...world.causeNames(), series: [] },
    (piece) => {
      text += piece;
    },
  );
  const { traceEvents } = JSON.parse(text) as {
    traceEvents: { ph: string; pid: number; tid: number; name: string; cat?: string; ts: number }[];
  };
  const open = new Map<number, string[]>();
  for (const { ph, pid, tid, name } of traceEvents) {
    if (pid !== 4) continue;
    const stack = open.get(tid) ?? [];
    open.set(tid, stack);
    if (ph === 'B') stack.push(name);
    if (ph === 'E') expect(stack.pop()).toBe(name);
  }
  const of = (ph: string, name?: string): number =>
    traceEvents.filter((event) => event.ph === ph && (name === undefined || event.name === name)).length;
  expect(of('s', 'message')).toBeGreaterThan(50);
  expect(of('s', 'message')).toBe(of('f', 'message'));
  expect(of('s', 'IPI')).toBeGreaterThan(50);
  const begun = of('b');
  expect(begun).toBeGreaterThan(100);
  expect(begun - of('e')).toBeLessThanOrEqual(6);
});
