// Experiment 1: what a message costs, beside a direct call; and how asynchronous messages share their interrupts.

import type { Message } from '../../kernel';
import { between, monotone, near } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS, sumOf } from '../on-machine';
import { reference } from './reference';

const SERVICE_NS = 200;
const CALL_NS = 10;

export const messaging: Lab = {
  id: '01-messaging',
  experiment: 1,
  title: 'Messages as the structure of a kernel',
  slide: 'Messaging as kernel structuring',
  topics: ['messaging'],
  mechanisms: ['messages and ports', 'IPI', 'synchronous and asynchronous sends'],
  question: 'What does a message cost, here and to another CPU, beside a call; and how much do asynchronous ones save?',
  expected:
    'A synchronous message to another CPU costs several times a local one. Asynchronous ones overlap, and below one interrupt each suffices when several are under way.',
  sources: ['kernel.md §11, derived checks: remote round trip about 3.9 µs, local about 0.8 µs'],
  lookFor: 'The interrupts per message fall below one as soon as the target is busy when the next message comes.',
  factors: [
    { name: 'way', label: 'Way', levels: ['call', 'sync', 'async'] },
    { name: 'place', label: 'Place', levels: ['local', 'remote'] },
    { name: 'outstanding', label: 'Messages under way', levels: [1, 2, 4, 8, 16, 32, 64], quick: [1, 4, 16, 64] },
  ],
  measures: [
    { name: 'time', label: 'Time per message', unit: 'ns' },
    { name: 'interrupts', label: 'IPI interrupts per message', unit: '1' },
    { name: 'switches', label: 'Switches per message', unit: '1' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 1, quick: 1 },
  chart: { x: 'outstanding', log: true, y: 'interrupts', lines: ['way', 'place'] },
  reference: () => reference(SERVICE_NS),

  measure({ way, place, outstanding }, setting) {
    const machine = onMachine(setting, { cpus: 2 });
    const { kernel, engine } = machine;
    const count = setting.quick ? 2000 : 20_000;
    const server = kernel.start(
      'server',
      function* (k) {
        for (;;) {
          yield k.waitport(k.port);
          yield k.work(SERVICE_NS);
          yield k.replymsg(k.message!);
        }
      },
      { cpu: place === 'remote' ? 1 : 0 },
    );
    let endedAt = 0;
    kernel.start('client', function* (k) {
      const messages: Message[] = Array.from({ length: Number(outstanding) }, () => k.newMessage());
      for (let i = 0; i < count; i += 1) {
        const message = messages[i % messages.length]!;
        if (way === 'call') yield k.work(SERVICE_NS + CALL_NS);
        else if (way === 'sync') yield k.domsg(server.port, message);
        else {
          if (i >= messages.length) yield k.waitmsg(message);
          yield k.sendmsg(server.port, message);
        }
      }
      endedAt = engine.now;
    });
    machine.run(60e9);
    return {
      time: endedAt / count,
      interrupts: sumOf(kernel, ({ ipiInterrupts }) => ipiInterrupts) / count,
      switches: sumOf(kernel, ({ switches }) => switches) / count,
    };
  },

  checks(table) {
    const time = (way: string, place: string, outstanding: number): number =>
      table.at('time', { way, place, outstanding });
    const roundTrip = (place: string): number => time('sync', place, 1) - SERVICE_NS;
    return [
      near('remote synchronous round trip, without the service, ns', roundTrip('remote'), 3900, 0.25),
      near('local synchronous round trip, without the service, ns', roundTrip('local'), 800, 0.25),
      between('a remote one costs so many local ones', roundTrip('remote') / roundTrip('local'), 3, 8),
      monotone(
        'interrupts per remote message fall with the number under way',
        table.over('interrupts', 'outstanding', { way: 'async', place: 'remote' }),
        'down',
        0.05,
      ),
      between(
        'interrupts per remote message, 64 under way',
        table.at('interrupts', { way: 'async', place: 'remote', outstanding: 64 }),
        0,
        1,
      ),
      between(
        'asynchronous remote messages are so many times faster, 64 under way',
        time('sync', 'remote', 64) / time('async', 'remote', 64),
        2,
        Infinity,
      ),
    ];
  },
};
