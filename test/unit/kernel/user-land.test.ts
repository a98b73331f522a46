// User-land: the scheduler of processes above LWKT, messages between processes, interposed ports, threads inside a process (kernel.md §1.2,
// §1.8), and the port that a serializer protects (§2.4).

import { describe, expect, test } from 'vitest';
import {
  CapsNames,
  ECONNRESET,
  ENOTCONN,
  PutOnlyPort,
  Serializer,
  SerializerPort,
  SystemCalls,
  UserScheduler,
  UserThread,
  userThreads,
} from '../../../core/kernel';
import { rig } from './rig';

const ROOT = { uid: 0, gid: 0 };
const ALICE = { uid: 1, gid: 1 };

describe('the user scheduler', () => {
  test('one process at a time is on the queue with a user’s priority; they take turns by quanta', () => {
    const { kernel, engine, run } = rig(1);
    const users = new UserScheduler(1_000_000);
    const turns: string[] = [];
    for (const name of ['a', 'b', 'c'])
      kernel.start(name, function* (k) {
        yield* users.compute(k, 3_000_000);
        turns.push(`${name} ${String(Math.round(engine.now / 1e6))}`);
      });
    const seen: number[] = [];
    kernel.start(
      'observer',
      function* (k) {
        for (let i = 0; i < 80; i += 1) {
          yield k.sleep(100_000);
          seen.push(kernel.threads.filter(({ priority, isQueued }) => isQueued && priority === 6).length);
        }
      },
      { priority: 28, mayPreempt: true },
    );
    run();
    expect(turns).toEqual(['a 7', 'b 8', 'c 9']);
    expect(Math.max(...seen)).toBe(1);
    expect(users.counters.expirations).toBeGreaterThanOrEqual(6);
  });

  test('a process keeps its designation in the kernel until it blocks', () => {
    const { kernel, run } = rig(1);
    const users = new UserScheduler();
    const order: string[] = [];
    kernel.start('first', function* (k) {
      yield* users.compute(k, 10_000);
      // A call that does not block gives nothing up.
      yield k.work(5000);
      yield* users.compute(k, 10_000);
      order.push('first computed twice');
      yield k.sleep(50_000);
      yield* users.compute(k, 10_000);
      order.push('first again');
    });
    kernel.start('second', function* (k) {
      yield* users.compute(k, 20_000);
      order.push('second');
      yield k.block();
    });
    run();
    expect(order).toEqual(['first computed twice', 'second', 'first again']);
    expect(users.counters.passiveReleases).toBe(3);
  });

  test('kernel threads run before any process', () => {
    const { kernel, engine, run } = rig(1);
    const users = new UserScheduler();
    let doneAt = 0;
    kernel.start('process', function* (k) {
      for (let i = 0; i < 100; i += 1) {
        yield* users.compute(k, 10_000);
        yield k.yieldQuick();
      }
      doneAt = engine.now;
    });
    kernel.start('daemon', function* (k) {
      yield k.sleep(100_000);
      yield k.work(1_000_000);
    });
    run();
    expect(doneAt).toBeGreaterThan(2_000_000);
  });
});

describe('CAPS', () => {
  test('a request goes there, the reply back, disposals wake nobody, credentials travel', () => {
    const { kernel, run } = rig(2);
    const names = new CapsNames();
    let counters: object = {};
    const seen: unknown[] = [];
    const errors: number[] = [];
    kernel.start(
      'server',
      function* (k) {
        const service = yield* names.serve(k, 'store', ROOT);
        for (let i = 0; i < 3; i += 1) {
          const message = yield* service.receive(k);
          seen.push([message.payload, message.credentials.uid]);
          yield* service.reply(k, message, 100, i);
        }
        counters = service.counters;
      },
      { cpu: 1 },
    );
    kernel.start('client', function* (k) {
      yield k.sleep(20_000);
      const client = (yield* names.connect(k, 'store', ROOT, ALICE))!;
      for (let i = 0; i < 3; i += 1) errors.push(yield* client.call(k, 1000, `request ${String(i)}`));
    });
    run();
    expect(seen).toEqual([
      ['request 0', 1],
      ['request 1', 1],
      ['request 2', 1],
    ]);
    expect(errors).toEqual([0, 1, 2]);
    expect(counters).toMatchObject({ requests: 3, replies: 3, disposals: 2, wakeups: 3 });
  });

  test('a server that goes away replies to whatever it owes; a forked child has nobody at the other end', () => {
    const { kernel, run } = rig(1);
    const names = new CapsNames();
    const outcomes: unknown[] = [];
    kernel.start('server', function* (k) {
      const service = yield* names.serve(k, 'store', ROOT);
      yield* service.receive(k);
      yield k.sleep(100_000);
      yield* service.close(k);
      outcomes.push(service.counters.autoReplies);
    });
    kernel.start('client', function* (k) {
      yield k.sleep(10_000);
      const client = (yield* names.connect(k, 'store', ROOT, ALICE))!;
      const first = yield* client.request(k, 10);
      const second = yield* client.request(k, 10);
      if (typeof first === 'number' || typeof second === 'number') throw new Error('the service is there');
      outcomes.push(yield* client.await(k, first), yield* client.await(k, second));
      outcomes.push(yield* client.request(k, 10));
      outcomes.push(yield* client.fork().request(k, 10));
      outcomes.push(yield* names.connect(k, 'nothing', ROOT, ALICE));
    });
    run();
    expect(outcomes).toEqual(expect.arrayContaining([2, ECONNRESET, ECONNRESET, ENOTCONN, ENOTCONN, undefined]));
    expect(outcomes).toHaveLength(6);
  });
});

