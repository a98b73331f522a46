// What real stacks do where the RFCs leave room or are not followed: one row of habits per family. Scripts written for
// one family can only be satisfied by its habits (packetdrill.md §3); `rfc9293` follows the text.

export interface Dialect {
  /** The receive buffer becomes a whole number of segments once the MSS is agreed (BSD's tcp_mss). */
  readonly roundsReceiveBuffer: boolean;
  /**
   * All that is free in the receive buffer is advertised, rounded down to the scale, unless it is less than a segment
   * and than a quarter of the buffer (BSD's tcp_output); else the edge moves by a segment at least, rounded up.
   */
  readonly advertisesAllFree: boolean;
  /**
   * When reading opens the window enough to say so: by two segments or half the buffer; also by a quarter of the buffer,
   * unless little was left (BSD); when what is free is twice what the peer knows of (Linux).
   */
  readonly updatesWindow: 'by-segments' | 'by-quarter' | 'by-doubling';
  /** Every second segment is acknowledged, whatever its size (BSD); else every second full-sized one. */
  readonly acksEverySecondSegment: boolean;
  /** An ACK that leaves while our FIN is unacknowledged carries it again (BSD's tcp_outflags). */
  readonly repeatsFin: boolean;
  /** Closing with unread data resets the connection (RFC 2525 §2.17); the BSDs send FIN all the same. */
  readonly resetsOnUnread: boolean;
  /** A zero-window probe is one octet of new data (RFC 9293 §3.8.6.1); Linux sends an empty segment at SND.UNA-1. */
  readonly probesWithData: boolean;
  /** ssthresh is a whole number of segments, rounded down (BSD, ns-2); RFC 5681 counts octets. */
  readonly roundsSsthresh: boolean;
  /** TIME-WAIT does not care for resets (RFC 1337; BSD); RFC 9293 lets them end it. */
  readonly ignoresResetInTimeWait: boolean;
  /** The SYN/ACK of a simultaneous open offers again what the peer's SYN did not (BSD). */
  readonly offersAgain: boolean;
  /** A reduction of the window is told with the next data segment, retransmitted or not (BSD); else with new data. */
  readonly tellsReductionAtOnce: boolean;
}

const rfc9293: Dialect = {
  roundsReceiveBuffer: false,
  advertisesAllFree: false,
  updatesWindow: 'by-segments',
  acksEverySecondSegment: false,
  repeatsFin: false,
  resetsOnUnread: true,
  probesWithData: true,
  roundsSsthresh: false,
  ignoresResetInTimeWait: false,
  offersAgain: false,
  tellsReductionAtOnce: false,
};

export const DIALECTS: Readonly<Record<'rfc9293' | 'bsd' | 'linux', Dialect>> = {
  rfc9293,
  bsd: {
    ...rfc9293,
    roundsReceiveBuffer: true,
    advertisesAllFree: true,
    updatesWindow: 'by-quarter',
    acksEverySecondSegment: true,
    repeatsFin: true,
    resetsOnUnread: false,
    roundsSsthresh: true,
    ignoresResetInTimeWait: true,
    offersAgain: true,
    tellsReductionAtOnce: true,
  },
  linux: { ...rfc9293, updatesWindow: 'by-doubling', probesWithData: false },
};
