// What things cost on a machine: named sets of parameters (kernel.md §11). Nothing here belongs to a concurrency model;
// what a model costs emerges from how often it makes the machine do these things.
//
// Basis of `opteron-1800`, as kernel.md §11 gives it: McKenney's table "Performance of Synchronization Mechanisms on
// 4-CPU 1.8GHz AMD Opteron 844" for clock, atomics and lines; modelling defaults, marked [M], for what nobody has
// measured. The other two profiles scale it: what differs is said beside them.

/** One level of cache. Sizes in bytes. */
export interface CacheGeometry {
  readonly bytes: number;
  readonly ways: number;
}

/** Costs in nanoseconds unless their names say otherwise; fractions are kept and add up. */
export interface CostProfile {
  readonly name: string;
  readonly clockPeriodNs: number;
  /** Atomic operation on a line that this CPU owns. */
  readonly atomicLocalNs: number;
  /** Atomic operation on a line that another CPU owns. */
  readonly atomicRemoteNs: number;
  /** A lock taken and given back, its line being here. */
  readonly lockPairNs: number;
  /** Loading or claiming a line that another CPU of the same socket has written. */
  readonly lineTransferNs: number;
  /** Factor on a transfer for each hop between sockets. */
  readonly hopFactor: number;
  readonly l1HitNs: number;
  readonly l2HitNs: number;
  readonly dramNs: number;
  readonly lineBytes: number;
  readonly l1i: CacheGeometry;
  readonly l1d: CacheGeometry;
  readonly l2: CacheGeometry;
  /** Switch between kernel threads, warm [M]. */
  readonly switchNs: number;
  /** Switch that changes the address space. */
  readonly addressSpaceNs: number;
  /** Entering and leaving a critical section: two private counters [M]. */
  readonly criticalSectionNs: number;
  /** Queueing a message on a port of this CPU, without the wake-up [M]. */
  readonly sendNs: number;
  /** Putting a thread on this CPU's run queue [M]. */
  readonly wakeNs: number;
  /** From the sender's store to the handler's first instruction. */
  readonly ipiLatencyNs: number;
  /** Entry and exit of an IPI handler. */
  readonly ipiHandlerNs: number;
  /** Entry, acknowledgement, exit and cache disturbance of a device interrupt. */
  readonly interruptNs: number;
  readonly syscallNs: number;
  /** Copying memory, between warm and cold. */
  readonly copyNsPerByte: number;
  /** One pause of a spinning CPU. */
  readonly pauseNs: number;
}

const OPTERON: CostProfile = {
  name: 'opteron-1800',
  clockPeriodNs: 0.56,
  atomicLocalNs: 37.9,
  atomicRemoteNs: 306,
  lockPairNs: 65.6,
  lineTransferNs: 139.5,
  hopFactor: 1.2,
  l1HitNs: 1.7,
  l2HitNs: 7,
  dramNs: 75,
  lineBytes: 64,
  l1i: { bytes: 64 * 1024, ways: 2 },
  l1d: { bytes: 64 * 1024, ways: 2 },
  l2: { bytes: 1024 * 1024, ways: 16 },
  switchNs: 250,
  addressSpaceNs: 1500,
  criticalSectionNs: 2,
  sendNs: 60,
  wakeNs: 80,
  ipiLatencyNs: 1000,
  ipiHandlerNs: 400,
  interruptNs: 3000,
  syscallNs: 200,
  copyNsPerByte: 0.7,
  pauseNs: 10,
};

/**
 * Two Pentium III at 1 GHz on one front-side bus: the serial APIC bus makes an interrupt message cost 2 to 3 µs (Lundell,
 * LKML 2001-10-08), the caches are small; the rest is the Opteron's, scaled by the clock [M].
 */
const PENTIUM_3: CostProfile = {
  ...OPTERON,
  name: 'pentium3-smp',
  clockPeriodNs: 1,
  atomicLocalNs: 45,
  atomicRemoteNs: 350,
  lockPairNs: 85,
  lineTransferNs: 170,
  l1HitNs: 3,
  l2HitNs: 8,
  dramNs: 120,
  lineBytes: 32,
  l1i: { bytes: 16 * 1024, ways: 4 },
  l1d: { bytes: 16 * 1024, ways: 4 },
  l2: { bytes: 256 * 1024, ways: 8 },
  switchNs: 450,
  addressSpaceNs: 2500,
  criticalSectionNs: 4,
  sendNs: 110,
  wakeNs: 140,
  ipiLatencyNs: 3000,
  ipiHandlerNs: 700,
  interruptNs: 4500,
  syscallNs: 350,
  copyNsPerByte: 1.2,
  pauseNs: 10,
};

/** A server of the 2010s at 3 GHz, two sockets: cheap local atomics, dear hops [M]. */
const MODERN: CostProfile = {
  ...OPTERON,
  name: 'modern-server',
  clockPeriodNs: 1 / 3,
  atomicLocalNs: 6,
  atomicRemoteNs: 90,
  lockPairNs: 14,
  lineTransferNs: 60,
  hopFactor: 2,
  l1HitNs: 1.3,
  l2HitNs: 4,
  dramNs: 80,
  l1i: { bytes: 32 * 1024, ways: 8 },
  l1d: { bytes: 32 * 1024, ways: 8 },
  l2: { bytes: 1024 * 1024, ways: 16 },
  switchNs: 100,
  addressSpaceNs: 600,
  criticalSectionNs: 1,
  sendNs: 25,
  wakeNs: 30,
  ipiLatencyNs: 700,
  ipiHandlerNs: 250,
  interruptNs: 1500,
  syscallNs: 100,
  copyNsPerByte: 0.15,
  pauseNs: 40 / 3,
};

export const PROFILES = {
  'opteron-1800': OPTERON,
  'pentium3-smp': PENTIUM_3,
  'modern-server': MODERN,
} as const satisfies Record<string, CostProfile>;

export type ProfileName = keyof typeof PROFILES;
