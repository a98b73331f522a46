// What a person looks for in the library, and the SQL that finds it. Every word must occur somewhere in a run's name,
// scenario, id, digest, seed, state, notes or tags. The index knows pieces of three characters; shorter words are
// looked for in the names and tags alone.

import type { RunStatus } from './run-row';

export type RunOrder = 'started' | 'name' | 'status' | 'seed' | 'duration' | 'disk';

export interface RunQuery {
  /** Words that all must occur, in any case. */
  readonly text?: string | undefined;
  /** Tags that a run must all have. */
  readonly tags?: readonly string[] | undefined;
  readonly status?: RunStatus | undefined;
  readonly kind?: 'run' | 'experiment' | undefined;
  /** Runs of this experiment only. */
  readonly experiment?: string | undefined;
  readonly order: RunOrder;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

export type SqlValue = string | number;

export interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

const INDEXED_LENGTH = 3;

const COLUMN: Readonly<Record<RunOrder, string>> = {
  started: 'started_at',
  name: 'name COLLATE NOCASE',
  status: 'status',
  seed: 'seed',
  duration: 'duration_ns',
  disk: 'ifnull(disk_bytes, 0)',
};

/** The rows that a query means, as a WHERE clause on `runs`. */
export function conditionOf(query: Partial<RunQuery>): Condition {
  const parts: Condition[] = [{ sql: 'removed_at IS NULL', values: [] }];
  const words = (query.text ?? '').split(/\s+/).filter((word) => word !== '');
  const long = words.filter((word) => [...word].length >= INDEXED_LENGTH);
  if (long.length > 0)
    parts.push({
      sql: 'id IN (SELECT rowid FROM run_text WHERE run_text MATCH ?)',
      values: [long.map((word) => `"${word.replaceAll('"', '""')}"`).join(' AND ')],
    });
  for (const word of words.filter((one) => !long.includes(one))) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    parts.push({
      sql: `(name LIKE ? ESCAPE '\\' OR scenario LIKE ? ESCAPE '\\' OR printf('%.0f', seed) LIKE ? ESCAPE '\\'
        OR EXISTS (SELECT 1 FROM tags WHERE tags.id = runs.id AND tag LIKE ? ESCAPE '\\'))`,
      values: [pattern, pattern, pattern, pattern],
    });
  }
  for (const tag of query.tags ?? []) parts.push({ sql: 'id IN (SELECT id FROM tags WHERE tag = ?)', values: [tag] });
  if (query.status !== undefined) parts.push({ sql: 'status = ?', values: [query.status] });
  if (query.kind !== undefined) parts.push({ sql: 'kind = ?', values: [query.kind] });
  if (query.experiment !== undefined)
    parts.push({ sql: 'experiment = (SELECT id FROM runs WHERE run_id = ?)', values: [query.experiment] });
  return { sql: parts.map(({ sql }) => sql).join(' AND '), values: parts.flatMap(({ values }) => values) };
}

/** Order and page; ties fall to the later row. */
export function pageOf({ order, descending, offset, limit }: RunQuery): Condition {
  const way = descending ? 'DESC' : 'ASC';
  return { sql: `ORDER BY ${COLUMN[order]} ${way}, id ${way} LIMIT ? OFFSET ?`, values: [limit, offset] };
}
