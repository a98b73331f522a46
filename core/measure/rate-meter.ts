// A rate from a counter, without events of its own: when the counter is next seen after an interval has passed,
// the meter tells the mean rate of each interval that ended meanwhile, at the time it ended. So observing a rate
// changes nothing in a run, and what is told does not depend on when somebody looked.

import { NS_PER_SECOND } from '../base';

export class RateMeter {
  private intervalEndNs: number;
  private countAtStart: number;
  private lastCount: number;

  /**
   * @param intervalNs length of the intervals; they start at multiples of it
   * @param perCount how much one count weighs in the rate (8 turns bytes into bits)
   * @param nowNs when counting starts, with the counter at `count`
   */
  constructor(
    private readonly intervalNs: number,
    private readonly perCount: number,
    nowNs: number,
    count: number,
    private readonly listener: (timeNs: number, ratePerSecond: number) => void,
  ) {
    this.intervalEndNs = (Math.floor(nowNs / intervalNs) + 1) * intervalNs;
    this.countAtStart = count;
    this.lastCount = count;
  }

  /** The counter stands at `count` at `nowNs`; call after each change. */
  see(nowNs: number, count: number): void {
    if (nowNs >= this.intervalEndNs) this.endIntervals(nowNs);
    this.lastCount = count;
  }

  /** It is `nowNs`, as somebody looks: intervals that have ended are told, with what was counted at the last change. */
  wait(nowNs: number): void {
    if (nowNs >= this.intervalEndNs) this.endIntervals(nowNs);
  }

  private endIntervals(nowNs: number): void {
    const counted = this.lastCount - this.countAtStart;
    this.listener(this.intervalEndNs, (counted * this.perCount * NS_PER_SECOND) / this.intervalNs);
    this.intervalEndNs += this.intervalNs;
    for (; nowNs >= this.intervalEndNs; this.intervalEndNs += this.intervalNs) this.listener(this.intervalEndNs, 0);
    this.countAtStart = this.lastCount;
  }
}
