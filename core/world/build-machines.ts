// The machines of a scenario: for each host that has one, its hardware, its kernel and the programs on it.

import type { Engine, Streams } from '../engine';
import { Kernel, type TraceNames } from '../kernel';
import { Machine } from '../machine';
import type { ResolvedScenario } from '../scenario';
import { type BuiltProgram, buildProgram } from './kernel-program';

export interface BuiltMachine {
  readonly host: string;
  readonly kernel: Kernel;
  readonly programs: readonly BuiltProgram[];
}

export function buildMachines(
  { nodes, programs }: ResolvedScenario,
  engine: Engine,
  streams: Streams,
  names: TraceNames,
): BuiltMachine[] {
  return nodes.flatMap((node): BuiltMachine[] => {
    if (node.kind !== 'host' || node.machine === undefined) return [];
    const { cpus, sockets, profile } = node.machine;
    const kernel = new Kernel(engine, new Machine(profile, cpus, sockets), node.kernel, { names, host: node.id });
    const built = programs
      .filter(({ host }) => host === node.id)
      .map((program) => buildProgram(program, kernel, streams));
    return [{ host: node.id, kernel, programs: built }];
  });
}
