// Experiment 17: IPI rings under load. Interrupts are avoided while the target looks anyway; a full ring stalls its sender; who does not
// serve its own ring while it is stalled waits for ever.

import { between, exactly, monotone } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS, sumOf } from '../on-machine';

const CALL_NS = 300;
/** Messages that are sent together, in a critical section, as a subsystem does that frees much at once. */
const BURST = 32;

export const ipiQueues: Lab = {
  id: '17-ipi-queues',
  experiment: 17,
  title: 'IPI queues under load',
  slide: 'IPI messages',
  topics: ['IPI', 'messaging'],
  mechanisms: ['IPI', 'passive IPI', 'ring overflow'],
  question: 'How many messages need an interrupt, how late do they come, and what happens when the ring is full?',
  expected:
    'The share of avoided interrupts goes to all with load. A full ring stalls the sender, nothing more; without serving its own ring meanwhile, two CPUs deadlock.',
  sources: ['kernel.md §5: interlock gd_npoll, marks at 1/2 and 1/4, drain while spinning'],
  lookFor: 'Passive messages are late at any load, unless a normal one comes after them.',
  factors: [
    { name: 'drains', label: 'Serves its ring while stalled', levels: ['yes', 'no'] },
    { name: 'pattern', label: 'Sent', levels: ['one by one', 'in bursts'] },
    { name: 'ring', label: 'Entries', levels: [16, 256] },
    { name: 'passive', label: 'Passive share', levels: [0, 0.5] },
    {
      name: 'rate',
      label: 'Messages per second and CPU',
      unit: '1/s',
      levels: [10_000, 50_000, 100_000, 200_000, 400_000, 800_000, 1_600_000, 5_000_000],
      quick: [10_000, 200_000, 800_000, 5_000_000],
    },
  ],
  measures: [
    { name: 'avoided', label: 'Interrupts avoided, share', unit: '1' },
    { name: 'latency', label: 'Sent to executed, mean', unit: 'ns' },
    { name: 'full', label: 'Times the ring was full, per message', unit: '1' },
    { name: 'stuck', label: 'Deadlocked', unit: '1' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 1, quick: 1 },
  chart: {
    x: 'rate',
    log: true,
    y: 'avoided',
    lines: ['ring'],
    where: { drains: 'yes', pattern: 'one by one', passive: 0 },
  },

  measure({ drains, pattern, ring, passive, rate }, setting) {
    const burst = pattern === 'in bursts' ? BURST : 1;
    const machine = onMachine(setting, {
      cpus: 2,
      options: { ipiRingEntries: Number(ring), drainsWhileSpinning: drains === 'yes', tickNs: 1_000_000 },
    });
    const { kernel, engine, random } = machine;
    const count = setting.quick ? 1500 : 8000;
    const sent = { avoidable: 0, executed: 0, latencyNs: 0, done: 0 };
    for (let cpu = 0; cpu < 2; cpu += 1)
      kernel.start(
        `sender ${String(cpu)}`,
        function* (k) {
          for (let i = 0; i < count; i += 1) {
            if (i % burst === 0) {
              if (i > 0) yield k.crit_exit();
              yield k.work(random.exponential((burst * 1e9) / Number(rate)));
              yield k.crit_enter();
            }
            const at = k.now;
            const call = (): number => {
              sent.executed += 1;
              sent.latencyNs += engine.now - at;
              return CALL_NS;
            };
            const other = 1 - cpu;
            if (random.chance(Number(passive))) yield k.send_ipiq_passive(other, call);
            else yield k.send_ipiq(other, call);
          }
          yield k.crit_exit();
          sent.done += 1;
        },
        { cpu },
      );
    machine.run(20e9);
    const messages = sumOf(kernel, ({ ipiSent, ipiPassive }) => ipiSent - ipiPassive);
    return {
      avoided: sumOf(kernel, ({ ipiAvoided }) => ipiAvoided) / messages,
      latency: sent.latencyNs / Math.max(1, sent.executed),
      full: sumOf(kernel, ({ ipiFifoFull }) => ipiFifoFull) / (2 * count),
      stuck: sent.done === 2 ? 0 : 1,
    };
  },

  checks(table) {
    const normal = { drains: 'yes', pattern: 'one by one', ring: 256, passive: 0 } as const;
    const avoided = table.over('avoided', 'rate', normal);
    const worst = (drains: string): number => Math.max(...table.where({ drains }).map(({ mean }) => mean['stuck']!));
    const slowest = { ...normal, rate: avoided[0]!.x };
    const fastest = { ...normal, rate: avoided.at(-1)!.x };
    return [
      monotone('interrupts avoided grow with the load', avoided, 'up', 0.03),
      between('avoided at the lowest load', avoided[0]!.y, 0, 0.1),
      between('avoided at the highest load', avoided.at(-1)!.y, 0.9, 1),
      exactly('the large ring is never full at the lowest load', table.at('full', slowest), 0),
      between('the small ring is full at the highest load', table.at('full', { ...fastest, ring: 16 }), 1e-4, Infinity),
      between(
        'with half of them passive, the mean comes so many times later at the lowest load',
        table.at('latency', { ...slowest, passive: 0.5 }) / table.at('latency', slowest),
        3,
        Infinity,
      ),
      exactly('deadlocks when stalled senders serve their rings', worst('yes'), 0),
      exactly('deadlocks when they do not', worst('no'), 1),
    ];
  },
};
