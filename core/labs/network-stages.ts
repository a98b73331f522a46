// The path of a received packet as stages, for labs on cohorts: how much code each has, and what it touches of the packet
// (kernel.md §7: footprints to begin with, about 30 KB of TCP/IP code in all, Blackwell, SIGCOMM 1996).

import type { Footprint, StageCaches } from '../machine';

const KB = 1024;
const OPTERON_PERIOD_NS = 0.56;

export interface Stage {
  readonly name: string;
  readonly code: Footprint;
  /** Bytes of the packet that it touches. */
  readonly packetBytes: number;
  /** Its instructions, when all are in the first-level cache of an Opteron at 1.8 GHz; together 3 µs (kernel.md §11). */
  readonly workNs: number;
}

export const STAGES: readonly Stage[] = [
  { name: 'driver', code: { address: 0, bytes: 6 * KB }, packetBytes: 64, workNs: 500 },
  { name: 'IP', code: { address: 6 * KB, bytes: 6 * KB }, packetBytes: 64, workNs: 500 },
  { name: 'TCP', code: { address: 12 * KB, bytes: 18 * KB }, packetBytes: 192, workNs: 1300 },
  { name: 'socket', code: { address: 30 * KB, bytes: 8 * KB }, packetBytes: 192, workNs: 700 },
];

/** Packets lie one after the other in a pool of buffers, which is used in turn. */
const BUFFERS = 4096;
const BUFFER_BYTES = 2048;
const FIRST_BUFFER = 16 * KB * KB;

export function bufferOf(packet: number): number {
  return FIRST_BUFFER + (packet % BUFFERS) * BUFFER_BYTES;
}

/** Runs one stage on one packet, on a CPU of this clock; ns. */
export function runStage(caches: StageCaches, stage: Stage, packet: number, clockPeriodNs: number): number {
  const data = { address: bufferOf(packet), bytes: stage.packetBytes };
  return (stage.workNs * clockPeriodNs) / OPTERON_PERIOD_NS + caches.run(stage.code) + caches.access(data);
}
