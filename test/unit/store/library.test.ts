// Rows and folders of the library agree, whatever happened in between.

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type NewRun, RunDatabase, RunLibrary } from '../../../core/store';
import { runDocument } from '../../worlds';
import { writeRunOf, WIRE } from './run-results';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'odonata-library-'));
const run = (runId: string, more: Partial<NewRun> = {}): NewRun => ({
  runId,
  name: 'n',
  scenario: 's',
  seed: 1,
  status: 'running',
  startedAt: 1,
  durationNs: 5,
  ...more,
});
const ID = '20261101-080000-00aa';
const all = { order: 'started', descending: false, offset: 0, limit: 50 } as const;

test('a database of version 1 opens with everything that was in it', () => {
  const folder = fresh();
  copyFileSync(join(import.meta.dirname, 'fixtures/version-1.db'), join(folder, 'odonata.db'));
  const database = new RunDatabase(folder);
  expect(database.runs().map(({ runId, name, seed, status }) => [runId.slice(-4), name, seed, status])).toEqual([
    ['0004', 'Fourth', 7, 'failed'],
    ['0003', 'Third', 7, 'failed'],
    ['0002', 'Second', Number.MAX_SAFE_INTEGER, 'stopped'],
    ['0001', 'Baseline “é”', 7, 'finished'],
  ]);
  expect(database.run('20261101-080000-0001')).toMatchObject({
    kind: 'run',
    scenario: 'Dumbbell, four senders',
    startedAt: 1793520000000,
    endedAt: 1793520002500,
    durationNs: 30e9,
    digest: '0011223344556677',
    notes: 'two losses\nin one window',
    tags: [],
    pinned: false,
  });
  expect(database.run('20261101-080200-0003')?.reason).toBe('K4.2 token released out of order');
  expect(database.find({ ...all, text: 'é one WINDOW 445566' }).rows.map(({ runId }) => runId.slice(-4))).toEqual([
    '0001',
  ]);
  expect([database.setting('workspace'), database.setting('draft')]).toEqual(['{"theme":"dark"}', '{}']);
  expect(database.recent().map(({ name }) => name)).toEqual(['other.json', 'lab.json']);
  database.checkText();
  database.close();
});

test('a database of a newer version is left alone', () => {
  const folder = fresh();
  const first = new RunDatabase(folder);
  first.setSetting('kept', 'yes');
  first.close();
  const bytes = readFileSync(join(folder, 'odonata.db'));
  // The user version stands at byte 60 (SQLite file format, 1.3).
  bytes.writeUInt32BE(99, 60);
  writeFileSync(join(folder, 'odonata.db'), bytes);
  expect(() => new RunDatabase(folder)).toThrow('made by a newer version');
  expect(readFileSync(join(folder, 'odonata.db')).readUInt32BE(60)).toBe(99);
});

test('a process id that was given to somebody else does not lock the library for ever', () => {
  const folder = fresh();
  writeFileSync(join(folder, 'owner.pid'), `${String(process.ppid)} of another start of the machine`);
  if (!existsSync('/proc/self/stat')) return;
  const database = new RunDatabase(folder);
  database.close();
});

test('tags, pins and experiments belong to runs, and words find them until they are taken away', () => {
  const database = new RunDatabase(fresh());
  database.addRun(run('x', { kind: 'experiment', status: 'finished', name: 'Sweep of loss' }));
  database.addRuns([run('a', { experiment: 'x' }), run('b', { experiment: 'x', tags: ['old'] }), run('c')]);
  database.retag(['a', 'b'], { add: ['  paper   figure 3 ', ''], remove: ['old'] });
  database.annotate('a', { pinned: true, notes: 'Größe' });
  expect(database.find({ ...all, experiment: 'x' }).rows.map(({ runId, tags }) => [runId, tags])).toEqual([
    ['a', ['paper figure 3']],
    ['b', ['paper figure 3']],
  ]);
  expect(database.find({ ...all, text: 'GRÖSSE figure' }).total).toBe(0);
  expect(database.find({ ...all, text: 'GRÖßE figure' }).rows).toMatchObject([
    { runId: 'a', pinned: true, experiment: 'x' },
  ]);
  expect(database.find({ ...all, text: '100% "quoted' }).total).toBe(0);
  expect(database.tags()).toEqual([{ tag: 'paper figure 3', count: 2 }]);
  database.removeRun('x');
  expect(database.run('a')?.experiment).toBeUndefined();
  expect(database.find({ ...all, text: 'Sweep' }).total).toBe(0);
  database.checkText();
  database.close();
});

