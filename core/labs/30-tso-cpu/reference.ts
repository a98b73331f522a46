// Feldman 2002: what TSO saved of the CPU time of sending, as a multiple of what is measured without it.

import { type Reference, share } from '../reference';
import type { Table } from '../table';

const WRITE = 65_536;
const SAVED = 0.52;

export function reference(table: Table): Reference[] {
  const without = table.at('perBit', { tso: 'off', data: 'sent', write: WRITE });
  return [
    {
      label: 'Feldman 2002: 52% saved',
      source:
        'Feldman, linux-net 2002: 940 Mb/s with 40% and with 19% CPU; ± 25% of what is saved, as kernel.md §11 asks of anchors',
      kind: 'points',
      line: { tso: 'on' },
      samples: [{ x: WRITE, y: without * (1 - SAVED) }],
      tolerance: share((0.25 * SAVED) / (1 - SAVED)),
    },
  ];
}
