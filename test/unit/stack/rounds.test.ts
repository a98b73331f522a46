// What goes round all CPUs (kernel.md §6.4, §6.7): listening, closing, routes, the barrier and the service sync.

import { expect, test } from 'vitest';
import { type FlowId, nanos } from '../../../core/base';
import type { Listener } from '../../../core/stack/placement';
import { checkScenario } from '../../../core/scenario';
import type { PlacedStack } from '../../../core/stack';
import { World } from '../../../core/world';

function stackOf(cpus: number, kernel: object, changes: readonly object[] = []): { stack: PlacedStack; world: World } {
  const link = { rate: '1Gbps', delay: '10us', queue: { discipline: 'droptail', limit: '100p' } };
  const checked = checkScenario(
    {
      format: 'odonata-scenario',
      version: 1,
      name: 'Rounds',
      seed: 1,
      duration: '100ms',
      nodes: [
        { id: 'a', kind: 'host', machine: { cpus }, kernel },
        { id: 'b', kind: 'host' },
        { id: 'c', kind: 'host' },
      ],
      links: [
        { id: 'ab', from: 'a', to: 'b', ...link },
        { id: 'ac', from: 'a', to: 'c', ...link },
      ],
      traffic: [],
      changes,
      probes: [],
    },
    'test',
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  const world = new World(checked.value.resolved, { check: true });
  return { stack: world.machines[0]!.stack!, world };
}

function listenerOn(stack: PlacedStack, port: number): Listener {
  const accept = (): never => {
    throw new Error('nobody connects');
  };
  return { flow: 0 as FlowId, accept, options: stack.host.tcp, port, halfOpen: 0 };
}

const knowing = ({ host }: PlacedStack, port: number): number[] =>
  host.partitions.filter((partition) => partition.listenerFor(port, 0) !== undefined).map(({ index }) => index);

test('listen() returns when all CPUs know, the first last; close() when none does', () => {
  const { stack, world } = stackOf(4, { model: 'pmp' });
  const listener = listenerOn(stack, 80);
  const seen: number[][] = [];
  stack.kernel.start(
    'watcher',
    function* (k) {
      for (let i = 0; i < 400; i += 1) {
        const now = knowing(stack, 80);
        if (JSON.stringify(now) !== JSON.stringify(seen.at(-1))) seen.push(now);
        yield k.work(100);
      }
    },
    { cpu: 2, priority: 31 },
  );
  stack.kernel.start('listener', function* (k) {
    yield* stack.rounds.listen(k, listener);
    expect(knowing(stack, 80)).toEqual([0, 1, 2, 3]);
    yield* stack.rounds.close(k, listener);
    expect(knowing(stack, 80)).toEqual([]);
  });
  world.run(nanos(1_000_000));
  // While the message travels the CPUs differ.
  expect(seen.some((cpus) => cpus.length > 0 && cpus.length < 4 && !cpus.includes(0))).toBe(true);
  expect(stack.rounds.counters).toMatchObject({ listens: 1, closes: 1 });
});

test('a new route gets to all CPUs one after the other, and the copies differ for so long', () => {
  const { stack, world } = stackOf(8, { model: 'pmp' }, [{ at: '10ms', set: '/links/ac/delay', to: '20us' }]);
  world.run(nanos(50_000_000));
  const { routeChanges, routeChangeNs, divergedNs } = stack.rounds.counters;
  expect(routeChanges).toBe(1);
  expect(divergedNs).toBeGreaterThan(7 * stack.machine.profile.lineTransferNs);
  expect(divergedNs).toBeLessThan(routeChangeNs);
  const shared = stackOf(8, { model: 'mutex' }, [{ at: '10ms', set: '/links/ac/delay', to: '20us' }]);
  shared.world.run(nanos(50_000_000));
  expect(shared.stack.rounds.counters).toMatchObject({ routeChanges: 1, divergedNs: 0 });
});

test('behind a barrier no protocol thread works; a service sync comes back when each has been asked', () => {
  const { stack, world } = stackOf(4, { model: 'pmp' });
  let workedMeanwhile = -1;
  let syncedAfterNs = -1;
  stack.kernel.start('stopper', function* (k) {
    const before = stack.threads.main.map(({ thread }) => thread.busyNs);
    yield* stack.rounds.barrier(k, 500_000);
    stack.kernel.settle();
    const after = stack.threads.main.map(({ thread }) => thread.busyNs);
    workedMeanwhile = Math.max(...after.map((ns, cpu) => ns - before[cpu]!));
    const from = k.now;
    yield* stack.rounds.serviceSync(k);
    syncedAfterNs = k.now - from;
  });
  world.run(nanos(5_000_000));
  expect(stack.rounds.counters.barriers).toBe(1);
  expect(stack.rounds.counters.barrierNs).toBeGreaterThanOrEqual(500_000);
  expect(workedMeanwhile).toBeLessThan(20_000);
  expect(syncedAfterNs).toBeGreaterThan(3 * 1000);
});
