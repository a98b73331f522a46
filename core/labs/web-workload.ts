// Short transfers over a path with bursts of losses: how each loss was repaired (tcp.md §19 E1). The traces of Balakrishnan et al. are
// not public; the workload reproduces the mechanism.

import { SendReason } from '../packet';
import type { WorldMaker } from './lab';

const SEGMENTS = [2, 4, 6, 8, 10, 12, 16, 24, 40, 80];
const MSS = 1000;
/** Transfers do not meet: each has the path to itself. */
const SPACING_NS = 100e9;

export interface Losses {
  /** Timeouts of data; lost FINs are a matter of their own. */
  readonly timeouts: number;
  readonly fastRetransmits: number;
}

export interface WebWorkload {
  readonly transfers: number;
  readonly seed: number;
  readonly tcp: object;
  /** Of each packet, that a burst of losses begins with it; a burst ends after two on average. */
  readonly enterBad: number;
  /** The receiver's window in segments, when it limits. */
  readonly windowSegments?: number;
}

export function webLosses(workload: WebWorkload, make: WorldMaker): Losses {
  const world = make(scenario(workload));
  let fins = 0;
  world.setTap({
    packet(_at, host, direction, packet) {
      const isFin = packet.reason === SendReason.timeout && packet.payloadBytes === 0;
      if (host === 0 && direction === 'out' && isFin) fins += 1;
    },
  });
  world.run(world.endAt);
  const { flows } = world.summary('finished', 0);
  return {
    timeouts: flows.reduce((sum, { rtoCount }) => sum + rtoCount, 0) - fins,
    fastRetransmits: flows.reduce((sum, { recoveries }) => sum + recoveries, 0),
  };
}

function scenario({ transfers, seed, tcp, enterBad, windowSegments }: WebWorkload): unknown {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'Web losses',
    seed,
    duration: transfers * SPACING_NS + 1,
    defaults: {
      tcp: {
        congestionControl: 'newreno',
        limitedTransmit: false,
        timestamps: false,
        mss: MSS,
        initialWindow: 2,
        delayedAckTimeout: '200ms',
        retransmitLimit: 50,
        ...(windowSegments === undefined ? {} : { receiveBuffer: windowSegments * MSS }),
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
        loss: { model: 'gilbert-elliott', enterBad, leaveBad: 0.5 },
        reverse: { rate: '1Gbps', loss: { model: 'bernoulli', probability: 0 } },
      },
    ],
    traffic: Array.from({ length: transfers }, (_, index) => ({
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
