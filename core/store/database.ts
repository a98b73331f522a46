// The workbench's database: runs and experiments with tags and notes, recent files, the draft, the layout. SQLite as
// WebAssembly, which loads in every Node and Electron. Its lock is a folder that a killed process leaves behind;
// whoever owns the database (owner.ts) may remove it. One process owns a database. What changes together is one
// transaction.

import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'node-sqlite3-wasm';
import { LabRows } from './lab-rows';
import { MIGRATIONS } from './migrations';
import { openDatabaseFile } from './open-database';
import { giveUpOwnership, takeOwnership } from './owner';
import { conditionOf, pageOf, type RunQuery, type SqlValue } from './run-query';
import {
  isUnderWay,
  type NewRun,
  type Row,
  type RunChange,
  type RunEnd,
  type StoredRun,
  tidyTag,
  toRun,
} from './run-row';

export const DATABASE_FILE = 'odonata.db';
const INTERRUPTED = 'the program ended while this run was going on; what was measured until then is kept';
const RECENT_MAX = 12;
/** A row with the run id of its experiment. */
const COLUMNS = 'runs.*, (SELECT run_id FROM runs AS parent WHERE parent.id = runs.experiment) AS experiment_id';

/** The rows of `isUnderWay`. */
const UNDER_WAY = "status IN ('running', 'waiting')";

/** What became of a run that was under way when the program ended; undefined if its folder does not tell. */
export type WhatBecame = (run: StoredRun) => Omit<RunEnd, 'endedAt'> | undefined;

export class RunDatabase {
  /** Results of labs. */
  readonly labs: LabRows;
  private readonly database: Database;

  /**
   * Opens or makes the database in `folder`.
   * @throws Error if another living process owns it; DamagedDatabase if the file is damaged
   */
  constructor(
    private readonly folder: string,
    whatBecame: WhatBecame = () => undefined,
  ) {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, DATABASE_FILE);
    takeOwnership(folder);
    rmSync(`${path}.lock`, { recursive: true, force: true });
    this.database = openDatabaseFile(path);
    this.labs = new LabRows(this.database);
    try {
      this.migrate();
      this.endInterrupted(whatBecame);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    this.database.close();
    giveUpOwnership(this.folder);
  }

  addRun(run: NewRun): void {
    this.addRuns([run]);
  }

  /** Adds all of them or none. */
  addRuns(runs: readonly NewRun[]): void {
    this.transact(() => {
      for (const run of runs) this.insert(run);
    });
  }

  /** Ends a run that is still under way; returns whether it was. */
  endRun(runId: string, end: RunEnd): boolean {
    const before = this.run(runId);
    if (before === undefined || !isUnderWay(before)) return false;
    this.set('UPDATE runs SET status = ?, ended_at = ?, reason = ?, digest = ?, disk_bytes = ? WHERE run_id = ?', [
      end.status,
      end.endedAt,
      end.reason ?? null,
      end.digest ?? null,
      end.diskBytes ?? null,
      runId,
    ]);
    return true;
  }

  /** Puts an experiment in line; what is known of its results stays, for it may leave the line again. */
  wait(runId: string): void {
    this.set("UPDATE runs SET status = 'waiting', reason = NULL WHERE run_id = ? AND kind = 'experiment'", [runId]);
  }

  /** Marks an experiment as going on, for the first time or again; the first time it starts now. */
  goOn(runId: string, at: number): void {
    this.set(
      `UPDATE runs SET status = 'running', reason = NULL, ended_at = NULL,
         started_at = CASE WHEN ifnull(runs_done, 0) = 0 THEN ? ELSE started_at END
       WHERE run_id = ? AND kind = 'experiment'`,
      [at, runId],
    );
  }

  /** Writes down how far an experiment is. */
  noteProgress(runId: string, done: number, planned: number): void {
    this.set('UPDATE runs SET runs_done = ?, runs_planned = ? WHERE run_id = ?', [done, planned, runId]);
  }

