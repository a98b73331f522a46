// Messages and ports: what a round trip costs, who may do what, and in which order things arrive (kernel.md §2).

import { describe, expect, test } from 'vitest';
import { KernelProgramError, MessageFlag, PutOnlyPort, ServicePort, SpinPort } from '../../../core/kernel';
import type { Message, Thread } from '../../../core/kernel';
import { rig } from './rig';

/** Nanoseconds of a synchronous round trip between threads on these CPUs, over many. */
function roundTrip(clientCpu: number, serverCpu: number): number {
  const { kernel, engine, run } = rig(2);
  const trips = 1000;
  let from = 0;
  let to = 0;
  const server = kernel.start(
    'server',
    function* (k) {
      for (;;) {
        yield k.waitport(k.port);
        yield k.replymsg(k.message!);
      }
    },
    { cpu: serverCpu },
  );
  kernel.start(
    'client',
    function* (k) {
      const message = k.newMessage();
      yield k.domsg(server.port, message);
      from = engine.now;
      for (let i = 0; i < trips; i += 1) yield k.domsg(server.port, message);
      to = engine.now;
    },
    { cpu: clientCpu },
  );
  run();
  return (to - from) / trips;
}

describe('a synchronous round trip costs what kernel.md §11 derives', () => {
  test('0.8 µs on one CPU', () => {
    expect(roundTrip(0, 0)).toBeGreaterThan(700);
    expect(roundTrip(0, 0)).toBeLessThan(900);
  });

  test('3.86 µs between two, and what the derivation leaves out: queueing, waking, the ring slot read', () => {
    expect(roundTrip(0, 1)).toBeGreaterThan(3860);
    expect(roundTrip(0, 1)).toBeLessThan(3860 + 2 * (60 + 80 + 140 + 10));
  });
});

/** A thread that takes what comes, notes its payload and replies. */
function server(kernel: ReturnType<typeof rig>['kernel'], cpu: number, seen: unknown[] = []): Thread {
  return kernel.start(
    'server',
    function* (k) {
      for (;;) {
        yield k.waitport(k.port);
        const message = k.message!;
        seen.push(message.payload);
        yield k.replymsg(message);
      }
    },
    { cpu },
  );
}

describe('order', () => {
  test.each([
    ['on one CPU', 0],
    ['from another', 1],
  ])('messages of one sender arrive as they were sent, those with priority first, %s', (_, cpu) => {
    const { kernel, run } = rig(2);
    const seen: unknown[] = [];
    const target = server(kernel, 1, seen);
    kernel.start(
      'client',
      function* (k) {
        // The server sleeps, and all five are there before it runs.
        yield k.crit_enter();
        for (const [payload, priority] of [
          [1, false],
          [2, false],
          [3, true],
          [4, false],
          [5, true],
        ] as const) {
          yield k.sendmsg(target.port, k.newMessage({ payload, priority }));
        }
        yield k.crit_exit();
      },
      { cpu, priority: 20 },
    );
    run();
    expect(seen).toHaveLength(5);
    expect(seen.filter((payload) => payload === 3 || payload === 5)).toEqual([3, 5]);
    expect(seen.filter((payload) => payload !== 3 && payload !== 5)).toEqual([1, 2, 4]);
    if (cpu === 1) expect(seen).toEqual([3, 5, 1, 2, 4]);
  });
});

describe('flags', () => {
  test('the reply of a synchronous message is not queued, that of an asynchronous one is', () => {
    const { kernel, run } = rig(1);
    const target = server(kernel, 0);
    const depths: number[] = [];
    kernel.start('client', function* (k) {
      const message = k.newMessage();
      yield k.domsg(target.port, message);
      depths.push(k.port.queue.length);
      yield k.sendmsg(target.port, message);
      yield k.sleep(10_000);
      depths.push(k.port.queue.length);
      yield k.waitmsg(message);
      depths.push(k.port.queue.length);
    });
    run();
    expect(depths).toEqual([0, 1, 0]);
  });

  test('a remote reply sets REPLY at the target and DONE, later, at the originator', () => {
    const { kernel, engine, run } = rig(2);
    let message: Message | undefined;
    const replied: number[] = [];
    const target = kernel.start(
      'server',
      function* (k) {
        yield k.waitport(k.port);
        yield k.replymsg(k.message!);
        replied.push(engine.now, message!.flags & (MessageFlag.reply | MessageFlag.done));
      },
      { cpu: 1 },
    );
    let doneAt = 0;
    kernel.start('client', function* (k) {
      message = k.newMessage();
      yield k.domsg(target.port, message);
      doneAt = engine.now;
      expect(message.has(MessageFlag.done)).toBe(true);
    });
    run();
    expect(replied[1]).toBe(MessageFlag.reply);
    expect(doneAt).toBeGreaterThan(replied[0]! + 1000);
  });

  test('a forwarded message keeps its reply port and its synchrony', () => {
    const { kernel, run } = rig(3);
    const last = server(kernel, 2);
    const middle = kernel.start(
      'middle',
      function* (k) {
        yield k.waitport(k.port);
        yield k.forwardmsg(last.port, k.message!);
      },
      { cpu: 1 },
    );
    let error = -1;
    const client = kernel.start('client', function* (k) {
      const message = k.newMessage();
      yield k.domsg(middle.port, message);
      error = k.error;
      expect(message.replyPort).toBe(client.port);
      expect(k.port.queue.length).toBe(0);
    });
    run();
    expect(error).toBe(0);
  });
});

