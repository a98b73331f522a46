// Published laws of TCP throughput, and the arithmetic of a link.

import { expect, test } from 'vitest';
import { checkedWorld } from '../../core/labs/on-wire';
import { flowRate, mathis, padhyeApproximation } from '../../core/labs/49-loss-and-rate/models';
import { pathDocument, runDocument } from '../worlds';

const SEEDS = [1, 2, 3, 4];

/** Losses to be seen at each rate: the mean rate of so many cycles is certain to about 1.5%. */
const LOSSES = 3000;

/** Mean rate of acknowledged segments over several seeds, packets per second. */
function measured(p: number): number {
  const seconds = Math.ceil(LOSSES / (SEEDS.length * p * mathis(p, 1)));
  const tcp = { sack: true, limitedTransmit: true, nagle: true };
  const rates = SEEDS.map((seed) => flowRate({ p, seconds, seed, tcp }, checkedWorld).acked);
  return rates.reduce((sum, rate) => sum + rate, 0) / SEEDS.length;
}

test.each([{ p: 0.001 }, { p: 0.002 }, { p: 0.005 }, { p: 0.01 }, { p: 0.02 }])(
  'at a loss rate of $p a single flow gets what Mathis or Padhye predict, within 5%',
  ({ p }) => {
    const rate = measured(p);
    const predictions = [mathis(p, 1), padhyeApproximation(p, 1)];
    const low = Math.min(...predictions) * 0.95;
    const high = Math.max(...predictions) * 1.05;
    expect(
      rate,
      `measured ${rate.toFixed(1)}, Mathis ${predictions[0]!.toFixed(1)}, Padhye ${predictions[1]!.toFixed(1)}`,
    ).toBeGreaterThan(low);
    expect(rate).toBeLessThan(high);
  },
);

test('a lone flow over a clean 10 Mb/s link reaches the arithmetic maximum within 2%', () => {
  const summary = runDocument(pathDocument({ duration: '60s', tcp: { sack: true } }));
  const maximum = (10e6 * 1448) / 1500;
  expect(summary.flows[0]!.goodputBps / maximum).toBeGreaterThan(0.98);
  expect(summary.flows[0]!.goodputBps / maximum).toBeLessThanOrEqual(1);
});

test('four equal flows share a link with a Jain index of at least 0.95 over 120 s', () => {
  const numbers = [1, 2, 3, 4];
  const access = { rate: '100Mbps', delay: '2ms' };
  const document = {
    format: 'odonata-scenario',
    version: 1,
    name: 'four equal flows',
    seed: 5,
    duration: '120s',
    nodes: [
      { id: 'r1', kind: 'router' },
      { id: 'r2', kind: 'router' },
      ...numbers.flatMap((n) => [
        { id: `s${String(n)}`, kind: 'host' },
        { id: `d${String(n)}`, kind: 'host' },
      ]),
    ],
    links: [
      {
        id: 'bottleneck',
        from: 'r1',
        to: 'r2',
        rate: '10Mbps',
        delay: '25ms',
        queue: { discipline: 'droptail', limit: '50p' },
      },
      ...numbers.flatMap((n) => [
        { id: `a${String(n)}`, from: `s${String(n)}`, to: 'r1', ...access },
        { id: `b${String(n)}`, from: 'r2', to: `d${String(n)}`, ...access },
      ]),
    ],
    traffic: numbers.map((n) => ({
      id: `f${String(n)}`,
      kind: 'bulk',
      from: `s${String(n)}`,
      to: `d${String(n)}`,
      start: `${String(n * 100)}ms`,
    })),
    probes: [],
  };
  const rates = runDocument(document).flows.map(({ goodputBps }) => goodputBps);
  const sum = rates.reduce((total, rate) => total + rate, 0);
  const squares = rates.reduce((total, rate) => total + rate * rate, 0);
  expect((sum * sum) / (rates.length * squares), JSON.stringify(rates)).toBeGreaterThanOrEqual(0.95);
});
