// The I/O bus that devices read and write memory over. A transaction moves in bursts, each of which has to be set up; on the
// shared buses both directions and all slots wait for each other, PCI Express has lanes each way (kernel.md §11).

export interface BusProfile {
  readonly name: string;
  /** Peak, bytes per ns (= GB/s). */
  readonly bytesPerNs: number;
  /** Before the data of a burst moves: arbitration and address phase of a write, and of a read the target's latency, too; ns. */
  readonly writeSetupNs: number;
  readonly readSetupNs: number;
  /** Most bytes that one burst moves before it gives the bus up or the target disconnects. */
  readonly writeBurstBytes: number;
  readonly readBurstBytes: number;
  /** Reads and writes do not wait for each other. */
  readonly fullDuplex: boolean;
}

/**
 * Peaks as kernel.md §11 gives them; how bursts begin and end are modelling values [M]: a write's set-up 200 ns on PCI and 120 on
 * PCI-X (§11). A PCI target may take 16 clocks for the first data of a read, and bridges disconnect at cache lines, which is what keeps TCP
 * at 300 to 400 Mb/s on the narrow one. PCI-X splits reads; PCI Express overlaps them, so that a burst costs its 24 bytes of header.
 */
export const BUSES = {
  'pci-32-33': pci('pci-32-33', 0.133, 200 + 16 * 30),
  'pci-64-66': pci('pci-64-66', 0.532, 60 + 16 * 15),
  'pci-x-133': pciX('pci-x-133', 1.064),
  'pci-x-266': pciX('pci-x-266', 2.13),
  'pcie-x8': pciExpress('pcie-x8', 2),
  'pcie3-x16': pciExpress('pcie3-x16', 15.75),
} as const satisfies Record<string, BusProfile>;

function pci(name: string, bytesPerNs: number, readSetupNs: number): BusProfile {
  return {
    name,
    bytesPerNs,
    writeSetupNs: 200,
    readSetupNs,
    writeBurstBytes: 512,
    readBurstBytes: 64,
    fullDuplex: false,
  };
}

function pciX(name: string, bytesPerNs: number): BusProfile {
  const bursts = { writeBurstBytes: 4096, readBurstBytes: 4096 };
  return { name, bytesPerNs, writeSetupNs: 120, readSetupNs: 120, ...bursts, fullDuplex: false };
}

function pciExpress(name: string, bytesPerNs: number): BusProfile {
  const setupNs = 24 / bytesPerNs;
  const bursts = { writeBurstBytes: 256, readBurstBytes: 256 };
  return { name, bytesPerNs, writeSetupNs: setupNs, readSetupNs: setupNs, ...bursts, fullDuplex: true };
}

export type BusName = keyof typeof BUSES;

export interface BusCounters {
  /** Requests of devices, each for a piece of memory without gaps; and the bursts that these took. */
  transactions: number;
  bursts: number;
  bytes: number;
  busyNs: number;
  /** Time that requests waited for the bus. */
  waitNs: number;
}

export class Bus {
  readonly counters: BusCounters = { transactions: 0, bursts: 0, bytes: 0, busyNs: 0, waitNs: 0 };
  /** When everything asked for is done: by direction, or both in the first. */
  private readFreeAt = 0;
  private writeFreeAt = 0;
  /** When the last request had its turn, ns. */
  lastStartNs = 0;

  constructor(readonly profile: BusProfile) {}

  /** A device reads `bytes` of memory from `atNs` on; when the last of them has come, ns. Requests are served in order. */
  read(bytes: number, atNs: number): number {
    const { readSetupNs, readBurstBytes, fullDuplex } = this.profile;
    const endNs = this.transfer(bytes, Math.ceil(bytes / readBurstBytes), readSetupNs, atNs, this.readFreeAt);
    this.readFreeAt = endNs;
    if (!fullDuplex) this.writeFreeAt = endNs;
    return endNs;
  }

  /** A device writes `bytes` to memory; when that is done, ns. */
  write(bytes: number, atNs: number): number {
    const { writeSetupNs, writeBurstBytes, fullDuplex } = this.profile;
    const endNs = this.transfer(bytes, Math.ceil(bytes / writeBurstBytes), writeSetupNs, atNs, this.writeFreeAt);
    this.writeFreeAt = endNs;
    if (!fullDuplex) this.readFreeAt = endNs;
    return endNs;
  }

  private transfer(bytes: number, bursts: number, setupNs: number, atNs: number, freeAt: number): number {
    const { counters } = this;
    const busyNs = bursts * setupNs + bytes / this.profile.bytesPerNs;
    const startNs = Math.max(atNs, freeAt);
    this.lastStartNs = startNs;
    counters.transactions += 1;
    counters.bursts += bursts;
    counters.bytes += bytes;
    counters.busyNs += busyNs;
    counters.waitNs += startNs - atNs;
    return startNs + busyNs;
  }
}
