// The results of a plan, from the files of its folder: the plan, and what each run that ended well measured. The database is left
// alone: whoever carries the plan out may have it open.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plan, readPlan } from '../experiment';
import { ExperimentFile } from './experiment-store';

export interface KeptExperiment {
  readonly plan: Plan;
  readonly runs: readonly {
    readonly point: number;
    readonly seed: number;
    /** By measure; null where the run has no such value. */
    readonly values: readonly (number | null)[];
  }[];
}

/** @throws Error if the folder has no results, or they are not those of its plan */
export function readExperiment(folder: string): KeptExperiment {
  const read = readPlan(JSON.parse(readFileSync(join(folder, ExperimentFile.plan), 'utf8')), ExperimentFile.plan);
  if (!read.ok) throw new Error(`the plan cannot be read: ${read.problems[0]!.message}`);
  const plan = read.value;
  const [header, ...rows] = parseCsv(readFileSync(join(folder, ExperimentFile.results), 'utf8'));
  const column = (name: string): number => header?.lastIndexOf(name) ?? -1;
  const [seedAt, statusAt, measureAt, valueAt] = [2, column('status'), column('measure'), column('value')];
  const places = new Map(plan.measures.map(({ name }, index) => [name, index]));
  const runs = new Map<string, { point: number; seed: number; values: (number | null)[] }>();
  for (const row of rows) {
    const place = places.get(row[measureAt] ?? '');
    if (row[statusAt] !== 'finished' || place === undefined) continue;
    const key = `${row[0]!}/${row[1]!}`;
    const run = runs.get(key) ?? {
      point: Number(row[0]),
      seed: Number(row[seedAt]),
      values: plan.measures.map(() => null),
    };
    runs.set(key, run);
    run.values[place] = row[valueAt] === '' ? null : Number(row[valueAt]);
  }
  return { plan, runs: [...runs.values()] };
}

/** Fields in quotes may hold commas, line ends, and quotes written twice (RFC 4180). */
function parseCsv(text: string): string[][] {
  return text
    .split(/\n(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
        ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
      ),
    );
}
