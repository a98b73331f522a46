// The results of a plan in one database, `results.db` in a folder: the plan, its jobs, and of each run that has ended its values and
// digest. A run is there as a whole or not at all, and what is there stays, however the program ends. SQLite's lock is a folder that
// a killed process leaves behind; `owner.json` beside it tells whether the owner still lives. One process owns a folder.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Database, type Statement } from 'node-sqlite3-wasm';
import { type DoneRun, expandPlan, type Outcome, type Plan, type Shard, shardJobs } from '../experiment';
import { openDatabaseFile } from './open-database';

export const ExperimentFile = {
  database: 'results.db',
  owner: 'owner.json',
  results: 'results.csv',
  summary: 'summary.csv',
  differences: 'differences.csv',
  anova: 'anova.csv',
  verdicts: 'verdicts.csv',
  charts: 'charts',
  plan: 'plan.json',
  provenance: 'provenance.json',
} as const;

/** What a folder's results belong to; the same for all that may be put together. */
export interface Origin {
  /** The plan's document as JSON, its scenario in it. */
  readonly plan: string;
  readonly programVersion: string;
}

/** Each entry brings a database from its index to the next version. */
const MIGRATIONS = [
  `CREATE TABLE origin (plan TEXT NOT NULL, program_version TEXT NOT NULL, shard INTEGER NOT NULL, shards INTEGER NOT NULL);
   CREATE TABLE jobs (point INTEGER NOT NULL, replication INTEGER NOT NULL, seed REAL NOT NULL, place INTEGER NOT NULL,
     PRIMARY KEY (point, replication)) WITHOUT ROWID;
   CREATE TABLE runs (point INTEGER NOT NULL, replication INTEGER NOT NULL, seed REAL NOT NULL, status TEXT NOT NULL, reason TEXT,
     digest TEXT, events REAL, measured TEXT, wall_seconds REAL NOT NULL,
     PRIMARY KEY (point, replication)) WITHOUT ROWID;`,
];

/** Somebody else owns the folder, or what is in it belongs to something else. */
export class StoreConflict extends Error {}

type Row = Record<string, unknown>;

export class ExperimentStore {
  private readonly database: Database;
  private readonly insert: Statement;

  /**
   * Opens or makes the results in a folder; without one they are kept in memory.
   * @throws StoreConflict if another living process owns them, or they were made by a newer version
   */
  constructor(private readonly folder?: string) {
    if (folder === undefined) this.database = new Database(':memory:');
    else {
      mkdirSync(folder, { recursive: true });
      takeOwnership(folder);
      this.database = openDatabaseFile(join(folder, ExperimentFile.database), 'program');
    }
    try {
      this.migrate();
    } catch (error) {
      this.database.close();
      release(folder);
      throw error;
    }
    this.insert = this.database.prepare(
      `INSERT INTO runs (point, replication, seed, status, reason, digest, events, measured, wall_seconds)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (point, replication) DO UPDATE SET status = excluded.status, reason = excluded.reason, digest = excluded.digest,
         events = excluded.events, measured = excluded.measured, wall_seconds = excluded.wall_seconds`,
    );
  }

  /** Whether there are results in this folder. */
  static exists(folder: string): boolean {
    return existsSync(join(folder, ExperimentFile.database));
  }

  /** Writes the plan and its jobs down, in one step; call once, for an empty store. */
  begin(plan: Plan, origin: Origin, shard: Shard): void {
    const jobs = shard.of === 1 ? expandPlan(plan) : shardJobs(plan, shard);
    this.database.exec('BEGIN');
    this.database.run('INSERT INTO origin VALUES (?, ?, ?, ?)', [
      origin.plan,
      origin.programVersion,
      shard.index,
      shard.of,
    ]);
    // One statement for all: each would cost as much as keeping a run.
    this.database.run(
      `INSERT INTO jobs SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'), key
       FROM json_each(?)`,
      [JSON.stringify(jobs.map(({ point, replication, seed }) => [point.number, replication, seed]))],
    );
    this.database.exec('COMMIT');
  }

