// Experiment 33: a burst leaves at line rate. What that does to a switch with little memory.

import { between } from '../checks';
import type { Lab } from '../lab';
import { measureWorld, serverScenario, WARM_UP_SHARE } from '../on-network';

const BUFFER_PACKETS = 10;

export const tsoSideEffects: Lab = {
  id: '33-tso-side-effects',
  experiment: 33,
  title: 'Side effects of TSO',
  slide: 'TCP segmentation in hardware: side effects',
  topics: ['NIC', 'TSO'],
  mechanisms: ['TSO', 'bursts', 'switch buffers'],
  question: 'What does a switch with little memory lose of a burst that leaves at line rate?',
  expected:
    'Without TSO the CPU spaces the segments of a write. With it they are a train, of which a switch with a slower way out loses what its buffer does not hold; and then recovery takes longer than TSO saves.',
  sources: ['kernel.md §9.1: a burst leaves at line rate', 'kernel.md §12, 33'],
  lookFor: `10 Gbit/s into the switch, 4 Gbit/s out of it, ${String(BUFFER_PACKETS)} packets in between.`,
  factors: [
    { name: 'tso', label: 'TSO', levels: ['off', 'on'] },
    {
      name: 'write',
      label: 'Bytes per answer',
      unit: 'bytes',
      levels: [3000, 6000, 12_000, 24_000, 48_000, 64_000],
      quick: [6000, 24_000, 64_000],
    },
  ],
  measures: [
    { name: 'loss', label: 'Segments lost', unit: '1' },
    { name: 'length', label: 'Segments per packet down the stack', unit: 'count' },
    { name: 'time', label: 'Time of a transaction, mean', unit: 'ns' },
    { name: 'queue', label: 'Longest queue', unit: 'packets' },
  ],
  replications: { full: 2, quick: 1 },
  chart: { x: 'write', y: 'loss', lines: ['tso'] },

  measure({ tso, write }, setting) {
    const durationNs = setting.quick ? 200e6 : 1e9;
    const base = serverScenario(
      {
        cpus: 2,
        kernel: { model: 'pmp', fairSend: 0, zeroCopy: true },
        nic: { tso: tso === 'on', interruptRate: 20_000 },
        // The window stays open between the answers: what is written then leaves at once.
        tcp: { sendBuffer: '1MiB', receiveBuffer: '1MiB', idleRestart: false, rtoMin: '10ms' },
        durationNs,
      },
      setting.seed,
    );
    const queue = { discipline: 'droptail', limit: `${String(BUFFER_PACKETS)}p` };
    const document = {
      ...base,
      nodes: [...(base['nodes'] as object[]), { id: 'switch', kind: 'router' }],
      links: [
        { id: 'in', from: 'server', to: 'switch', rate: 10e9, delay: 5000 },
        { id: 'out', from: 'switch', to: 'client0', rate: 4e9, delay: 5000, queue },
      ],
      traffic: [
        {
          id: 'asks',
          kind: 'request-response',
          from: 'client0',
          to: 'server',
          request: 100,
          response: write,
          think: '200us',
        },
      ],
    };
    const run = measureWorld(setting.world(document), durationNs * WARM_UP_SHARE);
    const out = run.after.links.find(({ id, direction }) => id === 'out' && direction === 'forward')!;
    const dropped = run.growth(({ links }) =>
      links.reduce((sum, { id, direction, drops }) => sum + (id === 'out' && direction === 'forward' ? drops : 0), 0),
    );
    const frames = run.nic('framesSent');
    return {
      loss: dropped / frames,
      length: frames / run.nic('packetsPosted'),
      time: run.after.flows[0]!.completionTimes!.meanNs,
      queue: out.queueMaxPackets,
    };
  },

  checks(table) {
    const at = (measure: string, tso: string, write: number): number => table.at(measure, { tso, write });
    return [
      between('trains: 24 kB answers over 6 kB', at('length', 'on', 24_000) / at('length', 'on', 6000), 2, 4),
      between('loss with TSO, answers that fit into the buffer', at('loss', 'on', 6000), 0, 0),
      between(
        'loss, 64 kB answers: with TSO over without',
        at('loss', 'on', 64_000) / at('loss', 'off', 64_000),
        1.2,
        Infinity,
      ),
      between(
        'time, 64 kB answers: with TSO over without',
        at('time', 'on', 64_000) / at('time', 'off', 64_000),
        1.5,
        Infinity,
      ),
      between(
        'time, 24 kB answers: with TSO over without',
        at('time', 'on', 24_000) / at('time', 'off', 24_000),
        0,
        1.05,
      ),
    ];
  },
};
