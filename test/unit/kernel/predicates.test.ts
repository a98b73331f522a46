// Predicate messages: who owns the state evaluates; each event wakes one waiter; abort and reply exclude each other
// (kernel.md §3).

import { describe, expect, test } from 'vitest';
import { EINTR, type KernelProgram, PredicateQueue, type Thread } from '../../../core/kernel';
import { rig } from './rig';

type Kernel = ReturnType<typeof rig>['kernel'];

/** A protocol thread with a queue of completed connections, as a listener has. */
class Listener {
  readonly queue = new PredicateQueue(100);
  readonly thread: Thread;
  private readonly completed: number[] = [];

  constructor(kernel: Kernel, cpu: number) {
    const { queue, completed } = this;
    this.thread = kernel.start(
      'protocol',
      function* (k) {
        for (;;) {
          yield k.waitport(k.port);
          const message = k.message!;
          if (typeof message.payload === 'number' && !('predicate' in message)) {
            const connection = message.payload;
            yield k.dispatch(message, (at) => {
              completed.push(connection);
              queue.wakeup(at);
              return 0;
            });
          } else yield k.dispatch(message, queue.handle);
        }
      },
      { cpu, priority: 14 },
    );
  }

  /** Takes the first connection, as accept does. */
  readonly accept = (_cpu: unknown, message: { payload: unknown }): number | undefined => {
    const connection = this.completed.shift();
    if (connection === undefined) return undefined;
    message.payload = connection;
    return 0;
  };

  /** Completes connections, one each `gapNs`. */
  arrivals(count: number, gapNs: number): KernelProgram {
    const { thread } = this;
    return function* (k) {
      for (let i = 0; i < count; i += 1) {
        yield k.sleep(gapNs);
        yield k.sendmsg(thread.port, k.newMessage({ payload: i }));
      }
    };
  }
}

describe('accept', () => {
  test('k connections satisfy exactly the first k waiters; the others are not woken', () => {
    const { kernel, run } = rig(4);
    const listener = new Listener(kernel, 0);
    const accepted: [string, unknown][] = [];
    const waiters = Array.from({ length: 8 }, (_, i) =>
      kernel.start(
        `w${String(i)}`,
        function* (k) {
          yield k.sleep(1000 * (i + 1));
          const message = k.newPredicate(listener.accept);
          yield k.domsg(listener.thread.port, message);
          accepted.push([k.self.name, message.payload]);
        },
        { cpu: 1 + (i % 3) },
      ),
    );
    kernel.start('network', listener.arrivals(3, 100_000));
    run();
    expect(accepted).toEqual([
      ['w0', 0],
      ['w1', 1],
      ['w2', 2],
    ]);
    expect(listener.queue.length).toBe(5);
    expect(listener.queue.counters.replies).toBe(3);
    // Once for its sleep at the start, once for asking; a herd would have run them all again.
    for (const waiter of waiters.slice(3)) expect(waiter.isExited).toBe(false);
  });

  test('a connection that is there already is taken on arrival, without waiting', () => {
    const { kernel, run } = rig(2);
    const listener = new Listener(kernel, 0);
    kernel.start('network', listener.arrivals(1, 1000));
    let waited = -1;
    kernel.start(
      'late',
      function* (k) {
        yield k.sleep(1e6);
        const from = k.now;
        yield k.domsg(listener.thread.port, k.newPredicate(listener.accept));
        waited = k.now - from;
      },
      { cpu: 1 },
    );
    run();
    expect(waited).toBeLessThan(6000);
    expect(listener.queue.counters.waitingMax).toBe(0);
  });
});

test('an abort and an event at any distance: one of them completes the message, never both, and no connection is lost', () => {
  const outcomes = { accepted: 0, interrupted: 0 };
  for (let signalNs = 90_000; signalNs <= 115_000; signalNs += 50) {
    const { kernel, run } = rig(2);
    const listener = new Listener(kernel, 0);
    let first = -1;
    let second = -1;
    kernel.start('network', listener.arrivals(1, 100_000));
    kernel.start(
      'client',
      function* (k) {
        const message = k.newPredicate(listener.accept);
        yield k.sendmsg(listener.thread.port, message);
        yield k.sleep(signalNs);
        yield k.abortmsg(message);
        yield k.waitmsg(message);
        first = k.error;
        if (first === 0) return;
        // The connection waits for whoever asks next.
        yield k.domsg(listener.thread.port, k.newPredicate(listener.accept));
        second = k.error;
      },
      { cpu: 1 },
    );
    run();
    if (first === 0) outcomes.accepted += 1;
    else {
      expect(first).toBe(EINTR);
      expect(second).toBe(0);
      outcomes.interrupted += 1;
    }
    const { replies, abortsWon } = listener.queue.counters;
    expect(replies).toBe(1);
    expect(abortsWon).toBe(first === 0 ? 0 : 1);
  }
  expect(outcomes.accepted).toBeGreaterThan(50);
  expect(outcomes.interrupted).toBeGreaterThan(50);
});
