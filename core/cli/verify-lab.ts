// Runs a lab of a bundle again, with the seeds that it had, and compares everything that comes of it: each measurement, means with their
// intervals, checks, reference, and what the workbench shows. Only what a clock measured, and pictures, are not compared.

import { badInput } from '../base';
import { forecastSeconds, type Lab, LAB_COSTS, labFiles, labOutcome, type LabResult, LabRun, LABS } from '../labs';
import {
  type BundleEntry,
  folderOfEntry,
  LabFile,
  losslessJson,
  type OpenBundle,
  parseLabResult,
  type ReadLabResult,
} from '../store';
import { aboutTime } from './lab-list';
import { tell } from './output';
import type { EntryVerdict, VerifySetting } from './verify';

const LONG_SECONDS = 60;
/** Tables that are compared as they stand. */
const TABLES: readonly string[] = [LabFile.points, LabFile.reference];

export async function repeatLab(
  bundle: OpenBundle,
  entry: BundleEntry,
  { onProgress }: Pick<VerifySetting, 'onProgress'>,
): Promise<EntryVerdict> {
  const { id, kind, name } = entry;
  const folder = folderOfEntry(entry);
  const kept = await readKept(bundle, folder);
  const { facts } = kept;
  const planned = LABS.find((lab) => lab.id === facts.lab);
  if (planned === undefined) {
    const why = `this version has no lab "${facts.lab}" to run again`;
    return { id, kind, name, verdict: 'whole', differs: [], why };
  }
  const lab = { ...planned, replications: { quick: facts.seeds, full: facts.seeds } };
  const result = measured(lab, facts.quick, onProgress);
  const differs = [
    ...differingFacts(kept, result),
    ...(await differingFiles(bundle, folder, result, facts.program)),
    ...differingKeys(kept.outcome, labOutcome(result, facts, planned)).map((key) => `${LabFile.outcome} (${key})`),
  ];
  const measurements = result.table.rows.reduce((sum, { runs }) => sum + runs.length, 0);
  const verdict = differs.length === 0 ? 'equal' : 'different';
  return { id, kind, name, verdict, differs, lab: { measurements, seeds: facts.seeds, checks: result.checks.length } };
}

async function readKept(bundle: OpenBundle, folder: string): Promise<ReadLabResult> {
  const path = folder + LabFile.outcome;
  const text = await bundle.text(path);
  try {
    return parseLabResult(text, path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw badInput(path, message, 'pack the folder that odonata lab run --out wrote again');
  }
}

function measured(lab: Lab, quick: boolean, onProgress: (share: number) => void): LabResult {
  const run = new LabRun(lab, quick);
  const first = LAB_COSTS[lab.id]?.first.measurements;
  const startedAt = performance.now();
  while (!run.finished) {
    run.step();
    onProgress(run.done / run.all);
    if (quick || run.done !== first) continue;
    const seconds = forecastSeconds(lab.id, run.done, (performance.now() - startedAt) / 1000, run.all);
    if (seconds > LONG_SECONDS) tell(`odonata: running ${lab.id} again takes about ${aboutTime(seconds)}`);
  }
  return run.result();
}

/** What lists say of the result. */
function differingFacts({ facts }: ReadLabResult, { checks }: LabResult): string[] {
  const failed = checks.filter(({ pass }) => !pass).length;
  return facts.checks === checks.length && facts.failed === failed ? [] : [`${LabFile.outcome} (checks)`];
}

/** Tables that are not the same, and the parts of the verdict that are not; files that the folder must have and has not differ, too. */
async function differingFiles(
  bundle: OpenBundle,
  folder: string,
  result: LabResult,
  program: string,
): Promise<string[]> {
  const differing: string[] = [];
  for (const { name, content } of labFiles(result, program)) {
    if (!TABLES.includes(name) && name !== LabFile.verdict) continue;
    const isThere = bundle.manifest.files.some(({ path }) => path === folder + name);
    const kept = isThere ? await bundle.text(folder + name) : '';
    if (kept === content) continue;
    differing.push(...(name === LabFile.verdict ? differingParts(kept, content) : [name]));
  }
  return differing;
}

function differingParts(kept: string, again: string): string[] {
  try {
    const parts = differingKeys(JSON.parse(kept) as object, JSON.parse(again) as object);
    return parts.map((key) => `${LabFile.verdict} (${key})`);
  } catch {
    return [LabFile.verdict];
  }
}

/** Keys under which two records do not hold the same, to the last digit. */
function differingKeys(one: object, other: object): string[] {
  const [a, b] = [new Map(Object.entries(one)), new Map(Object.entries(other))] as Map<string, unknown>[];
  const keys = [...new Set([...a!.keys(), ...b!.keys()])];
  return keys.filter((key) => losslessJson([a!.get(key)]) !== losslessJson([b!.get(key)]));
}
