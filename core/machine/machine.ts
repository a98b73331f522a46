// A computer as far as costs go: CPUs in sockets, and lines between them.

import { invariant } from '../base';
import { Line } from './line';
import type { CostProfile } from './profile';
import { Region, REGION_KINDS, type RegionKind } from './region';
import { Residents } from './residents';

/** Most CPUs of a machine: a line keeps its holders in 64 bits. */
export const CPUS_MAX = 64;

/** Regions lie one after the other from here on: above the code and the packet buffers of a network stack. */
const FIRST_REGION = 2 ** 26;
/** Lines of regions are of so many bytes, whatever the caches' are. */
export const REGION_LINE_BYTES = 64;

/** Cache lines that had to come: from another CPU's cache, and from memory. */
export interface MissCounters {
  transfers: number;
  fills: number;
}

export class Machine {
  private readonly cpusPerSocket: number;
  private readonly transferNsByHops: readonly number[];
  private readonly atomicNsByHops: readonly number[];
  /** What each CPU's second-level cache holds of the regions. */
  readonly residents: readonly Residents[];
  /** By what is in the lines. */
  readonly misses: Readonly<Record<RegionKind, MissCounters>> = noMisses();
  /** Transfers of single lines: locks, messages, rings. */
  lineTransfers = 0;
  private nextAddress = FIRST_REGION;

  /**
   * @param cpus 1 to 64
   * @param sockets divides `cpus`; CPUs with neighbouring numbers share a socket, and sockets form a line of hops
   */
  constructor(
    readonly profile: CostProfile,
    readonly cpus: number,
    readonly sockets = 1,
  ) {
    invariant(
      Number.isInteger(cpus) && cpus >= 1 && cpus <= CPUS_MAX,
      `a machine has 1 to 64 CPUs, not ${String(cpus)}`,
    );
    invariant(sockets >= 1 && cpus % sockets === 0, `${String(cpus)} CPUs do not fill ${String(sockets)} sockets`);
    this.cpusPerSocket = cpus / sockets;
    const byHops = (ns: number): number[] =>
      Array.from({ length: sockets }, (_, hops) => ns * profile.hopFactor ** hops);
    this.transferNsByHops = byHops(profile.lineTransferNs);
    this.atomicNsByHops = byHops(profile.atomicRemoteNs);
    const linesMax = Math.floor(profile.l2.bytes / profile.lineBytes);
    this.residents = Array.from({ length: cpus }, (_, cpu) => new Residents(cpu, linesMax));
  }

  socketOf(cpu: number): number {
    return Math.floor(cpu / this.cpusPerSocket);
  }

  /** Links between the sockets of two CPUs; 0 within one. */
  hops(a: number, b: number): number {
    return Math.abs(this.socketOf(a) - this.socketOf(b));
  }

  /** Moving a line from one CPU to another, ns. */
  transferNs(from: number, to: number): number {
    return this.transferNsByHops[this.hops(from, to)]!;
  }

  /** An atomic operation on a line that another CPU has, ns. */
  atomicRemoteNs(from: number, to: number): number {
    return this.atomicNsByHops[this.hops(from, to)]!;
  }

  line(): Line {
    return new Line(this);
  }

  /** Memory of so many lines that is used as a whole. */
  region(kind: RegionKind, lines: number): Region {
    return new Region(this, kind, lines, this.allot(lines));
  }

  /** Where so many lines of memory begin that nobody has. */
  allot(lines: number): number {
    const address = this.nextAddress;
    this.nextAddress += lines * REGION_LINE_BYTES;
    return address;
  }

  /** Cache lines that had to come, of all kinds. */
  get linesCome(): number {
    let sum = this.lineTransfers;
    for (const { transfers, fills } of Object.values(this.misses)) sum += transfers + fills;
    return sum;
  }
}

function noMisses(): Record<RegionKind, MissCounters> {
  return Object.fromEntries(REGION_KINDS.map((kind) => [kind, { transfers: 0, fills: 0 }])) as Record<
    RegionKind,
    MissCounters
  >;
}
