// Experiment 8: data of a CPU need no lock as long as nobody is preempted or moved against its will.

import { exactly, between } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS, sumOf } from '../on-machine';

const UPDATE_NS = 500;

export const guarantees: Lab = {
  id: '08-guarantees',
  experiment: 8,
  title: 'Per-CPU data without locks',
  slide: 'Guarantees: no involuntary preemption, no involuntary migration',
  topics: ['scheduling'],
  mechanisms: ['LWKT', 'preemption', 'critical sections', 'migration'],
  question:
    'How often is an update of a CPU’s own data disturbed, under which preemption, with and without critical sections?',
  expected:
    'Threads never disturb each other unless preemption is full. Interrupt threads do, unless the update is in a critical section; with one, nobody does.',
  sources: ['kernel.md §1.1, invariants 1 to 5'],
  lookFor: 'What a preemptive kernel pays for its latency: every per-CPU update needs protection.',
  factors: [
    { name: 'preemption', label: 'Preemption', levels: ['none', 'interrupt', 'full'] },
    { name: 'rival', label: 'Who else updates', levels: ['thread', 'interrupt thread'] },
    { name: 'section', label: 'Critical section', levels: ['no', 'yes'] },
    {
      name: 'rate',
      label: 'Rival’s wake-ups per second',
      unit: '1/s',
      levels: [1000, 5000, 10_000, 20_000],
      quick: [1000, 20_000],
    },
  ],
  measures: [
    { name: 'races', label: 'Disturbed updates, share', unit: '1' },
    { name: 'latency', label: 'Rival’s wake to run, worst', unit: 'ns' },
    { name: 'migrations', label: 'Migrations', unit: 'count' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 3, quick: 1 },
  chart: { x: 'rate', y: 'races', lines: ['preemption', 'rival'], where: { section: 'no' } },

  measure({ preemption, rival, section, rate }, setting) {
    const isInterrupt = rival === 'interrupt thread';
    const machine = onMachine(setting, {
      cpus: 2,
      options: { preemption: preemption as 'none' | 'interrupt' | 'full' },
    });
    const { kernel, random } = machine;
    const protects = section === 'yes';
    let value = 0;
    let updates = 0;
    let races = 0;
    kernel.start('updater', function* (k) {
      for (;;) {
        if (protects) yield k.crit_enter();
        const before = value;
        yield k.work(UPDATE_NS);
        if (value !== before) races += 1;
        value = before + 1;
        updates += 1;
        if (protects) yield k.crit_exit();
        yield k.work(UPDATE_NS);
        // A reschedule point: who has waited may run here, between updates.
        yield k.yieldQuick();
      }
    });
    const priority = isInterrupt ? 27 : 20;
    kernel.start(
      'rival',
      function* (k) {
        for (;;) {
          yield k.sleep(random.exponential(1e9 / Number(rate)));
          value += 1;
          yield k.work(200);
        }
      },
      { priority, mayPreempt: isInterrupt },
    );
    machine.run(setting.quick ? 100e6 : 500e6);
    return {
      races: races / updates,
      latency: kernel.wakeLatency[priority]!.maxNs,
      migrations: sumOf(kernel, ({ migrations }) => migrations),
    };
  },

  checks(table) {
    const races = (preemption: string, rival: string, section: string): number =>
      Math.max(...table.where({ preemption, rival, section }).map(({ mean }) => mean['races']!));
    return [
      exactly('threads, no preemption', races('none', 'thread', 'no'), 0),
      exactly('threads, interrupt-only preemption', races('interrupt', 'thread', 'no'), 0),
      between('threads, full preemption, unprotected', races('full', 'thread', 'no'), 1e-6, 1),
      between('interrupt threads, unprotected', races('interrupt', 'interrupt thread', 'no'), 1e-6, 1),
      exactly('interrupt threads, critical section', races('interrupt', 'interrupt thread', 'yes'), 0),
      exactly('full preemption, critical section', races('full', 'thread', 'yes'), 0),
      exactly('migrations nobody asked for', Math.max(...table.rows.map(({ mean }) => mean['migrations']!)), 0),
    ];
  },
};
