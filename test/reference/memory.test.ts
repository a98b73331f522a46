// A simulated hour holds no more memory than its recorded series, which are bounded by `recording.samples`.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { nanos } from '../../core/base';
import { World } from '../../core/world';
import { pathDocument, resolved } from '../worlds';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const MINUTE_NS = 60e9;

function heapBytes(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

test('an hour of losses, short connections and recording keeps the memory of its tenth minute', () => {
  const document = pathDocument({
    duration: '1h',
    link: { rate: '1Mbps', loss: { model: 'bernoulli', probability: 0.02 } },
    traffic: [
      { id: 'bulk', kind: 'bulk', from: 'a', to: 'b' },
      {
        id: 'web',
        kind: 'web',
        from: 'a',
        to: 'b',
        arrivals: { process: 'poisson', rate: 5 },
        size: { distribution: 'fixed', value: '5kB' },
      },
    ],
    probes: ['flow/*/*', 'link/mid/*'],
  });
  const world = new World(resolved({ ...(document as object), recording: { interval: '10ms', samples: 1000 } }));
  world.run(nanos(10 * MINUTE_NS));
  const early = heapBytes();
  const earlyPackets = world.packets;
  world.run(world.endAt);
  const late = heapBytes();
  expect(world.packets).toBeGreaterThan(4 * earlyPackets);
  expect(late - early).toBeLessThan(500_000);
  world.finishSeries();
  for (const { length } of world.series) expect(length).toBeLessThanOrEqual(1000);
});
