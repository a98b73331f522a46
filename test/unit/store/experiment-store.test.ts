// The results of a plan: what was kept comes back, one process owns a folder, and no kill loses a run or leaves half of one.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { expect, test } from 'vitest';
import { Streams } from '../../../core/engine';
import { type DoneRun, expandPlan, type Job } from '../../../core/experiment';
import { ExperimentStore, StoreConflict } from '../../../core/store';
import { doneRun, finished, planOf } from '../../plans';
import { ROOT } from '../../worlds';

const WHOLE = { index: 1, of: 1 };
const fresh = (): string => mkdtempSync(join(tmpdir(), 'odonata-results-'));
const plan = planOf();
const origin = { plan: JSON.stringify(plan.document), programVersion: '1' };

test('plan, shard and runs come back to the last digit; a failed run gives way to a later one', () => {
  const folder = fresh();
  const first = new ExperimentStore(folder);
  expect(first.origin()).toBeUndefined();
  first.begin(plan, origin, { index: 2, of: 3 });
  const [a, b] = expandPlan(plan);
  first.add(doneRun(a!, { status: 'failed', reason: 'no memory', wallSeconds: 1 }));
  first.add(doneRun(b!, finished(0.1 + 0.2, null)));
  first.close();
  const second = new ExperimentStore(folder);
  expect(second.origin()).toEqual({ ...origin, shard: { index: 2, of: 3 } });
  expect(second.runs()).toEqual(
    [
      doneRun(a!, { status: 'failed', reason: 'no memory', wallSeconds: 1 }),
      doneRun(b!, finished(0.1 + 0.2, null)),
    ].sort((one, other) => one.point - other.point),
  );
  second.add(doneRun(a!, finished(1, 2)));
  expect(second.runs().find(({ point }) => point === a!.point.number)?.outcome).toEqual(finished(1, 2));
  second.close();
});

test('many at once are kept together or not at all', () => {
  const store = new ExperimentStore();
  store.begin(plan, origin, WHOLE);
  const jobs = expandPlan(plan);
  store.addAll(jobs.map((job) => doneRun(job, finished(1))));
  expect(store.runs()).toHaveLength(jobs.length);
  store.close();
});

test('a living owner keeps others out, a dead one does not, nor one whose number another process has now', () => {
  const folder = fresh();
  const owner = join(folder, 'owner.json');
  const claim = (pid: number, started: string, host = hostname()): void => {
    writeFileSync(owner, JSON.stringify({ pid, host, started }));
  };
  mkdirSync(folder, { recursive: true });
  claim(process.ppid, '');
  expect(() => new ExperimentStore(folder)).toThrow(StoreConflict);
  claim(process.ppid, '1');
  mkdirSync(join(folder, 'results.db.lock'));
  new ExperimentStore(folder).close();
  expect(existsSync(owner)).toBe(false);
  claim(999_999_999, '');
  new ExperimentStore(folder).close();
  writeFileSync(owner, '');
  new ExperimentStore(folder).close();
  claim(1, '', 'elsewhere');
  expect(() => new ExperimentStore(folder)).toThrow('process 1 on elsewhere has these results open');
});

test('thirty kills at random moments lose no run that was kept, and show none by half', async () => {
  const outDir = fresh();
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    resolve: { mainFields: ['module', 'main'] },
    ssr: { noExternal: true, external: ['node-sqlite3-wasm'] },
    build: {
      ssr: 'test/unit/store/adding-runs.ts',
      outDir,
      minify: false,
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'adding-runs.cjs', codeSplitting: false } },
    },
  });
  const folder = fresh();
  const many = planOf({ replications: 400 });
  const jobs = new Map<string, Job>(expandPlan(many).map((job) => [job.id, job]));
  const told = new Set<string>();
  const stream = new Streams(2027).named('kills');
  for (let kill = 0; kill < 30; kill += 1) {
    // Every fifth while it opens the store, perhaps for the first time.
    const early = kill % 5 === 0;
    const delayMs = early ? 100 + stream.integer(400) : stream.integer(120);
    for (const id of await killedAfter(join(outDir, 'adding-runs.cjs'), folder, delayMs, early)) told.add(id);
    const store = new ExperimentStore(folder);
    const kept = new Map(store.runs().map((run) => [`p${String(run.point)}r${String(run.replication)}`, run]));
    store.close();
    for (const id of told) expect(kept.has(id), `${id} after kill ${String(kill)}`).toBe(true);
    for (const [id, run] of kept) expect(run).toEqual(expected(jobs.get(id)!));
    // At most the run of the moment of each kill was kept without being told.
    expect(kept.size - told.size).toBeLessThanOrEqual(kill + 1);
    whole(folder);
  }
  expect(told.size).toBeGreaterThan(30);
});

function expected(job: Job): DoneRun {
  return doneRun(job, finished(job.seed / 7, job.replication));
}

/** Tables appear as a whole or not at all. */
function whole(folder: string): void {
  const path = join(folder, 'results.csv');
  if (!existsSync(path)) return;
  const text = readFileSync(path, 'utf8');
  expect(text.endsWith('\n')).toBe(true);
  const columns = text.split('\n')[0]!.split(',').length;
  for (const row of text.trimEnd().split('\n')) expect(row.split(',')).toHaveLength(columns);
}

/** What a process told before it was killed, so long after it began or had opened the store. */
function killedAfter(script: string, folder: string, delayMs: number, early: boolean): Promise<string[]> {
  return new Promise((resolve) => {
    // Packages are found from the checkout.
    const child = spawn(process.execPath, [script, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
    });
    const kill = (): void => {
      child.kill('SIGKILL');
    };
    if (early) setTimeout(kill, delayMs);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (text === '' && !early) setTimeout(kill, delayMs);
      text += chunk.toString();
    });
    child.on('close', () => {
      resolve(text.split('\n').slice(1, -1));
    });
  });
}
