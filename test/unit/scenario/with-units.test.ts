// Scenarios that programs made are written as people write them, and mean the same.

import { expect, test } from 'vitest';
import { withUnits } from '../../../core/scenario';
import { resolved } from '../../worlds';

const MADE = {
  format: 'odonata-scenario',
  version: 1,
  name: 'made by a program',
  seed: 3,
  duration: 120_000_000,
  nodes: [
    { id: 'a', kind: 'host', tcp: { sendBuffer: 65_536, initialWindow: 4, rtoMin: 30_000_000 } },
    { id: 'b', kind: 'host' },
  ],
  links: [
    {
      id: 'l',
      from: 'a',
      to: 'b',
      rate: 1_000_000_000,
      delay: 20_000,
      loss: { model: 'list', drops: [{ flow: 'f', packets: [3, 5] }] },
      queue: { discipline: 'droptail', limit: 50_000 },
    },
  ],
  traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: 1_000_003, start: 1_234_567 }],
  probes: [],
};

test('rates, times and sizes have units, counts stay numbers, and nothing is rounded', () => {
  const text = withUnits(MADE);
  expect(text).toMatchObject({
    seed: 3,
    duration: '120ms',
    nodes: [{ tcp: { sendBuffer: '64KiB', initialWindow: 4, rtoMin: '30ms' } }, { id: 'b' }],
    links: [{ rate: '1Gbps', delay: '20us', loss: { drops: [{ packets: [3, 5] }] } }],
    traffic: [{ size: '1000.003kB', start: '1234.567us' }],
  });
  expect(resolved(text)).toEqual(resolved(MADE));
});

test('what is not of the format stays as it is', () => {
  const wrong = { nodes: 3, links: [null, 'l'], traffic: [{ kind: 'none', size: 100 }], more: { rate: 1000 } };
  expect(withUnits(wrong)).toEqual(wrong);
});
