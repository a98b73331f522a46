// What a run found, as plain data: the shape of `summary.json` (product.md §3.4). All numbers in base units.

/** Retransmitted segments by what made the sender send them again. */
export interface RetransmitsByCause {
  readonly timeout: number;
  readonly fast: number;
  readonly limited: number;
  readonly early: number;
  /** Of `timeout`: after timeouts to which no duplicate ACK had pointed. */
  readonly tail: number;
  /** In smaller segments, after a path turned out to carry less; absent when there were none. */
  readonly mtu?: number;
}

/** One traffic entry; a flow with many connections (web) adds them up. */
export interface FlowSummary {
  readonly id: string;
  readonly kind: string;
  readonly protocol: 'tcp' | 'udp';
  readonly from: string;
  readonly to: string;
  readonly connections: number;
  /** Connections that ended in good order, and such that were reset, refused or timed out. */
  readonly connectionsCompleted: number;
  readonly connectionsFailed: number;
  /** Application bytes acknowledged by the receiver's TCP (TCP) or received (UDP). */
  readonly bytesAcked: number;
  /** Application bytes handed to the receiving application. */
  readonly bytesDelivered: number;
  /** bytesDelivered over the time from the flow's start to its last delivery or the end of the run, bits per second. */
  readonly goodputBps: number;
  readonly segmentsSent: number;
  readonly segmentsReceived: number;
  readonly dataSegmentsSent: number;
  readonly retransmits: number;
  readonly retransmitsByCause: RetransmitsByCause;
  readonly rtoCount: number;
  /** Recoveries that duplicate ACKs began, each with its fast retransmit. */
  readonly recoveries: number;
  /** Retransmissions that were not needed, as far as the sender found out. */
  readonly spurious: number;
  /** Recoveries found needless (RFC 3522, 5682); with the Eifel response (RFC 4015) they were taken back. */
  readonly spuriousRecoveries: number;
  /** Windows that were reduced because of a mark (RFC 3168). */
  readonly ecnReductions: number;
  /** From start to the last byte acknowledged; absent for flows that did not finish. */
  readonly completionTimeNs?: number;
  /** Of the connections or transfers that finished, when there are several. */
  readonly completionTimes?: {
    readonly count: number;
    readonly meanNs: number;
    readonly p50Ns: number;
    readonly p95Ns: number;
    readonly maxNs: number;
  };
  readonly datagramsSent?: number;
  readonly datagramsReceived?: number;
  /** UDP calls that returned an error, such as that nobody receives at the port; absent when there were none. */
  readonly errors?: number;
  /** Times that a connection found that its path carries less (RFC 1191); absent when there were none. */
  readonly pathMtuChanges?: number;
  /** Ends of urgent data (RFC 6093) that were written, and such that the receivers were told of; absent when there were none. */
  readonly urgentMarksSent?: number;
  readonly urgentMarksReceived?: number;
  /** Segments with URG. */
  readonly urgentSegmentsSent?: number;
}

/** One direction of a link. */
export interface LinkSummary {
  readonly id: string;
  readonly direction: 'forward' | 'reverse';
  readonly from: string;
  readonly to: string;
  /** Packets and bytes put on the wire (also those that were lost on it). */
  readonly packets: number;
  readonly bytes: number;
  /** All drops; the parts by reason add up to it. */
  readonly drops: number;
  readonly dropsByReason: {
    readonly queue: number;
    readonly loss: number;
    readonly down: number;
    /** Larger than the MTU; absent when there were none. */
    readonly tooBig?: number;
  };
  /** Packets that the queue marked instead of dropping (RFC 3168). */
  readonly marked: number;
  readonly duplicated: number;
  readonly reordered: number;
  /** Share of the run during which the transmitter was busy, 0 to 1. */
  readonly utilisation: number;
  /** Packets waiting (not the one being sent): mean over time, and the largest seen. */
  readonly queueMeanPackets: number;
  readonly queueMaxPackets: number;
  /** Time from entering the queue to the start of transmission, mean over packets sent. */
  readonly queueDelayMeanNs: number;
}

/** Pieces of datagrams that came to a host. */
export interface FragmentSummary {
  readonly received: number;
  readonly duplicates: number;
  /** Datagrams that became whole, did not in half a minute, or were mixed up of several (RFC 4963); and that still wait. */
  readonly reassembled: number;
  readonly timedOut: number;
  readonly mixed: number;
  readonly waiting: number;
}

/** ICMP errors of a host: sent, not sent because there were too many, received, and of these about nobody here. */
export interface IcmpSummary {
  readonly sent: number;
  readonly limited: number;
  readonly received: number;
  readonly unmatched: number;
}

/** A router that did more than hand packets on. */
export interface RouterSummary {
  readonly id: string;
  /** ICMP errors, and of these those that tell of an MTU. */
  readonly icmpSent: number;
  readonly icmpTooBig: number;
  /** Packets cut, and the pieces that they became. */
  readonly fragmented: number;
  readonly fragments: number;
}

