// The library is killed (SIGKILL) at random points while runs begin, end, are annotated, thrown away, packed and taken
// in again, and results of labs take the place of older ones. Method: (1) a child works on a library and logs each step before and after; (2) it is killed after a random
// time, sometimes while it still opens; (3) the library is opened here, as the next start of the workbench would;
// (4) everything that was logged as done must be there, and a step under way must have happened wholly or not at all.
// One library lives through all kills of a seed. ODONATA_KILLS sets how many (200 in npm run test:night).

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { beforeAll, expect, test } from 'vitest';
import { OpenBundle, readSeries, readSummary, RunLibrary, type StoredRun } from '../../core/store';
import { ROOT } from '../worlds';
import { seeded } from '../unit/store/seeded';

const KILLS = Number(process.env['ODONATA_KILLS'] ?? (process.env['ODONATA_SEEDS'] === undefined ? 8 : 200));
/** A child is killed after this many steps at most, and up to a step's length later. */
const STEPS_MAX = 14;
const STEP_MS = 60;
/** Share of the children that are killed while they open the library. */
const EARLY_SHARE = 0.15;
const EARLY_MS = 1000;
const KILLS_PER_LIBRARY = 20;
const fresh = (): string => mkdtempSync(join(tmpdir(), 'odonata-kills-'));
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const out = mkdtempSync(join(tmpdir(), 'odonata-kill-child-'));

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    root: ROOT,
    resolve: { mainFields: ['module', 'main'] },
    ssr: { noExternal: true, external: ['node-sqlite3-wasm'] },
    build: {
      ssr: 'test/unit/store/kill-child.ts',
      outDir: out,
      emptyOutDir: true,
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'child.cjs', codeSplitting: false } },
    },
  });
});

/** What a child said it did, and the step it was in when it died. */
interface Said {
  readonly written: Set<string>;
  readonly discarded: Set<string>;
  readonly notes: Map<string, string>;
  /** By lab and plan, the result that was kept last. */
  readonly labs: Map<string, string>;
  readonly step: readonly string[];
}

function heard(folder: string): Said {
  const said = {
    written: new Set<string>(),
    discarded: new Set<string>(),
    notes: new Map<string, string>(),
    labs: new Map<string, string>(),
  };
  let step: string[] = [];
  const path = join(folder, 'said.log');
  for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : []) {
    const [what = '', subject = '', word = ''] = line.split(' ');
    if (what === 'written') said.written.add(subject);
    if (what === 'discarded') said.discarded.add(subject);
    if (what === 'noted') said.notes.set(subject, word);
    if (what === 'labbed') said.labs.set(subject, word);
    step = what.endsWith('ing') ? [what, subject, word] : [];
  }
  rmSync(path, { force: true });
  return { ...said, step };
}

/** Starts a child, and kills it: after a random time of work, or while it still opens the library. */
async function liveAndDie(folder: string, seed: number, random: () => number): Promise<void> {
  const child = spawn(process.execPath, [join(out, 'child.cjs'), folder, String(seed)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules') },
  });
  let complaint = '';
  child.stderr.on('data', (text) => (complaint += String(text)));
  const ended = new Promise<NodeJS.Signals | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const goal = 1 + Math.floor(STEPS_MAX * random());
  let dots = 0;
  const worked = new Promise<void>((resolve) => {
    child.stdout.on('data', (text) => {
      dots += String(text).length;
      if (dots >= goal) resolve();
    });
  });
  if (random() < EARLY_SHARE) await Promise.race([worked, sleep(EARLY_MS * random()), ended]);
  else await Promise.race([worked.then(() => sleep(STEP_MS * random())), ended]);
  child.kill('SIGKILL');
  expect([await ended, complaint]).toEqual(['SIGKILL', '']);
}

function isWhole(folder: string, run: StoredRun): void {
  expect(readSummary(folder).digest).toBe(run.digest);
  expect(readSeries(folder)[0]?.length).toBe(500);
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
}

/**
 * What the next start of the program finds, against what must be there.
 * @param notes of all runs that were there before the child lived; brought up to date
 * @param labs results of labs likewise
 */
