// The results of a plan, from the files of its folder: the plan, and what became of each run. The database is left alone: whoever carries
// the plan out may have it open, and a bundle is read without unpacking it.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Plan, readPlan } from '../experiment';
import { ExperimentFile } from './experiment-store';

export interface KeptRun {
  readonly point: number;
  readonly replication: number;
  readonly seed: number;
  /** Undefined when the run failed. */
  readonly measured: { readonly digest: string; readonly values: readonly (number | null)[] } | undefined;
}

export interface KeptExperiment {
  readonly plan: Plan;
  readonly runs: readonly KeptRun[];
}

/** @throws Error if the folder has no results, or they are not those of its plan */
export function readExperiment(folder: string): KeptExperiment {
  const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
  return parseExperiment(text(ExperimentFile.plan), text(ExperimentFile.results));
}

/** @throws Error that says what is wrong with plan.json or results.csv */
export function parseExperiment(planText: string, resultsText: string): KeptExperiment {
  const read = readPlan(JSON.parse(planText), ExperimentFile.plan);
  if (!read.ok) throw new Error(`${ExperimentFile.plan}: ${read.problems[0]!.message}`);
  const plan = read.value;
  const [header = [], ...rows] = parseCsv(resultsText);
  // Factors may be called as the last columns are.
  const at = Object.fromEntries(
    ['status', 'digest', 'measure', 'value'].map((name) => [name, header.lastIndexOf(name)]),
  ) as Record<'status' | 'digest' | 'measure' | 'value', number>;
  if (Object.values(at).includes(-1)) throw new Error(`${ExperimentFile.results}: these are not the results of a plan`);
  const places = new Map(plan.measures.map(({ name }, index) => [name, index]));
  const runs = new Map<
    string,
    Omit<KeptRun, 'measured'> & { measured?: { digest: string; values: (number | null)[] } }
  >();
  for (const row of rows) {
    const [point, replication, seed] = row.slice(0, 3).map(Number) as [number, number, number];
    const key = `${String(point)}/${String(replication)}`;
    const run = runs.get(key) ?? { point, replication, seed };
    runs.set(key, run);
    if (row[at.status] !== 'finished') continue;
    const place = places.get(row[at.measure] ?? '');
    if (place === undefined)
      throw new Error(`${ExperimentFile.results}: the plan does not measure "${row[at.measure]!}"`);
    run.measured ??= { digest: row[at.digest] ?? '', values: plan.measures.map(() => null) };
    run.measured.values[place] = row[at.value] === '' ? null : Number(row[at.value]);
  }
  const known = [...runs.values()].map(({ measured, ...run }): KeptRun => ({ ...run, measured }));
  const stray = known.find(
    ({ point, replication }) => plan.points[point - 1] === undefined || !(replication <= plan.replications),
  );
  if (stray !== undefined)
    throw new Error(
      `${ExperimentFile.results}: the plan has no run ${String(stray.point)}/${String(stray.replication)}`,
    );
  return { plan, runs: known };
}

/** Fields in quotes may hold commas, line ends, and quotes written twice (RFC 4180). */
export function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (end === '' && row.length === 0 && quoted === undefined && plain === '') break;
    row.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
