// A piece of kernel memory that is used as a whole (a control block, a socket, a packet header), and which CPUs have it
// in their caches. It is lost in two ways: another CPU writes it, or there is more in use than the second level holds. So both what
// is shared and what is merely much costs, and neither is a constant (kernel.md §10: L2 misses per KB sent).

import type { Machine, MissCounters } from './machine';

/** What misses are counted under (kernel.md §6.9). */
export const REGION_KINDS = [
  'pcb',
  'socket',
  'sockbuf',
  'mbuf',
  'header',
  'ring',
  'route',
  'statistics',
  'table',
] as const;
export type RegionKind = (typeof REGION_KINDS)[number];

const NOBODY = -1;
const WORD_BITS = 32;

export class Region {
  /** CPU whose copy is newer than memory. */
  private owner = NOBODY;
  /** CPUs with a copy, 64 bits in two words. */
  private low = 0;
  private high = 0;
  /** CPUs that have used it since their cache last looked. */
  private usedLow = 0;
  private usedHigh = 0;
  /** CPUs whose cache has room for it, whether what is there is up to date or not. */
  private roomLow = 0;
  private roomHigh = 0;
  private readonly misses: MissCounters;

  /**
   * @param lines cache lines that one use touches
   * @param address where it begins; for caches that go by addresses
   */
  constructor(
    private readonly machine: Machine,
    kind: RegionKind,
    readonly lines: number,
    readonly address: number,
  ) {
    this.misses = machine.misses[kind];
  }

  /** Loads it on `cpu`; ns beyond what hits take, which the work itself contains. */
  read(cpu: number, lines = this.lines): number {
    this.noteUse(cpu);
    if (this.has(cpu)) return 0;
    const ns = this.fetch(cpu, lines);
    this.owner = NOBODY;
    this.add(cpu);
    this.machine.residents[cpu]!.enter(this);
    return ns;
  }

  /** Changes it on `cpu`, which then has the only copy; ns beyond hits. */
  write(cpu: number, lines = this.lines): number {
    this.noteUse(cpu);
    if (this.owner === cpu) return 0;
    const had = this.has(cpu);
    const ns = this.fetchAlone(cpu, lines, had);
    this.low = 0;
    this.high = 0;
    this.add(cpu);
    this.owner = cpu;
    if (!had) this.machine.residents[cpu]!.enter(this);
    return ns;
  }

  /** Whether `cpu` has used it since this was last asked. */
  takeUse(cpu: number): boolean {
    const used = cpu < WORD_BITS ? this.usedLow & (1 << cpu) : this.usedHigh & (1 << (cpu - WORD_BITS));
    if (cpu < WORD_BITS) this.usedLow &= ~(1 << cpu);
    else this.usedHigh &= ~(1 << (cpu - WORD_BITS));
    return used !== 0;
  }

  private noteUse(cpu: number): void {
    if (cpu < WORD_BITS) this.usedLow |= 1 << cpu;
    else this.usedHigh |= 1 << (cpu - WORD_BITS);
  }

  /** Gives it room in the cache of `cpu`; false if it has some. */
  takeRoom(cpu: number): boolean {
    const has = cpu < WORD_BITS ? this.roomLow & (1 << cpu) : this.roomHigh & (1 << (cpu - WORD_BITS));
    if (has !== 0) return false;
    if (cpu < WORD_BITS) this.roomLow |= 1 << cpu;
    else this.roomHigh |= 1 << (cpu - WORD_BITS);
    return true;
  }

  /** It fell out of the cache of `cpu`. */
  evict(cpu: number): void {
    if (cpu < WORD_BITS) {
      this.low &= ~(1 << cpu);
      this.roomLow &= ~(1 << cpu);
    } else {
      this.high &= ~(1 << (cpu - WORD_BITS));
      this.roomHigh &= ~(1 << (cpu - WORD_BITS));
    }
    if (this.owner === cpu) this.owner = NOBODY;
  }

  private fetch(cpu: number, lines: number): number {
    const { machine, owner } = this;
    if (owner === NOBODY) {
      this.misses.fills += lines;
      return lines * machine.profile.dramNs;
    }
    this.misses.transfers += lines;
    return lines * machine.transferNs(owner, cpu);
  }

  /** What it costs to have the only copy. */
  private fetchAlone(cpu: number, lines: number, had: boolean): number {
    if (!had) return this.fetch(cpu, lines);
    const isShared = (this.low & ~maskLow(cpu)) !== 0 || (this.high & ~maskHigh(cpu)) !== 0;
    if (!isShared) return 0;
    // Copies elsewhere are told to go; as far as time goes that is a transfer without data.
    this.misses.transfers += lines;
    return lines * this.machine.profile.lineTransferNs;
  }

  private has(cpu: number): boolean {
    return (cpu < WORD_BITS ? this.low & (1 << cpu) : this.high & (1 << (cpu - WORD_BITS))) !== 0;
  }

  private add(cpu: number): void {
    if (cpu < WORD_BITS) this.low |= 1 << cpu;
    else this.high |= 1 << (cpu - WORD_BITS);
  }
}

function maskLow(cpu: number): number {
  return cpu < WORD_BITS ? 1 << cpu : 0;
}

function maskHigh(cpu: number): number {
  return cpu < WORD_BITS ? 0 : 1 << (cpu - WORD_BITS);
}
