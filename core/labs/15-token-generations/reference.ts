// What an atomic word costs that nobody else wants.

import { type Reference, share } from '../reference';

export const UNCONTENDED_NS = 37.9 + 1.7;

export const REFERENCE: readonly Reference[] = [
  {
    label: 'McKenney: one atomic operation and a store',
    source: 'McKenney (kernel.md §11): an atomic operation on a line that is here 37.9 ns, and a store; ± 5%',
    kind: 'points',
    line: { generation: 'g3' },
    samples: [{ x: 0, y: UNCONTENDED_NS }],
    tolerance: share(0.05),
  },
];
