// odonata verify: every checksum of a bundle, then its runs again, and whether they give the same: the digest of each
// layer, the summary to its last digit, and all recorded series; experiments in verify-experiment.ts, labs in verify-lab.ts.

import { BadInput, badInput, nanos } from '../base';
import { writeSeriesCsv } from '../export';
import type { RunSummary } from '../measure';
import { parseScenario } from '../scenario';
import { type BundleEntry, folderOfEntry, type OpenBundle, RunFile } from '../store';
import { World } from '../world';
import { openBundle, rethrow } from './bundle';
import { ExitCode, printJson, printLine, tell } from './output';
import { startProgress } from './progress';
import { announce } from './run';
import { repeatExperiment } from './verify-experiment';
import { repeatLab } from './verify-lab';
import { VERSION } from './version';

/** What became of one entry. `whole`: its checksums hold, and nothing here can run it again. */
export interface EntryVerdict {
  readonly id: string;
  readonly kind: BundleEntry['kind'];
  readonly name: string;
  readonly verdict: 'equal' | 'different' | 'whole';
  /** Layers whose digests differ, then `summary` and `series` if their contents do. */
  readonly differs: readonly string[];
  readonly expected?: string;
  readonly measured?: string;
  /** Of an experiment: runs that were run again, of those that it has. */
  readonly runs?: { readonly again: number; readonly of: number };
  /** Of a lab: what was measured again with how many seeds, and the checks of that. */
  readonly lab?: { readonly measurements: number; readonly seeds: number; readonly checks: number };
  /** Why nothing was run again. */
  readonly why?: string;
}

