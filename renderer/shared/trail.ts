// Samples of one probe on the screen: typed arrays that grow up to a limit and then keep every second pair of
// extremes. Never reactive; `version` tells a chart that there is something new.

const CAPACITY_MAX = 65_536;

export class Trail {
  times = new Float64Array(256);
  values = new Float64Array(256);
  length = 0;
  version = 0;

  constructor(
    readonly name: string,
    readonly unit: string,
  ) {}

  add(timeNs: number, value: number): void {
    if (this.length === this.times.length) this.makeRoom();
    this.times[this.length] = timeNs;
    this.values[this.length] = value;
    this.length += 1;
    this.version += 1;
  }

  private makeRoom(): void {
    if (this.times.length >= CAPACITY_MAX) {
      this.thin();
      return;
    }
    const times = new Float64Array(this.times.length * 2);
    const values = new Float64Array(this.times.length * 2);
    times.set(this.times);
    values.set(this.values);
    this.times = times;
    this.values = values;
  }

  /** Of every four samples the smallest and the largest stay, in their order. */
  private thin(): void {
    let kept = 0;
    for (let from = 0; from < this.length; from += 4) {
      let low = from;
      let high = from;
      for (let i = from; i < Math.min(this.length, from + 4); i += 1) {
        if (this.values[i]! < this.values[low]!) low = i;
        if (this.values[i]! > this.values[high]!) high = i;
      }
      for (const i of low === high ? [low] : [Math.min(low, high), Math.max(low, high)]) {
        this.times[kept] = this.times[i]!;
        this.values[kept] = this.values[i]!;
        kept += 1;
      }
    }
    this.length = kept;
  }
}
