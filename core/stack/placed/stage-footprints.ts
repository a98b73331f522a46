// The stages of a packet's path through the kernel as caches see them: how much code each has, and what it touches of the packet
// (kernel.md §7: footprints to begin with, about 30 KB of TCP/IP code in all, Blackwell, SIGCOMM 1996; that of UDP is ours [M]).

import type { Footprint } from '../../machine';

const KB = 1024;

export interface StageFootprint {
  readonly code: Footprint;
  /** Bytes of the packet that it touches. */
  readonly packetBytes: number;
}

/** Stages with code of their own, which lie one after the other. */
export const STAGE_FOOTPRINTS = {
  driver: { code: { address: 0, bytes: 6 * KB }, packetBytes: 64 },
  ip: { code: { address: 6 * KB, bytes: 6 * KB }, packetBytes: 64 },
  tcp: { code: { address: 12 * KB, bytes: 18 * KB }, packetBytes: 192 },
  socket: { code: { address: 30 * KB, bytes: 8 * KB }, packetBytes: 192 },
  udp: { code: { address: 38 * KB, bytes: 4 * KB }, packetBytes: 64 },
} as const satisfies Record<string, StageFootprint>;

export type CodeStage = keyof typeof STAGE_FOOTPRINTS;

/** Received packets lie one after the other in a pool of buffers, which is used in turn. */
const BUFFERS = 4096;
const BUFFER_BYTES = 2048;
const FIRST_BUFFER = 16 * KB * KB;

/** Where a received packet lies. */
export function bufferOf(packet: number): number {
  return FIRST_BUFFER + (packet % BUFFERS) * BUFFER_BYTES;
}
