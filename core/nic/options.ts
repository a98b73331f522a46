// The switches of a NIC.

import type { IpIdMode } from './segmenter';

export interface NicOptions {
  /** Receive rings with an interrupt vector each; more than one spreads frames by their hash. */
  readonly rings: number;
  /** Descriptors of a ring, receiving and sending each. */
  readonly ringEntries: number;
  /** Interrupts a second and vector, at most; Infinity for no limit. */
  readonly interruptRate: number;
  /** Computes and checks TCP, UDP and IP checksums. */
  readonly checksumOffload: boolean;
  /** Cuts bursts into segments. */
  readonly tso: boolean;
  /** Most bytes of a burst with its headers, and fewest segments. */
  readonly tsoBytesMax: number;
  readonly tsoSegmentsMin: number;
  readonly tsoIpIds: IpIdMode;
  /** Descriptors between two requests to be told that sending is done (int_tx_nsegs). */
  readonly sendReportEvery: number;
  /** Packets between two doorbells while more are to be sent. */
  readonly doorbellEvery: number;
}
