// What gigabit interfaces on a 32/33 PCI bus were known to carry.

import { inUnits, type Reference } from '../reference';

const MBPS = 1e6;

export const REFERENCE: readonly Reference[] = [
  {
    label: 'PCI 32/33: 300 to 400 Mb/s',
    source: 'GEANT PERT "Host bus"; Hodge, beowulf list 2001 (kernel.md §11): TCP through a 32/33 PCI interface',
    kind: 'shape',
    line: { bus: 'pci-32-33' },
    chart: { x: 'tso', y: 'rate', lines: ['bus'] },
    samples: [0, 1].map((x) => ({ x, y: 350 * MBPS })),
    tolerance: inUnits(50 * MBPS),
  },
];