/** A host whose listeners had something to tell, or that took part in fragmenting or ICMP; others are left out. */
export interface HostSummary {
  readonly id: string;
  /** SYNs that a full backlog had no room for. */
  readonly synDrops: number;
  readonly fragments?: FragmentSummary;
  readonly icmp?: IcmpSummary;
  readonly synCache?: {
    readonly entries: number;
    readonly peakEntries: number;
    readonly peakBytes: number;
    readonly added: number;
    readonly duplicates: number;
    readonly retransmitted: number;
    readonly expired: number;
    readonly completed: number;
    readonly reset: number;
    readonly badAcks: number;
    readonly bucketOverflows: number;
    readonly cacheOverflows: number;
    /** Connections that came back from a cookie, without their options. */
    readonly cookies: number;
    readonly unreachable: number;
  };
}

/** One CPU of a machine. All times since the start of the run. */
export interface CpuSummary {
  readonly host: string;
  readonly cpu: number;
  /** Worked: for threads and in interrupt handlers. Busy, idle and contested add up to the run. */
  readonly busyNs: number;
  readonly handlerNs: number;
  readonly idleNs: number;
  /** Idle though a thread could run, were a token or the big lock free. */
  readonly contestedNs: number;
  /** Busy by thread; threads that never ran here are left out. */
  readonly threads: readonly { readonly name: string; readonly busyNs: number }[];
  readonly switches: number;
  /** Messages put on ports by what ran here. */
  readonly messages: number;
  readonly ipis: {
    readonly sent: number;
    /** Of these, with a hardware interrupt; without one because the target was about to look. */
    readonly interrupts: number;
    readonly avoided: number;
    readonly passive: number;
    /** Times that a sender found the ring full. */
    readonly ringFull: number;
  };
  /** Device and timer interrupts; those that came while none was allowed; and from coming to handler, all together. */
  readonly interrupts: number;
  readonly interruptsDeferred: number;
  readonly interruptDelayNs: number;
  /** Of threads, in critical sections. */
  readonly criticalNs: number;
  readonly preemptions: { readonly hit: number; readonly miss: number; readonly weird: number };
  readonly migrations: number;
  /** Threads on their way here. */
  readonly migratingNs: number;
  /** Times the scheduler could not have the tokens of a thread. */
  readonly tokenCollisions: number;
  /** Waits for tokens and for other locks by threads of this CPU. */
  readonly tokenWaitNs: number;
  readonly lockWaitNs: number;
}

/** A token, or one of the locks that tokens are compared with. */
export interface SyncSummary {
  readonly name: string;
  readonly kind: string;
  readonly acquisitions: number;
  /** Requests that were not granted at once. */
  readonly collisions: number;
  /** Of a token: grants to another CPU than the last; and times that a switch took it from a thread that had it. */
  readonly handOffs?: number;
  readonly dropped?: number;
  /** Of a token that CPUs own: requests by IPI, and such that had to ask on. */
  readonly requests?: number;
  readonly chases?: number;
  /** Of a lock: waits that gave the CPU up, and the time of all waits. */
  readonly blocks?: number;
  readonly waitNs?: number;
  /** Held by somebody; a token: alone. */
  readonly heldNs: number;
}

/** From waking to running, of the threads of one priority. */
export interface LatencySummary {
  readonly priority: number;
  readonly count: number;
  readonly meanNs: number;
  readonly maxNs: number;
  /** How many took from 2^(n-1) to below 2^n ns, by n; trailing zeros are left out. */
  readonly bins: readonly number[];
}

/** The kernel of one machine. */
export interface KernelSummary {
  readonly host: string;
  readonly threads: readonly {
    readonly name: string;
    readonly cpu: number;
    readonly priority: number;
    /** Where it stood at the end: `new`, `running`, `runnable`, `blocked`, `preempted`, `migrating` or `exited`. */
    readonly state: string;
    readonly busyNs: number;
    readonly switches: number;
    /** Times that it wanted to run and could not have its tokens. */
    readonly contested: number;
    /** Messages put on its port, replies that came back to it, and the most that waited. */
    readonly messages: number;
    readonly replies: number;
    readonly portDepthMax: number;
  }[];
  readonly tokens: readonly SyncSummary[];
  readonly locks: readonly SyncSummary[];
  readonly ports: readonly {
    readonly name: string;
    readonly puts: number;
    readonly synchronous: number;
    readonly replies: number;
    readonly depthMax: number;
  }[];
  readonly interrupts: readonly {
    readonly name: string;
    readonly raised: number;
    readonly whileMasked: number;
    readonly runs: number;
    readonly livelocks: number;
    readonly livelockedNs: number;
  }[];
  /** What kernel programs counted. */
  readonly counters: Readonly<Record<string, number>>;
  readonly wakeToRun: readonly LatencySummary[];
  /** Threads that wait for each other's locks in a circle, at the end. */
  readonly deadlock?: readonly string[];
}

