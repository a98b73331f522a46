// One change of all copies, on its way from CPU to CPU (kernel.md §6.7).

import { invariant } from '../../base';
import type { Faults } from '../../kernel';
import type { Partition } from '../partition';

export class Round {
  private lastCpu = -1;
  beganAt = -1;
  endedAt = -1;

  constructor(
    readonly change: (partition: Partition) => void,
    /** The first CPU asks the others before it changes its own copy (listen), or begins with its own (routes). */
    readonly ownLast: boolean,
  ) {}

  /** A CPU changes its copy. @param faults let it fail to, on any but the first */
  visit(partition: Partition, nowNs: number, faults?: Faults): void {
    const isOwnLast = this.ownLast && partition.index === 0;
    invariant(
      isOwnLast || partition.index > this.lastCpu,
      `K13.8 a ring message visits CPU ${String(partition.index)} after ${String(this.lastCpu)}`,
    );
    this.lastCpu = partition.index;
    if (this.beganAt < 0) this.beganAt = nowNs;
    this.endedAt = nowNs;
    if (faults !== undefined && partition.index > 0 && faults.strikes('replica')) return;
    this.change(partition);
  }
}
