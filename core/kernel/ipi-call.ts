// IPI messages that programs send themselves: a function that runs on another CPU, in a handler, and takes some time there.

import type { Cpu } from './cpu';
import type { IpiFunction } from './ipi-ring';

/** Runs on `cpu`, may not wait, and returns for how many ns that keeps the CPU. */
export type IpiCall = (cpu: number) => number;

export class CalledIpi implements IpiFunction {
  constructor(private readonly call: IpiCall) {}

  onIpi(cpu: Cpu): boolean {
    cpu.charge(this.call(cpu.id));
    return true;
  }
}
