// The workbench's database: runs, recent files, the draft, the layout. SQLite as WebAssembly, which loads in every
// Node and Electron. Its lock is a folder that a killed process leaves behind; the owner's process id beside the
// database tells whether such a lock is stale. One process owns a database.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from 'node-sqlite3-wasm';

/** One row of the library of runs; the shape of ipc's RunRecord. */
export interface StoredRun {
  readonly runId: string;
  readonly name: string;
  readonly scenario: string;
  readonly seed: number;
  readonly status: 'running' | 'finished' | 'stopped' | 'failed';
  readonly reason?: string | undefined;
  /** Wall clock, milliseconds since 1970. */
  readonly startedAt: number;
  readonly endedAt?: number | undefined;
  readonly durationNs: number;
  readonly digest?: string | undefined;
  readonly notes: string;
}

/** Each entry brings a database from its index to the next version. */
const MIGRATIONS = [
  `CREATE TABLE runs (
     run_id TEXT PRIMARY KEY, name TEXT NOT NULL, scenario TEXT NOT NULL, seed REAL NOT NULL, status TEXT NOT NULL,
     reason TEXT, started_at REAL NOT NULL, ended_at REAL, duration_ns REAL NOT NULL, digest TEXT, notes TEXT NOT NULL);
   CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL);
   CREATE TABLE recent (path TEXT PRIMARY KEY, name TEXT NOT NULL, used_at REAL NOT NULL);`,
];

const INTERRUPTED = 'the program ended while this run was going on; what was measured until then is kept';
const RECENT_MAX = 12;

type Row = Record<string, unknown>;

export class RunDatabase {
  private readonly database: Database;

  /**
   * Opens or makes the database in `folder`.
   * @throws Error if another living process owns it, or the file is damaged
   */
  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, 'odonata.db');
    this.takeOwnership(path);
    this.database = new Database(path);
    this.database.exec('PRAGMA journal_mode = PERSIST; PRAGMA synchronous = FULL;');
    const check = this.one('PRAGMA integrity_check');
    if (check?.['integrity_check'] !== 'ok') throw new Error(`${path} is damaged; move it away and start again`);
    this.migrate();
    this.failInterrupted();
  }

  close(): void {
    this.database.close();
    rmSync(this.ownerFile, { force: true });
  }

  addRun(run: StoredRun): void {
    this.database.run(
      'INSERT INTO runs (run_id, name, scenario, seed, status, started_at, duration_ns, notes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
      [run.runId, run.name, run.scenario, run.seed, run.status, run.startedAt, run.durationNs, run.notes],
    );
  }

  /** Ends a run that is still marked as running; returns whether it was. */
  endRun(
    runId: string,
    end: { status: 'finished' | 'stopped' | 'failed'; endedAt: number; reason?: string; digest?: string },
  ): boolean {
    const before = this.run(runId);
    if (before?.status !== 'running') return false;
    this.database.run('UPDATE runs SET status = ?, ended_at = ?, reason = ?, digest = ? WHERE run_id = ?', [
      end.status,
      end.endedAt,
      end.reason ?? null,
      end.digest ?? null,
      runId,
    ]);
    return true;
  }

  annotate(runId: string, change: { name?: string | undefined; notes?: string | undefined }): void {
    if (change.name !== undefined) this.database.run('UPDATE runs SET name = ? WHERE run_id = ?', [change.name, runId]);
    if (change.notes !== undefined)
      this.database.run('UPDATE runs SET notes = ? WHERE run_id = ?', [change.notes, runId]);
  }

  removeRun(runId: string): void {
    this.database.run('DELETE FROM runs WHERE run_id = ?', [runId]);
  }

  run(runId: string): StoredRun | undefined {
    const row = this.one('SELECT * FROM runs WHERE run_id = ?', [runId]);
    return row === undefined ? undefined : toRun(row);
  }

  /** All runs, the latest first. */
  runs(): StoredRun[] {
    return this.all('SELECT * FROM runs ORDER BY started_at DESC, run_id DESC').map(toRun);
  }

  setting(key: string): string | undefined {
    const value = this.one('SELECT value FROM settings WHERE key = ?', [key])?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  /** Keeps a setting, or forgets it. */
  setSetting(key: string, value: string | undefined): void {
    if (value === undefined) this.database.run('DELETE FROM settings WHERE key = ?', [key]);
    else
      this.database.run(
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        [key, value],
      );
  }

  noteRecent(path: string, name: string, usedAt: number): void {
    this.database.run(
      'INSERT INTO recent (path, name, used_at) VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE SET used_at = excluded.used_at',
      [path, name, usedAt],
    );
    this.database.run('DELETE FROM recent WHERE path NOT IN (SELECT path FROM recent ORDER BY used_at DESC LIMIT ?)', [
      RECENT_MAX,
    ]);
  }

  recent(): { path: string; name: string }[] {
    return this.all('SELECT path, name FROM recent ORDER BY used_at DESC').map((row) => ({
      path: String(row['path']),
      name: String(row['name']),
    }));
  }

  private get ownerFile(): string {
    return join(this.folder, 'owner.pid');
  }

  private takeOwnership(path: string): void {
    const owner = existsSync(this.ownerFile) ? Number(readFileSync(this.ownerFile, 'utf8')) : 0;
    if (owner !== process.pid && owner > 0 && isAlive(owner)) {
      throw new Error(`process ${String(owner)} has the database open; close that window first`);
    }
    rmSync(`${path}.lock`, { recursive: true, force: true });
    writeFileSync(this.ownerFile, String(process.pid));
  }

  private migrate(): void {
    const version = Number(this.one('PRAGMA user_version')?.['user_version'] ?? 0);
    if (version > MIGRATIONS.length) throw new Error('the database was made by a newer version of Odonata');
    for (const [index, migration] of MIGRATIONS.slice(version).entries()) {
      this.database.exec(`BEGIN; ${migration} PRAGMA user_version = ${String(version + index + 1)}; COMMIT;`);
    }
  }

  private failInterrupted(): void {
    this.database.run("UPDATE runs SET status = 'failed', reason = ? WHERE status = 'running'", [INTERRUPTED]);
  }

  private all(sql: string, values: (string | number)[] = []): Row[] {
    return this.database.all(sql, values);
  }

  private one(sql: string, values: (string | number)[] = []): Row | undefined {
    return this.all(sql, values)[0];
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function toRun(row: Row): StoredRun {
  const text = (key: string): string | undefined => (typeof row[key] === 'string' ? row[key] : undefined);
  const number = (key: string): number | undefined => (typeof row[key] === 'number' ? row[key] : undefined);
  return {
    runId: text('run_id') ?? '',
    name: text('name') ?? '',
    scenario: text('scenario') ?? '',
    seed: number('seed') ?? 0,
    status: (text('status') ?? 'failed') as StoredRun['status'],
    reason: text('reason'),
    startedAt: number('started_at') ?? 0,
    endedAt: number('ended_at'),
    durationNs: number('duration_ns') ?? 0,
    digest: text('digest'),
    notes: text('notes') ?? '',
  };
}
