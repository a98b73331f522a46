// How even hashes are over even source ports, computed for 4, 8 and 16 CPUs (kernel.md §6.3).

import { inUnits, type Reference, share } from '../reference';

const CPUS = [4, 8, 16];

export const REFERENCE: readonly Reference[] = [
  {
    label: 'Hashes by hand',
    source: 'kernel.md §6.3: xor of even ports, largest over mean 2.00; ± 10%',
    kind: 'points',
    line: { hash: 'xor', ports: 'even' },
    samples: CPUS.map((x) => ({ x, y: 2 })),
    tolerance: share(0.1),
  },
  {
    label: 'Hashes by hand',
    source: 'kernel.md §6.3: Toeplitz, 1.02 to 1.17',
    kind: 'points',
    line: { hash: 'toeplitz', ports: 'even' },
    samples: CPUS.map((x) => ({ x, y: 1.095 })),
    tolerance: inUnits(0.075),
  },
];
