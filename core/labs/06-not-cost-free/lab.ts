// Experiment 6: contention-free is not free of costs. Hand-overs for each segment, threads anywhere, and what takes that away.

import { PROFILES } from '../../machine';
import { between, exactly, near } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';
import { type StackName, STACKS } from '../stack-models';

const UP = 'one CPU';
const DEAR = 'pmp, hand-over, dear threads';
const NAMES: readonly string[] = [
  UP,
  'mutex, table held',
  'mutex',
  'group locks',
  'pmp, hand-over',
  DEAR,
  'pmp, async',
  'pmp, async, pinned',
];

/** What switching, waking and telling cost in a system whose threads are not LWKT's, against LWKT [M]. */
const DEAR_FACTOR = 10;

function dearThreads(): Readonly<Record<string, unknown>> {
  const { switchNs, wakeNs, sendNs, ipiHandlerNs } = PROFILES['opteron-1800'];
  return {
    base: 'opteron-1800',
    switchNs: DEAR_FACTOR * switchNs,
    wakeNs: DEAR_FACTOR * wakeNs,
    sendNs: DEAR_FACTOR * sendNs,
    ipiHandlerNs: DEAR_FACTOR * ipiHandlerNs,
  };
}

function kernelOf(stack: string): Readonly<Record<string, unknown>> {
  if (stack === UP) return STACKS.giant;
  return STACKS[stack === DEAR ? 'pmp, hand-over' : (stack as StackName)];
}

export const notCostFree: Lab = {
  id: '06-not-cost-free',
  experiment: 6,
  title: '…but not cost-free',
  slide: 'Contention-free parallel multiprocessing of the network stack',
  topics: ['network stack', 'concurrency models', 'messaging'],
  mechanisms: ['PMP', 'mutex', 'synchronous and asynchronous sends', 'pinning'],
  question: 'When does a partitioned stack lose to locks, and what makes it win?',
  expected:
    'If an application waits for its protocol thread with each segment, partitions lose to group locks, and touch the most cache lines; where threads are dear they lose to all others, and to a single CPU. Asynchronous sends and threads on their flow’s CPU turn that round; large writes make hand-overs too few to matter.',
  sources: [
    'Willmann, Rixner, Cox 2006, 4 CPUs: MsgP over UP +31% on average, ConnP-L over UP +126% at the heaviest load, ConnP-T below UP; L2 misses per KB at 192 connections: UP 4.1, ConnP-L 26, MsgP 28, ConnP-T 50',
    'FreeBSD tcp_input and tcp_usr_send of 2004: the lock of the connection table is given back at the header prediction, and before tcp_output',
    'Foong et al. 2005: interrupt and process affinity up to +30%',
  ],
  lookFor: `UP is one CPU of the same kind; "table held" is the MsgP of 2006. With LWKT’s threads the hand-over beats it, and equals fine locks that are held briefly, which ConnP-T did not: its threads were FreeBSD’s. "Dear threads" lets switching, waking and telling cost ${String(DEAR_FACTOR)} times LWKT’s.`,
  factors: [
    { name: 'stack', label: 'Stack', levels: NAMES },
    { name: 'connections', label: 'Connections', unit: '1', levels: [6, 192], quick: [192] },
    {
      name: 'write',
      label: 'Bytes per write',
      unit: 'bytes',
      levels: [1448, 4096, 16_384, 65_536],
      quick: [1448, 65_536],
    },
  ],
  measures: [
    { name: 'rate', label: 'Goodput', unit: 'bps' },
    { name: 'misses', label: 'Cache lines per KB', unit: 'count' },
    { name: 'contention', label: 'Lock requests that wait', unit: '1' },
  ],
  replications: { full: 3, quick: 1 },
  chart: { x: 'write', log: true, y: 'rate', lines: ['stack'], where: { connections: 192 } },

  measure({ stack, connections, write }, setting) {
    const name = String(stack);
    const run = measureServer(
      {
        cpus: name === UP ? 1 : 4,
        kernel: { ...kernelOf(name), zeroCopy: true, write },
        machine: { bus: 'pci-x-266', ...(name === DEAR ? { profile: dearThreads() } : {}) },
        nic: name === 'pmp, async, pinned' ? { rings: 4 } : {},
        tcp: { sendBuffer: '64KiB', receiveBuffer: '64KiB' },
        links: 6,
        rateBps: 2.5e9,
        connections: Number(connections),
        durationNs: setting.quick ? 60e6 : 200e6,
      },
      setting,
    );
    const names = ['connection table', 'connection groups', 'connections'];
    return {
      rate: run.goodputBps,
      misses: run.missesPerKilobyte,
      contention: name === UP ? 0 : Math.max(...names.map((lock) => run.lockContention(lock))),
    };
  },

  checks(table) {
    const at = (measure: string, stack: string, write = 1448): number =>
      table.at(measure, { stack, connections: 192, write });
    const ratio = (a: string, b: string, write = 1448): number => at('rate', a, write) / at('rate', b, write);
    return [
      near('mutexes, table held, over one CPU (published 1.31 on average)', ratio('mutex, table held', UP), 1.31, 0.25),
      near('group locks over one CPU (published 2.26)', ratio('group locks', UP), 2.26, 0.25),
      between('group locks over mutexes, table held', ratio('group locks', 'mutex, table held'), 1, Infinity),
      between('partitions with hand-over over group locks', ratio('pmp, hand-over', 'group locks'), 0, 1),
      between('the same with dear threads over mutexes, table held', ratio(DEAR, 'mutex, table held'), 0, 1),
      between('pinned and asynchronous over mutexes', ratio('pmp, async, pinned', 'mutex'), 1, Infinity),
      between('pinned over not pinned', ratio('pmp, async, pinned', 'pmp, async'), 1, Infinity),
      between(
        'hand-over over mutexes: 64 KiB per write against a segment',
        ratio('pmp, hand-over', 'mutex', 65_536) / ratio('pmp, hand-over', 'mutex'),
        1,
        Infinity,
      ),
      between(
        'lines per KB: hand-over over mutexes, table held',
        at('misses', 'pmp, hand-over') / at('misses', 'mutex, table held'),
        1,
        2,
      ),
      between(
        'lines per KB: mutexes, table held, over group locks',
        at('misses', 'mutex, table held') / at('misses', 'group locks'),
        1,
        2,
      ),
      between('lines per KB: group locks over one CPU', at('misses', 'group locks') / at('misses', UP), 3, 30),
      exactly('lock requests that wait under partitions', at('contention', 'pmp, hand-over'), 0),
    ];
  },
};
