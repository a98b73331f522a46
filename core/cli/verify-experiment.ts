// Runs an experiment of a bundle again: all runs of its plan that it has results of, or a share of them, compared run by run by digest and
// values; then its tables, made anew from the runs.

import { availableParallelism } from 'node:os';
import { badInput } from '../base';
import {
  type DoneRun,
  expandPlan,
  type Job,
  judgeReferences,
  type Outcome,
  type Plan,
  type PlanSummary,
  resolvedAt,
  summarisePlan,
  WorkerPool,
} from '../experiment';
import { anovaCsv, differencesCsv, resultsCsv, summaryCsv, verdictsCsv } from '../export';
import { estimateCost, formatDuration } from '../scenario';
import {
  type BundleEntry,
  ExperimentFile,
  folderOfEntry,
  type KeptExperiment,
  type KeptRun,
  type OpenBundle,
  parseCsv,
  parseExperiment,
} from '../store';
import { setAlarm } from './alarm';
import { forkWorker } from './fork-worker';
import { tell } from './output';
import type { EntryVerdict, VerifySetting } from './verify';

/** Runs that differ are named up to so many. */
const NAMED_MAX = 5;
const LONG_SECONDS = 60;
const TABLES = {
  results: resultsCsv,
  summary: summaryCsv,
  differences: differencesCsv,
  anova: anovaCsv,
  verdicts: (plan: Plan, summary: PlanSummary) => verdictsCsv(plan, judgeReferences(plan, summary)),
} as const;

export async function repeatExperiment(
  bundle: OpenBundle,
  entry: BundleEntry,
  { share, onProgress }: VerifySetting,
): Promise<EntryVerdict> {
  const { id, kind, name } = entry;
  const folder = folderOfEntry(entry);
  const has = (file: string): boolean => bundle.manifest.files.some(({ path }) => path === folder + file);
  // A plan that nobody has carried out has nothing to compare.
  if (!has(ExperimentFile.results)) return { id, kind, name, verdict: 'whole', differs: [] };
  const kept = await readKept(bundle, folder);
  const jobs = sample(kept, share);
  announce(kept, jobs);
  const outcomes = await runAgain(kept, jobs, onProgress);
  const differing = kept.runs.flatMap((run) => {
    const outcome = outcomes.get(keyOf(run));
    const what = outcome === undefined ? undefined : differenceOf(run, outcome);
    return what === undefined ? [] : [`run ${keyOf(run)} (${what})`];
  });
  const tables = await differingTables(bundle, folder, { kept, outcomes, has });
  const more = differing.length - NAMED_MAX;
  const differs = [...differing.slice(0, NAMED_MAX), ...(more > 0 ? [`${String(more)} runs more`] : []), ...tables];
  const verdict = differs.length === 0 ? 'equal' : 'different';
  return { id, kind, name, verdict, differs, runs: { again: jobs.length, of: kept.runs.length } };
}

async function readKept(bundle: OpenBundle, folder: string): Promise<KeptExperiment> {
  const plan = await bundle.text(folder + ExperimentFile.plan);
  const results = await bundle.text(folder + ExperimentFile.results);
  try {
    return parseExperiment(plan, results);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw badInput(folder, message, 'pack the folder that odonata sweep --out wrote again');
  }
}

function keyOf({ point, replication }: Pick<KeptRun, 'point' | 'replication'>): string {
  return `p${String(point)}r${String(replication)}`;
}

/** The jobs of the runs that there are; of a share, the first of all points before the second of any, and points far apart first. */
function sample({ plan, runs }: KeptExperiment, share: number): Job[] {
  const known = new Set(runs.map(keyOf));
  const jobs = expandPlan(plan).filter(({ id }) => known.has(id));
  return jobs.slice(0, Math.ceil(jobs.length * share));
}

function announce({ plan }: KeptExperiment, jobs: readonly Job[]): void {
  const secondsAt = new Map(
    plan.points.map((point) => {
      const resolved = resolvedAt(plan, point);
      return [point, resolved.ok ? estimateCost(resolved.value).seconds : 0];
    }),
  );
  const seconds = jobs.reduce((sum, { point }) => sum + secondsAt.get(point)!, 0) / availableParallelism();
  if (seconds > LONG_SECONDS)
    tell(
      `odonata: running ${plan.name} again needs up to ${formatDuration(Math.round(seconds) * 1e9)}; --share 0.1 runs a tenth of it`,
    );
}

async function runAgain(
  { plan }: KeptExperiment,
  jobs: readonly Job[],
  onProgress: (share: number) => void,
): Promise<Map<string, Outcome>> {
  const pool = new WorkerPool(plan, forkWorker, availableParallelism(), setAlarm);
  const outcomes = new Map<string, Outcome>();
  try {
    await Promise.all(
      jobs.map(async (job) => {
        outcomes.set(job.id, await pool.runOne(job));
        onProgress(outcomes.size / jobs.length);
      }),
    );
  } finally {
    pool.close();
  }
  return outcomes;
}

/** What is different about a run; undefined when nothing is. */
function differenceOf({ measured }: KeptRun, outcome: Outcome): string | undefined {
  if (outcome.status === 'failed') return measured === undefined ? undefined : `failed: ${outcome.reason}`;
  if (measured === undefined) return 'it had failed, and does not now';
  if (outcome.digest !== measured.digest) return `digest ${outcome.digest} instead of ${measured.digest}`;
  return outcome.values.some((value, index) => value !== measured.values[index]) ? 'values' : undefined;
}

interface Tables {
  readonly kept: KeptExperiment;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly has: (file: string) => boolean;
}

/** Tables that do not come out of the runs: those that ran again as they came out, the others as they are told. */
async function differingTables(bundle: OpenBundle, folder: string, { kept, outcomes, has }: Tables): Promise<string[]> {
  const { plan } = kept;
  const runs = kept.runs.map((run): DoneRun => {
    const { point, replication, seed, measured } = run;
    const told: Outcome =
      measured === undefined
        ? { status: 'failed', reason: '', wallSeconds: 0 }
        : { status: 'finished', ...measured, events: 0, wallSeconds: 0 };
    return { point, replication, seed, outcome: outcomes.get(keyOf(run)) ?? told };
  });
  const summary = summarisePlan(plan, runs);
  const differing: string[] = [];
  for (const [table, make] of Object.entries(TABLES)) {
    const file = ExperimentFile[table as keyof typeof TABLES];
    if (!has(file)) continue;
    const again = make(plan, summary);
    if (again === undefined || !holds(await bundle.text(folder + file), again)) differing.push(file);
  }
  return differing;
}

/** Whether a table has the same rows, digit by digit; columns that were not known when it was made are no difference. */
function holds(recorded: string, again: string): boolean {
  const [header = [], ...rows] = parseCsv(recorded);
  const [names = [], ...others] = parseCsv(again);
  // Columns of one name, a factor and a number, go by their order.
  const places = header.map((name, column) => {
    const before = header.slice(0, column).filter((one) => one === name).length;
    return names.flatMap((other, place) => (other === name ? [place] : []))[before] ?? -1;
  });
  if (places.includes(-1) || rows.length !== others.length) return false;
  return rows.every((row, index) => places.every((place, column) => row[column] === others[index]![place]));
}
