// Fractions of two-level plans (Box, Hunter and Hunter, Statistics for Experimenters, 2nd ed., ch. 6): the smallest regular fraction
// of a wanted resolution. Some factors vary freely; each other one follows the product of several of them, its generator. The
// resolution is the length of the shortest word that the generators and their products make.

/** For each added factor the free ones whose product it follows, as bits. */
export interface Fraction {
  readonly free: number;
  readonly generators: readonly number[];
}

/** The smallest fraction of `factors` two-level factors with at least this resolution; all of it if there is no smaller one. */
export function smallestFraction(factors: number, resolution: number): Fraction {
  for (let free = 1; free < factors; free += 1) {
    const generators = generatorsFor(factors - free, free, resolution);
    if (generators !== undefined) return { free, generators };
  }
  return { free: factors, generators: [] };
}

/** Backtracking over generators, long ones first: a longer word confounds less. */
function generatorsFor(added: number, free: number, resolution: number): number[] | undefined {
  const candidates = Array.from({ length: 2 ** free - 1 }, (_, index) => index + 1)
    .filter((word) => bitsIn(word) >= resolution - 1)
    .sort((a, b) => bitsIn(b) - bitsIn(a) || a - b);
  if (candidates.length < added) return undefined;
  const chosen: number[] = [];
  // Words of the defining relation so far: bits of free factors, and of added ones above them.
  const extend = (from: number, words: readonly number[]): boolean => {
    if (chosen.length === added) return true;
    for (let index = from; index <= candidates.length - (added - chosen.length); index += 1) {
      const word = candidates[index]! | (1 << (free + chosen.length));
      const more = [word, ...words.map((other) => other ^ word)];
      if (more.some((made) => bitsIn(made) < resolution)) continue;
      chosen.push(candidates[index]!);
      if (extend(index + 1, [...words, ...more])) return true;
      chosen.pop();
    }
    return false;
  };
  return extend(0, []) ? chosen : undefined;
}

/** Levels (0 or 1) of all factors in each run, the last free factor changing fastest. */
export function fractionRuns({ free, generators }: Fraction): number[][] {
  return Array.from({ length: 2 ** free }, (_, run) => {
    const base = Array.from({ length: free }, (__, factor) => (run >> (free - 1 - factor)) & 1);
    const added = generators.map((word) => {
      // A product of -1 and +1: high if an even number of its factors is low.
      const low = base.filter((level, factor) => (word & (1 << factor)) !== 0 && level === 0).length;
      return low % 2 === 0 ? 1 : 0;
    });
    return [...base, ...added];
  });
}

/** `D = ABC`, with the factors' own names. */
export function generatorNames({ free, generators }: Fraction, names: readonly string[]): string[] {
  return generators.map((word, index) => {
    const product = names.slice(0, free).filter((_, factor) => (word & (1 << factor)) !== 0);
    return `${names[free + index]!} = ${product.join(' × ')}`;
  });
}

function bitsIn(word: number): number {
  let count = 0;
  for (let rest = word; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
