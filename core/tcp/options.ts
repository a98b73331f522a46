// The switches of a host's TCP, as plain data. Every field is a switch that works; there are no hidden defaults:
// whoever makes a connection gives all of them (scenarios fill them from their own defaults).

export interface TcpOptions {
  /** Habits where the RFCs leave room; see DIALECTS. */
  readonly dialect: 'rfc9293' | 'bsd' | 'linux';
  /**
   * Recovery from losses when SACK is not in use, and growth of the window: Tahoe and Reno (RFC 5681 history),
   * NewReno (RFC 6582); CUBIC (RFC 9438) recovers as NewReno does.
   */
  readonly congestionControl: 'tahoe' | 'reno' | 'newreno' | 'cubic';
  /** First window: RFC 5681's predecessor (2 segments), RFC 3390 = RFC 2414 formula, RFC 6928, or so many segments. */
  readonly initialWindow: 'rfc2581' | 'rfc2414' | 'rfc3390' | 'iw10' | number;
  /** Offer and use selective acknowledgements (RFC 2018, RFC 2883, RFC 6675). */
  readonly sack: boolean;
  /** Send new data on the first two duplicate ACKs (RFC 3042). */
  readonly limitedTransmit: boolean;
  /**
   * Retransmit on fewer than three duplicate ACKs when little is outstanding and nothing new may be sent
   * (RFC 5827), counting outstanding bytes or segments.
   */
  readonly earlyRetransmit: false | 'bytes' | 'segments';
  /** Wait a quarter of a round trip before an early retransmission, for segments that were only reordered. */
  readonly earlyRetransmitDelay: boolean;
  /** Tell spurious retransmissions by their timestamps (RFC 3522). */
  readonly eifel: boolean;
  /** Take a spurious timeout or fast retransmit back (RFC 4015). */
  readonly eifelResponse: boolean;
  /** Tell spurious timeouts by sending new data after the first retransmission (RFC 5682), with RFC 4015's response. */
  readonly frto: boolean;
  /** NewReno: the window after a recovery is what is in flight and a segment, at most ssthresh; or just ssthresh
   * (options 1 and 2 of RFC 6582 §3.2 step 3). */
  readonly newrenoExit: 'flight' | 'ssthresh';
  /**
   * When duplicate ACKs that do not pass the recovery point begin a recovery all the same: never, by the ACK or the
   * timestamp heuristic (RFC 6582 §4.1, §4.2), or always (RFC 2582 without its "bugfix").
   */
  readonly newrenoHeuristic: 'none' | 'ack' | 'timestamp' | 'rfc2582';
  /** Explicit congestion notification (RFC 3168): offer it, only accept it when it is offered, or neither. */
  readonly ecn: boolean | 'accept';
  /** NewReno: restart the retransmission timer on the first partial ACK only, or on each (RFC 6582 §4). */
  readonly newrenoTimer: 'impatient' | 'slow-but-steady';
  /** Growth per ACK in slow start is at most this many segments (L of RFC 3465). */
  readonly slowStartLimit: number;
  /** Count acknowledged bytes (RFC 3465) instead of ACKs (RFC 5681 eq. 2 and 3) to grow the window. */
  readonly byteCounting: boolean;
  /** After an idle period longer than the RTO start again from the initial window (RFC 5681 §4.1). */
  readonly idleRestart: boolean;
  /** Offer and use timestamps, with PAWS (RFC 7323). */
  readonly timestamps: boolean;
  /** Take segments without timestamps though they were agreed (RFC 1323); RFC 7323 §3.2 drops them. */
  readonly tolerateMissingTimestamps: boolean;
  /** Tick of the timestamp clock, ns. */
  readonly timestampTickNs: number;
  /** Offer and use window scaling (RFC 7323). */
  readonly windowScaling: boolean;
  /** Acknowledge every second full-sized segment, or after the timeout (RFC 9293 §3.8.6.3). */
  readonly delayedAck: boolean;
  /** At most 500 ms, ns. */
  readonly delayedAckTimeoutNs: number;
  /** So many segments are acknowledged at once when a connection begins (Linux: 16). */
  readonly quickAcks: number;
  /** Hold small segments while data is unacknowledged (RFC 9293 §3.7.4). */
  readonly nagle: boolean;
  /** Largest segment this end can receive, bytes of payload without options. */
  readonly mss: number;
  readonly sendBufferBytes: number;
  readonly receiveBufferBytes: number;
  /** The window scale is chosen for a buffer of this size, if it is larger (buffers may grow later). */
  readonly receiveBufferMaxBytes: number;
  /** Bounds and start of the retransmission timeout, ns (RFC 6298). */
  readonly rtoMinNs: number;
  readonly rtoInitialNs: number;
  readonly rtoMaxNs: number;
  /** Added to every timeout but the very first (the BSDs' rexmit_slop), ns. */
  readonly rtoSlopNs: number;
  /** 4·RTTVAR counts at least this much (Linux: 200 ms), ns. */
  readonly rttvarFloorNs: number;
  /** Retransmissions of a SYN that still offer ECN (RFC 3168 §6.1.1.1: may fall back at once). */
  readonly ecnSynRetries: number;
  /** Believe a reset only at RCV.NXT, and no SYN at all on a connection (RFC 5961 §3, §4), or anywhere in the window. */
  readonly resetCheck: 'rfc5961' | 'in-window';
  readonly synCheck: 'rfc5961' | 'in-window';
  /** Retransmissions of one segment, and of a SYN, before the connection gives up. */
  readonly retransmitLimit: number;
  readonly synRetransmitLimit: number;
  /** An opening connection gives up after this, however many SYNs were sent, ns; 0 for never (BSD: 75 s). */
  readonly connectTimeoutNs: number;
  /** Maximum segment lifetime, ns; TIME-WAIT lasts twice as long. */
  readonly mslNs: number;
  /** Probe a silent peer (RFC 9293 §3.8.4), after so long, so often, so many times; ns. */
  readonly keepAlive: boolean;
  readonly keepAliveIdleNs: number;
  readonly keepAliveIntervalNs: number;
  readonly keepAliveProbes: number;
  /** Unacknowledged data ends the connection after this (RFC 9293 §3.10.8, RFC 5482), ns; 0 for never. */
  readonly userTimeoutNs: number;
  /** Where half-open connections are kept: as full sockets in the listener's backlog, or in the SYN cache. */
  readonly synQueue: 'backlog' | 'cache';
  /** Half-open connections that a listener's backlog has room for; 0 for no limit. */
  readonly backlog: number;
  /** Initial sequence numbers of the SYN cache are cookies, so that lost entries do no harm. */
  readonly synCookies: boolean;
  /** Size of the SYN cache: buckets, entries of a bucket, entries in all, SYN/ACK retransmissions. */
  readonly synCacheBuckets: number;
  readonly synCacheBucketLimit: number;
  readonly synCacheLimit: number;
  readonly synCacheRetransmits: number;
  /** How long a closed socket waits for the peer's FIN, ns. */
  readonly finWait2TimeoutNs: number;
  /** Ports that a client draws: one after the other, at random (RFC 6056 §3.3.1), or every second one. */
  readonly ephemeralPorts: 'sequential' | 'random' | 'even';
}

/**
 * Initial window in bytes.
 * @param smss largest payload of a segment, bytes
 * @param synLost a SYN or SYN/ACK was retransmitted: one segment (RFC 3390 §2), which RFC 6928 §2 relaxes
 */
export function initialWindowBytes(mode: TcpOptions['initialWindow'], smss: number, synLost: boolean): number {
  if (mode === 'iw10') return Math.min(10 * smss, Math.max(2 * smss, 14_600));
  if (synLost) return smss;
  if (mode === 'rfc2581') return 2 * smss;
  if (typeof mode === 'number') return mode * smss;
  return Math.min(4 * smss, Math.max(2 * smss, 4380));
}
