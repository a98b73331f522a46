// Random Early Detection (Floyd and Jacobson 1993), with the gentle slope of Floyd 2000 as an option.

import { type Nanos, NS_PER_SECOND, pow, spanNs } from '../../base';
import type { RandomStream } from '../../engine';

export interface RedOptions {
  /** Thresholds of the average queue, in packets. */
  readonly minThresholdPackets: number;
  readonly maxThresholdPackets: number;
  /** Drop probability when the average reaches the upper threshold. */
  readonly maxProbability: number;
  /** Weight of the newest sample in the average. */
  readonly weight: number;
  /** Between once and twice the upper threshold the probability rises to 1 instead of jumping to it. */
  readonly gentle: boolean;
  /** Typical packet, bytes: how many of them could have been sent while the queue was empty ages the average. */
  readonly meanPacketBytes: number;
  readonly rateBps: number;
}

export class Red {
  /** Average queue length, packets. */
  average = 0;
  /** Packets since the last drop, -1 below the lower threshold. */
  private count = -1;
  private readonly typicalNs: number;

  constructor(
    private readonly options: RedOptions,
    private readonly random: RandomStream,
  ) {
    this.typicalNs = (options.meanPacketBytes * 8 * NS_PER_SECOND) / options.rateBps;
  }

  /**
   * Whether an arriving packet is dropped.
   * @param queuePackets packets waiting before it
   * @param busyUntil since when the transmitter has had nothing to do; now or later while it is busy
   */
  drops(now: Nanos, queuePackets: number, busyUntil: Nanos): boolean {
    this.update(queuePackets, spanNs(busyUntil, now));
    const { minThresholdPackets, maxThresholdPackets, maxProbability, gentle } = this.options;
    if (this.average < minThresholdPackets) {
      this.count = -1;
      return false;
    }
    this.count += 1;
    let probability: number;
    if (this.average < maxThresholdPackets) {
      probability =
        (maxProbability * (this.average - minThresholdPackets)) / (maxThresholdPackets - minThresholdPackets);
    } else if (gentle && this.average < 2 * maxThresholdPackets) {
      probability =
        maxProbability + ((1 - maxProbability) * (this.average - maxThresholdPackets)) / maxThresholdPackets;
    } else {
      this.count = 0;
      return true;
    }
    // Spacing the drops evenly: p / (1 - count p), section 7 of the paper.
    const spread = this.count * probability;
    const dropped = this.random.chance(spread >= 1 ? 1 : probability / (1 - spread));
    if (dropped) this.count = 0;
    return dropped;
  }

  /** The average is beyond the slope: notice alone no longer helps (RFC 3168 §7). */
  get saturated(): boolean {
    const { maxThresholdPackets, gentle } = this.options;
    return this.average >= (gentle ? 2 : 1) * maxThresholdPackets;
  }

  /** Moves the average; a queue that has been empty ages it as if that many small packets had passed. */
  private update(queuePackets: number, idleNs: number): void {
    const { weight } = this.options;
    if (idleNs > 0) this.average *= pow(1 - weight, idleNs / this.typicalNs);
    this.average += weight * (queuePackets - this.average);
  }
}