describe('the target decides', () => {
  test('a port that works at once needs no switch, and the caller sees one interface', () => {
    const { kernel, run } = rig(1);
    const port = new PutOnlyPort('adder', (_cpu, message) => {
      message.payload = (message.payload as number) + 1;
      return 7;
    });
    const found: unknown[] = [];
    kernel.start('client', function* (k) {
      const message = k.newMessage({ payload: 1 });
      yield k.domsg(port, message);
      found.push(message.payload, k.error);
      yield k.sendmsg(port, message);
      yield k.waitmsg(message);
      found.push(message.payload, k.error);
    });
    run();
    expect(found).toEqual([2, 7, 3, 7]);
    expect(kernel.cpus[0]!.counters.switches).toBe(1);
  });

  test('a protocol thread that sends itself a synchronous message calls itself', () => {
    const { kernel, run } = rig(1);
    let dispatched = 0;
    const thread = kernel.start('netisr', function* (k) {
      yield k.domsg(port, k.newMessage());
      yield k.sendmsg(port, k.newMessage());
      yield k.waitport(port);
      yield k.replymsg(k.message!);
    });
    const port = new ServicePort(thread, () => {
      dispatched += 1;
      return 0;
    });
    run();
    expect(dispatched).toBe(1);
    expect(kernel.livingThreads).toBe(0);
  });

  test('any thread takes from a spin port, and each message is taken once', () => {
    const { kernel, run } = rig(4);
    const port = new SpinPort(kernel, 'work');
    const taken: unknown[] = [];
    for (let cpu = 1; cpu < 4; cpu += 1) {
      kernel.start(
        `worker ${String(cpu)}`,
        function* (k) {
          for (;;) {
            yield k.waitport(port);
            const message = k.message!;
            yield k.work(5000);
            taken.push(message.payload);
            yield k.replymsg(message);
          }
        },
        { cpu },
      );
    }
    kernel.start('client', function* (k) {
      for (let i = 0; i < 30; i += 1) {
        yield k.sendmsg(port, k.newMessage({ payload: i }));
        yield k.work(1000);
      }
    });
    run();
    expect([...taken].sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 30 }, (_, i) => i));
  });
});

describe('a dropped message', () => {
  test('is taken back while it waits, and not once it was taken', () => {
    const { kernel, run } = rig(1);
    const errors: number[] = [];
    const target = kernel.start('target', function* (k) {
      yield k.sleep(1e6);
      yield k.dropmsg(messages[0]!);
      errors.push(k.error);
      yield k.waitport(k.port);
      yield k.dropmsg(messages[1]!);
      errors.push(k.error);
    });
    const messages: Message[] = [];
    kernel.start('client', function* (k) {
      for (let i = 0; i < 2; i += 1) {
        messages.push(k.newMessage({ dropable: true }));
        yield k.sendmsg(target.port, messages[i]!);
      }
    });
    run();
    expect(errors).toEqual([0, 2]);
    expect(messages[0]!.has(MessageFlag.done)).toBe(true);
  });
});

describe('a program that does what no thread may do is told so', () => {
  const misuses: [string, RegExp, (target: Thread) => Parameters<ReturnType<typeof rig>['kernel']['start']>[1]][] = [
    [
      'a message given away',
      /gave away/u,
      (target) =>
        function* (k) {
          const message = k.newMessage();
          yield k.sendmsg(target.port, message);
          yield k.sendmsg(target.port, message);
        },
    ],
    [
      "another's port",
      /port of "target"/u,
      (target) =>
        function* (k) {
          yield k.waitport(target.port);
        },
    ],
    [
      'a reply to what it does not have',
      /does not have/u,
      () =>
        function* (k) {
          yield k.replymsg(k.newMessage());
        },
    ],
    [
      'waiting for itself',
      /waits for itself/u,
      () =>
        function* (k) {
          yield k.domsg(k.port, k.newMessage());
        },
    ],
    [
      'blocking in a critical section',
      /critical section/u,
      () =>
        function* (k) {
          yield k.crit_enter();
          yield k.sleep(1);
        },
    ],
    [
      'leaving a section it is not in',
      /not in/u,
      () =>
        function* (k) {
          yield k.crit_exit();
        },
    ],
  ];

  test.each(misuses)('%s', (_, message, program) => {
    const { kernel, run } = rig(1);
    const target = kernel.create('target', function* (k) {
      yield k.waitport(k.port);
    });
    kernel.start('program', program(target));
    expect(run).toThrow(KernelProgramError);
    const again = rig(1);
    const other = again.kernel.create('target', function* (k) {
      yield k.waitport(k.port);
    });
    again.kernel.start('program', program(other));
    expect(() => {
      again.run();
    }).toThrow(message);
  });
});

test('who has not taken a message can neither reply to it nor pass it on', () => {
  for (const verb of ['replies to', 'forwards']) {
    const { kernel, run } = rig(1);
    const server = kernel.start('server', function* (k) {
      yield k.waitport(k.port);
      yield k.block();
    });
    const message = { taken: undefined as Message | undefined };
    kernel.start('client', function* (k) {
      message.taken = k.newMessage();
      yield k.sendmsg(server.port, message.taken);
    });
    kernel.start('stranger', function* (k) {
      yield k.sleep(10_000);
      yield verb === 'forwards' ? k.forwardmsg(k.port, message.taken!) : k.replymsg(message.taken!);
    });
    expect(run).toThrow(`thread "stranger": it ${verb} a message that it does not have`);
  }
});
