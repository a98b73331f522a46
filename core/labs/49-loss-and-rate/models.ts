// Laws of TCP's rate with random losses, and a flow to hold against them: RTT 100 ms, least RTO 1 s, no window limit.

import type { WorldMaker } from '../lab';
import { wireScenario } from '../on-wire';

const MSS = 1000;
export const RTT_SECONDS = 0.1;
export const TIMEOUT_SECONDS = 1;

/** Packets a second by Padhye, Firoiu, Towsley and Kurose (SIGCOMM 1998), full model without a window limit. @param b packets per ACK */
export function padhye(p: number, b: number): number {
  const c = (2 + b) / (3 * b);
  const window = c + Math.sqrt((8 * (1 - p)) / (3 * b * p) + c * c);
  const arrive = (1 - p) ** 3;
  const byTimeout = Math.min(
    1,
    ((1 - arrive) * (1 + arrive * (1 - (1 - p) ** (window - 3)))) / (1 - (1 - p) ** window),
  );
  const backoff = 1 + p + 2 * p ** 2 + 4 * p ** 3 + 8 * p ** 4 + 16 * p ** 5 + 32 * p ** 6;
  return (
    ((1 - p) / p + window + byTimeout / (1 - p)) /
    (RTT_SECONDS * ((b / 2) * window + 1) + (byTimeout * backoff * TIMEOUT_SECONDS) / (1 - p))
  );
}

/** The same authors' approximation. */
export function padhyeApproximation(p: number, b: number): number {
  const timeouts = TIMEOUT_SECONDS * Math.min(1, 3 * Math.sqrt((3 * b * p) / 8)) * p * (1 + 32 * p * p);
  return 1 / (RTT_SECONDS * Math.sqrt((2 * b * p) / 3) + timeouts);
}

/** Packets a second by Mathis, Semke, Mahdavi and Ott (CCR 1997). */
export function mathis(p: number, b: number): number {
  return Math.sqrt(3 / (2 * b)) / (RTT_SECONDS * Math.sqrt(p));
}

export interface Rate {
  /** Data packets a second. */
  readonly sent: number;
  readonly acked: number;
}

export interface LossyFlow {
  readonly p: number;
  readonly seconds: number;
  readonly seed: number;
  readonly tcp: object;
}

/** One flow through random losses of its data. */
export function flowRate({ p, seconds, seed, tcp }: LossyFlow, make: WorldMaker): Rate {
  const document = wireScenario({
    seed,
    duration: `${String(Math.round(seconds))}s`,
    tcp: {
      limitedTransmit: false,
      timestamps: false,
      nagle: false,
      mss: MSS,
      delayedAck: false,
      receiveBuffer: '16MiB',
      sendBuffer: '16MiB',
      retransmitLimit: 50,
      ...tcp,
    },
    link: {
      rate: '10Gbps',
      delay: (RTT_SECONDS / 2) * 1e9,
      queue: { discipline: 'droptail', limit: '100000p' },
      loss: { model: 'bernoulli', probability: p },
      reverse: { rate: '10Gbps', loss: { model: 'bernoulli', probability: 0 } },
    },
    traffic: [{ id: 'f', kind: 'bulk', from: 'a', to: 'b' }],
  });
  const world = make(document);
  world.run(world.endAt);
  const { dataSegmentsSent, bytesAcked } = world.summary('finished', 0).flows[0]!;
  return { sent: dataSegmentsSent / seconds, acked: bytesAcked / MSS / seconds };
}

/** Reno as the full model has it: the window grows with the ACKs, not with the bytes. @param b packets per ACK */
export function renoOf(b: number): object {
  return { congestionControl: 'reno', byteCounting: false, delayedAck: b === 2 };
}

/** Time in which a flow sends about so many packets, not more than 20,000 s. */
export function secondsFor(packets: number, p: number, b: number): number {
  return Math.round(Math.min(20_000, packets / padhye(p, b) + 200));
}
