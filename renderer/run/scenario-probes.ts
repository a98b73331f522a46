// The probes that the charts of a scenario begin with.

import {
  hasUrgentData,
  machineMembers,
  type ResolvedScenario,
  type StackHost,
  stackMembers,
} from '../../core/scenario';
import { FLOWS_WATCHED, startingMachineProbes, startingProbes, startingStackProbes } from './chart-specs';

export function scenarioProbes({ traffic, links, nodes, programs }: ResolvedScenario): string[] {
  const cpusOf = new Map(
    nodes.flatMap((node) =>
      node.kind === 'host' && node.machine !== undefined ? [[node.id, node.machine.cpus] as const] : [],
    ),
  );
  const { cpu, thread, sync } = machineMembers(cpusOf, programs);
  const stacks = nodes.flatMap((node): StackHost[] => {
    if (node.kind !== 'host' || node.stack === undefined || node.machine === undefined) return [];
    const { id: host, stack, nic, machine } = node;
    const at = links.filter(({ from, to }) => from === host || to === host).map(({ id }) => id);
    return [{ host, cpus: machine.cpus, stack, nic, links: at }];
  });
  return [
    ...startingProbes(
      traffic.map(({ id }) => id),
      links.map(({ id, forward }) => ({ id, rank: forward.rateBps })),
    ),
    ...traffic
      .slice(0, FLOWS_WATCHED)
      .filter(hasUrgentData)
      .map(({ id }) => `flow/${id}/urgent`),
    ...startingMachineProbes(cpu, thread, sync),
    ...startingStackProbes(stackMembers(stacks)),
  ];
}
