// Results of labs last: through restarts, kills in the middle, a damaged database; the old one stays until the new one is there.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { folderBytes, type LabFacts, RunLibrary, writeLabResult } from '../../../core/store';
import { losslessJson, readLosslessJson } from '../../../core/store/lossless-json';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'odonata-lab-results-'));
const QUICK: LabFacts = {
  lab: '21-newreno',
  quick: true,
  seeds: 2,
  checks: 5,
  failed: 1,
  ranAt: 1_795_000_000_000,
  seconds: 0.25,
  program: '1.0.0',
};
const OUTCOME = {
  csv: 'a,b\n1,2\n',
  none: undefined,
  column: Float64Array.from([1, NaN, -0, Infinity, 0.1]),
  bare: NaN,
};
const TABLE = { name: 'points.csv', content: OUTCOME.csv };

/** Writes a result as the process of a lab does; where it lies until it is kept. */
function written(library: RunLibrary, facts = QUICK): string {
  const place = library.labs.place(facts, facts.ranAt - 1000);
  writeLabResult(place, facts, OUTCOME, [TABLE]);
  return place;
}

function kept(library: RunLibrary, facts = QUICK): void {
  library.labs.keep(facts, written(library, facts));
}

/** As after a kill: whoever had it open says nothing more. */
function again(folder: string): RunLibrary {
  rmSync(join(folder, 'owner.pid'), { force: true });
  return new RunLibrary(folder);
}

const namesIn = (folder: string): string[] => readdirSync(join(folder, 'labs')).sort();

test('a result is there after a restart, to the last digit, and counts among what the library takes', () => {
  const folder = fresh();
  const first = new RunLibrary(folder);
  const empty = first.diskUse().bytes;
  kept(first);
  first.close();
  const library = new RunLibrary(folder);
  const [row] = library.labs.list();
  expect(row).toMatchObject(QUICK);
  expect(library.labs.outcome(QUICK)).toEqual(OUTCOME);
  expect(Object.is((library.labs.outcome(QUICK) as typeof OUTCOME).column[2], -0)).toBe(true);
  expect(row!.diskBytes).toBe(folderBytes(join(folder, 'labs')));
  expect(library.diskUse().bytes - empty).toBe(row!.diskBytes);
  library.close();
});

test('beyond the limit results are offered as runs are, the oldest first, and no more than have to go', () => {
  const library = new RunLibrary(fresh());
  const old = { ...QUICK, ranAt: 1000 };
  const young = { ...QUICK, quick: false, ranAt: 3000 };
  kept(library, young);
  kept(library, old);
  const run = { name: 'n', scenario: 's', seed: 1, status: 'finished', durationNs: 5, diskBytes: 2e6 } as const;
  library.database.addRuns([{ ...run, runId: 'r', startedAt: 2000 }]);
  const { bytes } = library.diskUse();
  const [oldBytes, youngBytes] = [old, young].map(({ quick }) =>
    library.labs.list().find((one) => one.quick === quick),
  );
  library.diskLimitBytes = bytes;
  expect(library.diskUse().offered).toEqual({ runIds: [], bytes: 0, labs: [] });
  library.diskLimitBytes = bytes - 1;
  expect(library.diskUse().offered).toEqual({ runIds: [], bytes: 0, labs: [oldBytes] });
  library.diskLimitBytes = bytes - oldBytes!.diskBytes - 1;
  expect(library.diskUse().offered).toEqual({ runIds: ['r'], bytes: 2e6, labs: [oldBytes] });
  library.diskLimitBytes = 1;
  expect(library.diskUse().offered).toEqual({ runIds: ['r'], bytes: 2e6, labs: [oldBytes, youngBytes] });
  expect(library.labs.list()).toHaveLength(2);
  library.close();
});

test('a newer result takes the place of the old one of the same plan only', () => {
  const folder = fresh();
  const library = new RunLibrary(folder);
  const full = { ...QUICK, quick: false, seeds: 30, failed: 0, ranAt: QUICK.ranAt + 1 };
  kept(library);
  kept(library, full);
  kept(library, { ...QUICK, failed: 0, ranAt: QUICK.ranAt + 5000 });
  expect(library.labs.list().map(({ quick, failed, ranAt }) => [quick, failed, ranAt - QUICK.ranAt])).toEqual([
    [true, 0, 5000],
    [false, 0, 1],
  ]);
  expect(namesIn(folder)).toHaveLength(2);
  library.close();
});

