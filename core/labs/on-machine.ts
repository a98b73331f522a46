// Kernels for labs: a machine, programs on it, and a run.

import { nanos } from '../base';
import { Engine, RandomStream } from '../engine';
import { Kernel, type KernelOptions } from '../kernel';
import { type CostProfile, Machine, type ProfileName, PROFILES } from '../machine';
import type { Setting } from './lab';

/** Why such a lab opens no scenario. */
export const PROGRAMS = {
  all: true,
  what: 'Its threads are programs in TypeScript on the model of a kernel alone, without a network; no scenario file says what they do.',
} as const;

export interface LabMachine {
  readonly kernel: Kernel;
  readonly engine: Engine;
  readonly random: RandomStream;
  /** Runs on, until nothing is left to happen or this much virtual time has passed since the start. */
  run(untilNs: number): void;
}

export function onMachine(
  { seed }: Pick<Setting, 'seed'>,
  wishes: {
    readonly cpus: number;
    readonly sockets?: number;
    readonly profile?: ProfileName | CostProfile;
    readonly options?: Partial<KernelOptions>;
  },
): LabMachine {
  const { cpus, sockets = 1, profile = 'opteron-1800', options = {} } = wishes;
  const engine = new Engine();
  const costs = typeof profile === 'string' ? PROFILES[profile] : profile;
  const kernel = new Kernel(engine, new Machine(costs, cpus, sockets), options);
  return {
    kernel,
    engine,
    random: new RandomStream(seed, 1),
    run(untilNs) {
      engine.run(nanos(Math.round(untilNs)));
      kernel.settle();
    },
  };
}

/** Sum of a counter over all CPUs. */
export function sumOf(kernel: Kernel, read: (counters: Kernel['cpus'][number]['counters']) => number): number {
  return kernel.cpus.reduce((sum, { counters }) => sum + read(counters), 0);
}
