// The context descriptor of a NIC that computes checksums or cuts bursts: what it says holds for all packets until another says
// something else (emx; kernel.md §9.1).

import { optionBytes, type Packet } from '../packet';

export class ContextDescriptor {
  /** The last one said this: header lengths, and how to cut what. */
  private headers = -1;
  private segmentBytes = 0;
  private payloadBytes = 0;

  /** Whether the last one holds for this packet as well. */
  holdsFor(packet: Packet): boolean {
    return (
      headersOf(packet) === this.headers &&
      packet.segmentBytes === this.segmentBytes &&
      (packet.segmentBytes === 0 || packet.payloadBytes === this.payloadBytes)
    );
  }

  set(packet: Packet): void {
    this.headers = headersOf(packet);
    this.segmentBytes = packet.segmentBytes;
    this.payloadBytes = packet.payloadBytes;
  }
}

/** What it says of a packet's headers: their kinds and lengths. */
function headersOf(packet: Packet): number {
  return packet.protocol * 64 + optionBytes(packet.options, packet.sackCount);
}