test('an application answers some calls itself and leaves the others to the kernel', () => {
  const { kernel, run } = rig(1);
  const port = new PutOnlyPort('read', (cpu) => {
    cpu.charge(3000);
    return 0;
  });
  const calls = new SystemCalls(new Map([['read', port]]));
  const cached = new Set([1, 3]);
  calls.interpose('read', function* (k, message) {
    yield k.work(50);
    return cached.has(message.payload as number) ? 0 : undefined;
  });
  kernel.start('application', function* (k) {
    for (let block = 0; block < 5; block += 1) {
      const error = yield* calls.call(k, 'read', k.newMessage({ payload: block }), 512);
      expect(error).toBe(0);
    }
    expect(() => [...calls.call(k, 'write', k.newMessage())]).toThrow('which the kernel does not have');
  });
  run();
  expect(calls.counters).toEqual({ crossings: 3, interposed: 2 });
  expect(port.counters.puts).toBe(3);
});

test('threads inside a process switch without the kernel, and wait together for what one asks of it', () => {
  const { kernel, engine, run } = rig(1);
  const log: string[] = [];
  let switches = 0;
  kernel.start('process', function* (k) {
    const consumer = new UserThread('consumer', function* (self) {
      for (let i = 0; i < 3; i += 1) {
        yield userThreads.receive();
        log.push(`got ${String(self.received)}`);
      }
    });
    const producer = new UserThread('producer', function* () {
      for (let i = 0; i < 3; i += 1) {
        yield k.sleep(10_000);
        yield userThreads.send(consumer, i);
        log.push(`sent ${String(i)}`);
        yield userThreads.yield();
      }
    });
    const idle = new UserThread('idle', function* () {
      log.push(`idle at ${String(Math.round(engine.now / 1e4))}`);
      yield userThreads.yield();
    });
    ({ switches } = yield* userThreads.run(k, [consumer, producer, idle]));
  });
  run();
  // The sleep of the producer keeps everybody waiting.
  expect(log).toEqual(['sent 0', 'idle at 1', 'got 0', 'sent 1', 'got 1', 'sent 2', 'got 2']);
  expect(switches).toBeGreaterThan(6);
  expect(kernel.cpus[0]!.counters.switches).toBeLessThan(8);
});

test('a serializer’s port is for who holds the serializer; who waits on it lets go meanwhile', () => {
  const { kernel, run } = rig(2);
  const serializer = new Serializer(kernel, 'device');
  const port = new SerializerPort(kernel, 'driver', serializer);
  const got: unknown[] = [];
  kernel.start('helper', function* (k) {
    yield k.lock(serializer);
    for (let i = 0; i < 3; i += 1) {
      for (;;) {
        yield k.getport(port);
        if (k.message !== undefined) break;
        yield k.unlock(serializer);
        yield k.sleep(5000);
        yield k.lock(serializer);
      }
      got.push(k.message.payload);
      yield k.replymsg(k.message);
    }
    yield k.unlock(serializer);
  });
  kernel.start(
    'driver',
    function* (k) {
      for (let i = 0; i < 3; i += 1) {
        yield k.lock(serializer);
        yield k.sendmsg(port, k.newMessage({ payload: i }));
        yield k.unlock(serializer);
        yield k.sleep(3000);
      }
    },
    { cpu: 1 },
  );
  kernel.start('stranger', function* (k) {
    yield k.sleep(1e6);
    yield k.sendmsg(port, k.newMessage());
  });
  expect(() => {
    run();
  }).toThrow('uses port "driver" without holding "device"');
  expect(got).toEqual([0, 1, 2]);
});
