// A computer as far as costs go: CPUs in sockets, and lines between them.

import { invariant } from '../base';
import { Line } from './line';
import type { CostProfile } from './profile';

/** Most CPUs of a machine: a line keeps its holders in 64 bits. */
export const CPUS_MAX = 64;

export class Machine {
  private readonly cpusPerSocket: number;

  /**
   * @param cpus 1 to 64
   * @param sockets divides `cpus`; CPUs with neighbouring numbers share a socket, and sockets form a line of hops
   */
  constructor(
    readonly profile: CostProfile,
    readonly cpus: number,
    readonly sockets = 1,
  ) {
    invariant(
      Number.isInteger(cpus) && cpus >= 1 && cpus <= CPUS_MAX,
      `a machine has 1 to 64 CPUs, not ${String(cpus)}`,
    );
    invariant(sockets >= 1 && cpus % sockets === 0, `${String(cpus)} CPUs do not fill ${String(sockets)} sockets`);
    this.cpusPerSocket = cpus / sockets;
  }

  socketOf(cpu: number): number {
    return Math.floor(cpu / this.cpusPerSocket);
  }

  /** Links between the sockets of two CPUs; 0 within one. */
  hops(a: number, b: number): number {
    return Math.abs(this.socketOf(a) - this.socketOf(b));
  }

  /** Moving a line from one CPU to another, ns. */
  transferNs(from: number, to: number): number {
    const { lineTransferNs, hopFactor } = this.profile;
    return lineTransferNs * hopFactor ** this.hops(from, to);
  }

  line(): Line {
    return new Line(this);
  }
}
