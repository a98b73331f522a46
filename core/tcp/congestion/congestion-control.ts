// How a congestion controller looks to a connection. It owns cwnd and ssthresh; nobody else writes them.

export interface CongestionControl {
  /** Congestion window, bytes. */
  cwnd: number;
  /** Slow-start threshold, bytes; Infinity until the first loss. */
  ssthresh: number;
  /** An ACK of new data arrived outside of recovery. @param ackedBytes newly acknowledged */
  onAck(ackedBytes: number): void;
  /** A loss was detected: sets ssthresh. @param flightBytes outstanding, without what Limited Transmit sent */
  onLoss(flightBytes: number): void;
  /** The retransmission timer expired: cwnd becomes one segment. @param again for the same segment: ssthresh is kept */
  onTimeout(flightBytes: number, again: boolean): void;
  /** Fast recovery changes the window by so many bytes (inflation and deflation, RFC 5681 §3.2); never below a segment. */
  adjust(bytes: number): void;
  /** Recovery sets the window (on entry and exit). */
  setWindow(bytes: number): void;
  /** Nothing was sent for longer than the RTO (RFC 5681 §4.1). */
  onIdle(restartWindowBytes: number): void;
}
