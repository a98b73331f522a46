// The share of each interval that something took, from the spans in which it did. Like a rate meter it has no events of its own: an
// interval is told when a later span, or the present, is seen.

export class ShareMeter {
  private intervalEndNs: number;
  /** Of the present interval, ns. */
  private takenNs = 0;

  /**
   * @param intervalNs length of the intervals; they start at multiples of it
   * @param nowNs when measuring starts
   */
  constructor(
    private readonly intervalNs: number,
    nowNs: number,
    private readonly listener: (timeNs: number, share: number) => void,
  ) {
    this.intervalEndNs = (Math.floor(nowNs / intervalNs) + 1) * intervalNs;
  }

  /** It took the time from `fromNs` to `toNs`; spans come in order. */
  span(fromNs: number, toNs: number): void {
    this.see(fromNs);
    let from = fromNs;
    while (toNs >= this.intervalEndNs) {
      this.takenNs += this.intervalEndNs - from;
      from = this.intervalEndNs;
      this.endInterval();
    }
    this.takenNs += toNs - from;
  }

  /** It took nothing more until now. Each interval is told once, whoever looked meanwhile. */
  see(nowNs: number): void {
    while (nowNs >= this.intervalEndNs) this.endInterval();
  }

  private endInterval(): void {
    const share = this.takenNs / this.intervalNs;
    this.takenNs = 0;
    this.listener(this.intervalEndNs, share);
    this.intervalEndNs += this.intervalNs;
  }
}
