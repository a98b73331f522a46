// The library: the database's rows and the folders of runs, kept together. A row is the truth: a folder appears under
// its name only after its row is committed, and goes only after the row is in the waste basket. Until then it is called
// `NAME.part`. So whenever the program is killed, opening the library again finds each run whole or not at all.

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BundleEntry } from './bundle-format';
import { DATABASE_FILE, RunDatabase, type WhatBecame } from './database';
import { DamagedDatabase } from './open-database';
import { ExperimentFile } from './experiment-store';
import { LabResults } from './lab-results';
import type { LabRow } from './lab-rows';
import { folderBytes, PART, readSummary, RunFile, settlePart, writeWhole } from './run-folder';
import type { NewRun, RunEnd, StoredRun } from './run-row';

const RUN_ID = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-[0-9a-z-]{1,32}$/;
const DISK_LIMIT = 'diskLimitBytes';
/** What a library may take before removals are offered. */
const DISK_LIMIT_DEFAULT_BYTES = 20e9;
const INTERRUPTED = {
  status: 'stopped',
  reason: 'the program ended while this experiment went on; the runs that had ended are kept, and it can be resumed',
} as const;
const NEVER_BEGAN = 'the program ended while this experiment waited for its turn: it never began, and can be resumed';
const WAITED_AGAIN =
  'the program ended while this experiment waited for its turn; the runs that had ended before are kept, and it can be resumed';
const UNKNOWN_RUN = 'its row in the library was lost; the folder was found and taken in again';

export interface DiskUse {
  readonly bytes: number;
  readonly limitBytes: number;
  /**
   * The oldest that would have to go: runs without tag and pin, with what they take together, and results of labs, which can be had
   * again by running the lab.
   */
  readonly offered: { readonly runIds: readonly string[]; readonly bytes: number; readonly labs: readonly LabRow[] };
}

/** What an unpacked bundle brings. */
export interface Arrival {
  readonly entry: BundleEntry;
  /** Folder of the entry below the unpacked bundle. */
  readonly folder: string;
}

export class RunLibrary {
  readonly database: RunDatabase;
  /** What a person should know of this start, such as that a damaged database was moved away. */
  readonly notices: readonly string[];
  /** What labs left. */
  readonly labs: LabResults;
  private readonly runsFolder: string;

  /** @throws Error if another living process owns the library */
  constructor(folder: string) {
    this.runsFolder = join(folder, 'runs');
    mkdirSync(this.runsFolder, { recursive: true });
    const whatBecame: WhatBecame = (run) => endOf(this.folderOf(run.runId), run);
    const { database, notices } = openDatabase(folder, whatBecame);
    this.database = database;
    this.labs = new LabResults(join(folder, 'labs'), database.labs);
    this.empty(Infinity);
    const adopted = this.reconcile();
    this.notices = adopted > 0 ? [...notices, `${String(adopted)} runs were found in their folders again`] : notices;
  }

  close(): void {
    this.database.close();
  }

  folderOf(runId: string): string {
    return join(this.runsFolder, runId);
  }

  /**
   * Puts a run on the books with its scenario, or an experiment with its plan too, and makes its folder; returns the folder.
   */
  begin(run: NewRun, scenario: string, plan?: string): string {
    const folder = this.folderOf(run.runId);
    const part = folder + PART;
    mkdirSync(part, { recursive: true });
    writeWhole(join(part, RunFile.scenario), scenario);
    if (plan !== undefined) writeWhole(join(part, ExperimentFile.plan), plan);
    this.database.addRun(run);
    renameSync(part, folder);
    return folder;
  }

  /** Writes down how a run ended; false if that was known. */
  end(runId: string, end: Omit<RunEnd, 'diskBytes'>): boolean {
    return this.database.endRun(runId, { ...end, diskBytes: folderBytes(this.folderOf(runId)) });
  }

  /** Where a bundle may be unpacked to: a folder of its own, gone with the next start unless `admit` took from it. */
  arrivalFolder(name: string): string {
    return join(this.runsFolder, `arrival-${name}${PART}`);
  }

