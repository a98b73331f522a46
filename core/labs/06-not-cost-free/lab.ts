// Experiment 6: contention-free is not free of costs. Hand-overs for each segment, threads anywhere, and what takes that away.

import { between, exactly } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';
import { type StackName, STACKS } from '../stack-models';

const UP = 'one CPU';
const NAMES: readonly string[] = [UP, 'mutex', 'group locks', 'pmp, hand-over', 'pmp, async', 'pmp, async, pinned'];

export const notCostFree: Lab = {
  id: '06-not-cost-free',
  experiment: 6,
  title: '…but not cost-free',
  slide: 'Contention-free parallel multiprocessing of the network stack',
  topics: ['network stack', 'concurrency models', 'messaging'],
  mechanisms: ['PMP', 'mutex', 'synchronous and asynchronous sends', 'pinning'],
  question: 'When does a partitioned stack lose to locks, and what makes it win?',
  expected:
    'If an application waits for its protocol thread with each segment, partitions lose to fine and to group locks, and touch the most cache lines. Asynchronous sends and threads on their flow’s CPU turn that round; large writes make hand-overs too few to matter.',
  sources: [
    'Willmann, Rixner, Cox 2006: ConnP-L over MsgP over UP at many connections, ConnP-T below MsgP; L2 misses per KB at 192 connections: UP 4.1, ConnP-L 26, MsgP 28, ConnP-T 50',
    'Foong et al. 2004: interrupt and process affinity up to +30%',
  ],
  lookFor: 'The order of the curves at small writes, and at large ones. UP is one CPU of the same kind.',
  factors: [
    { name: 'stack', label: 'Stack', levels: NAMES },
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
  chart: { x: 'write', log: true, y: 'rate', lines: ['stack'] },

  measure({ stack, write }, setting) {
    const isUp = stack === UP;
    const run = measureServer(
      {
        cpus: isUp ? 1 : 4,
        kernel: { ...(isUp ? STACKS.giant : STACKS[stack as StackName]), zeroCopy: true, write },
        machine: { bus: 'pci-x-266' },
        nic: { interruptRate: 0, ...(stack === 'pmp, async, pinned' ? { rings: 4 } : {}) },
        links: 6,
        rateBps: 2.5e9,
        connections: 192,
        durationNs: 60e6,
      },
      setting,
    );
    const names = ['connection table', 'connection groups', 'connections'];
    return {
      rate: run.goodputBps,
      misses: run.missesPerKilobyte,
      contention: stack === UP ? 0 : Math.max(...names.map((name) => run.lockContention(name))),
    };
  },

  checks(table) {
    const small = (measure: string, stack: string): number => table.at(measure, { stack, write: 1448 });
    const ratio = (a: string, b: string, write = 1448): number =>
      table.at('rate', { stack: a, write }) / table.at('rate', { stack: b, write });
    return [
      between('group locks over mutexes, a segment per write', ratio('group locks', 'mutex'), 1, Infinity),
      between('mutexes over one CPU', ratio('mutex', UP), 1, Infinity),
      between('partitions with hand-over over mutexes', ratio('pmp, hand-over', 'mutex'), 0, 1),
      between('pinned and asynchronous over mutexes', ratio('pmp, async, pinned', 'mutex'), 1, Infinity),
      between('pinned over not pinned', ratio('pmp, async, pinned', 'pmp, async'), 1, Infinity),
      between(
        'hand-over over mutexes: 64 KiB per write against a segment',
        ratio('pmp, hand-over', 'mutex', 65_536) / ratio('pmp, hand-over', 'mutex'),
        1,
        Infinity,
      ),
      between(
        'lines per KB: hand-over over mutexes',
        small('misses', 'pmp, hand-over') / small('misses', 'mutex'),
        1,
        2,
      ),
      between(
        'lines per KB: mutexes over group locks',
        small('misses', 'mutex') / small('misses', 'group locks'),
        1,
        2,
      ),
      between('lines per KB: group locks over one CPU', small('misses', 'group locks') / small('misses', UP), 3, 30),
      exactly('lock requests that wait under partitions', small('contention', 'pmp, hand-over'), 0),
    ];
  },
};