export interface VerifySetting {
  /** Of the runs of an experiment that are run again, above 0 and up to 1. */
  readonly share: number;
  /** Told how much of the entry is done, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** Runs an entry of a bundle again, and compares. */
export type Repeater = (bundle: OpenBundle, entry: BundleEntry, setting: VerifySetting) => Promise<EntryVerdict>;

const REPEATERS: Readonly<Record<BundleEntry['kind'], Repeater>> = {
  run: repeatRun,
  experiment: repeatExperiment,
  lab: repeatLab,
};

export interface VerifyOptions {
  readonly share?: string;
  readonly json?: boolean;
}

export async function verifyCommand(file: string, options: VerifyOptions): Promise<number> {
  const share = readShare(options.share);
  const bundle = await openBundle(file);
  const progress = startProgress(`verifying ${file}`);
  const verdicts: EntryVerdict[] = [];
  try {
    await bundle.check((share) => {
      progress.update(share / 2);
    });
    const { entries } = bundle.manifest;
    for (const entry of entries) {
      const onProgress = (part: number): void => {
        progress.update(0.5 + (verdicts.length + part) / entries.length / 2);
      };
      verdicts.push(await REPEATERS[entry.kind](bundle, entry, { share, onProgress }));
      onProgress(0);
    }
  } catch (error) {
    return rethrow(error);
  } finally {
    progress.stop();
    bundle.close();
  }
  const made = bundle.manifest.program.version;
  const equal = verdicts.every(({ verdict }) => verdict !== 'different');
  if (options.json === true) printJson({ bundle: file, equal, program: { made, present: VERSION }, entries: verdicts });
  else report(verdicts, bundle.manifest.files.length);
  if (made !== VERSION)
    tell(
      `odonata: the bundle was made by version ${made}, and this is ${VERSION}; results may have changed between them`,
    );
  return equal ? ExitCode.done : ExitCode.checkFailed;
}

/** `0.1`, or `10%`. */
function readShare(text: string | undefined): number {
  if (text === undefined) return 1;
  const [, number, percent] = /^(\d*\.?\d+)(%?)$/.exec(text) ?? [];
  const share = Number(number) / (percent === '%' ? 100 : 1);
  if (share > 0 && share <= 1) return share;
  throw badInput('--share', `"${text}" is not a share of the runs`, 'write --share 0.1, or --share 10%');
}

async function repeatRun(bundle: OpenBundle, entry: BundleEntry): Promise<EntryVerdict> {
  const folder = folderOfEntry(entry);
  const parsed = parseScenario(await bundle.text(folder + RunFile.scenario), folder + RunFile.scenario);
  if (!parsed.ok) throw new BadInput(parsed.problems);
  const expected = readSummary(await bundle.text(folder + RunFile.summary), folder + RunFile.summary);
  announce(parsed.value, folder + RunFile.scenario, false);
  const world = new World(parsed.value.resolved);
  const measured = again(world, expected);
  let series = '';
  writeSeriesCsv(world.series, (text) => {
    series += text;
  });
  const recorded = await bundle.text(folder + RunFile.series);
  const layers = Object.keys(measured.digestParts) as (keyof RunSummary['digestParts'])[];
  const differs = [
    ...layers.filter((layer) => measured.digestParts[layer] !== expected.digestParts[layer]),
    ...(contentOf(measured) === contentOf(expected) ? [] : ['summary']),
    ...(series === recorded ? [] : ['series']),
  ];
  const { id, kind, name } = entry;
  const verdict = differs.length === 0 ? 'equal' : 'different';
  return { id, kind, name, verdict, differs, expected: expected.digest, measured: measured.digest };
}

/** Runs as far as the other run went: a stopped one by its events, a failed one until it fails. */
function again(world: World, expected: RunSummary): RunSummary {
  const { outcome, totals } = expected;
  let failure: string | undefined;
  try {
    if (outcome === 'stopped') world.run(nanos(Math.round(totals.simSeconds * 1e9)), totals.events);
    else world.run(world.endAt);
  } catch (error) {
    failure = error instanceof Error ? error.message : String(error);
  }
  world.finishSeries();
  const ended = outcome === 'stopped' ? 'stopped' : 'finished';
  return world.summary(failure === undefined ? ended : 'failed', totals.wallSeconds, failure);
}

function readSummary(text: string, file: string): RunSummary {
  let summary: Partial<RunSummary> | null = null;
  try {
    summary = JSON.parse(text) as Partial<RunSummary> | null;
  } catch {
    // Told below.
  }
  if (summary?.format !== 'odonata-summary' || summary.digestParts === undefined || summary.totals === undefined)
    throw badInput(file, "this is not a run's summary", 'pack the folder of the run again');
  return summary as RunSummary;
}

/** A summary as its file says it, without what a clock measured. */
function contentOf(summary: RunSummary): string {
  return JSON.stringify({ ...summary, totals: { ...summary.totals, wallSeconds: 0 } });
}

function report(verdicts: readonly EntryVerdict[], files: number): void {
  printLine(`${String(files)} checksums hold`);
  for (const { kind, id, name, verdict, differs, expected, measured, runs, lab, why } of verdicts) {
    const about = `${kind} ${id} (${name})`;
    const again = runs === undefined ? '' : `${String(runs.again)} of ${String(runs.of)} runs again, `;
    if (verdict === 'equal' && runs !== undefined)
      printLine(`${about}: ${again}equal; its tables come out to the last digit`);
    else if (verdict === 'equal' && lab !== undefined) printLine(`${about}: run again, equal; ${labText(lab)}`);
    else if (verdict === 'equal') printLine(`${about}: run again, equal, digest ${expected ?? ''}`);
    else if (verdict === 'whole') printLine(`${about}: files are whole; ${why ?? 'it has no results to run again'}`);
    else if (expected === measured) printLine(`${about}: ${again}DIFFERENT in ${differs.join(', ')}`);
    else
      printLine(`${about}: DIFFERENT in ${differs.join(', ')}; digest ${measured ?? ''} instead of ${expected ?? ''}`);
  }
}

/** What was compared of a lab. */
function labText({ measurements, seeds, checks }: NonNullable<EntryVerdict['lab']>): string {
  const all = `${String(measurements)} measurement${measurements === 1 ? '' : 's'}`;
  const means = seeds > 1 ? 'their means and intervals' : 'their means';
  return `${all}, ${means}, and ${String(checks)} checks come out to the last digit`;
}
