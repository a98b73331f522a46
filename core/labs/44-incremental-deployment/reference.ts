// Amdahl's bound: what still needs the big lock is done by one CPU at a time.

import { type Reference, share } from '../reference';

const FREE = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

/** @param serial requests a second on one CPU */
export function reference(serial: number, cpus: number): Reference[] {
  return [
    {
      label: 'Amdahl 1967',
      source:
        'Amdahl 1967: the smaller of the CPUs and 1 / (1 − free); less for waiting, never more than counting allows',
      kind: 'curve',
      samples: FREE.map((x) => ({ x, y: serial * Math.min(cpus, 1 / (1 - x)) })),
      tolerance: share(0.2, 0.02),
    },
  ];
}
