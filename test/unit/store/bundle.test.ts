// Bundles: the same bytes from the same results; and what somebody else made is trusted in nothing.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, unzipSync, zipSync } from 'fflate';
import { beforeAll, expect, test } from 'vitest';
import {
  BundleError,
  type BundleManifest,
  type LabFacts,
  OpenBundle,
  RunLibrary,
  writeBundle,
  writeLabResult,
} from '../../../core/store';
import { writeRunOf, WIRE } from './run-results';
import { seeded } from './seeded';

const folder = mkdtempSync(join(tmpdir(), 'odonata-bundle-'));
const good = join(folder, 'good.odonata');
const sha = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

beforeAll(() => {
  writeRunOf(WIRE, join(folder, 'a/results'));
  writeRunOf({ ...WIRE, seed: 8 }, join(folder, 'b/results'));
  mkdirSync(join(folder, 'sweep/jobs'), { recursive: true });
  writeFileSync(join(folder, 'sweep/plan.json'), '{}');
  writeFileSync(join(folder, 'sweep/jobs/1.csv'), 'x\n');
  writeFileSync(join(folder, 'sweep/results.db.lock'), '');
  writeFileSync(join(folder, 'sweep/half.csv.part'), '');
  symlinkSync('/etc/hostname', join(folder, 'sweep/outside'));
  writeBundle(
    good,
    ['a/results', 'b/results', 'sweep'].map((name) => ({ folder: join(folder, name) })),
    '0.1.0',
  );
});

/** A bundle made of the good one's files, spoiled; checksums of the manifest are made right unless `rough`. */
function spoiled(
  name: string,
  change: (files: Record<string, Uint8Array>, manifest: BundleManifest) => void,
  rough = false,
): string {
  const files = unzipSync(readFileSync(good));
  const manifest = JSON.parse(Buffer.from(files['manifest.json']!).toString()) as BundleManifest;
  change(files, manifest);
  if (!rough) {
    if (files['manifest.json'] !== undefined) files['manifest.json'] = strToU8(JSON.stringify(manifest));
    if (files['manifest.sha256'] !== undefined)
      files['manifest.sha256'] = strToU8(sha(files['manifest.json'] ?? new Uint8Array(0)));
  }
  const path = join(folder, `${name}.odonata`);
  writeFileSync(path, zipSync(files));
  return path;
}

async function problemOf(path: string): Promise<string> {
  const out = join(folder, 'never');
  try {
    const bundle = await OpenBundle.open(path);
    try {
      await bundle.unpack(out);
    } finally {
      bundle.close();
    }
  } catch (error) {
    if (!(error instanceof BundleError)) throw error;
    expect([existsSync(out), existsSync(`${out}.part`)]).toEqual([false, false]);
    return error.problems.map(({ pointer, message }) => `${pointer} ${message}`.trim()).join('\n');
  }
  throw new Error('the bundle was opened');
}

test('the same results give the same bytes, with names in order and one time for all', () => {
  const again = join(folder, 'again.odonata');
  writeBundle(
    again,
    ['a/results', 'b/results', 'sweep'].map((name) => ({ folder: join(folder, name) })),
    '0.1.0',
  );
  expect(sha(readFileSync(again))).toBe(sha(readFileSync(good)));
  const names = Object.keys(unzipSync(readFileSync(good)));
  expect(names.slice(0, 2)).toEqual(['manifest.json', 'manifest.sha256']);
  expect(names.slice(2)).toEqual([...names.slice(2)].sort());
  expect(names).toContain('runs/results-2/summary.json');
  // Locks, halves and what links point to are no results.
  expect(names.filter((name) => name.startsWith('experiments/'))).toEqual([
    'experiments/sweep/jobs/1.csv',
    'experiments/sweep/plan.json',
  ]);
});

