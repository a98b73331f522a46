// Balakrishnan et al. (INFOCOM 1998), by mechanism (tcp.md §19 E1): most losses of short transfers are repaired by
// timeouts, SACK would save few of these, Limited Transmit a quarter. The workload is set so that the base case has the
// published shape; the savings are measured.

import { expect, test } from 'vitest';
import { SendReason } from '../../core/packet';
import { World } from '../../core/world';
import { resolved } from '../worlds';

const SEGMENTS = [2, 4, 6, 8, 10, 12, 16, 24, 40, 80];
const MSS = 1000;
const TRANSFERS = 2500;
/** Of 30,000 transfers, so that the savings are certain to about two points. */
const SEEDS = Array.from({ length: 12 }, (_, index) => index + 1);
/** Transfers do not meet: each has the path to itself. */
const SPACING_NS = 100e9;

interface Losses {
  /** Timeouts of data; lost FINs are a matter of their own. */
  readonly timeouts: number;
  readonly fastRetransmits: number;
}

function losses(tcp: object): Losses {
  let timeouts = 0;
  let fastRetransmits = 0;
  for (const seed of SEEDS) {
    const world = new World(resolved(scenario(seed, tcp)));
    let fins = 0;
    world.setTap({
      packet(_at, host, direction, packet) {
        const isFin = packet.reason === SendReason.timeout && packet.payloadBytes === 0;
        if (host === 0 && direction === 'out' && isFin) fins += 1;
      },
    });
    world.run(world.endAt);
    for (const flow of world.summary('finished', 0).flows) {
      timeouts += flow.rtoCount;
      fastRetransmits += flow.recoveries;
    }
    timeouts -= fins;
  }
  return { timeouts, fastRetransmits };
}

function scenario(seed: number, tcp: object): unknown {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'Web losses',
    seed,
    duration: TRANSFERS * SPACING_NS + 1,
    defaults: {
      tcp: {
        congestionControl: 'newreno',
        limitedTransmit: false,
        timestamps: false,
        mss: MSS,
        initialWindow: 2,
        delayedAckTimeout: '200ms',
        retransmitLimit: 50,
        ...tcp,
      },
    },
    nodes: [
      { id: 'server', kind: 'host' },
      { id: 'client', kind: 'host' },
    ],
    links: [
      {
        id: 'path',
        from: 'server',
        to: 'client',
        rate: '1Gbps',
        delay: '50ms',
        queue: { discipline: 'droptail', limit: '10000p' },
        loss: { model: 'gilbert-elliott', enterBad: 0.02, leaveBad: 0.5 },
        reverse: { rate: '1Gbps', loss: { model: 'bernoulli', probability: 0 } },
      },
    ],
    traffic: Array.from({ length: TRANSFERS }, (_, index) => ({
      id: `t${String(index)}`,
      kind: 'transfer',
      from: 'server',
      to: 'client',
      size: SEGMENTS[(index * 7 + Math.floor(index / 10)) % SEGMENTS.length]! * MSS,
      start: index * SPACING_NS,
      port: 5000 + index,
    })),
  };
}

test('56% by timeout, 44% by fast retransmit; what SACK, Limited Transmit and larger windows would save', () => {
  const base = losses({});
  const share = base.timeouts / (base.timeouts + base.fastRetransmits);
  const saving = (tcp: object): number => 1 - losses(tcp).timeouts / base.timeouts;
  const sack = saving({ sack: true });
  const limited = saving({ limitedTransmit: true });
  const early = saving({ earlyRetransmit: true });
  const largerWindow = saving({ initialWindow: 4 });
  // Published: 56% by timeout; of the timeouts SACK saves 4% and Limited Transmit 25%. Measured: 57.1%, 11.5%, 23.0%.
  expect(Math.abs(share - 0.56)).toBeLessThan(0.08);
  expect(Math.abs(limited - 0.25)).toBeLessThan(0.08);
  expect(sack).toBeGreaterThan(0);
  expect(sack).toBeLessThan(0.15);
  expect(sack).toBeLessThan(limited);
  // Measured: 3.2% and 22.5%; the model of tcp.md has 4-15% and 30-48%.
  expect(early).toBeGreaterThan(0.02);
  expect(largerWindow).toBeGreaterThan(0.2);
});

test('against plain Reno SACK saves a third: it also repairs windows with several losses', () => {
  const reno = losses({ congestionControl: 'reno' });
  const sack = losses({ congestionControl: 'reno', sack: true });
  const saving = 1 - sack.timeouts / reno.timeouts;
  expect(Math.abs(saving - 0.32)).toBeLessThan(0.08);
});
