// What a run found, as plain data: the shape of `summary.json` (product.md §3.4). All numbers in base units.

/** Retransmitted segments by what made the sender send them again. */
export interface RetransmitsByCause {
  readonly timeout: number;
  readonly fast: number;
  readonly limited: number;
  readonly early: number;
  /** Of `timeout`: after timeouts to which no duplicate ACK had pointed. */
  readonly tail: number;
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
  readonly dropsByReason: { readonly queue: number; readonly loss: number; readonly down: number };
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

/** A host whose listeners had something to tell; hosts without are left out. */
export interface HostSummary {
  readonly id: string;
  /** SYNs that a full backlog had no room for. */
  readonly synDrops: number;
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
  /** Machines with a kernel model; empty while all hosts are ideal. */
  readonly cpus: readonly never[];
  readonly nics: readonly never[];
  readonly totals: RunTotals;
}
