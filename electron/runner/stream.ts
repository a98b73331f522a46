// Samples on their way to the window: what each probe told since the last batch, thinned by smallest and largest when
// the window is slower than the world.

import type { StreamedProbe } from '../ipc';

/** Samples per probe and batch beyond which only first, smallest, largest and last are kept. */
const SAMPLES_PER_BATCH = 64;

interface Stream {
  readonly probe: StreamedProbe;
  stop: () => void;
  times: number[];
  values: number[];
}

export class SampleStreams {
  private readonly streams = new Map<string, Stream>();
  private nextIndex = 0;

  /** @param listen attaches a listener to a probe of the world */
  constructor(
    private readonly listen: (name: string, listener: (timeNs: number, value: number) => void) => () => void,
  ) {}

  /** Starts a stream; undefined if it exists. */
  add(name: string, unit: string, help: string): StreamedProbe | undefined {
    if (this.streams.has(name)) return undefined;
    const probe = { index: this.nextIndex, name, unit, help };
    this.nextIndex += 1;
    const stream: Stream = { probe, times: [], values: [], stop: () => undefined };
    this.streams.set(name, stream);
    stream.stop = this.listen(name, (timeNs, value) => {
      stream.times.push(timeNs);
      stream.values.push(value);
      if (stream.times.length > 16 * SAMPLES_PER_BATCH) thin(stream);
    });
    return probe;
  }

  remove(name: string): void {
    this.streams.get(name)?.stop();
    this.streams.delete(name);
  }

  /** All samples since the last call, as triples of probe index, time and value. */
  take(): Float64Array {
    let count = 0;
    for (const stream of this.streams.values()) {
      if (stream.times.length > SAMPLES_PER_BATCH) thin(stream);
      count += stream.times.length;
    }
    const triples = new Float64Array(3 * count);
    let at = 0;
    for (const stream of this.streams.values()) {
      for (let i = 0; i < stream.times.length; i += 1) {
        triples[at] = stream.probe.index;
        triples[at + 1] = stream.times[i]!;
        triples[at + 2] = stream.values[i]!;
        at += 3;
      }
      stream.times = [];
      stream.values = [];
    }
    return triples;
  }
}

/** Keeps first, smallest, largest and last of each of a few groups. */
function thin(stream: Stream): void {
  const groups = SAMPLES_PER_BATCH / 4;
  const { times, values } = stream;
  const keptTimes: number[] = [];
  const keptValues: number[] = [];
  for (let group = 0; group < groups; group += 1) {
    const from = Math.floor((group * times.length) / groups);
    const to = Math.floor(((group + 1) * times.length) / groups);
    if (to <= from) continue;
    let low = from;
    let high = from;
    for (let i = from; i < to; i += 1) {
      if (values[i]! < values[low]!) low = i;
      if (values[i]! > values[high]!) high = i;
    }
    for (const i of [...new Set([from, Math.min(low, high), Math.max(low, high), to - 1])]) {
      keptTimes.push(times[i]!);
      keptValues.push(values[i]!);
    }
  }
  stream.times = keptTimes;
  stream.values = keptValues;
}
