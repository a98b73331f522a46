// A recorded probe: times and values in two typed arrays that grow by doubling up to a stated limit.
//
// Recording keeps one sample per interval (the last value before the interval ends, at its own time) and the
// smallest and largest value in between when they differ, so a one-packet spike of a queue survives. When the
// limit is reached the interval doubles and the samples already taken are thinned by the same rule; memory
// stays bounded however long the run is, and `intervalNs` tells what was done. Nothing is decimated later:
// files hold what is here, only screens draw less.

/** What readers of a series need; times are nanoseconds, ascending; `length` entries are valid. */
export interface SeriesData {
  readonly name: string;
  readonly unit: string;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly length: number;
}

/** How densely and how long to record. */
export interface Recording {
  /** Least time between kept samples, nanoseconds; 0 keeps every change. */
  readonly intervalNs: number;
  /** Most samples per series; at least 16. */
  readonly samplesMax: number;
}

const NO_SAMPLE = -1;

export class Series implements SeriesData {
  times: Float64Array = new Float64Array(64);
  values: Float64Array = new Float64Array(64);
  length = 0;
  /** Present least time between kept samples; larger than asked for once the limit was reached. */
  intervalNs: number;

  private bucketEndNs = NO_SAMPLE;
  private lastTimeNs = NO_SAMPLE;
  private lastValue = 0;
  private lowTimeNs = 0;
  private lowValue = 0;
  private highTimeNs = 0;
  private highValue = 0;

  constructor(
    readonly name: string,
    readonly unit: string,
    private readonly recording: Recording,
  ) {
    this.intervalNs = recording.intervalNs;
  }

  /** Adds a value; `timeNs` must not run backwards. */
  add(timeNs: number, value: number): void {
    if (this.intervalNs === 0) {
      this.keep(timeNs, value);
      return;
    }
    if (this.lastTimeNs === NO_SAMPLE || timeNs >= this.bucketEndNs) {
      this.flush();
      this.bucketEndNs = (Math.floor(timeNs / this.intervalNs) + 1) * this.intervalNs;
      this.lowTimeNs = timeNs;
      this.lowValue = value;
      this.highTimeNs = timeNs;
      this.highValue = value;
    } else if (value < this.lowValue) {
      this.lowTimeNs = timeNs;
      this.lowValue = value;
    } else if (value > this.highValue) {
      this.highTimeNs = timeNs;
      this.highValue = value;
    }
    this.lastTimeNs = timeNs;
    this.lastValue = value;
  }

  /** Writes the samples of the open interval; call at the end of the run and before reading a live series. */
  flush(): void {
    if (this.lastTimeNs === NO_SAMPLE) return;
    const firstIsLow = this.lowTimeNs <= this.highTimeNs;
    const early = firstIsLow ? this.lowTimeNs : this.highTimeNs;
    const late = firstIsLow ? this.highTimeNs : this.lowTimeNs;
    if (early < this.lastTimeNs) this.keep(early, firstIsLow ? this.lowValue : this.highValue);
    if (late < this.lastTimeNs && late > early) this.keep(late, firstIsLow ? this.highValue : this.lowValue);
    this.keep(this.lastTimeNs, this.lastValue);
    this.lastTimeNs = NO_SAMPLE;
  }

  private keep(timeNs: number, value: number): void {
    if (this.length >= this.recording.samplesMax) this.thin();
    if (this.length === this.times.length) this.grow();
    this.times[this.length] = timeNs;
    this.values[this.length] = value;
    this.length += 1;
  }

  /** Doubles the interval until the samples fit into half of the limit. */
  private thin(): void {
    const span = this.times[this.length - 1]! - this.times[0]!;
    if (this.intervalNs === 0) this.intervalNs = Math.max(1, Math.ceil(span / this.recording.samplesMax));
    do {
      this.intervalNs *= 2;
      this.rebuild();
    } while (this.length > this.recording.samplesMax / 2);
  }

  private rebuild(): void {
    const thinner = new Series(this.name, this.unit, { intervalNs: this.intervalNs, samplesMax: Infinity });
    for (let i = 0; i < this.length; i += 1) thinner.add(this.times[i]!, this.values[i]!);
    thinner.flush();
    this.times.set(thinner.times.subarray(0, thinner.length));
    this.values.set(thinner.values.subarray(0, thinner.length));
    this.length = thinner.length;
  }

  private grow(): void {
    const capacity = Math.min(this.times.length * 2, Math.max(16, this.recording.samplesMax));
    const times = new Float64Array(capacity);
    const values = new Float64Array(capacity);
    times.set(this.times);
    values.set(this.values);
    this.times = times;
    this.values = values;
  }
}