  /**
   * Takes the runs and experiments that an unpacked bundle brings (labs: `labs.admit`): all of them or nothing. Runs that are here already, with the
   * same digest, are left alone.
   * @param newRunId another run id, for one that is taken
   * @returns the run ids, in the order of `arrivals`
   */
  admit(arrivals: readonly Arrival[], origin: string, newRunId: () => string): string[] {
    // What was thrown away and comes back in a bundle comes from the bundle.
    const basket = new Set(this.database.discarded(Infinity));
    for (const { entry } of arrivals) if (basket.has(entry.id)) this.destroy(entry.id);
    const taken = this.database.allIds();
    const runIds: string[] = [];
    const rows: NewRun[] = [];
    for (const { entry, folder } of arrivals) {
      const known = this.database.run(entry.id);
      if (known !== undefined && known.digest === entry.digest && entry.digest !== undefined) {
        runIds.push(entry.id);
        continue;
      }
      let runId = entry.id;
      while (!RUN_ID.test(runId) || taken.has(runId)) runId = newRunId();
      taken.add(runId);
      runIds.push(runId);
      renameSync(folder, this.folderOf(runId) + PART);
      rows.push(rowOf(entry, runId, origin, folderBytes(this.folderOf(runId) + PART)));
    }
    this.database.addRuns(rows);
    for (const { runId } of rows) renameSync(this.folderOf(runId) + PART, this.folderOf(runId));
    return runIds;
  }

  /** Throws away what was put into the waste basket before `before`: the folder, then the row. */
  empty(before: number): void {
    for (const runId of this.database.discarded(before)) this.destroy(runId);
  }

  diskUse(): DiskUse {
    const bytes = this.database.diskBytes();
    const limitBytes = this.diskLimitBytes;
    const runIds: string[] = [];
    const labs: LabRow[] = [];
    let [ofRuns, ofLabs] = [0, 0];
    for (const one of bytes > limitBytes ? this.dispensable() : []) {
      if (bytes - ofRuns - ofLabs <= limitBytes) break;
      if ('runId' in one) {
        runIds.push(one.runId);
        ofRuns += one.bytes;
      } else {
        labs.push(one.lab);
        ofLabs += one.bytes;
      }
    }
    return { bytes, limitBytes, offered: { runIds, bytes: ofRuns, labs } };
  }

  /** What nobody marked as worth keeping, the oldest first. */
  private dispensable(): ({ bytes: number; at: number } & ({ runId: string } | { lab: LabRow }))[] {
    const labs = this.labs.list().map((lab) => ({ lab, bytes: lab.diskBytes, at: lab.ranAt }));
    return [...this.database.dispensable(), ...labs].sort((a, b) => a.at - b.at);
  }

  get diskLimitBytes(): number {
    return Number(this.database.setting(DISK_LIMIT) ?? DISK_LIMIT_DEFAULT_BYTES);
  }

  set diskLimitBytes(bytes: number) {
    this.database.setSetting(DISK_LIMIT, String(bytes));
  }

  /** Measures folders that nobody has measured, at most `limit`; whether there may be more. */
  measure(limit: number): boolean {
    const runIds = this.database.unmeasured(limit);
    this.database.noteDiskBytes(new Map(runIds.map((runId) => [runId, folderBytes(this.folderOf(runId))])));
    return runIds.length === limit;
  }

  private destroy(runId: string): void {
    rmSync(this.folderOf(runId), { recursive: true, force: true });
    this.database.removeRun(runId);
  }

  /** Makes folders agree with rows; returns how many folders without a row were taken in. */
  private reconcile(): number {
    const rows = this.database.allIds();
    const adopted: NewRun[] = [];
    for (const name of readdirSync(this.runsFolder)) {
      const path = join(this.runsFolder, name);
      if (name.endsWith(PART)) settlePart(path, rows.has(name.slice(0, -PART.length)));
      else if (!rows.has(name) && RUN_ID.test(name)) {
        const row = rowFromFolder(path, name);
        if (row !== undefined) adopted.push(row);
      }
    }
    this.database.addRuns(adopted);
    return adopted.length;
  }
}