function inspect(folder: string, said: Said, notes: Map<string, string>, labs: Map<string, string>): void {
  const library = new RunLibrary(folder);
  expect(library.notices).toEqual([]);
  const runs = new Map(library.database.runs().map((run) => [run.runId, run]));
  const [step = '', subject = '', word = ''] = said.step;
  for (const runId of [...notes.keys(), ...said.written]) {
    const gone = !runs.has(runId);
    if (said.discarded.has(runId)) expect([runId, gone]).toEqual([runId, true]);
    else if (step !== 'discarding' || subject !== runId) expect([runId, gone]).toEqual([runId, false]);
  }
  for (const runId of said.written) expect(runs.get(runId)?.status ?? 'finished').toBe('finished');
  for (const [runId, run] of runs) {
    const place = library.folderOf(runId);
    expect(JSON.parse(readFileSync(join(place, 'scenario.json'), 'utf8'))).toMatchObject({ name: 'Killed' });
    if (run.status === 'finished') isWhole(place, run);
    else
      expect(run).toMatchObject({ status: 'failed', reason: expect.stringContaining('the program ended') as string });
    if (run.origin === undefined) {
      const before = said.notes.get(runId) ?? notes.get(runId) ?? '';
      expect(step === 'noting' && subject === runId ? [before, word] : [before]).toContain(run.notes);
      expect(run.tags).toEqual(run.notes === '' ? [] : [run.notes]);
    }
    if (run.notes !== '')
      expect(library.database.find({ ...FIRST, text: run.notes }).rows.map((row) => row.notes)).toContain(run.notes);
  }
  checkPairs([...runs.values()], said);
  checkLabs(library, folder, said, labs);
  // Nothing lies about: no half folder, no folder of a run that is gone.
  expect(readdirSync(join(folder, 'runs')).filter((name) => !runs.has(name))).toEqual([]);
  library.database.checkText();
  notes.clear();
  for (const [runId, run] of runs) notes.set(runId, run.notes);
  library.close();
}

const FIRST = { order: 'started', descending: true, offset: 0, limit: 9 } as const;

/** Runs that came in one bundle are there together, unless one was thrown away later. */
function checkPairs(runs: readonly StoredRun[], said: Said): void {
  const [step = '', subject = ''] = said.step;
  if (step !== 'admitting') return;
  expect([0, 2]).toContain(runs.filter(({ tags, origin }) => origin !== undefined && tags.includes(subject)).length);
}

/** Of each lab and plan there is the result that was kept last, or wholly the one that was being kept; nothing else lies about. */
function checkLabs(library: RunLibrary, folder: string, said: Said, labs: Map<string, string>): void {
  const rows = new Map(library.labs.list().map((row) => [`lab.${row.quick ? 'quick' : 'full'}`, row]));
  const [step = '', subject = '', word = ''] = said.step;
  for (const [lab, ranAt] of said.labs) labs.set(lab, ranAt);
  for (const lab of ['lab.quick', 'lab.full']) {
    const found = rows.get(lab);
    const expected = [labs.get(lab), ...(step === 'labbing' && subject === lab ? [word] : [])];
    expect(expected).toContain(found === undefined ? undefined : String(found.ranAt));
    if (found === undefined) continue;
    const { column } = library.labs.outcome(found) as { column: Float64Array };
    expect([column.length, column.at(-1)]).toEqual([2000, found.ranAt]);
    labs.set(lab, String(found.ranAt));
  }
  const names = new Set([...rows.values()].map((row) => row.folder));
  expect(readdirSync(join(folder, 'labs')).filter((name) => !names.has(name))).toEqual([]);
}

async function checkBundle(path: string): Promise<void> {
  if (!existsSync(path)) return;
  const bundle = await OpenBundle.open(path);
  await bundle.check();
  bundle.close();
}

test(
  `${String(KILLS)} kills at random points lose nothing that was finished and show nothing half-written`,
  { timeout: 0 },
  async () => {
    const random = seeded(20261126);
    let folder = fresh();
    let notes = new Map<string, string>();
    let labs = new Map<string, string>();
    const steps = new Map<string, number>();
    let finished = 0;
    for (let kill = 1; kill <= KILLS; kill += 1) {
      await liveAndDie(folder, kill, random);
      const said = heard(folder);
      const step = said.step[0] ?? 'elsewhere';
      steps.set(step, (steps.get(step) ?? 0) + 1);
      finished += said.written.size;
      inspect(folder, said, notes, labs);
      await checkBundle(join(folder, 'trip.odonata'));
      // A new library now and then keeps the inspection short.
      if (kill % KILLS_PER_LIBRARY === 0) {
        rmSync(folder, { recursive: true });
        folder = fresh();
        notes = new Map();
        labs = new Map();
      }
    }
    rmSync(folder, { recursive: true, force: true });
    const where = [...steps].map(([step, count]) => `${String(count)} ${step}`).join(', ');
    process.stderr.write(`${String(KILLS)} kills (${where}); ${String(finished)} runs finished meanwhile\n`);
    // The children got to work before they were killed.
    expect(finished).toBeGreaterThan(KILLS / 4);
  },
);
