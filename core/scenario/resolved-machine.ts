// A host's machine and kernel with nothing left open.

import { type CostProfile, PROFILES } from '../machine';
import type { ReadScenario } from './schema';

type ReadMachine = NonNullable<ReadScenario['defaults']>['machine'];
type ReadKernel = NonNullable<ReadScenario['defaults']>['kernel'];

export interface ResolvedMachine {
  readonly cpus: number;
  readonly sockets: number;
  readonly profile: CostProfile;
}

/** The fields of core/kernel's KernelOptions. */
export interface ResolvedKernel {
  readonly model: 'ideal';
  readonly rotation: 'switch' | 'tick';
  readonly preemption: 'none' | 'interrupt' | 'full';
  readonly ipiRingEntries: number;
  readonly drainsWhileSpinning: boolean;
  readonly ipiInterlock: boolean;
  readonly tickNs: number;
  readonly tokens: 'g1' | 'g2' | 'g3';
  readonly tokenBackoffMax: number;
}

/** Fields that are written, without those that are only mentioned as undefined. */
function written<T extends object>(fields: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** Undefined when neither the scenario nor the host asks for one. */
export function resolveMachine(defaults: ReadMachine, own: ReadMachine): ResolvedMachine | undefined {
  if (defaults === undefined && own === undefined) return undefined;
  const { cpus = 1, sockets = 1, profile = 'opteron-1800' } = { ...written(defaults), ...written(own) };
  if (typeof profile === 'string') return { cpus, sockets, profile: PROFILES[profile] };
  const { base, ...changes } = profile;
  const changed = { ...PROFILES[base], name: `${base}, changed`, ...written(changes) } as CostProfile;
  return { cpus, sockets, profile: changed };
}

export function resolveKernel(defaults: ReadKernel, own: ReadKernel): ResolvedKernel {
  const all = { ...written(defaults), ...written(own) };
  return {
    model: 'ideal',
    rotation: all.rotation ?? 'switch',
    preemption: all.preemption ?? 'interrupt',
    ipiRingEntries: all.ipiRing ?? 256,
    drainsWhileSpinning: all.drainsWhileSpinning ?? true,
    ipiInterlock: all.ipiInterlock ?? true,
    tickNs: all.tick ?? 10_000_000,
    tokens: all.tokens ?? 'g3',
    tokenBackoffMax: all.tokenBackoff ?? 4096,
  };
}
