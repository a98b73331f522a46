// Durations in buckets whose width grows with the value: quantiles within 0.8% of the truth from at most a few
// thousand counters, however many values come. Mean and maximum are exact.

const STEPS_PER_OCTAVE = 64;

export class Histogram {
  /** Made with the first value: most flows of a large run have none. */
  private counts: Map<number, number> | undefined = undefined;
  private total = 0;
  private sum = 0;
  private largest = 0;

  /** Adds a value; must be a non-negative integer. */
  add(value: number): void {
    const bucket = bucketOf(value);
    this.counts ??= new Map();
    this.counts.set(bucket, (this.counts.get(bucket) ?? 0) + 1);
    this.total += 1;
    this.sum += value;
    if (value > this.largest) this.largest = value;
  }

  get count(): number {
    return this.total;
  }

  /** Mean of all values; 0 when there are none. */
  get mean(): number {
    return this.total === 0 ? 0 : this.sum / this.total;
  }

  get max(): number {
    return this.largest;
  }

  /** Smallest bucket middle below which at least this share (0 to 1) of the values lies; 0 when there are none. */
  quantile(share: number): number {
    const wanted = Math.max(1, Math.ceil(share * this.total));
    let seen = 0;
    for (const [bucket, count] of [...(this.counts ?? [])].sort(([a], [b]) => a - b)) {
      seen += count;
      if (seen >= wanted) return Math.min(this.largest, middleOf(bucket));
    }
    return 0;
  }
}

/** Values below 64 have buckets of their own; above, each power of two is cut into 64 equal steps. */
function bucketOf(value: number): number {
  if (value < STEPS_PER_OCTAVE) return Math.floor(value);
  let octave = 0;
  let scaled = value;
  while (scaled >= 2 * STEPS_PER_OCTAVE) {
    scaled /= 2;
    octave += 1;
  }
  return (octave + 1) * STEPS_PER_OCTAVE + Math.floor(scaled) - STEPS_PER_OCTAVE;
}

function middleOf(bucket: number): number {
  if (bucket < STEPS_PER_OCTAVE) return bucket;
  const octave = Math.floor(bucket / STEPS_PER_OCTAVE) - 1;
  const step = bucket % STEPS_PER_OCTAVE;
  return Math.round((STEPS_PER_OCTAVE + step + 0.5) * 2 ** octave);
}
