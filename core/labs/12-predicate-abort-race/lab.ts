// Experiment 12: a signal and an event race for one waiter. It is told of exactly one of them, and the event is never lost.

import { EINTR, PredicateQueue } from '../../kernel';
import { exactly, monotone } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS } from '../on-machine';

const EVENT_NS = 100_000;
const RANGE_NS = 6000;

export const predicateAbortRace: Lab = {
  id: '12-predicate-abort-race',
  experiment: 12,
  title: 'The race between abort and reply',
  slide: 'Predicate messages: abort',
  topics: ['messaging'],
  mechanisms: ['predicate messages', 'abort'],
  question:
    'A signal interrupts a wait just when its condition comes true: what does the waiter learn, and what becomes of the event?',
  expected:
    'Before some moment EINTR, after it the reply; never both, never neither; an event that was not taken stays.',
  sources: ['kernel.md §3: REPLY is set on the target’s CPU, DONE on the originator’s; that closes the window'],
  lookFor: 'The moment lies where the abort request overtakes the event on its way to the owner of the state.',
  factors: [
    {
      name: 'offset',
      label: 'Signal after the event',
      unit: 'ns',
      levels: Array.from({ length: 97 }, (_, i) => -RANGE_NS + 125 * i),
      quick: Array.from({ length: 25 }, (_, i) => -RANGE_NS + 500 * i),
    },
  ],
  measures: [
    { name: 'replied', label: 'Replied', unit: '1' },
    { name: 'interrupted', label: 'Interrupted', unit: '1' },
    { name: 'completions', label: 'Completions', unit: 'count' },
    { name: 'events', label: 'Events taken or still there', unit: 'count' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 1, quick: 1 },
  chart: { x: 'offset', y: 'replied', lines: [] },

  measure({ offset }, setting) {
    const machine = onMachine(setting, { cpus: 3 });
    const { kernel } = machine;
    const queue = new PredicateQueue(100);
    let ready = 0;
    let taken = 0;
    let completions = 0;
    let error = -1;
    const owner = kernel.start(
      'owner',
      function* (k) {
        for (;;) {
          yield k.waitport(k.port);
          if (k.message!.payload === 'event')
            yield k.dispatch(k.message!, (cpu) => {
              ready += 1;
              queue.wakeup(cpu);
              return 0;
            });
          else yield k.dispatch(k.message!, queue.handle);
        }
      },
      { cpu: 1 },
    );
    kernel.start('waiter', function* (k) {
      const message = k.newPredicate(() => {
        if (ready === 0) return undefined;
        ready -= 1;
        taken += 1;
        return 0;
      });
      yield k.sendmsg(owner.port, message);
      yield k.sleep(EVENT_NS + Number(offset) - k.now);
      yield k.abortmsg(message);
      yield k.waitmsg(message);
      completions += 1;
      error = k.error;
    });
    kernel.start(
      'network',
      function* (k) {
        yield k.sleep(EVENT_NS - k.now);
        yield k.domsg(owner.port, k.newMessage({ payload: 'event' }));
      },
      { cpu: 2 },
    );
    machine.run(1e9);
    return {
      replied: error === 0 ? 1 : 0,
      interrupted: error === EINTR ? 1 : 0,
      completions,
      events: ready + taken,
    };
  },

  checks(table) {
    const rows = table.rows.map(({ mean }) => mean);
    const first = table.over('replied', 'offset');
    return [
      exactly(
        'points with exactly one outcome',
        rows.filter((row) => row['replied']! + row['interrupted']! === 1).length,
        rows.length,
      ),
      exactly('points with exactly one completion', rows.filter((row) => row['completions'] === 1).length, rows.length),
      exactly(
        'points where the event is taken or still there',
        rows.filter((row) => row['events'] === 1).length,
        rows.length,
      ),
      monotone('once replied, always replied', first, 'up'),
      exactly('a signal long before the event interrupts', first[0]!.y, 0),
      exactly('a signal long after the event comes too late', first.at(-1)!.y, 1),
    ];
  },
};
