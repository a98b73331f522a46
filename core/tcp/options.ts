// The switches of a host's TCP, as plain data. Every field is a switch that works; there are no hidden defaults:
// whoever makes a connection gives all of them (scenarios fill them from their own defaults).

export interface TcpOptions {
  /** Recovery from losses when SACK is not in use: Tahoe and Reno (RFC 5681 history), NewReno (RFC 6582). */
  readonly congestionControl: 'tahoe' | 'reno' | 'newreno';
  /** First window: RFC 5681's predecessor (2 segments), RFC 3390 = RFC 2414 formula, RFC 6928, or so many segments. */
  readonly initialWindow: 'rfc2581' | 'rfc2414' | 'rfc3390' | 'iw10' | number;
  /** Offer and use selective acknowledgements (RFC 2018, RFC 2883, RFC 6675). */
  readonly sack: boolean;
  /** Send new data on the first two duplicate ACKs (RFC 3042). */
  readonly limitedTransmit: boolean;
  /** NewReno: restart the retransmission timer on the first partial ACK only, or on each (RFC 6582 §4). */
  readonly newrenoTimer: 'impatient' | 'slow-but-steady';
  /** Growth per ACK in slow start is at most this many segments (L of RFC 3465). */
  readonly slowStartLimit: number;
  /** After an idle period longer than the RTO start again from the initial window (RFC 5681 §4.1). */
  readonly idleRestart: boolean;
  /** Offer and use timestamps, with PAWS (RFC 7323). */
  readonly timestamps: boolean;
  /** Tick of the timestamp clock, ns. */
  readonly timestampTickNs: number;
  /** Offer and use window scaling (RFC 7323). */
  readonly windowScaling: boolean;
  /** Acknowledge every second full-sized segment, or after the timeout (RFC 9293 §3.8.6.3). */
  readonly delayedAck: boolean;
  /** At most 500 ms, ns. */
  readonly delayedAckTimeoutNs: number;
  /** Hold small segments while data is unacknowledged (RFC 9293 §3.7.4). */
  readonly nagle: boolean;
  /** Largest segment this end can receive, bytes of payload without options. */
  readonly mss: number;
  readonly sendBufferBytes: number;
  readonly receiveBufferBytes: number;
  /** Bounds and start of the retransmission timeout, ns (RFC 6298). */
  readonly rtoMinNs: number;
  readonly rtoInitialNs: number;
  readonly rtoMaxNs: number;
  /** Retransmissions of one segment, and of a SYN, before the connection gives up. */
  readonly retransmitLimit: number;
  readonly synRetransmitLimit: number;
  /** Maximum segment lifetime, ns; TIME-WAIT lasts twice as long. */
  readonly mslNs: number;
  /** How long a closed socket waits for the peer's FIN, ns. */
  readonly finWait2TimeoutNs: number;
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
