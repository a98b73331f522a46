// What the network stacks of machines have to tell, and their network interfaces (product.md §3.4, kernel.md §6.9, §9.4).

import type { Machine, MissCounters } from '../machine';
import type { NicSummary, StackSummary } from '../measure';
import type { StageMemory } from '../stack';
import type { BuiltMachine } from './build-machines';
import { some } from './summarise';

export function summariseNics({ host, nics }: BuiltMachine): NicSummary[] {
  return nics.map(({ link, nic }) => ({
    host,
    link,
    ...nic.counters,
    interrupts: nic.interrupts,
    interruptsMerged: nic.interruptsMerged,
  }));
}

function byKind({ misses }: Machine, count: (of: MissCounters) => number): Record<string, number> {
  return Object.fromEntries(Object.entries(misses).map(([kind, of]) => [kind, count(of)]));
}

export function summariseStack({ host, stack, bus }: BuiltMachine): StackSummary[] {
  if (stack === undefined) return [];
  const { counters, machine, memory } = stack;
  const mean = counters.packetsByCpu.reduce((sum, packets) => sum + packets, 0) / machine.cpus;
  return [
    {
      host,
      model: stack.options.model,
      spentNs: stack.spent.byName(),
      packetsByCpu: [...counters.packetsByCpu],
      imbalance: mean === 0 ? 1 : Math.max(...counters.packetsByCpu) / mean,
      hops: counters.hops,
      local: counters.local,
      requeued: counters.requeued,
      connectMoves: counters.connectMoves,
      datagramMoves: counters.datagramMoves,
      ...some('icmpMoves', counters.icmpMoves),
      ...some('icmpRounds', counters.icmpRounds),
      transfers: byKind(machine, ({ transfers }) => transfers),
      fills: byKind(machine, ({ fills }) => fills),
      lineTransfers: machine.lineTransfers,
      batches: stack.threads.all.map(({ name, counters: batch }) => ({ thread: name, ...batch })),
      accepts: stack.acceptQueues.map(({ name, accepted }) => ({ name, accepted })),
      rounds: { ...stack.rounds.counters },
      ...(Object.values(stack.datagrams.rounds.counters).some((count) => count > 0)
        ? { datagramRounds: { ...stack.datagrams.rounds.counters } }
        : {}),
      bus: { name: bus.profile.name, ...bus.counters },
      ...(memory === undefined ? {} : { caches: summariseCaches(memory) }),
    },
  ];
}

function summariseCaches({ misses, secondLevel }: StageMemory): NonNullable<StackSummary['caches']> {
  return {
    stages: Object.entries(misses).map(([stage, { code, data }]) => ({ stage, code, data })),
    secondLevel,
  };
}
