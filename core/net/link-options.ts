// What a link is made of, who is at its end, and who hears what happens in it.

import type { DropReason, Nanos } from '../base';
import type { RandomStream } from '../engine';
import type { Packet } from '../packet';
import type { LossModel } from './loss/loss-model';
import type { Red } from './queue/red';

/** Something at the end of a link. It owns the packets that it receives. */
export interface PacketReceiver {
  receive(packet: Packet): void;
}

/** Reordering: with this probability a packet takes this much longer and is overtaken. */
export interface Reordering {
  readonly probability: number;
  readonly delayNs: number;
}

export interface LinkOptions {
  /** Bits per second. */
  readonly rateBps: number;
  /** Propagation delay, ns. */
  readonly delayNs: number;
  /** Most packets and bytes that may wait; the packet being transmitted does not count. */
  readonly queueLimitPackets: number;
  readonly queueLimitBytes: number;
  /** Largest IP packet; no limit when absent. */
  readonly mtuBytes?: number;
  readonly red?: Red;
  /** ECN-capable packets are marked where the discipline would drop them (RFC 3168 §5). */
  readonly ecn?: boolean;
  readonly loss?: LossModel;
  readonly reorder?: Reordering;
  /** Probability that a packet arrives twice. */
  readonly duplicate?: number;
  /** Draws for reordering and duplication; needed with either. */
  readonly random?: RandomStream;
}

/** Hears what happens in a link. All calls come in the order of time. */
export interface LinkObserver {
  /** The number of waiting packets changed at this time (which may lie a little in the past). */
  queue(atNs: number, packets: number): void;
  drop(at: Nanos, packet: Packet, reason: DropReason): void;
  /** A packet was taken: its transmission starts and ends at these times. */
  transmit(packet: Packet, startNs: number, endNs: number): void;
}
