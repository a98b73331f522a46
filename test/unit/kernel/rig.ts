// A kernel on a machine without a network, for tests.

import { nanos } from '../../../core/base';
import { Engine } from '../../../core/engine';
import { Kernel, type KernelOptions } from '../../../core/kernel';
import { type CostProfile, Machine, PROFILES } from '../../../core/machine';

export interface Rig {
  readonly engine: Engine;
  readonly kernel: Kernel;
  /** Runs until nothing is left to happen, or until this time. */
  run(untilNs?: number): void;
}

export function rig(
  cpus: number,
  options: Partial<KernelOptions> = {},
  profile: CostProfile = PROFILES['opteron-1800'],
  sockets = 1,
): Rig {
  const engine = new Engine();
  const kernel = new Kernel(engine, new Machine(profile, cpus, sockets), options);
  return {
    engine,
    kernel,
    run(untilNs = 2e9) {
      engine.run(nanos(untilNs));
    },
  };
}
