// Round trips that follow from measured costs (kernel.md §11, derived checks), with the service that the lab's messages ask for.

import { type Reference, share } from '../reference';

const ROUND_TRIP_NS: Readonly<Record<string, number>> = { local: 800, remote: 3900 };

/** @param serviceNs of each message */
export function reference(serviceNs: number): Reference[] {
  return Object.entries(ROUND_TRIP_NS).map(([place, ns]) => ({
    label: 'Derived from measured costs',
    source: 'kernel.md §11: local about 0.8 µs, remote about 3.9 µs, and the service; ± 25%, as §11 asks of anchors',
    kind: 'points',
    line: { way: 'sync', place },
    chart: { x: 'outstanding', log: true, y: 'time', lines: ['way', 'place'] },
    samples: [{ x: 1, y: ns + serviceNs }],
    tolerance: share(0.25),
  }));
}