test('the oldest runs without tag and pin are offered when there is too much, and nothing is removed', () => {
  const library = new RunLibrary(fresh());
  const ended = { status: 'finished', diskBytes: 100 } as const;
  library.database.addRuns([
    run('a', { ...ended, startedAt: 1, tags: ['t'] }),
    run('b', { ...ended, startedAt: 2 }),
    run('c', { startedAt: 3 }),
    run('d', { ...ended, startedAt: 4 }),
    run('e', { ...ended, startedAt: 5 }),
  ]);
  library.database.annotate('d', { pinned: true });
  library.diskLimitBytes = 1000;
  expect(library.diskUse()).toEqual({ bytes: 400, limitBytes: 1000, offered: { runIds: [], bytes: 0, labs: [] } });
  library.diskLimitBytes = 250;
  expect(library.diskUse().offered).toEqual({ runIds: ['b', 'e'], bytes: 200, labs: [] });
  expect(library.database.runs()).toHaveLength(5);
  library.close();
});

test('a run that is thrown away can be taken back until the basket is emptied; one that goes on cannot be thrown away', () => {
  const folder = fresh();
  const library = new RunLibrary(folder);
  const place = library.begin(run(ID), '{}');
  library.database.discardRuns([ID], 5);
  expect(library.database.run(ID)?.status).toBe('running');
  library.end(ID, { status: 'finished', endedAt: 2, digest: 'd' });
  library.database.discardRuns([ID], 5);
  expect([library.database.run(ID), library.diskUse().bytes, existsSync(place)]).toEqual([undefined, 0, true]);
  library.database.restoreRuns([ID]);
  expect(library.database.run(ID)).toMatchObject({ digest: 'd', diskBytes: 2 });
  library.database.discardRuns([ID], 5);
  library.empty(5);
  expect(existsSync(place)).toBe(true);
  library.close();
  const again = new RunLibrary(folder);
  expect([existsSync(place), again.database.runs()]).toEqual([false, []]);
  again.close();
});

test('a run whose folder is whole has finished, though the program was killed before it was written down', () => {
  const folder = fresh();
  const library = new RunLibrary(folder);
  const summary = writeRunOf(WIRE, library.begin(run(ID), JSON.stringify(WIRE)));
  library.close();
  const again = new RunLibrary(folder);
  expect(again.database.run(ID)).toMatchObject({ status: 'finished', digest: summary.digest });
  expect(summary.digest).toBe(runDocument(WIRE).digest);
  again.close();
});

test('folders whose database was damaged fill a new one, and the damaged one is kept', () => {
  const folder = fresh();
  const library = new RunLibrary(folder);
  const summary = writeRunOf(WIRE, library.begin(run(ID), JSON.stringify(WIRE)));
  library.close();
  const path = join(folder, 'odonata.db');
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0x5a, 100));
  const again = new RunLibrary(folder);
  expect(again.database.run(ID)).toMatchObject({ status: 'finished', digest: summary.digest });
  expect(again.notices.join(' ')).toContain(`${path}.damaged`);
  expect(existsSync(`${path}.damaged`)).toBe(true);
  again.close();
});

test('folders on their way are finished if their row is there and removed if not; strange ones are left alone', () => {
  const folder = fresh();
  const library = new RunLibrary(folder);
  const place = library.begin(run(ID), '{}');
  library.close();
  const runs = join(folder, 'runs');
  renameSync(place, `${place}.part`);
  mkdirSync(join(runs, '20261101-080000-00bb.part'));
  mkdirSync(join(runs, 'my own notes'));
  const again = new RunLibrary(folder);
  expect(existsSync(place)).toBe(true);
  expect(existsSync(join(runs, '20261101-080000-00bb.part'))).toBe(false);
  expect(existsSync(join(runs, 'my own notes'))).toBe(true);
  again.close();
});