test('unpacking gives every byte back, and writes over nothing', async () => {
  const bundle = await OpenBundle.open(good);
  const out = join(folder, 'out');
  await bundle.unpack(out);
  for (const name of ['summary.json', 'series.csv', 'provenance.json', 'scenario.json'])
    expect(readFileSync(join(out, 'runs/results', name))).toEqual(readFileSync(join(folder, 'a/results', name)));
  await expect(bundle.unpack(out)).rejects.toThrow('something is there already');
  bundle.close();
});

test('a bundle moves into a library with names, tags and notes; a second time nothing is doubled', async () => {
  const path = join(folder, 'noted.odonata');
  const about = { name: 'Mine', tags: ['paper'], notes: 'why', startedAt: 5, endedAt: 9 };
  writeBundle(path, [{ folder: join(folder, 'a/results'), id: '20261101-080000-00aa', about }], '0.1.0');
  const library = new RunLibrary(join(folder, 'library'));
  const take = async (): Promise<string[]> => {
    const bundle = await OpenBundle.open(path);
    const place = library.arrivalFolder('1');
    await bundle.unpack(place);
    bundle.close();
    const [entry] = bundle.manifest.entries;
    return library.admit([{ entry: entry!, folder: join(place, 'runs', entry!.id) }], 'noted.odonata', () => 'other');
  };
  expect(await take()).toEqual(['20261101-080000-00aa']);
  expect(library.database.runs()).toMatchObject([
    { ...about, origin: 'noted.odonata', status: 'finished', kind: 'run' },
  ]);
  expect(existsSync(join(library.folderOf('20261101-080000-00aa'), 'summary.json'))).toBe(true);
  // What is left of the second arrival goes with the next start; here by hand.
  const { rmSync } = await import('node:fs');
  rmSync(library.arrivalFolder('1'), { recursive: true });
  expect(await take()).toEqual(['20261101-080000-00aa']);
  expect(library.database.runs()).toHaveLength(1);
  library.close();
});

const LAB: LabFacts = {
  lab: '21-newreno',
  quick: true,
  seeds: 2,
  checks: 5,
  failed: 1,
  ranAt: 1_795_000_000_000,
  seconds: 0.25,
  program: '1.0.0',
};

/** A bundle with a result of a lab, perhaps changed, and where it is unpacked to. */
async function withLab(name: string, facts: Partial<LabFacts> = {}): Promise<{ path: string; at: string }> {
  const source = join(folder, name);
  writeLabResult(source, { ...LAB, ...facts }, { section: { title: 'NewReno' }, bare: NaN }, [
    { name: 'points.csv', content: 'a\n1\n' },
  ]);
  const path = join(folder, `${name}.odonata`);
  writeBundle(path, [{ folder: source }, { folder: join(folder, 'a/results') }], '0.1.0');
  const bundle = await OpenBundle.open(path);
  await bundle.unpack(join(folder, `${name}-unpacked`));
  bundle.close();
  return { path, at: join(folder, `${name}-unpacked/labs`, name) };
}

test('only a bundle with results of labs has the second version of the format; both are read', async () => {
  const { path } = await withLab('lab-version');
  for (const [bundle, version] of [
    [path, 2],
    [good, 1],
  ] as const) {
    const opened = await OpenBundle.open(bundle);
    expect(opened.manifest.version).toBe(version);
    opened.close();
  }
  const opened = await OpenBundle.open(path);
  expect(opened.manifest.entries[0]).toEqual({
    kind: 'lab',
    id: 'lab-version',
    name: 'NewReno',
    tags: [],
    notes: '',
    lab: '21-newreno',
    quick: true,
    endedAt: LAB.ranAt,
  });
  opened.close();
});

