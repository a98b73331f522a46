// Which combinations of levels a plan runs: all of them, a fraction of two-level ones, or a Latin hypercube (McKay, Beckman and
// Conover 1979: each factor is cut into as many strata as there are samples, and each stratum is used once).

import type { RandomStream, Streams } from '../base';
import { fractionRuns, generatorNames, smallestFraction } from './fractions';
import type { Factor, Plan, Point } from './plan';
import type { DesignDocument } from './plan-schema';

export interface Designed {
  readonly design: Plan['design'];
  readonly generators: readonly string[];
  readonly points: readonly Point[];
}

export const DEFAULT_RESOLUTION = 4;

export function designPoints(factors: readonly Factor[], design: DesignDocument, streams: Streams): Designed {
  switch (design.kind) {
    case 'full':
      return { design: 'full', generators: [], points: crossed(factors) };
    case 'fractional': {
      const fraction = smallestFraction(factors.length, design.resolution ?? DEFAULT_RESOLUTION);
      const names = factors.map(({ name }) => name);
      const points = fractionRuns(fraction).map((levels, index) => pointAt(factors, levels, index));
      return { design: 'fractional', generators: generatorNames(fraction, names), points };
    }
    case 'latin-hypercube':
      return { design: 'latin-hypercube', generators: [], points: hypercube(factors, design.samples, streams) };
  }
}

/** All combinations, the last list changing fastest. */
export function combinations<T>(lists: readonly (readonly T[])[]): T[][] {
  return lists.reduce<T[][]>((found, list) => found.flatMap((one) => list.map((item) => [...one, item])), [[]]);
}

function crossed(factors: readonly Factor[]): Point[] {
  const places = factors.map(({ levels }) => levels.map((_, index) => index));
  return combinations(places).map((levels, index) => pointAt(factors, levels, index));
}

function pointAt(factors: readonly Factor[], levels: readonly number[], index: number): Point {
  return {
    number: index + 1,
    levels: levels.map((level, factor) => factors[factor]!.levels[level]!),
    place: levels.map((level, factor) => level / Math.max(1, factors[factor]!.levels.length - 1)),
  };
}

function hypercube(factors: readonly Factor[], samples: number, streams: Streams): Point[] {
  const columns = factors.map(({ name }) => {
    const stream = streams.named(`latin-hypercube/${name}`);
    return shuffled(samples, stream).map((stratum) => (stratum + stream.uniform()) / samples);
  });
  return Array.from({ length: samples }, (_, index) => {
    const place = columns.map((column) => column[index]!);
    return { number: index + 1, levels: factors.map((factor, at) => factor.at(place[at]!)), place };
  });
}

/** 0 to count - 1 in random order (Fisher and Yates). */
function shuffled(count: number, stream: RandomStream): number[] {
  const items = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last -= 1) {
    const other = stream.integer(last + 1);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}
