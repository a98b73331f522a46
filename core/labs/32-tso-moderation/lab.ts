// Experiment 32: interrupts for what was sent. Moderation saves some of what TSO saves.

import { between, monotone } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';

export const tsoModeration: Lab = {
  id: '32-tso-moderation',
  experiment: 32,
  title: 'Transmit-complete interrupts',
  slide: 'TCP segmentation in hardware: interrupts',
  topics: ['NIC', 'TSO', 'interrupts'],
  mechanisms: ['TSO', 'interrupt moderation'],
  question: 'Is what TSO saves the same at every rate of interrupts?',
  expected:
    'Each lets the other save less: with few interrupts TSO gains less than with many. Moderation costs latency.',
  sources: ['kernel.md §9.3: default 6,000 a second on emx', 'kernel.md §12, 32'],
  lookFor: 'Compare TSO on and off at equal moderation only.',
  factors: [
    { name: 'tso', label: 'TSO', levels: ['off', 'on'] },
    {
      name: 'interrupts',
      label: 'Interrupts a second allowed',
      unit: '1/s',
      levels: [1000, 2000, 6000, 20_000, 100_000],
      quick: [2000, 20_000, 100_000],
    },
  ],
  measures: [
    { name: 'perBit', label: 'CPU time per bit', unit: 'ns' },
    { name: 'interrupts', label: 'Interrupts', unit: '1/s' },
    { name: 'latency', label: 'Time of a transaction', unit: 'ns' },
  ],
  replications: { full: 2, quick: 1 },
  chart: { x: 'interrupts', log: true, y: 'perBit', lines: ['tso'] },

  measure({ tso, interrupts }, setting) {
    const common = {
      cpus: 2,
      kernel: { model: 'mutex', tableLock: 'lookup', sendLowWater: Math.floor((512 * 1024) / 3) },
      machine: { bus: 'pci-x-133' },
      nic: { tso: tso === 'on', interruptRate: interrupts, sendReportEvery: 1 },
      tcp: { sendBuffer: '512KiB', receiveBuffer: '1MiB' },
      rateBps: 1e9,
      durationNs: setting.quick ? 120e6 : 300e6,
    };
    const run = measureServer({ ...common, connections: 4 }, setting, 'four connections');
    const question = { request: 100, response: 100, think: '1us' };
    const ping = measureServer(
      { ...common, traffic: [{ id: 'ping', kind: 'request-response', from: 'client0', to: 'server', ...question }] },
      setting,
      'requests and answers',
    ).after.flows[0]!;
    return {
      perBit: run.busyNs() / run.deliveredBytes / 8,
      interrupts: run.nic('interrupts') / run.seconds,
      latency: ping.completionTimes!.meanNs,
    };
  },

  checks(table) {
    const gain = (interrupts: number): number =>
      table.at('perBit', { tso: 'off', interrupts }) - table.at('perBit', { tso: 'on', interrupts });
    const off = table.over('perBit', 'interrupts', { tso: 'off' });
    return [
      monotone('CPU time grows with the interrupts allowed', off, 'up', 0.05),
      between('ns per bit that TSO saves: 100,000 a second over 2,000', gain(100_000) / gain(2000), 1, Infinity),
      between('TSO saves with 2,000 a second, ns per bit', gain(2000), 0, Infinity),
      between(
        'latency: 2,000 a second over 100,000',
        table.at('latency', { tso: 'off', interrupts: 2000 }) /
          table.at('latency', { tso: 'off', interrupts: 100_000 }),
        1.1,
        Infinity,
      ),
    ];
  },
};
