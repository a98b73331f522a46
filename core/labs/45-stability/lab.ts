// Experiment 45: faults at random times. Each is noticed: by an assertion, or by a counter where the design recovers.

import { type Check, exactly } from '../checks';
import type { Lab } from '../lab';
import type { Table } from '../table';
import { type Fault, type Outcome, suffer } from './suffering';

const NONE = 'none';

const FAULTS: Readonly<Record<string, Fault>> = {
  [NONE]: {},
  'IPI lost': { place: 'interrupt', rules: ['K5'] },
  'thread queued on a foreign CPU': { place: 'wake', rules: ['K13.1'] },
  'message put twice': { place: 'put', rules: ['K13.2'] },
  'message replied twice': { place: 'reply', rules: ['K13.2'] },
  'token released out of order': { place: 'release', rules: ['K4.2'] },
  'tokens kept while asleep': { place: 'drop', rules: ['K13.5', 'K4.2'] },
  'step on the wrong CPU': { place: 'owner', rules: ['K13.7'] },
  'route change fails on a CPU': { place: 'replica', rules: ['K13.8'] },
  'ring message comes twice': { place: 'ring', rules: ['K13.8'] },
  'frame sorted to the wrong CPU': { place: 'classify', counts: ({ counters }) => counters.requeued },
  'receive ring full': {
    isFlooded: true,
    nic: { ringEntries: 64, interruptRate: 2000 },
    counts: (_stack, world) => world.machines[0]!.nics.reduce((sum, { nic }) => sum + nic.counters.receiveDrops, 0),
  },
  'IPI ring full': {
    fillsRing: true,
    counts: ({ kernel }) => kernel.cpus.reduce((sum, { counters }) => sum + counters.ipiFifoFull, 0),
  },
};

export const stability: Lab = {
  id: '45-stability',
  experiment: 45,
  title: 'Faults that do not stay unnoticed',
  slide: 'Summary: stability and performance',
  topics: ['faults', 'network stack'],
  mechanisms: ['invariants', 'fault injection'],
  question: 'Something fails at a random time. Who notices, and after how long?',
  expected:
    'An assertion, at once or at the next look at the kernel; where the design recovers, a counter, and everything is delivered. Without a fault nobody complains.',
  sources: ['kernel.md §13: the invariants', 'kernel.md §5, §6.3: full rings, frames on the wrong CPU'],
  lookFor: 'A lost IPI is silent for who sent it: the interlock says that the target is about to look.',
  factors: [
    { name: 'fault', label: 'Fault', levels: Object.keys(FAULTS) },
    { name: 'cpus', label: 'CPUs', unit: '1', levels: [2, 4, 8], quick: [4] },
  ],
  measures: [
    { name: 'struck', label: 'Happened', unit: '1' },
    { name: 'caught', label: 'Stopped by an assertion', unit: '1' },
    { name: 'named', label: 'Stopped by the assertion that it breaks', unit: '1' },
    { name: 'counted', label: 'Counted', unit: '1' },
    { name: 'delivered', label: 'Delivered of all bytes', unit: '1' },
    { name: 'after', label: 'Noticed after', unit: 'ns' },
    { name: 'repeats', label: 'Same seed, same events', unit: '1' },
  ],
  inTypeScript: {
    all: true,
    what: 'It breaks the kernel from TypeScript while it runs; no scenario file says that.',
  },
  replications: { full: 10, quick: 2 },
  chart: { x: 'cpus', y: 'after', lines: ['fault'] },

  measure({ fault, cpus }, setting) {
    const suffered = FAULTS[String(fault)]!;
    const outcome = suffer(suffered, Number(cpus), setting);
    const again = suffer(suffered, Number(cpus), setting);
    const isStopped = outcome.rule !== '';
    return {
      struck: Number(outcome.struckAt >= 0),
      caught: Number(isStopped),
      named: Number(suffered.rules?.includes(outcome.rule) ?? false),
      counted: Number(!isStopped && outcome.noticedAt >= 0),
      delivered: outcome.delivered,
      after: outcome.noticedAt < 0 ? 0 : outcome.noticedAt - outcome.struckAt,
      repeats: Number(isSame(outcome, again)),
    };
  },

  checks(table) {
    return [
      exactly('the same seed has the same events, all faults', least(table, 'repeats'), 1),
      exactly('without a fault: assertions', most(table, 'caught', NONE), 0),
      exactly('without a fault: delivered', least(table, 'delivered', NONE), 1),
      ...Object.entries(FAULTS)
        .filter(([name]) => name !== NONE)
        .flatMap(([name, { rules }]): Check[] => [
          exactly(`${name}: happened`, least(table, 'struck', name), 1),
          ...(rules === undefined
            ? [
                exactly(`${name}: counted`, least(table, 'counted', name), 1),
                exactly(`${name}: everything delivered`, least(table, 'delivered', name), 1),
              ]
            : [exactly(`${name}: stopped by ${rules.join(' or ')}`, least(table, 'named', name), 1)]),
        ]),
    ];
  },
};

function isSame(a: Outcome, b: Outcome): boolean {
  return a.trace === b.trace && a.rule === b.rule && a.noticedAt === b.noticedAt;
}

/** Over all runs, not their means: one that was not noticed is one too many. */
function runsOf(table: Table, measure: string, fault: string | undefined): number[] {
  return table
    .where(fault === undefined ? {} : { fault })
    .flatMap(({ runs }) => runs.map((values) => values[measure]!));
}

function least(table: Table, measure: string, fault?: string): number {
  return Math.min(...runsOf(table, measure, fault));
}

function most(table: Table, measure: string, fault?: string): number {
  return Math.max(...runsOf(table, measure, fault));
}