  /** What the results belong to; undefined for an empty store. */
  origin(): (Origin & { readonly shard: Shard }) | undefined {
    const row = this.all('SELECT * FROM origin')[0];
    if (row === undefined) return undefined;
    return {
      plan: String(row['plan']),
      programVersion: String(row['program_version']),
      shard: { index: Number(row['shard']), of: Number(row['shards']) },
    };
  }

  /** Keeps a run that has ended; when this returns, no end of this program loses it. A failed run gives way to a later one. */
  add({ point, replication, seed, outcome }: DoneRun): void {
    const rest =
      outcome.status === 'finished'
        ? [null, outcome.digest, outcome.events, JSON.stringify(outcome.values)]
        : [outcome.reason, null, null, null];
    this.insert.run([point, replication, seed, outcome.status, ...rest, outcome.wallSeconds]);
  }

  /** Keeps many at once: all or none. */
  addAll(runs: readonly DoneRun[]): void {
    this.database.exec('BEGIN');
    for (const run of runs) this.add(run);
    this.database.exec('COMMIT');
  }

  /** All runs that have ended, by point and replication. */
  runs(): DoneRun[] {
    return this.all('SELECT * FROM runs ORDER BY point, replication').map(toRun);
  }

  close(): void {
    this.insert.finalize();
    // A single file without a log, which any reader opens.
    this.database.exec('PRAGMA journal_mode = DELETE');
    this.database.close();
    release(this.folder);
  }

  private migrate(): void {
    const version = Number(this.all('PRAGMA user_version')[0]?.['user_version'] ?? 0);
    if (version > MIGRATIONS.length) throw new StoreConflict('the results were made by a newer version of Odonata');
    for (const [index, migration] of MIGRATIONS.slice(version).entries())
      this.database.exec(`BEGIN; ${migration} PRAGMA user_version = ${String(version + index + 1)}; COMMIT;`);
  }

  private all(sql: string): Row[] {
    return this.database.all(sql);
  }
}

function toRun(row: Row): DoneRun {
  const wallSeconds = Number(row['wall_seconds']);
  const outcome: Outcome =
    row['status'] === 'finished'
      ? {
          status: 'finished',
          values: JSON.parse(String(row['measured'])) as (number | null)[],
          digest: String(row['digest']),
          events: Number(row['events']),
          wallSeconds,
        }
      : { status: 'failed', reason: String(row['reason']), wallSeconds };
  return { point: Number(row['point']), replication: Number(row['replication']), seed: Number(row['seed']), outcome };
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** Of the process, as the system tells it: numbers of processes are used again. */
  readonly started: string;
}

/** Makes this process the owner of a folder, and removes a lock that a dead owner left. */
function takeOwnership(folder: string): void {
  const path = join(folder, ExperimentFile.owner);
  const me: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) ?? '' };
  for (;;) {
    try {
      writeFileSync(path, JSON.stringify(me), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const owner = ownerIn(path);
    if (owner !== undefined && mayLive(owner, me))
      throw new StoreConflict(
        `process ${String(owner.pid)} on ${owner.host} has these results open; if it is gone, remove ${path}`,
      );
    rmSync(path, { force: true });
  }
  rmSync(join(folder, `${ExperimentFile.database}.lock`), { recursive: true, force: true });
}

function release(folder: string | undefined): void {
  if (folder !== undefined) rmSync(join(folder, ExperimentFile.owner), { force: true });
}

/** Undefined when there is none, or its writer was killed before it had written. */
function ownerIn(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Owner;
  } catch {
    return undefined;
  }
}

/** A process of another machine cannot be asked. */
function mayLive(owner: Owner, me: Owner): boolean {
  if (owner.host !== me.host) return true;
  if (owner.pid === me.pid) return owner.started === me.started;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const started = startOf(owner.pid);
  return started === undefined || owner.started === '' || started === owner.started;
}

/** When a process started, in ticks since the machine did; undefined where the system does not tell. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The name, in parentheses, may have spaces in it; the start is the twentieth field after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}
