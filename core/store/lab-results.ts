// Results of labs that last. As with runs, a row is the truth: a folder appears under its name only after its row is committed, and
// goes only after the row has gone to the waste basket or to a newer result. Until then it is called `NAME.part`. Whatever is killed
// when, a result is there whole or not at all, and an old one stays until the new one is there.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { LabFacts, LabKey, LabRow, LabRows } from './lab-rows';
import { losslessJson, readLosslessJson } from './lossless-json';
import { folderBytes, PART, settlePart, writeWhole } from './run-folder';

const OUTCOME_FILE = 'outcome.json';
const FORMAT = 'odonata-lab-result';
const NAME = /^[0-9a-z-]{1,64}\.(quick|full)\.\d{1,16}$/;

/** What a lab's run leaves beside its outcome, such as its tables. */
export interface LabFile {
  readonly name: string;
  readonly content: string;
}

/** Writes a result into a folder that has no name yet (`LabResults.place`). @param outcome whatever shows it; comes back as it was */
export function writeLabResult(part: string, facts: LabFacts, outcome: unknown, files: readonly LabFile[]): void {
  mkdirSync(part, { recursive: true });
  for (const { name, content } of files) writeWhole(join(part, name), content);
  writeWhole(join(part, OUTCOME_FILE), losslessJson({ format: FORMAT, version: 1, ...facts, outcome }));
}

export class LabResults {
  /** @param folder where the folders of results are */
  constructor(
    private readonly folder: string,
    private readonly rows: LabRows,
  ) {
    mkdirSync(folder, { recursive: true });
    this.empty(Infinity);
    this.reconcile();
  }

  /** Where the run of a lab that begins at this time may write; gone with the next start unless it is kept. */
  place({ lab, quick }: LabKey, at: number): string {
    return join(this.folder, `${lab}.${quick ? 'quick' : 'full'}.${String(at)}${PART}`);
  }

  /** Keeps what was written to a place, instead of what there was of this lab and plan. */
  keep(facts: LabFacts, place: string): LabRow {
    const folder = place.slice(this.folder.length + 1, -PART.length);
    const before = this.rows.all().find(({ lab, quick }) => lab === facts.lab && quick === facts.quick);
    const row = { ...facts, folder, diskBytes: folderBytes(place) };
    this.rows.put(row);
    renameSync(place, join(this.folder, folder));
    if (before !== undefined) rmSync(join(this.folder, before.folder), { recursive: true, force: true });
    return row;
  }

  /** Throws away what a run that did not end well left at its place. */
  abandon(place: string): void {
    rmSync(place, { recursive: true, force: true });
  }

  /** What is kept, the latest first. */
  list(): LabRow[] {
    return this.rows.shown();
  }

  /** The outcome as it was written; undefined if there is none. @throws Error if its file cannot be read */
  outcome(key: LabKey): unknown {
    const row = this.rows.one(key);
    if (row === undefined) return undefined;
    return readResult(join(this.folder, row.folder)).outcome;
  }

  discard(key: LabKey, at: number): void {
    this.rows.discard(key, at);
  }

  /** Takes a result out of the waste basket; whether it was still there. */
  restore(key: LabKey): boolean {
    this.rows.restore(key);
    return this.rows.one(key) !== undefined;
  }

  /** Throws away what was put into the waste basket before `before`: the folder, then the row. */
  empty(before: number): void {
    for (const folder of this.rows.discarded(before)) {
      rmSync(join(this.folder, folder), { recursive: true, force: true });
      this.rows.remove(folder);
    }
  }

  /** Makes folders agree with rows. A folder that lost its row is taken in again, unless a newer result is there. */
  private reconcile(): void {
    const rows = this.rows.all();
    const named = new Set(rows.map(({ folder }) => folder));
    for (const name of readdirSync(this.folder))
      if (name.endsWith(PART)) settlePart(join(this.folder, name), named.has(name.slice(0, -PART.length)));
    const [there, lost] = [true, false].map((is) =>
      rows.filter(({ folder }) => existsSync(join(this.folder, folder)) === is),
    ) as [LabRow[], LabRow[]];
    for (const { folder } of lost) this.rows.remove(folder);
    const taken = new Set(there.map(keyOf));
    const strays = readdirSync(this.folder).filter((name) => NAME.test(name) && !named.has(name));
    const found = strays.flatMap((name) => rowOfFolder(join(this.folder, name), name));
    for (const row of found.sort((a, b) => b.ranAt - a.ranAt)) {
      if (taken.has(keyOf(row))) rmSync(join(this.folder, row.folder), { recursive: true, force: true });
      else this.rows.put(row);
      taken.add(keyOf(row));
    }
  }
}

function keyOf({ lab, quick }: LabKey): string {
  return `${lab}.${quick ? 'quick' : 'full'}`;
}

function readResult(folder: string): LabFacts & { readonly outcome: unknown } {
  const path = join(folder, OUTCOME_FILE);
  const result = readLosslessJson(readFileSync(path, 'utf8')) as Partial<LabFacts> & {
    format?: string;
    version?: number;
    outcome?: unknown;
  };
  if (result.format !== FORMAT || result.version !== 1)
    throw new Error(`${path} was not written by this version of Odonata; run the lab again`);
  return result as LabFacts & { outcome: unknown };
}

/** The row of a folder that has none; nothing if it is no result, whatever its name: it is left where it is. */
function rowOfFolder(path: string, folder: string): LabRow[] {
  try {
    const { lab, quick, seeds, checks, failed, ranAt, seconds, program } = readResult(path);
    return [{ lab, quick, seeds, checks, failed, ranAt, seconds, program, folder, diskBytes: folderBytes(path) }];
  } catch {
    return [];
  }
}
