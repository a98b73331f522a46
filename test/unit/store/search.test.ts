// Ten thousand finished runs: listing, filtering and searching find what a search without any index finds. How long that takes is for
// `odonata bench library` to say.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { manyRuns } from '../../../core/cli/bench-library';
import { RunDatabase, type RunQuery } from '../../../core/store';

const ALL = manyRuns();
let database: RunDatabase;

beforeAll(() => {
  database = new RunDatabase(mkdtempSync(join(tmpdir(), 'odonata-search-')));
  database.addRuns(ALL);
});

/** How many runs a query means, the long way. */
function naive({ text = '', tags = [], status }: Partial<RunQuery>): number {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return ALL.filter((run) => {
    const short = [run.name, run.scenario, String(run.seed), ...run.tags].join('\n').toLowerCase();
    const long = [short, run.runId, run.digest, run.status, run.notes].join('\n');
    return (
      words.every((word) => (word.length < 3 ? short : long).includes(word)) &&
      tags.every((tag) => run.tags.includes(tag)) &&
      (status === undefined || run.status === status)
    );
  }).length;
}

test.each<[string, Partial<RunQuery>]>([
  ['the first page', {}],
  ['the last page by name', { order: 'name', offset: 9_900 }],
  ['all by size', { order: 'disk', descending: false }],
  ['a tag', { tags: ['paper'] }],
  ['two tags and a state', { tags: ['paper', 'batch 3'], status: 'finished' }],
  ['a word in many notes', { text: 'timeout' }],
  ['two words', { text: 'satellite BATCH' }],
  ['a piece of a digest', { text: (4321 * 2654435761).toString(16).slice(2, 9) }],
  ['short words', { text: 'we 77' }],
  ['a state among the words', { text: 'failed' }],
  ['nothing', { text: 'no such thing' }],
  ['a page behind the end', { tags: ['paper'], offset: 5_000 }],
])('%s of ten thousand runs is what a search without any index finds', (_, query) => {
  const expected = naive(query);
  const whole: RunQuery = { order: 'started', descending: true, offset: 0, limit: 100, ...query };
  const { rows, total } = database.find(whole);
  expect([total, rows.length]).toEqual([expected, Math.max(0, Math.min(100, expected - whole.offset))]);
});
