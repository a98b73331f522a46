// Experiment 7: a thread is an execution context; an address space is something else, and costs its own price at each switch.

import { PROFILES } from '../../machine';
import { near } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS, sumOf } from '../on-machine';
import { reference } from './reference';

const LEVELS = [0, 2000, 5000, 10_000, 20_000] as const;

export const executionContexts: Lab = {
  id: '07-execution-contexts',
  experiment: 7,
  title: 'Execution contexts and address spaces',
  slide: 'Lightweight threads: separate execution context from address space',
  topics: ['scheduling', 'user-land'],
  mechanisms: ['LWKT', 'address spaces', 'context switch'],
  question: 'What does a switch cost when it changes the address space, and when it does not?',
  expected:
    'Two parallel lines: whatever the threads do between switches, the change of address space adds its own price.',
  sources: ['kernel.md §11: switch 250 ns warm, 1,500 ns more with a change of the address space'],
  lookFor: 'The distance of the lines is the same everywhere. Kernel threads never pay it.',
  factors: [
    { name: 'spaces', label: 'Address spaces', levels: ['one', 'one each'] },
    { name: 'work', label: 'Work between switches', unit: 'ns', levels: LEVELS },
  ],
  measures: [
    { name: 'time', label: 'Time per turn', unit: 'ns' },
    { name: 'switches', label: 'Switches per second', unit: '1/s' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 1, quick: 1 },
  chart: { x: 'work', y: 'time', lines: ['spaces'] },
  reference: () => reference(PROFILES['opteron-1800'].switchNs, PROFILES['opteron-1800'].addressSpaceNs, LEVELS),

  measure({ spaces, work }, setting) {
    const machine = onMachine(setting, { cpus: 1 });
    const { kernel, engine } = machine;
    const turns = setting.quick ? 1000 : 10_000;
    const common = Symbol('common');
    let endedAt = 0;
    for (let i = 0; i < 2; i += 1)
      kernel.start(
        `process ${String(i)}`,
        function* (k) {
          for (let turn = 0; turn < turns; turn += 1) {
            yield k.work(Number(work));
            yield k.yield();
          }
          endedAt = engine.now;
        },
        { addressSpace: spaces === 'one' ? common : Symbol(String(i)) },
      );
    machine.run(60e9);
    const switches = sumOf(kernel, (counters) => counters.switches);
    return { time: endedAt / (2 * turns), switches: (switches * 1e9) / endedAt };
  },

  checks(table) {
    const { addressSpaceNs, switchNs } = PROFILES['opteron-1800'];
    return [
      ...LEVELS.map((work) =>
        near(
          `distance of the lines at ${String(work)} ns of work, ns`,
          table.at('time', { spaces: 'one each', work }) - table.at('time', { spaces: 'one', work }),
          addressSpaceNs,
          0.02,
        ),
      ),
      near(
        'a turn without work in one address space, ns',
        table.at('time', { spaces: 'one', work: 0 }),
        switchNs,
        0.05,
      ),
    ];
  },
};
