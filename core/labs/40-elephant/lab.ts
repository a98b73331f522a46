// Experiment 40: one heavy flow among light ones. A partition cannot be divided.

import { between } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';
import { type StackName, STACKS } from '../stack-models';

const CPUS = 4;
const MODELS: readonly StackName[] = ['pmp, async, pinned', 'group locks', 'mutex'];

export const elephant: Lab = {
  id: '40-elephant',
  experiment: 40,
  title: 'Elephants and mice',
  slide: 'Parallel networking: partitioning',
  topics: ['network stack', 'concurrency models'],
  mechanisms: ['partitioning', 'PMP', 'mutex'],
  question: 'What does one heavy connection do to light ones, and can a stack put several CPUs to it?',
  expected:
    'Its CPU is full while others idle; the light flows that share its CPU wait. Locks let the application’s CPU do some of its work.',
  sources: [
    'Salehi, Kurose, Towsley 1995: partitions are worse for single streams',
    'kernel.md §10, single-flow parallelism',
  ],
  lookFor: 'The tail of the light flows’ times, with and without the heavy one.',
  factors: [
    { name: 'stack', label: 'Stack', levels: MODELS },
    { name: 'heavy', label: 'Heavy flows', unit: '1', levels: [0, 1, 2], quick: [0, 1] },
  ],
  measures: [
    { name: 'tail', label: 'Time of a light transaction, 95%', unit: 'ns' },
    { name: 'median', label: 'Time of a light transaction, median', unit: 'ns' },
    { name: 'balance', label: 'Busiest CPU over mean', unit: '1' },
    { name: 'rate', label: 'Goodput of the heavy flow', unit: 'bps' },
  ],
  replications: { full: 2, quick: 1 },
  chart: { x: 'heavy', y: 'tail', lines: ['stack'] },

  measure({ stack, heavy }, setting) {
    const mice = Array.from({ length: 32 }, (_, index) => ({
      id: `m${String(index)}`,
      kind: 'request-response',
      from: `client${String(index % 4)}`,
      to: 'server',
      request: 100,
      response: 1000,
      think: '300us',
    }));
    const elephants = Array.from({ length: Number(heavy) }, (_, index) => ({
      id: `e${String(index)}`,
      kind: 'bulk',
      from: `client${String(index)}`,
      to: 'server',
    }));
    const run = measureServer(
      {
        cpus: CPUS,
        kernel: STACKS[stack as StackName],
        nic: { rings: CPUS, interruptRate: 20_000 },
        links: 4,
        tcp: { receiveBuffer: '1MiB', sendBuffer: '1MiB' },
        traffic: [...elephants, ...mice],
        durationNs: setting.quick ? 60e6 : 200e6,
      },
      setting,
    );
    const light = run.after.flows.filter(({ id }) => id.startsWith('m'));
    const busy = Array.from({ length: CPUS }, (_, cpu) => run.busyNs(cpu));
    const durationNs = run.after.durationNs;
    const heavyBytes = run.growth(({ flows }) =>
      flows.reduce((sum, { id, bytesDelivered }) => sum + (id.startsWith('e') ? bytesDelivered : 0), 0),
    );
    return {
      // One that never got an answer has waited for the whole run.
      tail: Math.max(...light.map(({ completionTimes }) => completionTimes?.p95Ns ?? durationNs)),
      median:
        light.reduce((sum, { completionTimes }) => sum + (completionTimes?.p50Ns ?? durationNs), 0) / light.length,
      balance: (Math.max(...busy) * CPUS) / busy.reduce((sum, ns) => sum + ns, 0),
      rate: (heavyBytes * 8) / run.seconds,
    };
  },

  checks(table) {
    const at = (measure: string, stack: StackName, heavy: number): number => table.at(measure, { stack, heavy });
    const [pmp, , mutex] = MODELS as [StackName, StackName, StackName];
    return [
      between(
        'tail of light flows in partitions: with over without the heavy one',
        at('tail', pmp, 1) / at('tail', pmp, 0),
        1.3,
        Infinity,
      ),
      between('busiest CPU over mean, partitions, one heavy flow', at('balance', pmp, 1), 2, CPUS),
      between('busiest CPU over mean, mutexes over partitions', at('balance', mutex, 1) / at('balance', pmp, 1), 0, 1),
    ];
  },
};
