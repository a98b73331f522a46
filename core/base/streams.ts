// Named random streams. A stream's numbers depend on (seed, name) only, so adding a probe, a host or a link
// does not shift anybody else's draws (architecture.md §2). Generator: xoshiro128** (Blackman and Vigna 2018),
// state filled from the seed and an FNV-1a hash of the name through splitmix32. 53-bit uniforms take two draws.

import { ln, pow } from './exact-math';
import { invariant } from './invariant';

export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** @param seedU32 two 32-bit words that name the stream */
  constructor(seedU32: number, nameU32: number) {
    let state = (seedU32 ^ Math.imul(nameU32, 0x9e3779b1)) | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let z = state ^ (state >>> 16);
      z = Math.imul(z, 0x21f0aaad);
      z ^= z >>> 15;
      z = Math.imul(z, 0x735a2d97);
      return z ^ (z >>> 15);
    };
    this.a = next();
    this.b = next();
    this.c = next();
    this.d = next() | 1;
  }

  /** Uniform unsigned 32-bit integer. */
  nextU32(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result >>> 0;
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return ((this.nextU32() >>> 5) * 67_108_864 + (this.nextU32() >>> 6)) / 9_007_199_254_740_992;
  }

  /** Uniform in [low, high). */
  uniformBetween(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** Uniform integer in [0, count). */
  integer(count: number): number {
    invariant(count >= 1, 'integer() needs a count of at least 1');
    return Math.floor(this.uniform() * count);
  }

  /**
   * Fills with uniform integers in [0, count), the same as `integer` would draw one after another. Four times as fast, for the millions
   * that resampling draws: the state stays in registers, and both halves of a draw are written out.
   */
  integers(into: Uint32Array, count: number): void {
    invariant(count >= 1, 'integers() needs a count of at least 1');
    let { a, b, c, d } = this;
    for (let place = 0; place < into.length; place += 1) {
      let product = Math.imul(b, 5);
      const high = Math.imul((product << 7) | (product >>> 25), 9) >>> 5;
      let shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      product = Math.imul(b, 5);
      const low = Math.imul((product << 7) | (product >>> 25), 9) >>> 6;
      shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      // The array cuts the fraction off, as floor does.
      into[place] = ((high * 67_108_864 + low) / 9_007_199_254_740_992) * count;
    }
    this.a = a;
    this.b = b;
    this.c = c;
    this.d = d;
  }

  /** Whether an event of this probability happens. Draws even for 0 and 1, so that draws stay aligned. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** Exponential with this mean (same unit as the mean). */
  exponential(mean: number): number {
    return -mean * ln(1 - this.uniform());
  }

  /** Pareto with this mean and shape > 1; the smallest value is mean (shape - 1) / shape. */
  pareto(mean: number, shape: number): number {
    invariant(shape > 1, 'a Pareto distribution has a mean only for shapes above 1');
    const smallest = (mean * (shape - 1)) / shape;
    return smallest * pow(1 - this.uniform(), -1 / shape);
  }
}

/** The streams of one run, by name. */
export class Streams {
  private readonly byName = new Map<string, RandomStream>();
  private readonly seedU32: number;

  /** @param seed any safe integer; its high and low words both count */
  constructor(readonly seed: number) {
    invariant(Number.isSafeInteger(seed), `seed ${String(seed)} is not an integer`);
    this.seedU32 = (seed ^ Math.imul(Math.floor(seed / 2 ** 32) | 0, 0x85ebca6b)) >>> 0;
  }

  /** The stream of this name, e.g. `link/bottleneck/loss`; the same object each time. */
  named(name: string): RandomStream {
    let stream = this.byName.get(name);
    if (stream === undefined) {
      stream = new RandomStream(this.seedU32, fnv1a(name));
      this.byName.set(name, stream);
    }
    return stream;
  }
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
