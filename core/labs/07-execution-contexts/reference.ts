// Two parallel lines: a turn is its work and a switch, and with an address space of its own the price of that.

import { type Reference, share } from '../reference';

export function reference(switchNs: number, addressSpaceNs: number, levels: readonly number[]): Reference[] {
  const line = (spaces: string, ns: number): Reference => ({
    label: 'Work and switch',
    source: `kernel.md §11: a switch ${String(switchNs)} ns, a change of the address space ${String(addressSpaceNs)} ns more; ± 5%`,
    kind: 'curve',
    line: { spaces },
    samples: levels.map((x) => ({ x, y: x + ns })),
    tolerance: share(0.05),
  });
  return [line('one', switchNs), line('one each', switchNs + addressSpaceNs)];
}
