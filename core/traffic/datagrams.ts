// udp-cbr and udp-poisson: datagrams of one size, at even or at exponential distances.

import { type Nanos, NS_PER_SECOND, plus } from '../base';
import { callAt, Priority } from '../engine';
import type { Flow } from './flow';

export interface DatagramOptions {
  readonly process: 'cbr' | 'poisson';
  /** Mean rate of UDP payload, bits per second. */
  readonly rateBps: number;
  /** Payload of a datagram, bytes. */
  readonly payloadBytes: number;
  /** A socket is bound to the port that they go to. */
  readonly hasReceiver: boolean;
}

export function startDatagrams(flow: Flow, options: DatagramOptions): void {
  const { engine, random, from, to, port, stopAt } = flow.setting;
  const sender = from.openUdp(port, flow.index);
  flow.datagramSockets.push(sender, ...(options.hasReceiver ? to.bindUdpGroup(port, flow.index) : []));
  const meanNs = (options.payloadBytes * 8 * NS_PER_SECOND) / options.rateBps;
  let sent = 0;

  const send = (now: Nanos): void => {
    if (now >= stopAt) {
      sender.close();
      return;
    }
    sender.sendTo(to.id, port, options.payloadBytes);
    sent += 1;
    // An even stream keeps its rate exactly: distances are rounded from the start, not one from another.
    const at =
      options.process === 'cbr'
        ? plus(flow.setting.startAt, Math.round(sent * meanNs))
        : plus(now, Math.max(1, Math.round(random.exponential(meanNs))));
    callAt(engine, at > now ? at : plus(now, 1), Priority.application, send);
  };

  flow.atStart(() => {
    send(engine.now);
  });
}