  /** Changes what a person says of a run: all of it or nothing. */
  annotate(runId: string, change: RunChange): void {
    this.transact(() => {
      if (change.name !== undefined) this.set('UPDATE runs SET name = ? WHERE run_id = ?', [change.name, runId]);
      if (change.notes !== undefined) this.set('UPDATE runs SET notes = ? WHERE run_id = ?', [change.notes, runId]);
      if (change.pinned !== undefined)
        this.set('UPDATE runs SET pinned = ? WHERE run_id = ?', [change.pinned ? 1 : 0, runId]);
      if (change.tags !== undefined) {
        this.set('DELETE FROM tags WHERE id = (SELECT id FROM runs WHERE run_id = ?)', [runId]);
        this.addTags(runId, change.tags);
      }
    });
  }

  /** Gives tags to runs and takes others away. */
  retag(runIds: readonly string[], change: { add: readonly string[]; remove: readonly string[] }): void {
    this.transact(() => {
      for (const runId of runIds) {
        for (const tag of change.remove)
          this.set('DELETE FROM tags WHERE tag = ? AND id = (SELECT id FROM runs WHERE run_id = ?)', [tag, runId]);
        this.addTags(runId, change.add);
      }
    });
  }

  /** Puts runs that have ended into the waste basket: nothing shows them, and they can be taken back. */
  discardRuns(runIds: readonly string[], at: number): void {
    this.transact(() => {
      for (const runId of runIds)
        this.set(`UPDATE runs SET removed_at = ? WHERE run_id = ? AND removed_at IS NULL AND NOT ${UNDER_WAY}`, [
          at,
          runId,
        ]);
    });
  }

  restoreRuns(runIds: readonly string[]): void {
    this.transact(() => {
      for (const runId of runIds) this.set('UPDATE runs SET removed_at = NULL WHERE run_id = ?', [runId]);
    });
  }

  /** Runs that were put into the waste basket before `before`. */
  discarded(before: number): string[] {
    return this.all('SELECT run_id FROM runs WHERE removed_at < ?', [before]).map((row) => String(row['run_id']));
  }

  removeRun(runId: string): void {
    this.set('DELETE FROM runs WHERE run_id = ?', [runId]);
  }

  /** A run that is not in the waste basket. */
  run(runId: string): StoredRun | undefined {
    return this.select('WHERE run_id = ? AND removed_at IS NULL', [runId])[0]?.run;
  }

  /** The latest runs first; all of them without `limit`. */
  runs(limit = -1): StoredRun[] {
    return this.select('WHERE removed_at IS NULL ORDER BY started_at DESC, id DESC LIMIT ?', [limit]).map(
      ({ run }) => run,
    );
  }

  /** A page of what a query finds, with how many and how large they are together. */
  find(query: RunQuery): { rows: StoredRun[]; total: number; bytes: number } {
    const { sql, values } = conditionOf(query);
    const page = pageOf(query);
    // With words to search, one pass over the text index gives sums and page; without, each has its own index.
    const isText = query.text !== undefined && query.text.trim() !== '';
    const windowed = isText ? ', count(*) OVER () AS total, total(disk_bytes) OVER () AS bytes' : '';
    const hits = this.all(`SELECT id${windowed} FROM runs WHERE ${sql} ${page.sql}`, [...values, ...page.values]);
    const sums =
      isText && hits[0] !== undefined
        ? hits[0]
        : this.one(`SELECT count(*) AS total, total(disk_bytes) AS bytes FROM runs WHERE ${sql}`, values);
    const places = new Map(hits.map(({ id }, index) => [id, index]));
    const rows = this.select('WHERE id IN (SELECT value FROM json_each(?))', [JSON.stringify([...places.keys()])]);
    return {
      rows: rows.sort((a, b) => places.get(a.id)! - places.get(b.id)!).map(({ run }) => run),
      total: Number(sums?.['total']),
      bytes: Number(sums?.['bytes']),
    };
  }

