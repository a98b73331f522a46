// The library benchmark: ten thousand finished runs, listed, filtered and searched (issue 6: each under 100 ms).

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type NewRun, RunDatabase, type RunQuery } from '../store';

const RUNS = 10_000;
const ROUNDS = 9;
const NOTE = 'two losses in one window, then a timeout; compare with the run before and with ns-2. ';
const NAMES = ['Dumbbell', 'Lossy link', 'Web server', 'Satellite'];
const QUERIES: Readonly<Record<string, Partial<RunQuery>>> = {
  list: {},
  lastPageByName: { order: 'name', offset: RUNS - 100 },
  bySize: { order: 'disk', descending: false },
  filter: { tags: ['paper', 'batch 3'], status: 'finished' },
  word: { text: 'timeout' },
  words: { text: 'satellite BATCH' },
  shortWords: { text: 'we 77' },
  nothing: { text: 'no such thing' },
};

/** Runs as a year of work leaves them: names, notes and tags that repeat, each row different. */
export function manyRuns(): (NewRun & Required<Pick<NewRun, 'tags' | 'notes' | 'digest'>>)[] {
  return Array.from({ length: RUNS }, (_, index) => ({
    runId: `20261101-080000-${index.toString(16).padStart(4, '0')}`,
    name: `${NAMES[index % 4]!} ${String(index)}`,
    scenario: NAMES[index % 4]!,
    seed: index,
    status: index % 50 === 0 ? 'failed' : 'finished',
    startedAt: 1.7e12 + ((index * 7919) % RUNS) * 6e4,
    durationNs: (1 + (index % 60)) * 1e9,
    digest: (index * 2654435761).toString(16).padStart(16, '0'),
    notes: index % 3 === 0 ? NOTE.repeat(1 + (index % 5)) : '',
    tags: index % 7 === 0 ? ['paper', `batch ${String(index % 5)}`] : [],
    diskBytes: 300_000 + index,
  }));
}

/** Median milliseconds of each query for a page of a hundred rows with their sums. */
export function benchLibrary(): Record<string, number> {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-bench-'));
  try {
    const database = new RunDatabase(folder);
    database.addRuns(manyRuns());
    const figures = Object.entries(QUERIES).map(([name, query]) => [`${name}Ms`, medianMs(database, query)] as const);
    database.close();
    return { runs: RUNS, ...Object.fromEntries(figures) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function medianMs(database: RunDatabase, query: Partial<RunQuery>): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const begin = performance.now();
    database.find({ order: 'started', descending: true, offset: 0, limit: 100, ...query });
    return performance.now() - begin;
  });
  return times.sort((a, b) => a - b)[ROUNDS >> 1]!;
}
