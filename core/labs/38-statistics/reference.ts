// McKenney's measurements of an Opteron: atomic operations on lines that are here and elsewhere.

import { inUnits, type Reference, share } from '../reference';

const SOURCE = 'McKenney, 4 CPUs at 1.8 GHz (kernel.md §11)';

export const REFERENCE: readonly Reference[] = [
  {
    label: 'McKenney',
    source: `${SOURCE}: atomic operation on a line that is here 37.9 ns; ± 10%`,
    kind: 'points',
    line: { counter: 'atomic' },
    samples: [{ x: 1, y: 37.9 }],
    tolerance: share(0.1),
  },
  {
    label: 'McKenney',
    source: `${SOURCE}: on a line that is elsewhere 306 ns; ± 25%, for some updates find it here`,
    kind: 'points',
    line: { counter: 'atomic' },
    samples: [{ x: 16, y: 306 }],
    tolerance: share(0.25),
  },
  {
    label: 'Nothing but a store',
    source: 'A line of one’s own costs a store: flat, whatever the number of CPUs',
    kind: 'shape',
    line: { counter: 'per CPU' },
    samples: [1, 2, 4, 8, 16, 32].map((x) => ({ x, y: 0 })),
    tolerance: inUnits(0, 5),
  },
];