  /** Runs that have ended well of a scenario of this name and length, the latest first. */
  finishedOf({ scenario, durationNs }: Pick<StoredRun, 'scenario' | 'durationNs'>, limit: number): StoredRun[] {
    return this.select(
      `WHERE removed_at IS NULL AND kind = 'run' AND status = 'finished' AND scenario = ? AND duration_ns = ?
       ORDER BY started_at DESC, id DESC LIMIT ?`,
      [scenario, durationNs, limit],
    ).map(({ run }) => run);
  }

  /** All tags with how many runs have them, the most used first. */
  tags(): { tag: string; count: number }[] {
    return this.all(
      `SELECT tag, count(*) AS count FROM tags JOIN runs USING (id) WHERE removed_at IS NULL
       GROUP BY tag ORDER BY count DESC, tag LIMIT 500`,
    ).map((row) => ({ tag: String(row['tag']), count: Number(row['count']) }));
  }

  /** Run ids of every row, also of those in the waste basket. */
  allIds(): Set<string> {
    return new Set(this.all('SELECT run_id FROM runs').map((row) => String(row['run_id'])));
  }

  /** @throws Error unless the text index has exactly the words of the rows */
  checkText(): void {
    this.database.exec("INSERT INTO run_text (run_text) VALUES ('integrity-check')");
    const stale = this.all(
      'SELECT id FROM run_words LEFT JOIN run_text ON id = rowid WHERE run_text.words IS NOT run_words.words',
    );
    if (stale.length > 0) throw new Error(`the text index is stale for ${String(stale.length)} runs`);
  }

  /** Bytes of all runs and results of labs that are shown. */
  diskBytes(): number {
    const sum = (table: string): number =>
      Number(this.one(`SELECT total(disk_bytes) AS bytes FROM ${table} WHERE removed_at IS NULL`)?.['bytes']);
    return sum('runs') + sum('lab_results');
  }

  /** Runs that nobody marked as worth keeping, the oldest first. */
  dispensable(): { runId: string; bytes: number; at: number }[] {
    return this.all(
      `SELECT run_id, disk_bytes, started_at FROM runs WHERE removed_at IS NULL AND pinned = 0 AND NOT ${UNDER_WAY}
       AND kind = 'run' AND disk_bytes > 0 AND NOT EXISTS (SELECT 1 FROM tags WHERE tags.id = runs.id)
       ORDER BY started_at, id`,
    ).map((row) => ({
      runId: String(row['run_id']),
      bytes: Number(row['disk_bytes']),
      at: Number(row['started_at']),
    }));
  }

  /** Runs that have ended and whose folder nobody has measured. */
  unmeasured(limit: number): string[] {
    return this.all(`SELECT run_id FROM runs WHERE disk_bytes IS NULL AND NOT ${UNDER_WAY} LIMIT ?`, [limit]).map(
      (row) => String(row['run_id']),
    );
  }

  noteDiskBytes(sizes: ReadonlyMap<string, number>): void {
    this.transact(() => {
      for (const [runId, bytes] of sizes) this.set('UPDATE runs SET disk_bytes = ? WHERE run_id = ?', [bytes, runId]);
    });
  }

  setting(key: string): string | undefined {
    const value = this.one('SELECT value FROM settings WHERE key = ?', [key])?.['value'];
    return typeof value === 'string' ? value : undefined;
  }

  /** Keeps a setting, or forgets it. */
  setSetting(key: string, value: string | undefined): void {
    if (value === undefined) this.set('DELETE FROM settings WHERE key = ?', [key]);
    else
      this.set(
        'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        [key, value],
      );
  }

