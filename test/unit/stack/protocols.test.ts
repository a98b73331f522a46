// Protocols above IP are plugged in (kernel.md §12 row 43): TCP and UDP like any other.

import { expect, test } from 'vitest';
import { checkScenario } from '../../../core/scenario';
import { type InternetProtocol } from '../../../core/stack';
import { World } from '../../../core/world';

function pair(kernel: object): World {
  const checked = checkScenario(
    {
      format: 'odonata-scenario',
      version: 1,
      name: 'Protocols',
      seed: 1,
      duration: '400ms',
      nodes: [
        { id: 'a', kind: 'host', machine: { cpus: 4 }, kernel },
        { id: 'b', kind: 'host' },
      ],
      links: [
        {
          id: 'ab',
          from: 'a',
          to: 'b',
          rate: '1Gbps',
          delay: '10us',
          queue: { discipline: 'droptail', limit: '100p' },
        },
      ],
      traffic: [{ id: 't', kind: 'transfer', from: 'b', to: 'a', size: 20_000 }],
      probes: [],
    },
    'test',
  );
  if (!checked.ok) throw new Error(JSON.stringify(checked.problems));
  return new World(checked.value.resolved, { check: true });
}

const named = (number: number, name = 'mine'): InternetProtocol => ({
  name,
  number,
  isMpsafe: true,
  hash: () => 0,
  input: () => undefined,
});

test('a number is one protocol’s, and one of 256', () => {
  const host = pair({ model: 'pmp' }).host('a');
  host.register(named(253));
  expect(() => host.register(named(253, 'other'))).toThrow('"other" has number 253, which is that of "mine"');
  expect(() => host.register(named(6))).toThrow('that of "tcp"');
  expect(() => host.register(named(256))).toThrow('0 to 255');
  expect(pair({ model: 'pmp' }).host('a').protocols[253]).toBeUndefined();
});

test('TCP runs because it is registered: without it nothing is delivered', () => {
  const world = pair({ model: 'pmp' });
  const host = world.host('a');
  host.protocols = host.protocols.with(6, undefined);
  world.run(world.endAt);
  const { flows, totals } = world.summary('finished', 0);
  expect(flows[0]!.bytesDelivered).toBe(0);
  expect(totals.unroutable).toBeGreaterThan(0);
});

test('the hash that a protocol brings along says which CPU works on it', () => {
  for (const wanted of [0, 1, 3]) {
    const world = pair({ model: 'pmp' });
    const host = world.host('a');
    host.protocols = host.protocols.with(6, { ...host.protocols[6]!, hash: () => wanted, input: () => undefined });
    world.run(world.endAt);
    const { packetsByCpu } = world.summary('finished', 0).stacks[0]!;
    expect(packetsByCpu.map((packets) => packets > 0)).toEqual([0, 1, 2, 3].map((cpu) => cpu === wanted));
  }
});

test('what is not MPSAFE takes the big lock for each packet', () => {
  const locked = (isMpsafe: boolean): number => {
    const world = pair({ model: 'pmp', mpsafe: isMpsafe ? ['tcp'] : [] });
    world.run(world.endAt);
    expect(world.summary('finished', 0).flows[0]!.bytesDelivered).toBe(20_000);
    return world.machines[0]!.kernel.bigLock.counters.acquisitions;
  };
  expect(locked(true)).toBe(0);
  expect(locked(false)).toBeGreaterThan(14);
});
