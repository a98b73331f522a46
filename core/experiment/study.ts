// A study from lists of levels: all their combinations, each replicated.

import { Streams } from '../base';
import { designPoints } from './design';
import type { Factor, Level, Quantity, Study } from './plan';

/** The confidence of intervals, unless told. */
export const DEFAULT_CONFIDENCE = 0.95;

export interface StudyParts {
  readonly name: string;
  readonly factors: readonly {
    readonly name: string;
    readonly label: string;
    readonly unit?: string;
    readonly levels: readonly (number | string)[];
  }[];
  readonly measures: readonly Quantity[];
  readonly replications: number;
}

/** Replications have the seeds 1, 2, …, the same at all points. */
export function studyOf({ name, factors, measures, replications }: StudyParts): Study {
  const resolved = factors.map(({ unit = '1', levels, ...names }): Factor => {
    const all = levels.map((value): Level => {
      return { label: String(value), values: [value], x: typeof value === 'number' ? value : undefined };
    });
    const at = (share: number): Level => all[Math.min(all.length - 1, Math.floor(share * all.length))]!;
    return { ...names, unit, pointers: [], levels: all, at };
  });
  return {
    name,
    seed: 1,
    seeds: 'numbered',
    factors: resolved,
    ...designPoints(resolved, { kind: 'full' }, new Streams(1)),
    measures,
    replications,
    stop: undefined,
    confidence: DEFAULT_CONFIDENCE,
    compare: undefined,
  };
}