/** Opens the database; a damaged one is moved aside, and the folders of runs will fill the new one. */
function openDatabase(folder: string, whatBecame: WhatBecame): { database: RunDatabase; notices: string[] } {
  try {
    return { database: new RunDatabase(folder, whatBecame), notices: [] };
  } catch (error) {
    if (!(error instanceof DamagedDatabase)) throw error;
    const path = join(folder, DATABASE_FILE);
    let aside = `${path}.damaged`;
    for (let n = 2; existsSync(aside); n += 1) aside = `${path}.damaged-${String(n)}`;
    renameSync(path, aside);
    for (const rest of ['-journal', '-wal']) if (existsSync(path + rest)) renameSync(path + rest, aside + rest);
    const notice = `the library's database was damaged and stands aside as ${aside}; tags and notes are in there only`;
    return { database: new RunDatabase(folder, whatBecame), notices: [notice] };
  }
}

/** How a run ended, if its folder is whole: its summary is what a runner writes last. */
function endOf(folder: string, run: StoredRun): Omit<RunEnd, 'endedAt'> | undefined {
  if (existsSync(join(folder, ExperimentFile.plan))) return run.status === 'waiting' ? endInLine(run) : INTERRUPTED;
  try {
    const { outcome, digest, failure } = readSummary(folder);
    return { status: outcome, digest, reason: failure };
  } catch {
    // No summary, or none that can be read: the run did not get that far.
    return undefined;
  }
}

/** How an experiment ended that waited: as it was before, for nothing of it ran meanwhile. */
function endInLine({ runsDone = 0, runsPlanned, digest }: StoredRun): Omit<RunEnd, 'endedAt'> {
  if (runsDone === 0) return { status: 'stopped', reason: NEVER_BEGAN };
  return { status: runsDone === runsPlanned ? 'finished' : 'stopped', reason: WAITED_AGAIN, digest };
}

/** A row for a folder that has none; undefined if nothing was measured there. */
function rowFromFolder(folder: string, runId: string): NewRun | undefined {
  try {
    const [, year, month, day, hour, minute, second] = RUN_ID.exec(runId)!.map(Number);
    const startedAt = Date.UTC(year!, month! - 1, day, hour, minute, second);
    if (existsSync(join(folder, ExperimentFile.plan))) return experimentFromFolder(folder, runId, startedAt);
    if (existsSync(join(folder, RunFile.summary))) {
      const { scenario, seed, outcome, durationNs, digest, failure } = readSummary(folder);
      return { runId, name: scenario, scenario, seed, status: outcome, startedAt, durationNs, digest, reason: failure };
    }
    if (!existsSync(join(folder, RunFile.liveSeries))) return undefined;
    const { name, seed } = JSON.parse(readFileSync(join(folder, RunFile.scenario), 'utf8')) as Record<string, unknown>;
    const title = typeof name === 'string' ? name : runId;
    const number = typeof seed === 'number' ? seed : 0;
    return {
      runId,
      name: title,
      scenario: title,
      seed: number,
      status: 'failed',
      reason: UNKNOWN_RUN,
      startedAt,
      durationNs: 0,
    };
  } catch {
    // Not a run's folder, whatever its name: it is left where it is.
    return undefined;
  }
}

/** A row for the folder of an experiment; how much of it was done is read when it is opened. */
function experimentFromFolder(folder: string, runId: string, startedAt: number): NewRun {
  const plan = JSON.parse(readFileSync(join(folder, ExperimentFile.plan), 'utf8')) as Record<string, unknown>;
  const { name, seed, scenario } = plan;
  const title = (value: unknown): string => (typeof value === 'string' ? value : runId);
  return {
    runId,
    kind: 'experiment',
    name: title(name),
    scenario: title((scenario as Record<string, unknown> | undefined)?.['name']),
    seed: typeof seed === 'number' ? seed : 1,
    status: 'stopped',
    reason: UNKNOWN_RUN,
    startedAt,
    durationNs: 0,
  };
}

function rowOf(entry: BundleEntry, runId: string, origin: string, diskBytes: number): NewRun {
  return {
    runId,
    kind: entry.kind === 'experiment' ? 'experiment' : 'run',
    name: entry.name,
    scenario: entry.scenario ?? entry.name,
    seed: entry.seed ?? 0,
    status: entry.outcome ?? 'finished',
    startedAt: entry.startedAt ?? 0,
    endedAt: entry.endedAt,
    durationNs: entry.durationNs ?? 0,
    digest: entry.digest,
    notes: entry.notes,
    tags: entry.tags,
    diskBytes,
    origin,
  };
}
