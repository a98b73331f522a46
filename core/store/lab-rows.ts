// The rows of labs' results in the library's database: of each lab the latest quick run and the latest full one. A new result takes
// the place of the old one in one transaction.

import type { Database } from 'node-sqlite3-wasm';
import type { Row } from './run-row';

/** What a lab's run came to; the figures are in its folder. */
export interface LabFacts {
  readonly lab: string;
  readonly quick: boolean;
  readonly seeds: number;
  /** How many checks there were, and how many did not hold. */
  readonly checks: number;
  readonly failed: number;
  /** Wall clock at its end, milliseconds since 1970. */
  readonly ranAt: number;
  readonly seconds: number;
  /** Version of the program that ran it. */
  readonly program: string;
}

export interface LabRow extends LabFacts {
  /** Name of its folder. */
  readonly folder: string;
  readonly diskBytes: number;
}

/** One lab's quick or full run. */
export type LabKey = Pick<LabFacts, 'lab' | 'quick'>;

export class LabRows {
  constructor(private readonly database: Database) {}

  /** Results that are not in the waste basket, the latest first. */
  shown(): LabRow[] {
    return this.select('WHERE removed_at IS NULL ORDER BY ran_at DESC');
  }

  /** The rows of folders, also of those in the waste basket. */
  all(): LabRow[] {
    return this.select('');
  }

  one({ lab, quick }: LabKey): LabRow | undefined {
    return this.select('WHERE lab = ? AND quick = ? AND removed_at IS NULL', [lab, quick ? 1 : 0])[0];
  }

  /** Takes the place of what there was of this lab and plan. */
  put(row: LabRow): void {
    this.database.run(
      `INSERT OR REPLACE INTO lab_results
         (lab, quick, folder, seeds, checks, failed, ran_at, seconds, program, disk_bytes, removed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL)`,
      [
        row.lab,
        row.quick ? 1 : 0,
        row.folder,
        row.seeds,
        row.checks,
        row.failed,
        row.ranAt,
        row.seconds,
        row.program,
        row.diskBytes,
      ],
    );
  }

  /** Puts a result into the waste basket: nothing shows it, and it can be taken back. */
  discard({ lab, quick }: LabKey, at: number): void {
    this.database.run('UPDATE lab_results SET removed_at = ? WHERE lab = ? AND quick = ? AND removed_at IS NULL', [
      at,
      lab,
      quick ? 1 : 0,
    ]);
  }

  restore({ lab, quick }: LabKey): void {
    this.database.run('UPDATE lab_results SET removed_at = NULL WHERE lab = ? AND quick = ?', [lab, quick ? 1 : 0]);
  }

  /** Folders that were put into the waste basket before `before`. */
  discarded(before: number): string[] {
    return this.select('WHERE removed_at < ?', [before]).map(({ folder }) => folder);
  }

  remove(folder: string): void {
    this.database.run('DELETE FROM lab_results WHERE folder = ?', [folder]);
  }

  private select(rest: string, values: readonly (string | number)[] = []): LabRow[] {
    const rows: Row[] = this.database.all(`SELECT * FROM lab_results ${rest}`, [...values]);
    return rows.map((row) => ({
      lab: String(row['lab']),
      quick: row['quick'] === 1,
      folder: String(row['folder']),
      seeds: Number(row['seeds']),
      checks: Number(row['checks']),
      failed: Number(row['failed']),
      ranAt: Number(row['ran_at']),
      seconds: Number(row['seconds']),
      program: String(row['program']),
      diskBytes: Number(row['disk_bytes']),
    }));
  }
}
