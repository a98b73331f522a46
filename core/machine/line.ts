// One cache line and who has it: enough of MESI to tell what an access costs. A line is modified by one CPU, or clean and
// shared by some, or nowhere but in memory.

import type { Machine } from './machine';

const NOBODY = -1;
const WORD_BITS = 32;

export class Line {
  /** CPU that has it modified; NOBODY when it is clean. */
  private owner = NOBODY;
  /** CPUs with a copy, the owner among them: 64 bits in two words. */
  private low = 0;
  private high = 0;
  /** Times the line came from another CPU. */
  transfers = 0;

  constructor(private readonly machine: Machine) {}

  /** CPU that wrote it last and nobody has read it since; -1 for none. */
  get modifiedBy(): number {
    return this.owner;
  }

  /** Loads it on `cpu`; ns. */
  read(cpu: number): number {
    if (this.has(cpu)) return this.machine.profile.l1HitNs;
    const cost = this.fetch(cpu);
    this.owner = NOBODY;
    this.add(cpu);
    return cost;
  }

  /** Stores to it on `cpu`, which claims it; ns. */
  write(cpu: number): number {
    if (this.owner === cpu) return this.machine.profile.l1HitNs;
    const cost = this.claim(cpu);
    this.keepOnly(cpu);
    return cost;
  }

  /** An atomic operation on `cpu`; ns. McKenney's figures are for the whole operation, transfer included. */
  atomic(cpu: number): number {
    const { atomicLocalNs, dramNs } = this.machine.profile;
    if (this.owner === cpu) return atomicLocalNs;
    const from = this.nearest(cpu);
    this.keepOnly(cpu);
    if (from === NOBODY) return atomicLocalNs + dramNs;
    if (from === cpu) return atomicLocalNs;
    this.countTransfer();
    return this.machine.atomicRemoteNs(from, cpu);
  }

  private countTransfer(): void {
    this.transfers += 1;
    this.machine.lineTransfers += 1;
  }

  private fetch(cpu: number): number {
    const from = this.owner === NOBODY ? this.nearest(cpu) : this.owner;
    if (from === NOBODY) return this.machine.profile.dramNs;
    this.countTransfer();
    return this.machine.transferNs(from, cpu);
  }

  /** What it costs to be the only one who has it. */
  private claim(cpu: number): number {
    const others = this.has(cpu) ? this.nearestOther(cpu) : NOBODY;
    if (this.has(cpu) && others === NOBODY) return this.machine.profile.l1HitNs;
    if (others === NOBODY) return this.fetch(cpu);
    this.countTransfer();
    return this.machine.transferNs(others, cpu);
  }

  private has(cpu: number): boolean {
    return cpu < WORD_BITS ? (this.low & (1 << cpu)) !== 0 : (this.high & (1 << (cpu - WORD_BITS))) !== 0;
  }

  private add(cpu: number): void {
    if (cpu < WORD_BITS) this.low |= 1 << cpu;
    else this.high |= 1 << (cpu - WORD_BITS);
  }

  private keepOnly(cpu: number): void {
    this.low = 0;
    this.high = 0;
    this.add(cpu);
    this.owner = cpu;
  }

  /** The CPU with a copy that is the fewest hops away, this one before others, low numbers before high ones. */
  private nearest(cpu: number): number {
    return this.has(cpu) ? cpu : this.nearestOther(cpu);
  }

  private nearestOther(cpu: number): number {
    if (this.low === 0 && this.high === 0) return NOBODY;
    let best = NOBODY;
    let bestHops = Infinity;
    for (let other = 0; other < this.machine.cpus; other += 1) {
      if (other === cpu || !this.has(other)) continue;
      const hops = this.machine.hops(other, cpu);
      if (hops < bestHops) {
        best = other;
        bestHops = hops;
      }
    }
    return best;
  }
}
