// Experiment 2: whether a message is worked on at once is the target's choice; the sender cannot tell, and a switch is saved.

import type { RandomStream } from '../../engine';
import { type Cpu, type Message, type Thread, ThreadPort } from '../../kernel';
import { exactly, near, straight } from '../checks';
import type { Lab } from '../lab';
import { onMachine, PROGRAMS, sumOf } from '../on-machine';

const SERVICE_NS = 300;

/** Does a share of the messages in the sender's context, and queues the others. */
class ChoosyPort extends ThreadPort {
  constructor(
    owner: Thread,
    private readonly share: number,
    private readonly random: RandomStream,
  ) {
    super(owner);
  }

  override put(cpu: Cpu, message: Message, sender: Thread | undefined): number {
    if (!this.random.chance(this.share)) return super.put(cpu, message, sender);
    this.countPut(cpu, message);
    this.counters.synchronous += 1;
    cpu.charge(SERVICE_NS);
    return 0;
  }
}

export const targetDecides: Lab = {
  id: '02-target-decides',
  experiment: 2,
  title: 'The target decides',
  slide: 'Messaging: the port decides whether to work at once (EASYNC)',
  topics: ['messaging'],
  mechanisms: ['messages and ports', 'EASYNC'],
  question:
    'How many switches does a message cost when its port works on a share of the messages in the sender’s context?',
  expected: 'The switches per message fall in a straight line to none.',
  sources: ['Semantics of lwkt_domsg and EASYNC: dragonflybsd.org/goals/messaging.cgi'],
  lookFor: 'The program of the sender is the same at both ends of the line.',
  factors: [
    {
      name: 'share',
      label: 'Share done at once',
      levels: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
      quick: [0, 0.25, 0.5, 0.75, 1],
    },
  ],
  measures: [
    { name: 'switches', label: 'Switches per message', unit: '1' },
    { name: 'time', label: 'Time per message', unit: 'ns' },
  ],
  inTypeScript: PROGRAMS,
  replications: { full: 3, quick: 1 },
  chart: { x: 'share', y: 'switches', lines: [] },

  measure({ share }, setting) {
    const machine = onMachine(setting, { cpus: 1 });
    const { kernel, engine, random } = machine;
    const count = setting.quick ? 4000 : 20_000;
    const server = kernel.start('server', function* (k) {
      for (;;) {
        yield k.waitport(port);
        yield k.work(SERVICE_NS);
        yield k.replymsg(k.message!);
      }
    });
    const port: ThreadPort = new ChoosyPort(server, Number(share), random);
    let switchesBefore = 0;
    let endedAt = 0;
    kernel.start('client', function* (k) {
      const message = k.newMessage();
      yield k.sleep(100_000);
      switchesBefore = sumOf(kernel, ({ switches }) => switches);
      const from = engine.now;
      for (let i = 0; i < count; i += 1) yield k.domsg(port, message);
      endedAt = engine.now - from;
    });
    machine.run(60e9);
    return {
      switches: (sumOf(kernel, ({ switches }) => switches) - switchesBefore) / count,
      time: endedAt / count,
    };
  },

  checks(table) {
    return [
      near('switches per message when all are queued', table.at('switches', { share: 0 }), 2, 0.01),
      exactly('switches per message when all are done at once', table.at('switches', { share: 1 }), 0),
      straight('in between', table.over('switches', 'share'), 0.03),
    ];
  },
};
