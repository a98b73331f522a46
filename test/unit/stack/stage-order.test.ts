// Cohort scheduling in the service loop (kernel.md §7): a batch goes through IP as a whole, then through TCP, then to the sockets; and
// the model of the caches.

import { afterEach, expect, test, vi } from 'vitest';
import { nanos } from '../../../core/base';
import { Machine, PROFILES } from '../../../core/machine';
import { checkScenario } from '../../../core/scenario';
import { Bill } from '../../../core/stack/placed/bill';
import { Stage } from '../../../core/stack/placed/stage';
import { StageMemory } from '../../../core/stack/placed/stage-memory';
import { World } from '../../../core/world';

afterEach(() => {
  vi.restoreAllMocks();
});

/** Four connections that send to a host with such a kernel. */
function receiver(kernel: object, traffic: readonly object[] = []): World {
  const checked = checkScenario(
    {
      format: 'odonata-scenario',
      version: 1,
      name: 'Stages',
      seed: 1,
      duration: '10ms',
      nodes: [
        {
          id: 'a',
          kind: 'host',
          machine: { cpus: 1, profile: 'pentium3-smp' },
          kernel,
          nic: { interruptRate: 6000 },
        },
        { id: 'b', kind: 'host' },
      ],
      links: [
        {
          id: 'ab',
          from: 'a',
          to: 'b',
          rate: '1Gbps',
          delay: '10us',
          queue: { discipline: 'droptail', limit: '1000p' },
        },
      ],
      traffic: [
        ...Array.from({ length: 4 }, (_, index) => ({ id: `f${String(index)}`, kind: 'bulk', from: 'b', to: 'a' })),
        ...traffic,
      ],
      probes: [],
    },
    'test',
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return new World(checked.value.resolved, { check: true });
}

/** What is done with received segments, in order, each run of equal stages once with its length. */
function stagesOf(kernel: object): [Stage, number][] {
  const runs: [Stage, number][] = [];
  const { ipInputNs, tcpInputNs, socketReceiveNs } = PROFILES['pentium3-smp'];
  const isOfInput = (stage: Stage, ns: number): boolean =>
    (stage === Stage.ip && ns === 0.75 * ipInputNs) ||
    (stage === Stage.tcp && ns === tcpInputNs) ||
    (stage === Stage.socket && ns === socketReceiveNs / 2);
  const work = vi.spyOn(Bill.prototype, 'work').mockImplementation(function (this: Bill, stage, ns) {
    if (isOfInput(stage, ns)) {
      const last = runs.at(-1);
      if (last?.[0] === stage) last[1] += 1;
      else runs.push([stage, 1]);
    }
    this.workWithin(stage, ns);
  });
  const world = receiver(kernel);
  world.run(world.endAt);
  work.mockRestore();
  return runs;
}

test.each(['pmp', 'giant'])('%s: with stage order a batch is through IP before TCP sees any of it', (model) => {
  const byStage = stagesOf({ model, stageOrder: 'stage' });
  const cohorts = byStage.filter(([stage, count], index) => {
    const [next, after] = [byStage[index + 1], byStage[index + 2]];
    return (
      stage === Stage.ip && count > 3 && next?.[0] === Stage.tcp && next[1] === count && after?.[0] === Stage.socket
    );
  });
  expect(cohorts.length).toBeGreaterThan(5);
  const byMessage = stagesOf({ model, stageOrder: 'message' });
  expect(byMessage.filter(([stage, count]) => stage === Stage.ip && count > 3)).toEqual([]);
});

test('a batch limit bounds the cohort', () => {
  const world = receiver({ model: 'pmp', stageOrder: 'stage', batch: 3 });
  world.run(world.endAt);
  const [netisr] = world.machines[0]!.stack!.threads.all;
  expect(netisr!.counters.batchMax).toBe(3);
  expect(netisr!.counters.messages).toBeGreaterThan(50);
});

test.each(['pmp', 'giant'])('%s: nobody reads what the socket layer has not appended', (model) => {
  const world = receiver({ model, stageOrder: 'stage', applications: 'spread' });
  const { connections } = world.machines[0]!.stack!.host.partitions[0]!;
  let heldBack = 0;
  const endAt = nanos(3_000_000);
  while (world.engine.now < endAt) {
    world.run(endAt, 1);
    connections.forEach(({ connection, seat }) => {
      heldBack = Math.max(heldBack, seat!.unappendedBytes);
      expect(connection.readableBytes).toBeGreaterThanOrEqual(seat!.takenBytes + seat!.unappendedBytes);
    });
  }
  expect(heldBack).toBeGreaterThan(1448);
});

test('caches are counted by stage and charged for; without them the summary says nothing of caches', () => {
  const run = (kernel: object): ReturnType<World['summary']>['stacks'][number] => {
    const world = receiver({ model: 'pmp', ...kernel });
    world.run(world.endAt);
    return world.summary('finished', 0).stacks[0]!;
  };
  const off = run({});
  expect(off.caches).toBeUndefined();
  expect(Object.keys(off.spentNs)).not.toContain('code');
  const byMessage = run({ caches: true });
  const byStage = run({ caches: true, stageOrder: 'stage' });
  const codeOf = ({ caches, packetsByCpu }: typeof off, stage: string): number =>
    caches!.stages.find(({ stage: name }) => name === stage)!.code / packetsByCpu[0]!;
  // 6 KB of IP are 192 lines of 32 bytes; 18 KB of TCP do not fit into 16 KB whatever the order.
  expect(codeOf(byMessage, 'ip')).toBeGreaterThan(150);
  expect(codeOf(byStage, 'ip')).toBeLessThan(75);
  expect(codeOf(byStage, 'tcp')).toBeGreaterThan(200);
  const { l2HitNs } = PROFILES['pentium3-smp'];
  const lines = byMessage.caches!.stages.reduce((sum, { code }) => sum + code, 0);
  expect(byMessage.spentNs['code']! / (lines * l2HitNs)).toBeGreaterThan(0.99);
  expect(byMessage.spentNs['code']! / (lines * l2HitNs)).toBeLessThan(1.2);
});

test('a stage is paid for where it is not in the cache of its CPU, and a copy drives out what was there', () => {
  const machine = new Machine(PROFILES['pentium3-smp'], 2);
  const memory = new StageMemory(machine);
  const { dramNs, l2HitNs } = machine.profile;
  const lines = (6 * 1024) / 32;
  expect(memory.run(0, 'ip')).toBe(lines * dramNs);
  expect(memory.run(0, 'ip')).toBe(0);
  expect(memory.run(1, 'ip')).toBe(lines * dramNs);
  const region = machine.region('pcb', 4);
  expect(memory.useRegion(0, 'tcp', region, 4, 1000)).toBe(0);
  expect(memory.useRegion(0, 'tcp', region, 4, 0)).toBe(0);
  memory.copy(0, 32 * 1024);
  expect(memory.useRegion(0, 'tcp', region, 4, 0)).toBe(8 * l2HitNs);
  expect(memory.misses.ip).toEqual({ code: 2 * lines, data: 0 });
});
