import { expect, test } from 'vitest';
import { CauseKind, nanos, TIME_NEVER } from '../../../core/base';
import { callAt, CauseLog, Engine, LazyTimer, Priority, Probes, Streams } from '../../../core/engine';

test('at one instant changes come first, then timers, arrivals, applications and samplers', () => {
  const engine = new Engine();
  const seen: string[] = [];
  for (const name of ['sample', 'application', 'arrival', 'timer', 'change'] as const) {
    callAt(engine, nanos(5), Priority[name], () => seen.push(name));
  }
  engine.run(nanos(10));
  expect(seen).toEqual(['change', 'timer', 'arrival', 'application', 'sample']);
  expect(engine.now).toBe(10);
});

test('scheduling in the past is an error that names both instants', () => {
  const engine = new Engine();
  engine.run(nanos(100));
  expect(() => callAt(engine, nanos(99), Priority.timer, () => undefined)).toThrow('99 ns, before now (100 ns)');
});

test('a lazy timer fires once, at the last deadline it was set to, and not after it was disarmed', () => {
  const engine = new Engine();
  const fired: number[] = [];
  const timer = new LazyTimer(engine, { onTimer: (kind, now) => fired.push(kind, now) }, 7);
  timer.arm(nanos(100));
  callAt(engine, nanos(50), Priority.timer, () => timer.arm(nanos(300)));
  callAt(engine, nanos(60), Priority.timer, () => timer.arm(nanos(200)));
  engine.run(nanos(1000));
  expect(fired).toEqual([7, 200]);
  timer.arm(nanos(1500));
  timer.disarm();
  engine.run(nanos(2000));
  expect(fired).toEqual([7, 200]);
  expect(timer.deadline).toBe(TIME_NEVER);
});

test('a stream depends on seed and name only', () => {
  const draws = (seed: number, names: string[], wanted: string): number[] => {
    const streams = new Streams(seed);
    for (const name of names) streams.named(name).uniform();
    const stream = new Streams(seed).named(wanted);
    return [stream.uniform(), stream.uniform()];
  };
  expect(draws(7, [], 'a')).toEqual(draws(7, ['x', 'y'], 'a'));
  expect(draws(7, [], 'a')).not.toEqual(draws(8, [], 'a'));
  expect(draws(7, [], 'a')).not.toEqual(draws(7, [], 'b'));
});

test('draws have the mean and spread of their distribution', () => {
  const random = new Streams(3).named('moments');
  const mean = (next: () => number): number =>
    Array.from({ length: 200_000 }, next).reduce((a, b) => a + b, 0) / 200_000;
  expect(mean(() => random.uniform())).toBeCloseTo(0.5, 2);
  expect(mean(() => random.exponential(4))).toBeCloseTo(4, 1);
  expect(mean(() => random.pareto(10, 3)) / 10).toBeCloseTo(1, 1);
  expect(mean(() => (random.chance(0.2) ? 1 : 0))).toBeCloseTo(0.2, 2);
});

test('many integers at once are those that come one by one, and the stream goes on after them', () => {
  const [one, other] = [new Streams(7), new Streams(7)].map((streams) => streams.named('many'));
  for (const count of [1, 2, 125, 40_000_000]) {
    const many = new Uint32Array(1000);
    one!.integers(many, count);
    expect([...many]).toEqual(Array.from({ length: 1000 }, () => other!.integer(count)));
  }
  expect(one!.uniform()).toBe(other!.uniform());
});

test('causes form chains, and a full log counts what it lost', () => {
  const log = new CauseLog(3);
  const write = log.record(CauseKind.write, nanos(1), 0 as never, 4, 1000);
  const send = log.record(CauseKind.send, nanos(2), write, 4, 1);
  const drop = log.record(CauseKind.drop, nanos(3), send, 9, 0);
  expect([...log.chain(drop)].map(({ kind }) => kind)).toEqual([CauseKind.drop, CauseKind.send, CauseKind.write]);
  expect(log.record(CauseKind.send, nanos(4), drop, 0, 0)).toBe(0);
  expect(log.lost).toBe(1);
});

test('probe names match with stars in any part, and unknown names are refused', () => {
  const probes = new Probes();
  const field = { name: 'cwnd', unit: 'bytes', help: '' };
  probes.register({ family: 'flow', fields: [field], members: () => ['f1', 'f2'], attach: () => () => undefined });
  expect(probes.match('flow/*/cwnd').map(({ name }) => name)).toEqual(['flow/f1/cwnd', 'flow/f2/cwnd']);
  expect(probes.match('flow/f3/cwnd')).toEqual([]);
  expect(() => probes.subscribe('flow/f3/cwnd', () => undefined)).toThrow("no probe is called 'flow/f3/cwnd'");
});
