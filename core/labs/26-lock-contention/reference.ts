// Willmann, Rixner, Cox 2006, table 1: requests for global locks that were not granted at once.

import { type Reference, share } from '../reference';

const CONNECTIONS = [6, 192, 16_384];
const TABLE_1: Readonly<Record<string, readonly number[]>> = {
  table: [0.89, 1, 1],
  '4 groups': [0.6, 0.56, 0.52],
  '16 groups': [0.49, 0.18, 0.14],
  '128 groups': [0.33, 0.05, 0.02],
};

export const REFERENCE: readonly Reference[] = Object.entries(TABLE_1).map(([lock, shares]) => ({
  label: 'Willmann 2006',
  source: 'Willmann, Rixner, Cox, USENIX 2006, table 1 (4 CPUs); ± 25%, as kernel.md §11 asks of anchors',
  kind: 'points',
  line: { lock },
  samples: CONNECTIONS.map((x, index) => ({ x, y: shares[index]! })),
  tolerance: share(0.25),
}));
