// Experiment 10: more interrupts than a CPU can serve leave no time for what they are for; the limit of the interrupt thread saves that.

import { nanos } from '../../base';
import { callAt, Priority } from '../../engine';
import { InterruptSource } from '../../kernel';
import { between, near } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS } from '../on-machine';

const DRIVER_NS = 5000;
const CONSUMER_NS = 15_000;
const RING = 256;
const QUEUE = 512;
/** Packets that one run of the interrupt thread takes at most. */
const BUDGET = 8;
const LIMIT = 5000;

export const livelock: Lab = {
  id: '10-livelock',
  experiment: 10,
  title: 'Receive livelock and its limit',
  slide: 'Interrupt threads: livelock',
  topics: ['scheduling', 'interrupts'],
  mechanisms: ['interrupt threads', 'livelock limit'],
  question:
    'How many packets are finished when more and more arrive, with and without a limit on the interrupt thread?',
  expected: 'Without a limit the goodput falls to nothing; with one it stays near its best.',
  sources: [
    'kernel.md §1.7, states of ithread_handler',
    'J. Mogul and K. Ramakrishnan, Eliminating Receive Livelock, 1997',
  ],
  lookFor:
    'Both curves are one until the CPU is full. The limit needs a second to be noticed: it counts runs per second.',
  factors: [
    { name: 'limit', label: 'Limit', levels: ['none', 'limited'] },
    {
      name: 'rate',
      label: 'Packets per second',
      unit: '1/s',
      levels: [10_000, 20_000, 30_000, 40_000, 50_000, 75_000, 100_000, 150_000, 200_000, 300_000],
      quick: [20_000, 40_000, 100_000, 250_000],
    },
  ],
  measures: [
    { name: 'goodput', label: 'Packets finished per second', unit: '1/s' },
    { name: 'interruptShare', label: 'CPU in driver and interrupts', unit: '1' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 1, quick: 1 },
  chart: { x: 'rate', log: true, y: 'goodput', lines: ['limit'] },

  measure({ limit, rate }, setting) {
    const machine = onMachine(setting, { cpus: 1 });
    const { kernel, engine, random } = machine;
    let ring = 0;
    let queue = 0;
    let finished = 0;
    const consumer = kernel.start('consumer', function* (k) {
      for (;;) {
        while (queue === 0) yield k.block();
        queue -= 1;
        yield k.work(CONSUMER_NS);
        finished += 1;
      }
    });
    const source: InterruptSource = new InterruptSource(
      kernel,
      'nic',
      (cpu) => {
        const taken = Math.min(BUDGET, ring);
        ring -= taken;
        queue = Math.min(QUEUE, queue + taken);
        kernel.schedule(consumer, cpu);
        // What is left makes the device interrupt again.
        if (ring > 0) source.raise();
        return taken * DRIVER_NS;
      },
      { livelockLimit: limit === 'limited' ? LIMIT : Infinity },
    );
    const next = (now: number): void => {
      callAt(
        engine,
        nanos(now + Math.max(1, Math.round(random.exponential(1e9 / Number(rate))))),
        Priority.arrival,
        (at) => {
          if (ring < RING) {
            ring += 1;
            source.raise();
          }
          next(at);
        },
      );
    };
    next(0);
    machine.run(2e9);
    const before = finished;
    const busyBefore = source.thread.busyNs + kernel.cpus[0]!.counters.handlerNs;
    machine.run(3e9);
    return {
      goodput: finished - before,
      interruptShare: (source.thread.busyNs + kernel.cpus[0]!.counters.handlerNs - busyBefore) / 1e9,
    };
  },

  checks(table) {
    const best = (limit: string): number => Math.max(...table.over('goodput', 'rate', { limit }).map(({ y }) => y));
    const last = (limit: string): number => table.over('goodput', 'rate', { limit }).at(-1)!.y;
    return [
      between('without a limit: goodput at the highest rate over the best', last('none') / best('none'), 0, 0.1),
      between('with the limit: goodput at the highest rate over the best', last('limited') / best('limited'), 0.8, 1),
      near(
        'with the limit: the plateau is what so many runs may take, packets a second',
        last('limited'),
        LIMIT * BUDGET,
        0.05,
      ),
    ];
  },
};
