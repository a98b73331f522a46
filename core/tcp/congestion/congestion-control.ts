// How a congestion controller looks to a connection. It owns cwnd and ssthresh; nobody else writes them.

import type { Nanos } from '../../base';

export interface CongestionControl {
  /** Congestion window, bytes. */
  cwnd: number;
  /** Slow-start threshold, bytes; Infinity until the first loss. */
  ssthresh: number;
  /** An ACK of new data arrived outside of recovery. @param ackedBytes newly acknowledged @param srttNs 0 if unknown */
  onAck(ackedBytes: number, now: Nanos, srttNs: number): void;
  /** A loss was detected: sets ssthresh. @param flightBytes outstanding, without what Limited Transmit sent */
  onLoss(flightBytes: number): void;
  /** The retransmission timer expired: cwnd becomes one segment. @param again for the same segment: ssthresh is kept */
  onTimeout(flightBytes: number, again: boolean): void;
  /** Fast recovery changes the window by so many bytes (inflation and deflation, RFC 5681 §3.2); never below a segment. */
  adjust(bytes: number): void;
  /** Recovery sets the window (on entry and exit). */
  setWindow(bytes: number): void;
  /** The last reduction was for nothing: these windows hold again (RFC 4015 §3.2 step 9). */
  restore(cwndBytes: number, ssthreshBytes: number): void;
  /** Nothing was sent for longer than the RTO (RFC 5681 §4.1). */
  onIdle(restartWindowBytes: number): void;
}