test('what was removed can be taken back, until the waste basket is emptied', () => {
  const folder = fresh();
  const library = new RunLibrary(folder);
  kept(library);
  const { bytes } = library.diskUse();
  library.labs.discard(QUICK, 100);
  expect([library.labs.list(), library.labs.outcome(QUICK)]).toEqual([[], undefined]);
  expect(library.diskUse().bytes).toBeLessThan(bytes);
  library.labs.empty(100);
  expect(library.labs.restore(QUICK)).toBe(true);
  expect(library.labs.outcome(QUICK)).toEqual(OUTCOME);
  library.labs.discard(QUICK, 100);
  library.labs.empty(101);
  expect(library.labs.restore(QUICK)).toBe(false);
  expect(namesIn(folder)).toEqual([]);
  library.close();
});

describe('killed', () => {
  test('while the result is written: the old one is there, and nothing of the new one', () => {
    const folder = fresh();
    const library = new RunLibrary(folder);
    kept(library);
    written(library, { ...QUICK, ranAt: QUICK.ranAt + 9000 });
    library.database.close();
    const next = again(folder);
    expect(next.labs.list()).toMatchObject([QUICK]);
    expect(namesIn(folder)).toHaveLength(1);
    next.close();
  });

  test('while the first result is written: there is none, and nothing lies about', () => {
    const folder = fresh();
    const library = new RunLibrary(folder);
    const place = library.labs.place(QUICK, QUICK.ranAt);
    mkdirSync(place);
    writeFileSync(join(place, 'outcome.json.part'), '{"format":"odonata-lab-res');
    library.database.close();
    const next = again(folder);
    expect([next.labs.list(), namesIn(folder)]).toEqual([[], []]);
    next.close();
  });

  test('between row and folder: the new one is there, and nothing of the old one', () => {
    const folder = fresh();
    const library = new RunLibrary(folder);
    kept(library);
    const newer = { ...QUICK, ranAt: QUICK.ranAt + 9000 };
    const place = written(library, newer);
    const name = place.slice(join(folder, 'labs').length + 1, -'.part'.length);
    library.database.labs.put({ ...newer, folder: name, diskBytes: 1 });
    library.database.close();
    const next = again(folder);
    expect(next.labs.list()).toMatchObject([newer]);
    expect(next.labs.outcome(QUICK)).toEqual(OUTCOME);
    expect(namesIn(folder)).toEqual([name]);
    next.close();
  });

  test('while it is thrown away: it is gone', () => {
    const folder = fresh();
    const library = new RunLibrary(folder);
    kept(library);
    library.labs.discard(QUICK, 1);
    library.database.close();
    const next = again(folder);
    expect([next.labs.list(), namesIn(folder)]).toEqual([[], []]);
    next.close();
  });
});

test('without their database, results are found in their folders again; of two, the newer one', () => {
  const folder = fresh();
  const library = new RunLibrary(folder);
  kept(library);
  const [name] = namesIn(folder);
  renameSync(join(folder, 'labs', name!), join(folder, 'aside'));
  const newer = { ...QUICK, failed: 0, ranAt: QUICK.ranAt + 9000 };
  kept(library, newer);
  library.close();
  renameSync(join(folder, 'aside'), join(folder, 'labs', name!));
  for (const rest of ['', '-wal', '-journal']) rmSync(join(folder, `odonata.db${rest}`), { force: true });
  const next = new RunLibrary(folder);
  expect(next.labs.list()).toMatchObject([newer]);
  expect(namesIn(folder)).toHaveLength(1);
  next.close();
});

test('a folder that is no result is left alone, and a result of an unknown version is not guessed at', () => {
  const folder = fresh();
  const library = new RunLibrary(folder);
  kept(library);
  const [name] = namesIn(folder);
  library.close();
  mkdirSync(join(folder, 'labs/99-mine.full.7'));
  writeFileSync(join(folder, 'labs', name!, 'outcome.json'), '{"format":"odonata-lab-result","version":2}');
  const next = new RunLibrary(folder);
  expect(next.labs.list()).toMatchObject([QUICK]);
  expect(() => next.labs.outcome(QUICK)).toThrow(/run the lab again/);
  expect(existsSync(join(folder, 'labs/99-mine.full.7'))).toBe(true);
  next.close();
});

test('JSON without losses gives back every number', () => {
  const value = { a: [NaN, -Infinity, -0, 5e-324], b: { c: new Float64Array(0) }, text: 'NaN' };
  const back = readLosslessJson(losslessJson(value)) as typeof value;
  expect(back).toEqual(value);
  expect(Object.is(back.a[2], -0)).toBe(true);
});
