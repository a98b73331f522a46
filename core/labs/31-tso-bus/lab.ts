// Experiment 31: bus crossings. What TSO saves on the I/O bus, and what the bus allows.

import { between, near } from '../checks';
import type { Lab } from '../lab';
import { measureServer } from '../on-network';
import { REFERENCE } from './reference';

export const tsoBus: Lab = {
  id: '31-tso-bus',
  experiment: 31,
  title: 'Hardware TCP segmentation: bus',
  slide: 'TCP segmentation in hardware: bus crossings, one large DMA',
  topics: ['NIC', 'TSO'],
  mechanisms: ['TSO', 'I/O bus', 'DMA', 'doorbells'],
  question: 'How many transactions does a megabyte of TCP take on the I/O bus, and how fast does the bus let it go?',
  expected:
    'Headers are fetched once per burst and descriptors are fewer, so there are fewer transactions; bytes fall by 4% only. PCI 32/33 carries 300 to 400 Mb/s of TCP.',
  sources: [
    'kernel.md §9.3: header bytes of 45 segments 2,970, of a burst 66',
    'kernel.md §11: 300-400 Mb/s through a 32/33 PCI NIC',
  ],
  lookFor: 'The narrow bus is the limit with and without TSO; the wide ones are not.',
  factors: [
    { name: 'bus', label: 'Bus', levels: ['pci-32-33', 'pci-64-66', 'pci-x-133', 'pci-x-266', 'pcie-x8'] },
    { name: 'tso', label: 'TSO', levels: [0, 1] },
  ],
  measures: [
    { name: 'rate', label: 'Goodput', unit: 'bps' },
    { name: 'transactions', label: 'Transactions per MB', unit: 'count' },
    { name: 'bytes', label: 'Bus bytes per byte', unit: '1' },
    { name: 'descriptors', label: 'Descriptors per MB', unit: 'count' },
    { name: 'doorbells', label: 'Doorbells per MB', unit: 'count' },
    { name: 'utilisation', label: 'Bus busy', unit: '1' },
  ],
  replications: { full: 2, quick: 1 },
  chart: { x: 'tso', y: 'transactions', lines: ['bus'] },
  reference: () => REFERENCE,

  measure({ bus, tso }, setting) {
    const run = measureServer(
      {
        cpus: 2,
        kernel: { model: 'mutex', tableLock: 'lookup', sendLowWater: Math.floor((512 * 1024) / 3) },
        machine: { bus },
        nic: { tso: tso === 1, interruptRate: 6000 },
        tcp: { sendBuffer: '512KiB', receiveBuffer: '1MiB' },
        rateBps: 1e9,
        connections: 4,
        durationNs: setting.quick ? 200e6 : 400e6,
      },
      setting,
    );
    const megabytes = run.deliveredBytes / 1e6;
    return {
      rate: run.goodputBps,
      transactions: run.nic('dmaTransactions') / megabytes,
      bytes: run.nic('dmaBytes') / run.deliveredBytes,
      descriptors: run.nic('descriptors') / megabytes,
      doorbells: run.nic('doorbells') / megabytes,
      utilisation: run.stack(({ bus: { busyNs } }) => busyNs) / (run.seconds * 1e9),
    };
  },

  checks(table) {
    const ratio = (measure: string, bus: string): number =>
      table.at(measure, { bus, tso: 0 }) / table.at(measure, { bus, tso: 1 });
    return [
      between('PCI 32/33, Mb/s', table.at('rate', { bus: 'pci-32-33', tso: 0 }) / 1e6, 300, 400),
      between('PCI 64/66 at gigabit rate, Mb/s', table.at('rate', { bus: 'pci-64-66', tso: 1 }) / 1e6, 900, 1000),
      near(
        'bytes saved by TSO on PCI-X (published: 4.3% of what is sent)',
        1 - 1 / ratio('bytes', 'pci-x-133'),
        0.043,
        0.5,
      ),
      between('transactions, off over on, PCI-X', ratio('transactions', 'pci-x-133'), 1.2, 45),
      between('descriptors, off over on', ratio('descriptors', 'pci-x-133'), 1.2, 3),
      between('doorbells, off over on', ratio('doorbells', 'pci-x-133'), 1.2, 45),
    ];
  },
};
