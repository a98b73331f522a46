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
  /** Copying memory that this CPU has used lately; and memory that a device has just written. */
  readonly copyNsPerByte: number;
  readonly copyColdNsPerByte: number;
  /** One pause of a spinning CPU. */
  readonly pauseNs: number;

  // The network stack's own work, every line it touches being there. The parts of sending add up to the 2,500 ns and those of
  // receiving to the 3,000 ns a packet of kernel.md §11; how they divide is ours [M].
  /** Socket layer of one send: checks, mbufs for a chunk of data. */
  readonly socketSendNs: number;
  /** tcp_output for one packet given to IP, a burst for the NIC to segment being one. */
  readonly tcpOutputNs: number;
  /** udp_output for one datagram. */
  readonly udpOutputNs: number;
  /** ip_output with its route lookup, and the interface queue. */
  readonly ipOutputNs: number;
  /** The driver's work for one packet to send, without its descriptors. */
  readonly driverSendNs: number;
  /** The driver's work for one received frame. */
  readonly driverReceiveNs: number;
  /** ip_input, with the length checks and the hash of early classification. */
  readonly ipInputNs: number;
  /** tcp_input of one segment, with its lookup. */
  readonly tcpInputNs: number;
  /** udp_input of one datagram. */
  readonly udpInputNs: number;
  /** Appending to a socket buffer, or taking from it. */
  readonly socketReceiveNs: number;
  /** Software checksum. */
  readonly checksumNsPerByte: number;
  /** Writing a descriptor of a NIC's ring. */
  readonly descriptorNs: number;
  /** Posted write to a NIC's register. */
  readonly doorbellNs: number;
  /** Read of a NIC's register. */
  readonly mmioReadNs: number;
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
  copyColdNsPerByte: 1.5,
  pauseNs: 10,
  socketSendNs: 500,
  tcpOutputNs: 1000,
  udpOutputNs: 500,
  ipOutputNs: 500,
  driverSendNs: 500,
  driverReceiveNs: 600,
  ipInputNs: 600,
  tcpInputNs: 1300,
  udpInputNs: 500,
  socketReceiveNs: 500,
  checksumNsPerByte: 0.4,
  descriptorNs: 30,
  doorbellNs: 250,
  mmioReadNs: 1000,
};

/** The stack's work is instructions: it scales with the clock. */
function stackAt(factor: number): Partial<CostProfile> {
  return {
    socketSendNs: OPTERON.socketSendNs * factor,
    tcpOutputNs: OPTERON.tcpOutputNs * factor,
    udpOutputNs: OPTERON.udpOutputNs * factor,
    ipOutputNs: OPTERON.ipOutputNs * factor,
    driverSendNs: OPTERON.driverSendNs * factor,
    driverReceiveNs: OPTERON.driverReceiveNs * factor,
    ipInputNs: OPTERON.ipInputNs * factor,
    tcpInputNs: OPTERON.tcpInputNs * factor,
    udpInputNs: OPTERON.udpInputNs * factor,
    socketReceiveNs: OPTERON.socketReceiveNs * factor,
    checksumNsPerByte: OPTERON.checksumNsPerByte * factor,
  };
}

/**
 * Two Pentium III at 1 GHz on one front-side bus: the serial APIC bus makes an interrupt message cost 2 to 3 µs (Lundell,
 * LKML 2001-10-08), the caches are small; the rest is the Opteron's, scaled by the clock [M].
 */
const PENTIUM_3: CostProfile = {
  ...OPTERON,
  ...stackAt(1.8),
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
  copyColdNsPerByte: 2.5,
  pauseNs: 10,
};

/** A server of the 2010s at 3 GHz, two sockets: cheap local atomics, dear hops [M]. */
const MODERN: CostProfile = {
  ...OPTERON,
  ...stackAt(0.3),
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
  copyColdNsPerByte: 0.3,
  pauseNs: 40 / 3,
};

export const PROFILES = {
  'opteron-1800': OPTERON,
  'pentium3-smp': PENTIUM_3,
  'modern-server': MODERN,
} as const satisfies Record<string, CostProfile>;

export type ProfileName = keyof typeof PROFILES;
