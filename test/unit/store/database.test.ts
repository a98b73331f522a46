// The library of runs survives what happens to programs.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RunDatabase } from '../../../core/store';

const run = (runId: string) => ({
  runId,
  name: 'n',
  scenario: 's',
  seed: 1,
  status: 'running' as const,
  startedAt: 1,
  durationNs: 5,
  notes: '',
});
const fresh = (): string => mkdtempSync(join(tmpdir(), 'odonata-db-'));

test('runs, settings and recent files come back after closing', () => {
  const folder = fresh();
  const first = new RunDatabase(folder);
  first.addRun(run('a'));
  expect(first.endRun('a', { status: 'finished', endedAt: 9, digest: 'd' })).toBe(true);
  expect(first.endRun('a', { status: 'failed', endedAt: 10 })).toBe(false);
  first.annotate('a', { name: 'better' });
  first.setSetting('theme', 'dark');
  first.noteRecent('/x/y.json', 'y.json', 3);
  first.close();
  const second = new RunDatabase(folder);
  expect(second.runs()).toMatchObject([{ runId: 'a', name: 'better', status: 'finished', digest: 'd', endedAt: 9 }]);
  expect([second.setting('theme'), second.recent()]).toEqual(['dark', [{ path: '/x/y.json', name: 'y.json' }]]);
  second.removeRun('a');
  expect(second.runs()).toEqual([]);
  second.close();
});

test('a lock that a killed process left is removed, and its run is told as broken off', () => {
  const folder = fresh();
  const first = new RunDatabase(folder);
  first.addRun(run('b'));
  first.close();
  mkdirSync(join(folder, 'odonata.db.lock'));
  writeFileSync(join(folder, 'owner.pid'), '999999999');
  const second = new RunDatabase(folder);
  expect(second.run('b')).toMatchObject({ status: 'failed' });
  expect(second.run('b')?.reason).toContain('the program ended while this run was going on');
  second.close();
});

test('a database that a living process owns is not opened', () => {
  const folder = fresh();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'owner.pid'), String(process.ppid));
  expect(() => new RunDatabase(folder)).toThrow(`process ${String(process.ppid)} has the database open`);
});