  noteRecent(path: string, name: string, usedAt: number): void {
    this.transact(() => {
      this.set(
        'INSERT INTO recent (path, name, used_at) VALUES (?, ?, ?) ON CONFLICT (path) DO UPDATE SET used_at = excluded.used_at',
        [path, name, usedAt],
      );
      this.set('DELETE FROM recent WHERE path NOT IN (SELECT path FROM recent ORDER BY used_at DESC LIMIT ?)', [
        RECENT_MAX,
      ]);
    });
  }

  recent(): { path: string; name: string }[] {
    return this.all('SELECT path, name FROM recent ORDER BY used_at DESC').map((row) => ({
      path: String(row['path']),
      name: String(row['name']),
    }));
  }

  private insert(run: NewRun): void {
    this.set(
      `INSERT INTO runs (run_id, kind, name, scenario, seed, status, reason, started_at, ended_at, duration_ns, digest,
         notes, pinned, disk_bytes, origin, runs_done, runs_planned, experiment)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, (SELECT id FROM runs WHERE run_id = ?))`,
      [
        run.runId,
        run.kind ?? 'run',
        run.name,
        run.scenario,
        run.seed,
        run.status,
        run.reason ?? null,
        run.startedAt,
        run.endedAt ?? null,
        run.durationNs,
        run.digest ?? null,
        run.notes ?? '',
        run.pinned === true ? 1 : 0,
        run.diskBytes ?? null,
        run.origin ?? null,
        run.runsDone ?? null,
        run.runsPlanned ?? null,
        run.experiment ?? null,
      ],
    );
    this.addTags(run.runId, run.tags ?? []);
  }

  private addTags(runId: string, tags: readonly string[]): void {
    for (const tag of tags.map(tidyTag).filter((one) => one !== ''))
      this.set('INSERT OR IGNORE INTO tags (id, tag) SELECT id, ? FROM runs WHERE run_id = ?', [tag, runId]);
  }

  private select(rest: string, values: readonly SqlValue[]): { id: unknown; run: StoredRun }[] {
    const rows = this.all(`SELECT ${COLUMNS} FROM runs ${rest}`, values);
    const tags = new Map<number, string[]>();
    const ids = JSON.stringify(rows.map((row) => row['id']));
    for (const row of this.all('SELECT id, tag FROM tags WHERE id IN (SELECT value FROM json_each(?))', [ids])) {
      const of = tags.get(Number(row['id']));
      if (of === undefined) tags.set(Number(row['id']), [String(row['tag'])]);
      else of.push(String(row['tag']));
    }
    return rows.map((row) => ({ id: row['id'], run: toRun(row, tags.get(Number(row['id'])) ?? []) }));
  }

  private migrate(): void {
    const version = Number(this.one('PRAGMA user_version')?.['user_version'] ?? 0);
    if (version > MIGRATIONS.length) throw new Error('the database was made by a newer version of Odonata');
    for (const [index, migration] of MIGRATIONS.slice(version).entries())
      this.transact(() => {
        this.database.exec(`${migration} PRAGMA user_version = ${String(version + index + 1)};`);
      });
  }

  private endInterrupted(whatBecame: WhatBecame): void {
    const rows = this.select(`WHERE ${UNDER_WAY}`, []);
    this.transact(() => {
      for (const { run } of rows) {
        const { status, reason, digest } = whatBecame(run) ?? { status: 'failed', reason: INTERRUPTED };
        this.set('UPDATE runs SET status = ?, reason = ?, digest = ? WHERE run_id = ?', [
          status,
          reason ?? null,
          digest ?? null,
          run.runId,
        ]);
      }
    });
  }

  private transact(work: () => void): void {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }

  private set(sql: string, values: readonly (SqlValue | null)[]): void {
    this.database.run(sql, [...values]);
  }

  private all(sql: string, values: readonly SqlValue[] = []): Row[] {
    return this.database.all(sql, [...values]);
  }

  private one(sql: string, values: readonly SqlValue[] = []): Row | undefined {
    return this.all(sql, values)[0];
  }
}