/** One network interface of a host whose stack runs on CPUs; what is counted is that of kernel.md §9.4. */
export interface NicSummary {
  readonly host: string;
  readonly link: string;
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Packets that came down the stack; of these bursts for the NIC to cut, and the segments and bytes in them. */
  readonly packetsPosted: number;
  readonly tsoBursts: number;
  readonly tsoSegments: number;
  readonly tsoBytes: number;
  readonly descriptors: number;
  readonly contextDescriptors: number;
  /** Packets for which the last context descriptor still held. */
  readonly contextReuses: number;
  readonly doorbells: number;
  readonly dmaTransactions: number;
  readonly dmaBytes: number;
  readonly sendReports: number;
  readonly interrupts: number;
  /** Requests for an interrupt that found one on its way. */
  readonly interruptsMerged: number;
  /** Frames without a receive descriptor; packets without room in the driver's queue. */
  readonly receiveDrops: number;
  readonly sendDrops: number;
  /** Times that the driver's queue became full, so that connections stopped sending (ENOBUFS). */
  readonly queueFull: number;
}

/** The network stack of a host, when it runs on CPUs. */
export interface StackSummary {
  readonly host: string;
  readonly model: string;
  /** CPU time of protocol work by what it went into, over all CPUs; ns. */
  readonly spentNs: Readonly<Record<string, number>>;
  /** Packets worked on, by CPU; the largest over the mean. */
  readonly packetsByCpu: readonly number[];
  readonly imbalance: number;
  /** Frames whose owner was another CPU than the one that took them from the ring, and the same. */
  readonly hops: number;
  readonly local: number;
  /** Frames that a protocol thread passed on to their owner. */
  readonly requeued: number;
  readonly connectMoves: number;
  readonly datagramMoves: number;
  /** ICMP errors that went to the CPU that owns what they quote; and that named nobody there and went round. Absent when there were none. */
  readonly icmpMoves?: number;
  readonly icmpRounds?: number;
  /** Cache lines of regions that came from another CPU, and from memory, by what was in them. */
  readonly transfers: Readonly<Record<string, number>>;
  readonly fills: Readonly<Record<string, number>>;
  /** Transfers of single lines: locks, messages, rings. */
  readonly lineTransfers: number;
  readonly batches: readonly {
    readonly thread: string;
    readonly batches: number;
    readonly messages: number;
    readonly batchMax: number;
    /** ACKs sent at the ends of batches, for so many that were due. */
    readonly rolledUpAcks: number;
    readonly gatheredAcks: number;
  }[];
  readonly accepts: readonly { readonly name: string; readonly accepted: number }[];
  /** Changes that went round all CPUs: how many, how long they took, and for how long the copies differed. */
  readonly rounds: {
    readonly routeChanges: number;
    readonly routeChangeNs: number;
    readonly divergedNs: number;
    readonly listens: number;
    readonly listenNs: number;
    readonly closes: number;
    readonly closeNs: number;
    readonly barriers: number;
    readonly barrierNs: number;
  };
  /** UDP sockets bound and closed during the run, and how long that took; absent when there were none. */
  readonly datagramRounds?: {
    readonly binds: number;
    readonly bindNs: number;
    readonly detaches: number;
    readonly detachNs: number;
  };
  readonly bus: {
    readonly name: string;
    readonly transactions: number;
    readonly bursts: number;
    readonly bytes: number;
    readonly busyNs: number;
    readonly waitNs: number;
  };
  /** First-level misses by stage, in lines of code and of data, and what of them the second level did not have; where caches are modelled. */
  readonly caches?: {
    readonly stages: readonly { readonly stage: string; readonly code: number; readonly data: number }[];
    readonly secondLevel: number;
  };
}

/** Totals of a run. `wallSeconds` is the only field of a summary that the digest leaves out. */
export interface RunTotals {
  readonly events: number;
  /** Packets put on any link. */
  readonly packets: number;
  readonly simSeconds: number;
  readonly wallSeconds: number;
  readonly unroutable: number;
}

/** Hashes of what happened, layer by layer: the one that moved names the layer that changed. */
export interface DigestParts {
  readonly events: string;
  readonly wire: string;
  readonly flows: string;
  readonly kernel: string;
  readonly links: string;
}

export interface RunSummary {
  readonly format: 'odonata-summary';
  readonly version: 1;
  readonly scenario: string;
  readonly seed: number;
  readonly durationNs: number;
  /** `finished`: ran to its end; `stopped`: a person ended it; `failed`: an error did, see `failure`. */
  readonly outcome: 'finished' | 'stopped' | 'failed';
  readonly failure?: string;
  readonly digest: string;
  readonly digestParts: DigestParts;
  readonly flows: readonly FlowSummary[];
  readonly links: readonly LinkSummary[];
  readonly hosts: readonly HostSummary[];
  /** Absent when no router had anything to tell. */
  readonly routers?: readonly RouterSummary[];
  /** CPUs and kernels of the hosts that have a machine. */
  readonly cpus: readonly CpuSummary[];
  readonly kernels: readonly KernelSummary[];
  /** Network interfaces and stacks of the hosts whose stack runs on CPUs. */
  readonly nics: readonly NicSummary[];
  readonly stacks: readonly StackSummary[];
  readonly totals: RunTotals;
}
