// Results of labs that last. As with runs, a row is the truth: a folder appears under its name only after its row is committed, and
// goes only after the row has gone to the waste basket or to a newer result. Until then it is called `NAME.part`. Whatever is killed
// when, a result is there whole or not at all, and an old one stays until the new one is there.

import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { readLabResult } from './lab-folder';
import type { LabFacts, LabKey, LabRow, LabRows } from './lab-rows';
import { folderBytes, PART, settlePart } from './run-folder';

const NAME = /^[0-9a-z-]{1,64}\.(quick|full)\.\d{1,16}$/;

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
    if (before !== undefined && before.folder !== folder)
      rmSync(join(this.folder, before.folder), { recursive: true, force: true });
    return row;
  }

  /**
   * Takes a result that lies in a folder elsewhere, as a bundle brings it; the folder moves. What is here of the same lab and plan stays:
   * nothing of one's own gives way to another's.
   * @returns which lab it is of, and whether it is here now: taken, or the same one that was here already
   * @throws Error if the folder holds no result
   */
  admit(from: string): LabKey & { readonly isHere: boolean } {
    const { facts } = readLabResult(from);
    const { lab, quick, ranAt, program } = facts;
    const before = this.rows.one(facts);
    if (before !== undefined) return { lab, quick, isHere: before.ranAt === ranAt && before.program === program };
    // What lies in the waste basket gives way.
    for (const { folder } of this.rows.all().filter((row) => keyOf(row) === keyOf(facts)))
      rmSync(join(this.folder, folder), { recursive: true, force: true });
    const place = this.place(facts, ranAt);
    this.abandon(place);
    renameSync(from, place);
    this.keep(facts, place);
    return { lab, quick, isHere: true };
  }

  /** The folder of a result that is kept. */
  folderOf(key: LabKey): string | undefined {
    const row = this.rows.one(key);
    return row === undefined ? undefined : join(this.folder, row.folder);
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
    return readLabResult(join(this.folder, row.folder)).outcome;
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

/** The row of a folder that has none; nothing if it is no result, whatever its name: it is left where it is. */
function rowOfFolder(path: string, folder: string): LabRow[] {
  try {
    return [{ ...readLabResult(path).facts, folder, diskBytes: folderBytes(path) }];
  } catch {
    return [];
  }
}
