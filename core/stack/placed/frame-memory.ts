// What received frames lie in: mbufs that come with them from the ring, and are freed unless a frame's payload waits in them to be read.

import type { Packet } from '../../packet';
import type { Bill } from './bill';
import type { Mbuf, MbufCache } from './mbufs';
import { LINES } from './socket-seat';

export class FrameMemory {
  /** Of the frame that is input, unless somebody has kept it. */
  private mbuf: Mbuf | undefined = undefined;

  constructor(private readonly mbufs: MbufCache) {}

  /** A frame's protocol begins to look at it. */
  open(packet: Packet, bill: Bill): void {
    this.mbuf = take(packet);
    if (this.mbuf !== undefined) bill.read(this.mbuf, LINES.mbuf);
  }

  /** Its payload waits to be read. */
  keep(bytes: number, received: Mbuf[]): void {
    const { mbuf } = this;
    if (mbuf === undefined) return;
    mbuf.bytes = bytes;
    received.push(mbuf);
    this.mbuf = undefined;
  }

  /** Its protocol is through with it. */
  close(bill: Bill): void {
    if (this.mbuf !== undefined) this.mbufs.give(bill, this.mbuf);
    this.mbuf = undefined;
  }

  /** Nobody wants a packet any more. */
  free(packet: Packet, bill: Bill): void {
    const mbuf = take(packet);
    if (mbuf !== undefined) this.mbufs.give(bill, mbuf);
  }
}

function take(packet: Packet): Mbuf | undefined {
  const { memory } = packet;
  packet.memory = undefined;
  return memory as Mbuf | undefined;
}