test('an experiment has its plan from the beginning, and is interrupted when the program ends', () => {
  const folder = fresh();
  const first = new RunLibrary(folder);
  const row = run(ID, { kind: 'experiment', runsDone: 0, runsPlanned: 80 });
  first.begin(row, '{"name":"base"}', '{"name":"plan"}');
  expect(readFileSync(join(first.folderOf(ID), 'plan.json'), 'utf8')).toBe('{"name":"plan"}');
  first.database.noteProgress(ID, 12, 80);
  first.close();

  const second = new RunLibrary(folder);
  expect(second.database.run(ID)).toMatchObject({
    kind: 'experiment',
    status: 'stopped',
    runsDone: 12,
    runsPlanned: 80,
  });
  expect(second.database.run(ID)?.reason).toContain('it can be resumed');
  second.database.goOn(ID, 7);
  expect(second.database.run(ID)).toMatchObject({ status: 'running', reason: undefined, startedAt: 1 });
  expect(second.end(ID, { status: 'finished', endedAt: 9, digest: 'd' })).toBe(true);
  second.close();
});

test('an experiment in line waits, never began if the program ends before its turn, and starts when that comes', () => {
  const folder = fresh();
  const first = new RunLibrary(folder);
  first.begin(run(ID, { kind: 'experiment', status: 'waiting', runsDone: 0, runsPlanned: 80 }), '{}', '{}');
  expect(first.database.find({ ...all, status: 'waiting' }).total).toBe(1);
  expect(first.database.find({ ...all, status: 'running' }).total).toBe(0);
  expect(first.database.find({ ...all, text: 'waiting' }).total).toBe(1);
  first.database.discardRuns([ID], 5);
  expect(first.database.run(ID)?.status).toBe('waiting');
  first.close();

  const second = new RunLibrary(folder);
  expect(second.database.run(ID)).toMatchObject({ status: 'stopped', runsDone: 0 });
  expect(second.database.run(ID)?.reason).toContain('it never began, and can be resumed');
  second.database.wait(ID);
  expect(second.database.run(ID)).toMatchObject({ status: 'waiting', reason: undefined, startedAt: 1 });
  second.database.goOn(ID, 7);
  expect(second.database.run(ID)).toMatchObject({ status: 'running', startedAt: 7 });
  expect(second.end(ID, { status: 'finished', endedAt: 9, digest: 'd' })).toBe(true);
  second.database.checkText();
  second.close();
});

test.each([
  { done: 12, status: 'stopped' },
  { done: 80, status: 'finished' },
])('an experiment that waited to go on with $done of 80 runs is $status as before, with its digest', (one) => {
  const folder = fresh();
  const first = new RunLibrary(folder);
  first.begin(run(ID, { kind: 'experiment', runsDone: one.done, runsPlanned: 80 }), '{}', '{}');
  first.end(ID, { status: 'stopped', endedAt: 9, digest: 'd' });
  first.database.wait(ID);
  first.close();
  const second = new RunLibrary(folder);
  expect(second.database.run(ID)).toMatchObject({ status: one.status, digest: 'd', endedAt: 9 });
  expect(second.database.run(ID)?.reason).toContain('the runs that had ended before are kept');
  second.close();
});

test('the folder of an experiment whose row was lost is taken in again', () => {
  const folder = fresh();
  const lost = join(folder, 'runs', ID);
  mkdirSync(lost, { recursive: true });
  writeFileSync(join(lost, 'plan.json'), '{"name":"Plan","seed":4,"scenario":{"name":"Base"}}');
  const library = new RunLibrary(folder);
  expect(library.database.run(ID)).toMatchObject({
    kind: 'experiment',
    name: 'Plan',
    scenario: 'Base',
    seed: 4,
    status: 'stopped',
  });
  library.close();
});
