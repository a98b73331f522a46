// Round-trip time and retransmission timeout: RFC 6298. Spans in nanoseconds.

import { NS_PER_SECOND, seqLt, type SeqNum } from '../base';
import type { TcpOptions } from './options';

/** RFC 6298 §5.7: the timeout after a lost SYN when data starts. */
const RTO_AFTER_SYN_LOSS_NS = 3 * NS_PER_SECOND;

/** What bounds a timeout; the fields of TcpOptions. Spans in ns. */
export type RttBounds = Pick<
  TcpOptions,
  'rtoInitialNs' | 'rtoMinNs' | 'rtoMaxNs' | 'rtoSlopNs' | 'rttvarFloorNs' | 'timestampTickNs'
>;

export class RttEstimator {
  /** 0 until the first sample. */
  srttNs = 0;
  rttvarNs = 0;
  /** Times the timeout was doubled since the last sample (RFC 6298 §5.5). */
  backoffs = 0;
  private baseNs: number;
  /** What held before a spurious timeout; used once, then forgotten. */
  private before: { srttNs: number; rttvarNs: number; from: SeqNum } | undefined = undefined;

  constructor(private readonly bounds: RttBounds) {
    this.baseNs = bounds.rtoInitialNs;
  }

  /** The present timeout, doublings included. */
  get rtoNs(): number {
    if (this.backoffs === 0) return this.baseNs;
    const { rtoMaxNs, rtoSlopNs } = this.bounds;
    // The very first timeout has no slop in it.
    const unslopedNs = this.srttNs === 0 ? this.baseNs : this.baseNs - rtoSlopNs;
    return Math.min(rtoMaxNs, unslopedNs * 2 ** this.backoffs + rtoSlopNs);
  }

  /** Takes a sample of a segment that was sent once, or that a timestamp tells apart (Karn). */
  sample(rttNs: number): void {
    if (this.srttNs === 0) {
      this.srttNs = rttNs;
      this.rttvarNs = rttNs / 2;
    } else {
      // RTTVAR first: it uses the SRTT before this sample (RFC 6298 §2.3).
      this.rttvarNs += (Math.abs(this.srttNs - rttNs) - this.rttvarNs) / 4;
      this.srttNs += (rttNs - this.srttNs) / 8;
    }
    this.setTimeout();
  }

  private setTimeout(): void {
    const { rtoMinNs, rtoMaxNs, rtoSlopNs, rttvarFloorNs, timestampTickNs } = this.bounds;
    const leastNs = rttvarFloorNs > timestampTickNs ? rttvarFloorNs : timestampTickNs;
    const rtoNs = Math.round(this.srttNs + Math.max(leastNs, 4 * this.rttvarNs));
    const boundedNs = rtoNs < rtoMinNs ? rtoMinNs : rtoNs;
    this.baseNs = Math.min(rtoMaxNs, boundedNs + rtoSlopNs);
    this.backoffs = 0;
  }

  /**
   * A timeout was spurious: the first sample of data sent from now on starts from the estimate before it
   * (RFC 4015 §3.2 step 11).
   * @param from SND.MAX now
   */
  resumeFrom(srttNs: number, rttvarNs: number, from: SeqNum): void {
    this.before = { srttNs, rttvarNs, from };
  }

  /** Takes a sample from an ACK of everything below `ack`. */
  sampleFrom(ack: SeqNum, rttNs: number): void {
    const { before } = this;
    if (before === undefined || !seqLt(before.from, ack)) {
      this.sample(rttNs);
      return;
    }
    this.before = undefined;
    this.srttNs = Math.max(before.srttNs, rttNs);
    this.rttvarNs = Math.max(before.rttvarNs, rttNs / 2);
    this.setTimeout();
  }

  /** The timer expired. */
  backOff(): void {
    this.backoffs += 1;
  }

  /** Data starts after a SYN had to be retransmitted (RFC 6298 §5.7). */
  startAfterSynLoss(): void {
    this.backoffs = 0;
    this.baseNs = Math.max(this.baseNs, RTO_AFTER_SYN_LOSS_NS);
  }
}
