// What the first-level caches of a stack's CPUs make of its stages (kernel.md §7): each runs through its code once for each packet, and
// touches the packet and the state of its connection. What is in the caches decides what that costs; order by itself is worth nothing.

import { type Machine, type Region, REGION_LINE_BYTES, StageCaches } from '../../machine';
import { bufferOf, type CodeStage, STAGE_FOOTPRINTS } from './stage-footprints';

/** Packets to send are built in so many buffers of each CPU in turn: as many as a ring has descriptors [M]. */
const SEND_BUFFERS = 256;
const SEND_BUFFER_BYTES = 256;
const FIRST_SEND_BUFFER = 2 ** 20;
/** Applications copy from and to memory of which each piece is used once in a while. */
const COPY_BYTES = 4 * 2 ** 20;
const FIRST_COPY = 2 ** 25;

/** First-level misses of one stage: lines of code, and of packets and state. */
export interface StageMisses {
  code: number;
  data: number;
}

/** Where misses are counted: the stages, and what applications copy. */
export type MissStage = CodeStage | 'copy';

interface CpuMemory {
  readonly caches: StageCaches;
  sendBuffers: number;
  copiedBytes: number;
}

export class StageMemory {
  readonly misses: Record<MissStage, StageMisses>;
  private readonly cpus: readonly CpuMemory[];
  private buffers = 0;

  constructor(private readonly machine: Machine) {
    const names: MissStage[] = [...(Object.keys(STAGE_FOOTPRINTS) as CodeStage[]), 'copy'];
    this.misses = Object.fromEntries(names.map((name) => [name, { code: 0, data: 0 }])) as StageMemory['misses'];
    this.cpus = Array.from({ length: machine.cpus }, () => ({
      caches: new StageCaches(machine.profile),
      sendBuffers: 0,
      copiedBytes: 0,
    }));
  }

  /** Misses of the second level, all CPUs. */
  get secondLevel(): number {
    return this.cpus.reduce((sum, { caches }) => sum + caches.l2.misses, 0);
  }

  /** The memory of the next frame that a device has written. */
  nextBuffer(): number {
    this.buffers += 1;
    return bufferOf(this.buffers);
  }

  /** The memory of the next packet that `cpu` sends. */
  nextSendBuffer(cpu: number): number {
    const of = this.cpus[cpu]!;
    of.sendBuffers = (of.sendBuffers + 1) % SEND_BUFFERS;
    return FIRST_SEND_BUFFER + of.sendBuffers * SEND_BUFFER_BYTES;
  }

  /** Runs through the code of a stage; ns. */
  run(cpu: number, stage: CodeStage): number {
    const { caches } = this.cpus[cpu]!;
    const before = caches.l1i.misses;
    const ns = caches.run(STAGE_FOOTPRINTS[stage].code);
    this.misses[stage].code += caches.l1i.misses - before;
    return ns;
  }

  /** A stage looks at a packet; ns. */
  usePacket(cpu: number, stage: CodeStage, address: number): number {
    const { caches } = this.cpus[cpu]!;
    const before = caches.l1d.misses;
    const ns = caches.access({ address, bytes: STAGE_FOOTPRINTS[stage].packetBytes });
    this.misses[stage].data += caches.l1d.misses - before;
    return ns;
  }

  /** The first lines of a packet come to `cpu`, which is paid for elsewhere. */
  bring(cpu: number, stage: CodeStage, address: number, lines: number): void {
    this.misses[stage].data += this.cpus[cpu]!.caches.fill({ address, bytes: lines * REGION_LINE_BYTES });
  }

  /**
   * A region is used that has come from further away for `paidNs`; 0: it was in the second level, and what of it is not in the
   * first has to come from there; ns.
   */
  useRegion(cpu: number, stage: MissStage, region: Region, lines: number, paidNs: number): number {
    const missing = this.cpus[cpu]!.caches.fill({ address: region.address, bytes: lines * REGION_LINE_BYTES });
    this.misses[stage].data += missing;
    return paidNs > 0 ? 0 : missing * this.machine.profile.l2HitNs;
  }

  /** So much is copied: it passes through the caches, and what was there makes room. The time is the copy's own. */
  copy(cpu: number, bytes: number): void {
    const of = this.cpus[cpu]!;
    // Where it comes from, and where it goes.
    for (let i = 0; i < 2; i += 1) {
      this.misses.copy.data += of.caches.fill({ address: FIRST_COPY + of.copiedBytes, bytes });
      of.copiedBytes = (of.copiedBytes + bytes) % COPY_BYTES;
    }
  }
}
