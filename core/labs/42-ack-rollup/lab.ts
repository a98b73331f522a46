// Experiment 42: one ACK for all that a batch brought. Cheaper, and slower at the start.

import { between, monotone } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';

export const ackRollup: Lab = {
  id: '42-ack-rollup',
  experiment: 42,
  title: 'ACK roll-up',
  slide: 'Parallel networking: batching',
  topics: ['batching', 'network stack'],
  mechanisms: ['ACK roll-up', 'batching'],
  question:
    'How many ACKs does a receiver send that acknowledges once per batch, and what does the sender’s slow start lose?',
  expected: 'ACKs per segment fall as batches grow; the window opens more slowly, for it grows with ACKs.',
  sources: [
    'kernel.md §6.5: documented side effect of ACK aggregation',
    'RFC 5681 §3.1: cwnd grows with each ACK in slow start',
  ],
  lookFor: 'With one message per batch the roll-up is the usual acknowledgement.',
  factors: [
    { name: 'rollup', label: 'Roll-up', levels: ['off', 'on'] },
    { name: 'batch', label: 'Largest batch', unit: '1', levels: [1, 4, 16, 64, 512], quick: [1, 16, 512] },
  ],
  measures: [
    { name: 'acks', label: 'ACKs per segment', unit: '1' },
    { name: 'cpu', label: 'Protocol time per segment', unit: 'ns' },
    { name: 'rate', label: 'Goodput', unit: 'bps' },
    { name: 'start', label: 'Time for the first 2 MB', unit: 'ns' },
  ],
  replications: { full: 1, quick: 1 },
  chart: { x: 'batch', log: true, y: 'acks', lines: ['rollup'] },

  measure({ rollup, batch }, setting) {
    const common = {
      cpus: 4,
      kernel: { model: 'pmp', batch, ackAggregation: rollup === 'on' },
      nic: { rings: 1, interruptRate: 4000, ringEntries: 2048 },
      tcp: { receiveBuffer: '4MiB', sendBuffer: '4MiB', byteCounting: false },
    };
    const run = measureServer(
      {
        ...common,
        direction: 'receive',
        links: 2,
        connections: 4,
        rateBps: 5e9,
        durationNs: setting.quick ? 60e6 : 200e6,
      },
      setting,
      'four connections',
    );
    const transfer = { id: 't', kind: 'transfer', from: 'client0', to: 'server', size: 2_000_000 };
    const alone = { ...common, delayNs: 2_000_000, traffic: [transfer], durationNs: 500e6 };
    const start = measureServer(alone, setting, 'one transfer').after.flows[0]!;
    const segments = run.nic('framesReceived');
    return {
      acks: run.nic('framesSent') / segments,
      cpu: run.stack(({ spentNs }) => spentNs['tcp']! + spentNs['ip']! + spentNs['driver']!) / segments,
      rate: run.goodputBps,
      start: start.completionTimeNs!,
    };
  },

  checks(table) {
    const on = table.over('acks', 'batch', { rollup: 'on' });
    const at = (measure: string, rollup: string, batch: number): number => table.at(measure, { rollup, batch });
    return [
      monotone('ACKs fall with the batch', on, 'down', 0.05),
      between('ACKs per segment without roll-up (every second segment)', at('acks', 'off', 512), 0.4, 0.6),
      between('ACKs per segment with roll-up, largest batches', at('acks', 'on', 512), 0, 0.35),
      between('protocol time per segment, on over off', at('cpu', 'on', 512) / at('cpu', 'off', 512), 0, 1),
      between('time for 2 MB, on over off', at('start', 'on', 512) / at('start', 'off', 512), 1, 3),
    ];
  },
};
