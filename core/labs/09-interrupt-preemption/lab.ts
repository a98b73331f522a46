// Experiment 9: only interrupts preempt, and not inside a critical section; what that does to their latency.

import { nanos } from '../../base';
import { callAt, Priority } from '../../engine';
import { InterruptSource } from '../../kernel';
import { between, monotone, near } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS } from '../on-machine';

const PERIOD_NS = 20_000;

export const interruptPreemption: Lab = {
  id: '09-interrupt-preemption',
  experiment: 9,
  title: 'Interrupts and critical sections',
  slide: 'Only interrupts preempt',
  topics: ['scheduling', 'interrupts'],
  mechanisms: ['preemption', 'critical sections', 'interrupt threads'],
  question: 'What share of the interrupts has to wait for a critical section, and for how long?',
  expected: 'The share that waits is the share of time in critical sections; the longest wait is the longest section.',
  sources: ['kernel.md §1.4, §1.5: interrupts that arrive in a critical section are marked and run when it is left'],
  lookFor:
    'The mean latency grows with the square of the section’s length: longer sections are hit more often, and wait longer.',
  factors: [
    {
      name: 'share',
      label: 'Time in critical sections',
      levels: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
      quick: [0, 0.25, 0.5, 0.75],
    },
    { name: 'rate', label: 'Interrupts per second', unit: '1/s', levels: [500, 5000], quick: [5000] },
  ],
  measures: [
    { name: 'deferred', label: 'Interrupts that had to wait, share', unit: '1' },
    { name: 'latency', label: 'Raised to served, mean', unit: 'ns' },
    { name: 'worst', label: 'Raised to served, worst', unit: 'ns' },
    { name: 'hits', label: 'Preemptions per interrupt', unit: '1' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 3, quick: 1 },
  chart: { x: 'share', y: 'deferred', lines: ['rate'] },

  measure({ share, rate }, setting) {
    const machine = onMachine(setting, { cpus: 1 });
    const { kernel, engine, random } = machine;
    const sectionNs = Number(share) * PERIOD_NS;
    kernel.start('worker', function* (k) {
      for (;;) {
        if (sectionNs > 0) {
          yield k.crit_enter();
          yield k.work(sectionNs);
          yield k.crit_exit();
        }
        yield k.work(PERIOD_NS - sectionNs);
      }
    });
    let raisedAt = -1;
    let served = 0;
    let sumNs = 0;
    let worstNs = 0;
    const source = new InterruptSource(
      kernel,
      'device',
      () => {
        if (raisedAt >= 0) {
          served += 1;
          sumNs += engine.now - raisedAt;
          worstNs = Math.max(worstNs, engine.now - raisedAt);
        }
        raisedAt = -1;
        return 1000;
      },
      { livelockLimit: Infinity },
    );
    const next = (now: number): void => {
      callAt(
        engine,
        nanos(now + Math.max(1, Math.round(random.exponential(1e9 / Number(rate))))),
        Priority.arrival,
        (at) => {
          if (raisedAt < 0) raisedAt = at;
          source.raise();
          next(at);
        },
      );
    };
    next(0);
    machine.run(setting.quick ? 400e6 : 2e9);
    const { counters } = kernel.cpus[0]!;
    return {
      deferred: counters.interruptsDeferred / counters.interrupts,
      latency: sumNs / served,
      worst: worstNs,
      hits: counters.preemptHit / counters.interrupts,
    };
  },

  checks(table) {
    const rate = 5000;
    const samples = table.over('deferred', 'share', { rate });
    const { interruptNs, switchNs } = { interruptNs: 3000, switchNs: 250 };
    return [
      ...samples
        .filter(({ x }) => x >= 0.2)
        .map(({ x, y }) => near(`share that waits with ${String(100 * x)}% in sections`, y, x, 0.15)),
      monotone('the worst latency grows with the section', table.over('worst', 'share', { rate }), 'up', 0.03, 'ns'),
      ...samples
        .filter(({ x }) => x >= 0.5)
        .map(({ x }) =>
          between(
            `worst latency with sections of ${String(x * PERIOD_NS)} ns, beyond the interrupt itself, over the section`,
            (table.at('worst', { share: x, rate }) - interruptNs - switchNs) / (x * PERIOD_NS),
            0.85,
            1.35,
          ),
        ),
      between('preemptions per interrupt', table.at('hits', { share: samples[0]!.x, rate }), 0.95, 1),
    ];
  },
};
