// The path of a received packet as stages, for labs on cohorts without a network: footprints are those of the stack, with the work
// that each stage is.

import type { StageCaches } from '../machine';
import { bufferOf, STAGE_FOOTPRINTS, type StageFootprint } from '../stack';

const OPTERON_PERIOD_NS = 0.56;

export interface Stage extends StageFootprint {
  readonly name: string;
  /** Its instructions, when all are in the first-level cache of an Opteron at 1.8 GHz; together 3 µs (kernel.md §11). */
  readonly workNs: number;
}

export const STAGES: readonly Stage[] = [
  { name: 'driver', ...STAGE_FOOTPRINTS.driver, workNs: 500 },
  { name: 'IP', ...STAGE_FOOTPRINTS.ip, workNs: 500 },
  { name: 'TCP', ...STAGE_FOOTPRINTS.tcp, workNs: 1300 },
  { name: 'socket', ...STAGE_FOOTPRINTS.socket, workNs: 700 },
];

/** Runs one stage on one packet, on a CPU of this clock; ns. */
export function runStage(caches: StageCaches, stage: Stage, packet: number, clockPeriodNs: number): number {
  const data = { address: bufferOf(packet), bytes: stage.packetBytes };
  return (stage.workNs * clockPeriodNs) / OPTERON_PERIOD_NS + caches.run(stage.code) + caches.access(data);
}