test('a lab’s result moves into a library, to the last digit; a second time nothing changes, and others’ do not take its place', async () => {
  const library = new RunLibrary(join(folder, 'lab-library'));
  const one = await withLab('lab-one');
  expect(library.labs.admit(one.at)).toEqual({ lab: LAB.lab, quick: true, isHere: true });
  expect(library.labs.list()).toMatchObject([LAB]);
  expect(library.labs.outcome(LAB)).toEqual({ section: { title: 'NewReno' }, bare: NaN });
  const rows = library.labs.list();
  expect(library.labs.admit((await withLab('lab-same')).at).isHere).toBe(true);
  const newer = await withLab('lab-newer', { ranAt: LAB.ranAt + 5 });
  expect(library.labs.admit(newer.at).isHere).toBe(false);
  expect(library.labs.list()).toEqual(rows);
  // What was thrown away gives way; what comes is there after a restart.
  library.labs.discard(LAB, 5);
  expect(library.labs.admit(newer.at).isHere).toBe(true);
  library.close();
  const again = new RunLibrary(join(folder, 'lab-library'));
  expect(again.labs.list()).toMatchObject([{ ranAt: LAB.ranAt + 5 }]);
  expect(readdirSync(join(folder, 'lab-library/labs'))).toEqual([`21-newreno.quick.${String(LAB.ranAt + 5)}`]);
  again.close();
});

test('a lab’s result whose names lead elsewhere, or whose numbers are none, is refused', async () => {
  const library = new RunLibrary(join(folder, 'lab-refused'));
  const { at } = await withLab('lab-bad');
  const path = join(at, 'outcome.json');
  const text = readFileSync(path, 'utf8');
  for (const change of [
    { lab: '../../elsewhere' },
    { ranAt: '../1' },
    { seeds: 0 },
    { quick: 1 },
    { outcome: 'none' },
    { version: 2 },
  ]) {
    writeFileSync(path, JSON.stringify({ ...(JSON.parse(text) as object), ...change }));
    expect(() => library.labs.admit(at)).toThrow('was not written by this version of Odonata');
    expect(() => writeBundle(join(folder, 'no.odonata'), [{ folder: at }], '0.1.0')).toThrow(BundleError);
  }
  expect(library.labs.list()).toEqual([]);
  library.close();
});

test.each<[string, (files: Record<string, Uint8Array>, manifest: BundleManifest) => void, string]>([
  [
    'without a manifest',
    (files) => delete files['manifest.json'],
    'this archive is not a bundle: manifest.json is missing',
  ],
  ['without its checksum', (files) => delete files['manifest.sha256'], 'manifest.sha256 is missing'],
  [
    'of version 3',
    (_, manifest) => Object.assign(manifest, { version: 3 }),
    'the bundle has version 3 of the format, and this program reads versions 1 and 2',
  ],
  [
    'of another format',
    (_, manifest) => Object.assign(manifest, { format: 'zip' }),
    'does not say "format": "odonata-bundle"',
  ],
  ['without a file', (files) => delete files['runs/results/series.csv'], 'runs/results/series.csv is missing'],
  [
    'with a file too many',
    (files) => (files['runs/results/extra'] = new Uint8Array(1)),
    'the manifest does not know runs/results/extra',
  ],
  [
    'with other contents',
    (files) => (files['runs/results/series.csv']![0]! ^= 1),
    'runs/results/series.csv is not what the manifest says: its checksum differs',
  ],
  [
    'with another size',
    (files) => (files['runs/results/series.csv'] = new Uint8Array(7)),
    'has 7 bytes, and the manifest says',
  ],
  ['without entries', (_, manifest) => manifest.entries.splice(0), 'manifest.json#/entries'],
  [
    'with an entry twice',
    (_, manifest) => manifest.entries.push(manifest.entries[0]!),
    'the entry "results" stands twice',
  ],
  [
    'with a name of dots',
    (_, manifest) => (manifest.entries[0]!.id = '..'),
    'manifest.json#/entries/0/id must be a plain name',
  ],
  ['with a wrong checksum in it', (_, manifest) => (manifest.files[0]!.sha256 = 'abc'), 'must be a SHA-256'],
])('a bundle %s is refused, and nothing is written', async (name, change, expected) => {
  expect(await problemOf(spoiled(name, change))).toContain(expected);
});

