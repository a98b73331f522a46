// Experiment 11: waiting for a condition by a predicate message, beside waking everybody and beside looking again and again.

import { PredicateQueue, type Thread } from '../../kernel';
import { between, exactly, monotone } from '../checks';
import type { Lab } from '../lab';
import { type LabMachine, onMachine, PROGRAMS, sumOf } from '../on-machine';

const EVALUATE_NS = 100;
const GAP_NS = 50_000;
const POLL_NS = 200_000;
/** Of the waiters alone, so that the kernel's own count of wake-ups by priority is theirs. */
const WAITER_PRIORITY = 11;

/** State that events change: so many connections wait to be accepted. */
interface Backlog {
  ready: number;
  /** When each event came, in order. */
  readonly cameAt: number[];
}

interface Tally {
  accepted: number;
  latencyNs: number;
}

export const predicateMessages: Lab = {
  id: '11-predicate-messages',
  experiment: 11,
  title: 'Predicate messages',
  slide: 'Predicate messages: wait for a condition, not for a wake-up',
  topics: ['messaging'],
  mechanisms: ['predicate messages', 'wake-ups'],
  question: 'How many wake-ups does it take until one waiter of many has accepted one connection?',
  expected:
    'One with predicates, however many wait; as many as wait when all are woken; many more, and late, when they poll.',
  sources: ['kernel.md §3: evaluated by the owner, in order; who is not served is not woken'],
  lookFor: 'Waking everybody also costs the others their CPU time: look at the switches.',
  factors: [
    { name: 'way', label: 'Way', levels: ['predicate', 'wake-all', 'poll'] },
    { name: 'waiters', label: 'Waiters', levels: [1, 2, 4, 8, 16, 32, 64], quick: [1, 8, 32] },
  ],
  measures: [
    { name: 'wakes', label: 'Wake-ups per accept', unit: '1' },
    { name: 'latency', label: 'Event to accept, mean', unit: 'ns' },
    { name: 'switches', label: 'Switches per accept', unit: '1' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 3, quick: 1 },
  chart: { x: 'waiters', log: true, y: 'wakes', lines: ['way'] },

  measure({ way, waiters }, setting) {
    const machine = onMachine(setting, { cpus: 4 });
    const events = setting.quick ? 200 : 1000;
    const backlog: Backlog = { ready: 0, cameAt: [] };
    const tally: Tally = { accepted: 0, latencyNs: 0 };
    const build = way === 'predicate' ? withPredicates : way === 'wake-all' ? withWakeAll : withPolling;
    build(machine, Number(waiters), events, backlog, tally);
    machine.run((events + 100) * GAP_NS * 2);
    return {
      // Each waiter has also been woken once to begin with.
      wakes: (machine.kernel.wakeLatency[WAITER_PRIORITY]!.count - Number(waiters)) / tally.accepted,
      latency: tally.latencyNs / tally.accepted,
      switches: sumOf(machine.kernel, ({ switches }) => switches) / tally.accepted,
    };
  },

  checks(table) {
    const wakes = (way: string): { x: number; y: number }[] => table.over('wakes', 'waiters', { way });
    return [
      ...wakes('predicate').map(({ x, y }) => exactly(`predicates, ${String(x)} waiters: wake-ups per accept`, y, 1)),
      monotone('waking all: wake-ups grow with the waiters', wakes('wake-all'), 'up', 0.02),
      between(
        'waking all: wake-ups per accept over waiters, at the most waiters',
        wakes('wake-all').at(-1)!.y / wakes('wake-all').at(-1)!.x,
        0.6,
        1.05,
      ),
      between(
        'polling is so many times later than a predicate, at the fewest waiters',
        table.over('latency', 'waiters', { way: 'poll' })[0]!.y /
          table.over('latency', 'waiters', { way: 'predicate' })[0]!.y,
        5,
        Infinity,
      ),
    ];
  },
};

/** Takes the oldest event. */
function accept(backlog: Backlog, tally: Tally, now: number): void {
  backlog.ready -= 1;
  tally.accepted += 1;
  tally.latencyNs += now - backlog.cameAt.shift()!;
}

function eventAt(backlog: Backlog, now: number): void {
  backlog.ready += 1;
  backlog.cameAt.push(now);
}

function withPredicates(
  { kernel, random }: LabMachine,
  waiters: number,
  events: number,
  backlog: Backlog,
  tally: Tally,
): void {
  const queue = new PredicateQueue(EVALUATE_NS);
  const owner = kernel.start('owner', function* (k) {
    for (;;) {
      yield k.waitport(k.port);
      const { payload } = k.message!;
      if (payload === 'event') {
        yield k.dispatch(k.message!, (cpu) => {
          eventAt(backlog, k.now);
          queue.wakeup(cpu);
          return 0;
        });
      } else yield k.dispatch(k.message!, queue.handle);
    }
  });
  for (let i = 0; i < waiters; i += 1)
    kernel.start(
      `waiter ${String(i)}`,
      function* (k) {
        for (;;) {
          const message = k.newPredicate(() => {
            if (backlog.ready === 0) return undefined;
            accept(backlog, tally, k.now);
            return 0;
          });
          yield k.domsg(owner.port, message);
        }
      },
      { cpu: 1 + (i % 3), priority: WAITER_PRIORITY },
    );
  kernel.start('network', function* (k) {
    const message = k.newMessage({ payload: 'event' });
    for (let i = 0; i < events; i += 1) {
      yield k.sleep(random.exponential(GAP_NS));
      yield k.domsg(owner.port, message);
    }
  });
}

function withWakeAll(machine: LabMachine, waiters: number, events: number, backlog: Backlog, tally: Tally): void {
  const { kernel } = machine;
  const all: Thread[] = [];
  for (let i = 0; i < waiters; i += 1)
    all.push(
      kernel.start(
        `waiter ${String(i)}`,
        function* (k) {
          for (;;) {
            yield k.block();
            yield k.work(EVALUATE_NS);
            if (backlog.ready > 0) accept(backlog, tally, k.now);
          }
        },
        { cpu: 1 + (i % 3), priority: WAITER_PRIORITY },
      ),
    );
  startEvents(machine, events, backlog, all);
}

function withPolling(machine: LabMachine, waiters: number, events: number, backlog: Backlog, tally: Tally): void {
  const { kernel } = machine;
  for (let i = 0; i < waiters; i += 1)
    kernel.start(
      `waiter ${String(i)}`,
      function* (k) {
        for (;;) {
          yield k.sleep(POLL_NS);
          yield k.work(EVALUATE_NS);
          if (backlog.ready > 0) accept(backlog, tally, k.now);
        }
      },
      { cpu: 1 + (i % 3), priority: WAITER_PRIORITY },
    );
  startEvents(machine, events, backlog, []);
}

/** Events come at random, and wake these threads. */
function startEvents({ kernel, random }: LabMachine, events: number, backlog: Backlog, woken: readonly Thread[]): void {
  kernel.start('network', function* (k) {
    for (let i = 0; i < events; i += 1) {
      yield k.sleep(random.exponential(GAP_NS));
      eventAt(backlog, k.now);
      for (const thread of woken) yield k.schedule(thread);
    }
  });
}
