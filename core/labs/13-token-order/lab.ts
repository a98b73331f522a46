// Experiment 13: tokens have no order of taking; mutexes need one, or deadlock.

import type { Lock, Token } from '../../kernel';
import { Mutex } from '../../kernel';
import { between, exactly } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS } from '../on-machine';

const COUNT = 3;
const ROUNDS = 400;

export const tokenOrder: Lab = {
  id: '13-token-order',
  experiment: 13,
  title: 'Taking several, in any order',
  slide: 'Tokens: no deadlock, no order',
  topics: ['tokens'],
  mechanisms: ['tokens', 'mutex', 'deadlock'],
  question: 'Threads take three tokens, or three mutexes, in one order or each in its own. Who gets stuck?',
  expected: 'Nobody with tokens. With mutexes nobody in one order, everybody sooner or later in different ones.',
  sources: ['kernel.md §4.2 rules 1 and 3: nobody waits while holding'],
  lookFor: 'What tokens pay for that: rounds that have to be begun again under contention.',
  factors: [
    { name: 'kind', label: 'Kind', levels: ['token g1', 'token g2', 'token g3', 'mutex'] },
    { name: 'order', label: 'Order of taking', levels: ['one', 'each its own'] },
    { name: 'threads', label: 'Threads, one a CPU', levels: [2, 3, 4, 6, 8], quick: [2, 4, 8] },
  ],
  measures: [
    { name: 'deadlocked', label: 'Deadlocked', unit: '1' },
    { name: 'throughput', label: 'Sections per second', unit: '1/s' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 5, quick: 2 },
  chart: { x: 'threads', y: 'throughput', lines: ['kind', 'order'] },

  measure({ kind, order, threads }, setting) {
    const isMutex = kind === 'mutex';
    const generation = String(kind).slice(-2) as 'g1' | 'g2' | 'g3';
    const machine = onMachine(setting, {
      cpus: Number(threads),
      options: { tickNs: 100_000, ...(isMutex ? {} : { tokens: generation }) },
    });
    const { kernel, engine, random } = machine;
    const tokens: Token[] = [];
    const mutexes: Lock[] = [];
    for (let i = 0; i < COUNT; i += 1) {
      if (isMutex) mutexes.push(new Mutex(kernel, `mutex ${String(i)}`));
      else tokens.push(kernel.token(`token ${String(i)}`));
    }
    let sections = 0;
    let endedAt = 0;
    for (let cpu = 0; cpu < Number(threads); cpu += 1)
      kernel.start(
        `thread ${String(cpu)}`,
        function* (k) {
          const mine = Array.from({ length: COUNT }, (_, i) => (order === 'one' ? i : (cpu + i) % COUNT));
          for (let round = 0; round < ROUNDS; round += 1) {
            yield k.work(random.exponential(3000));
            for (const at of mine) {
              yield isMutex ? k.lock(mutexes[at]!) : k.gettoken(tokens[at]!);
              yield k.work(200);
            }
            yield k.work(1000);
            for (const at of mine.toReversed()) yield isMutex ? k.unlock(mutexes[at]!) : k.reltoken(tokens[at]!);
            sections += 1;
            endedAt = engine.now;
          }
        },
        { cpu },
      );
    machine.run(5e9);
    const finished = sections === Number(threads) * ROUNDS;
    return { deadlocked: finished ? 0 : 1, throughput: (sections * 1e9) / Math.max(1, finished ? endedAt : 5e9) };
  },

  checks(table) {
    const stuck = (kind: string, order: string): number =>
      table.where({ kind, order }).reduce((sum, { mean }) => sum + mean['deadlocked']!, 0);
    return [
      ...['token g1', 'token g2', 'token g3'].flatMap((kind) =>
        ['one', 'each its own'].map((order) => exactly(`${kind}, ${order} order: deadlocks`, stuck(kind, order), 0)),
      ),
      exactly('mutexes, one order: deadlocks', stuck('mutex', 'one'), 0),
      between('mutexes, each its own order: points that deadlock', stuck('mutex', 'each its own'), 1, Infinity),
    ];
  },
};
