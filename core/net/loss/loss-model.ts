// What losing packets looks like to a link.

import type { Packet } from '../../packet';

/** Decides which packets a link loses. Each packet is asked about once at each place, in the order of the link. */
export interface LossModel {
  /** Whether the packet is dropped before it enters the queue, as if it had never come. */
  dropsOnEntry(packet: Packet): boolean;
  /** Whether the packet is lost at the far end of the wire, after it has used the transmitter. */
  losesOnWire(packet: Packet): boolean;
}
