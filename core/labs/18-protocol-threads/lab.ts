// Experiment 18: a packet goes through three protocol threads of a CPU, as in 2004, or through one, as from 2008 on.

import type { Message, Thread } from '../../kernel';
import { PROFILES, StageCaches } from '../../machine';
import { between, near } from '../checks';
import type { Lab } from '../lab';
import { runStage, STAGES, type Stage } from '../network-stages';
import { onMachine, PROGRAMS, sumOf } from '../on-machine';

/** Which stages each thread does. */
const FAMILIES: Readonly<Record<string, readonly (readonly Stage[])[]>> = {
  'three threads': [[STAGES[0]!], [STAGES[1]!], [STAGES[2]!, STAGES[3]!]],
  'one thread': [STAGES],
};

export const protocolThreads: Lab = {
  id: '18-protocol-threads',
  experiment: 18,
  title: 'Protocol threads',
  slide: 'Extensive use of messaging in the network stack',
  topics: ['network stack', 'messaging'],
  mechanisms: ['protocol threads', 'PMP', 'context switch', 'cache lines'],
  question: 'What do three protocol threads on a CPU cost and bring, against one that does everything?',
  expected: 'More switches per packet; and with many packets at once better locality, for each thread is a stage.',
  sources: [
    'kernel.md §6.2: tcp_thread, udp_thread and netisr_cpu of 2004; one netisr per CPU from 2008 on',
    'kernel.md §7',
  ],
  lookFor: 'With one packet at a time the three threads only cost. With many they are cohort scheduling by themselves.',
  factors: [
    { name: 'family', label: 'Threads', levels: ['three threads', 'one thread'] },
    { name: 'burst', label: 'Packets at once', levels: [1, 2, 4, 8, 16, 32, 64], quick: [1, 8, 64] },
  ],
  measures: [
    { name: 'switches', label: 'Switches per packet', unit: '1' },
    { name: 'misses', label: 'First-level misses per packet', unit: 'count' },
    { name: 'time', label: 'Time per packet', unit: 'ns' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 1, quick: 1 },
  chart: { x: 'burst', log: true, y: 'time', lines: ['family'] },

  measure({ family, burst }, setting) {
    const profile = 'pentium3-smp';
    const machine = onMachine(setting, { cpus: 1, profile });
    const { kernel } = machine;
    const { clockPeriodNs } = PROFILES[profile];
    const caches = new StageCaches(PROFILES[profile]);
    const parts = FAMILIES[String(family)]!;
    const threads: Thread[] = [];
    for (const [index, stages] of [...parts.entries()].toReversed()) {
      const following = threads[0];
      threads.unshift(
        kernel.start(`stage ${String(index)}`, function* (k) {
          for (;;) {
            yield k.waitport(k.port);
            const message = k.message!;
            for (const stage of stages) yield k.work(runStage(caches, stage, message.payload as number, clockPeriodNs));
            if (following === undefined) yield k.replymsg(message);
            else yield k.forwardmsg(following.port, message);
          }
        }),
      );
    }
    const bursts = setting.quick ? 100 : 400;
    const size = Number(burst);
    let spentNs = 0;
    kernel.start('network', function* (k) {
      const messages: Message[] = Array.from({ length: size }, () => k.newMessage());
      let packet = 0;
      for (let i = 0; i < bursts; i += 1) {
        const from = k.now;
        for (const message of messages) {
          packet += 1;
          message.payload = packet;
          yield k.sendmsg(threads[0]!.port, message);
        }
        for (const message of messages) yield k.waitmsg(message);
        spentNs += k.now - from;
      }
    });
    machine.run(60e9);
    const packets = bursts * size;
    return {
      switches: sumOf(kernel, ({ switches }) => switches) / packets,
      misses: caches.misses.first / packets,
      time: spentNs / packets,
    };
  },

  checks(table) {
    const at = (measure: string, family: string, burst: number): number => table.at(measure, { family, burst });
    const [three, one] = ['three threads', 'one thread'];
    return [
      near('switches per packet through three, one at a time', at('switches', three, 1), 4, 0.05),
      near('through one, one at a time', at('switches', one, 1), 2, 0.05),
      between('misses per packet, 64 at once: three over one', at('misses', three, 64) / at('misses', one, 64), 0, 0.8),
      between('time per packet, one at a time: three over one', at('time', three, 1) / at('time', one, 1), 1, Infinity),
      between('time per packet, 64 at once: three over one', at('time', three, 64) / at('time', one, 64), 0, 1),
      near(
        'misses per packet of one thread, 64 at once over one at a time',
        at('misses', one, 64) / at('misses', one, 1),
        1,
        0.02,
      ),
    ];
  },
};