test.each([
  '../outside',
  '/outside',
  'runs/results/../../../outside',
  'runs\\results\\x',
  'C:/outside',
  'runs/results/nul.csv',
  'runs/results/a:b',
  'runs//x',
  'other/results/x',
])('a file called %s never leaves the bundle', async (path) => {
  const data = strToU8('outside');
  const problem = await problemOf(
    spoiled('traversal', (files, manifest) => {
      files[path] = data;
      manifest.files.push({ path, bytes: data.length, sha256: sha(data) });
    }),
  );
  expect(problem).toMatch(/cannot be read \((invalid|absolute)|not a name inside the bundle|belongs to no entry/);
  expect(existsSync(join(folder, 'outside'))).toBe(false);
  expect(existsSync('/outside')).toBe(false);
});

test('a bundle that unpacks to absurdly much is refused before it is unpacked', async () => {
  const zeros = new Uint8Array(200 * 1024 * 1024);
  const path = spoiled('bomb', (files, manifest) => {
    files['runs/results/zeros'] = zeros;
    manifest.files.push({ path: 'runs/results/zeros', bytes: zeros.length, sha256: '0'.repeat(64) });
  });
  expect(await problemOf(path)).toMatch(/\d+ kB unpack to 210 MB: no bundle of results does/);
});

test('a member that is longer than it says is cut off at what it says', async () => {
  const path = spoiled('liar', (files, manifest) => {
    files['runs/results/zeros'] = new Uint8Array(5_000_000);
    manifest.files.push({ path: 'runs/results/zeros', bytes: 10, sha256: '0'.repeat(64) });
  });
  const bytes = readFileSync(path);
  // The sizes in the archive's directory, made to agree with the manifest (PKWARE APPNOTE 4.3.12).
  const at = bytes.lastIndexOf('runs/results/zeros') - 46;
  expect(bytes.readUInt32LE(at)).toBe(0x02014b50);
  bytes.writeUInt32LE(10, at + 24);
  writeFileSync(path, bytes);
  expect(await problemOf(path)).toMatch(/zeros cannot be unpacked \(.*too many bytes/);
});

test('files that are no bundles are told from broken ones', async () => {
  const text = join(folder, 'text.odonata');
  writeFileSync(text, 'not a zip');
  expect(await problemOf(text)).toContain('this is not a bundle, or one that was cut off');
  expect(await problemOf(folder)).toContain('this is a folder');
  expect(await problemOf(join(folder, 'missing.odonata'))).toContain('there is no such file');
  const bytes = readFileSync(good);
  for (const share of [0.1, 0.5, 0.99]) {
    writeFileSync(text, bytes.subarray(0, Math.floor(bytes.length * share)));
    expect(await problemOf(text)).toContain('this is not a bundle, or one that was cut off');
  }
});

test('with a byte changed anywhere, a bundle is refused or says the same as before', async () => {
  const bytes = readFileSync(good);
  const random = seeded(7);
  let refused = 0;
  for (let round = 0; round < 150; round += 1) {
    const copy = Buffer.from(bytes);
    copy[Math.floor(random() * copy.length)]! ^= 1 << Math.floor(random() * 8);
    const path = join(folder, 'flipped.odonata');
    writeFileSync(path, copy);
    let bundle: OpenBundle | undefined;
    try {
      bundle = await OpenBundle.open(path);
      await bundle.check();
      expect(await bundle.text('runs/results/summary.json')).toBe(
        readFileSync(join(folder, 'a/results/summary.json'), 'utf8'),
      );
    } catch (error) {
      expect(error).toBeInstanceOf(BundleError);
      refused += 1;
    } finally {
      bundle?.close();
    }
  }
  expect(refused).toBeGreaterThan(100);
});

test('a folder that holds no results is not packed, and no file appears', () => {
  const path = join(folder, 'none.odonata');
  mkdirSync(join(folder, 'none'));
  expect(() => writeBundle(path, [{ folder: join(folder, 'none') }], '0')).toThrow(
    'not the folder of a run that has ended',
  );
  expect(readdirSync(folder).filter((name) => name.startsWith('none.odonata'))).toEqual([]);
});
