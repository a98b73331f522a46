// Analysis of variance of balanced plans (Montgomery, Design and Analysis of Experiments, ch. 3 to 5): main effects, interactions
// of two factors, and blocks. Each cell has the same number of observations, so the sums of squares add up; what the terms
// leave, higher interactions among it, is the residual.

import { fUpper } from './distributions';
import { mean, squaresAbout } from './moments';

/** One value, with the level of each factor by its place. */
export interface Observation {
  readonly levels: readonly number[];
  /** Observations of one block share their random numbers. */
  readonly block: number;
  readonly value: number;
}

export interface AnovaRow {
  /** Places of the factors; one for a main effect, two for an interaction. */
  readonly factors: readonly number[];
  readonly squares: number;
  readonly degrees: number;
  readonly f: number;
  readonly p: number;
  /** Share of the sum of squares that the factor explains, blocks left out. */
  readonly etaSquared: number;
}

export interface Anova {
  readonly rows: readonly AnovaRow[];
  readonly blocks: { readonly squares: number; readonly degrees: number } | undefined;
  readonly residual: { readonly squares: number; readonly degrees: number };
}

interface Options {
  /** Interactions of two factors; not for fractions, whose interactions are confounded with other effects. */
  readonly interactions: boolean;
  /** Takes differences between blocks out of the residual. */
  readonly blocks: boolean;
}

/**
 * @param factorCount places in `levels`
 * @returns undefined when the observations are not balanced, or too few for a residual
 */
export function anova(
  observations: readonly Observation[],
  factorCount: number,
  { interactions, blocks }: Options,
): Anova | undefined {
  const grand = mean(observations.map(({ value }) => value));
  const total = squaresAbout(
    observations.map(({ value }) => value),
    grand,
  );
  const factors = Array.from({ length: factorCount }, (_, index) => index);
  const pairs = interactions ? factors.flatMap((a) => factors.slice(a + 1).map((b) => [a, b])) : [];
  const between = new Map<string, Groups>();
  for (const term of [...factors.map((index) => [index]), ...pairs]) {
    const groups = grouped(observations, grand, ({ levels }) => term.map((place) => levels[place]!).join('/'));
    if (groups === undefined) return undefined;
    between.set(term.join('/'), groups);
  }
  const inBlocks = blocks ? grouped(observations, grand, ({ block }) => String(block)) : undefined;
  if (blocks && inBlocks === undefined) return undefined;
  const main = factors.map((index) => ({ term: [index], ...between.get(String(index))! }));
  const joint = pairs.map(([a, b]) => interaction([a!, b!], between));
  // A factor that never varied explains nothing and costs nothing.
  const terms = [...main, ...joint].filter(({ count }) => count > 1);
  const blockPart = inBlocks === undefined ? undefined : { squares: inBlocks.squares, degrees: inBlocks.count - 1 };
  const explained = terms.reduce((sum, { squares }) => sum + squares, blockPart?.squares ?? 0);
  const used = terms.reduce((sum, { count }) => sum + count - 1, blockPart?.degrees ?? 0);
  const residual = { squares: Math.max(0, total - explained), degrees: observations.length - 1 - used };
  if (residual.degrees < 1) return undefined;
  const error = residual.squares / residual.degrees;
  const rows = terms.map(({ term, squares, count }): AnovaRow => {
    const degrees = count - 1;
    const f = squares === 0 ? 0 : squares / degrees / error;
    const etaSquared = squares === 0 ? 0 : squares / (total - (blockPart?.squares ?? 0));
    return { factors: term, squares, degrees, f, p: fUpper(f, degrees, residual.degrees), etaSquared };
  });
  return { rows, blocks: blockPart, residual };
}

interface Groups {
  readonly squares: number;
  /** Groups for a main effect; one more than the degrees of freedom for an interaction. */
  readonly count: number;
}

/** Sum of squares between groups of equal size; undefined when they are not. */
function grouped(
  observations: readonly Observation[],
  grand: number,
  key: (observation: Observation) => string,
): Groups | undefined {
  const groups = new Map<string, number[]>();
  for (const observation of observations) {
    const name = key(observation);
    const values = groups.get(name);
    if (values === undefined) groups.set(name, [observation.value]);
    else values.push(observation.value);
  }
  const size = observations.length / groups.size;
  let squares = 0;
  for (const values of groups.values()) {
    if (values.length !== size) return undefined;
    const off = mean(values) - grand;
    squares += size * off * off;
  }
  return { squares, count: groups.size };
}

/** What a pair of factors explains beyond both of them. */
function interaction([a, b]: readonly [number, number], between: ReadonlyMap<string, Groups>) {
  const first = between.get(String(a))!;
  const second = between.get(String(b))!;
  const cells = between.get(`${String(a)}/${String(b)}`)!;
  const squares = Math.max(0, cells.squares - first.squares - second.squares);
  return { term: [a, b], squares, count: (first.count - 1) * (second.count - 1) + 1 };
}
