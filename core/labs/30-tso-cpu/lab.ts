// Experiment 30: what a NIC that segments TCP saves the CPU, by the size of writes.

import { between, near } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';
import { reference } from './reference';

export const tsoCpu: Lab = {
  id: '30-tso-cpu',
  experiment: 30,
  title: 'Hardware TCP segmentation: CPU',
  slide: 'TCP segmentation in hardware',
  topics: ['NIC', 'TSO'],
  mechanisms: ['TSO', 'copies'],
  question: 'How much CPU time does a gigabit of TCP take with and without segmentation by the NIC?',
  expected:
    'About half for large writes when only sending, for the stack is gone through once per burst; nothing for writes below two segments; less when data is received as well.',
  sources: [
    'Feldman, Linux 2.5.33 TSO with e1000 on two P4: sending 940 Mb/s with 40% and 19% CPU (-52%); both ways 1,500 Mb/s with 82%, 1,633 Mb/s with 75% (-16% per bit)',
    'kernel.md §9.3',
  ],
  lookFor: 'Payload is copied all the same: what TSO saves are operations, not bytes.',
  factors: [
    { name: 'tso', label: 'TSO', levels: ['off', 'on'] },
    { name: 'data', label: 'Data', levels: ['sent', 'both ways'] },
    {
      name: 'write',
      label: 'Bytes per write',
      unit: 'bytes',
      levels: [1024, 2048, 8192, 65_536, 1_048_576],
      quick: [1024, 65_536],
    },
  ],
  measures: [
    { name: 'cpu', label: 'Busy CPUs', unit: '1' },
    { name: 'rate', label: 'Goodput', unit: 'bps' },
    { name: 'perBit', label: 'CPU time per bit', unit: 'ns' },
    { name: 'packets', label: 'Packets down the stack per frame', unit: '1' },
  ],
  replications: { full: 1, quick: 1 },
  chart: { x: 'write', log: true, y: 'perBit', lines: ['tso'], where: { data: 'sent' } },
  reference: reference,

  measure({ tso, data, write }, setting) {
    const receives = Array.from({ length: data === 'sent' ? 0 : 4 }, (_, index) => ({
      id: `r${String(index)}`,
      kind: 'bulk',
      from: 'client0',
      to: 'server',
      start: 1000,
    }));
    const run = measureServer(
      {
        cpus: 2,
        // Linux lets a writer go on when a third of its buffer is free; bursts are as large as what it then writes.
        kernel: { model: 'mutex', tableLock: 'lookup', write, sendLowWater: Math.floor((512 * 1024) / 3) },
        // Two CPUs of the time: the profile that is nearest to the P4s of the reference.
        machine: { bus: 'pci-x-133', profile: 'pentium3-smp' },
        nic: { tso: tso === 'on', interruptRate: 6000 },
        tcp: { sendBuffer: '512KiB', receiveBuffer: '1MiB' },
        // Both ways at a rate that the CPU with the interrupts keeps up with, with TSO and without: then both carry the same.
        rateBps: data === 'sent' ? 1e9 : 0.6e9,
        connections: 4,
        traffic: receives,
        durationNs: setting.quick ? 120e6 : 300e6,
      },
      setting,
    );
    const perBit = run.busyNs() / run.deliveredBytes / 8;
    return {
      cpu: run.busyCpus,
      rate: run.goodputBps,
      perBit,
      packets: run.nic('packetsPosted') / run.nic('framesSent'),
    };
  },

  checks(table) {
    const saved = (data: string, write: number): number =>
      1 - table.at('perBit', { tso: 'on', data, write }) / table.at('perBit', { tso: 'off', data, write });
    return [
      near('CPU time saved, 64 KiB writes, sending', saved('sent', 65_536), 0.52, 0.25),
      near('per bit saved, both ways', saved('both ways', 65_536), 0.16, 0.25),
      between('saved with writes of 1 KiB', saved('sent', 1024), -0.1, 0.35),
      between('rate, sending', table.at('rate', { tso: 'on', data: 'sent', write: 65_536 }), 0.9e9, 1e9, 'bps'),
    ];
  },
};
