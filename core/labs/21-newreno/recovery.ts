// Several losses of one window, and how long their recovery takes.

import { SendReason } from '../../packet';
import type { WorldMaker } from '../lab';
import { wireScenario } from '../on-wire';

export const WINDOW = 20;
export const RTT_NS = 100e6;
const MSS = 1000;

export const SENDERS: Readonly<Record<string, object>> = {
  Reno: { congestionControl: 'reno' },
  NewReno: { congestionControl: 'newreno' },
  SACK: { congestionControl: 'newreno', sack: true },
};

/** Every second segment of the window from its third on is lost, so many of them. */
export function recoverFrom(
  losses: number,
  tcp: object,
  make: WorldMaker,
): { readonly timeNs: number; readonly timeouts: number } {
  const world = make(
    wireScenario({
      duration: '30s',
      tcp: { limitedTransmit: false, timestamps: false, mss: MSS, delayedAck: false, initialWindow: WINDOW, ...tcp },
      link: {
        rate: '10Gbps',
        delay: RTT_NS / 2,
        queue: { discipline: 'droptail', limit: '1000p' },
        loss: { model: 'list', drops: [{ flow: 'f', packets: Array.from({ length: losses }, (_, i) => 3 + 2 * i) }] },
      },
      traffic: [{ id: 'f', kind: 'transfer', from: 'a', to: 'b', size: 6 * WINDOW * MSS }],
    }),
  );
  let firstAt = Infinity;
  let doneAt = Infinity;
  const repairs: readonly number[] = [SendReason.fast, SendReason.partial, SendReason.sack, SendReason.timeout];
  world.setTap({
    packet(at, host, direction, packet) {
      if (host === 0 && direction === 'out' && repairs.includes(packet.reason)) firstAt = Math.min(firstAt, at);
    },
  });
  world.listen('flow/f/acked', (at, bytes) => {
    if (bytes >= WINDOW * MSS) doneAt = Math.min(doneAt, at);
  });
  world.run(world.endAt);
  return { timeNs: doneAt - firstAt, timeouts: world.summary('finished', 0).flows[0]!.rtoCount };
}
