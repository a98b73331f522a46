// Guided labs at the command line: the list, a teacher's own lab, handouts, and a folder of hand-ins marked.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { evidenceOfLab } from '../../../core/classroom';
import { guidedLabById, handInOf, writeHandIn } from '../../../core/course';
import { LAB_TEXTS } from '../../../core/course/labs';
import { ROOT } from '../../worlds';
import { BEGAN_AT, logOf, rightAnswer, worked } from '../course/student';

const folder = mkdtempSync(join(tmpdir(), 'odonata-course-'));

function odonata(...args: string[]): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [join(ROOT, 'build/odonata.mjs'), ...args], {
    encoding: 'utf8',
    cwd: ROOT,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

// The first call builds the program if its sources are newer, and says so.
beforeAll(() => {
  odonata('schema');
});

const lab = guidedLabById('small-windows')!;
const evidenceOf = evidenceOfLab(lab);

/** The hand-in of somebody who does everything right. */
function perfect(name: string, key?: string): string {
  const deeds = worked(lab, evidenceOf, (question, step) => rightAnswer(question, step, evidenceOf), name);
  // Nobody begins in the same millisecond.
  return writeHandIn(handInOf(logOf(deeds, BEGAN_AT + name.length * 1000), key));
}

test('the list has each lab with its minutes, and as JSON its goals', () => {
  const { code, out } = odonata('course', 'list', '--json');
  expect(code).toBe(0);
  const list = JSON.parse(out) as { id: string; minutes: number; goals: string[] }[];
  expect(list.map(({ id }) => id)).toEqual(LAB_TEXTS.map(({ id }) => id));
  expect(odonata('course', 'list').out).toMatch(/eifel +35 min/);
});

function labFolder(name: string, change: (yaml: string) => string): string {
  const path = join(folder, 'own', name);
  const { yaml, text } = LAB_TEXTS.find(({ id }) => id === 'small-windows')!;
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'lab.yaml'), change(yaml.replace('id: small-windows', `id: ${name}`)));
  writeFileSync(join(path, 'text.md'), text);
  return path;
}

test("a teacher's lab is checked by running it, and what the run does not have is a problem with its place", () => {
  const good = labFolder('my-windows', (yaml) => yaml);
  expect(odonata('course', 'check', good)).toMatchObject({ code: 0, err: '' });
  const bad = labFolder('bad', (yaml) => yaml.replace('/flows/f1/completionTimeNs', '/flows/f1/completionTime'));
  const { code, err } = odonata('course', 'check', bad);
  expect(code).toBe(2);
  expect(err).toContain('/steps/0/questions/1/measured: ');
  expect(err).toContain('did you mean "completionTimeNs"?');
  expect(odonata('course', 'check', join(folder, 'nowhere'))).toMatchObject({ code: 2 });
  const json = odonata('course', 'check', bad, '--json');
  expect(JSON.parse(json.out)).toMatchObject({ ok: false, problems: [{ pointer: '/steps/0/questions/1/measured' }] });
});

test('a handout has formulas and room, the answers only when asked for, and PDF is PDF', () => {
  const html = join(folder, 'handout.html');
  expect(odonata('course', 'print', 'small-windows', '--out', html).code).toBe(0);
  const text = readFileSync(html, 'utf8');
  expect(text).toContain('<math');
  expect(text).not.toContain('Right:');
  expect(odonata('course', 'print', 'small-windows', '--answers', '--out', html).code).toBe(0);
  expect(readFileSync(html, 'utf8')).toMatch(/Right:<\/b> 1504\.\d+ ms ± 1%/);
  const pdf = join(folder, 'handout.pdf');
  expect(odonata('course', 'print', 'small-windows', '--format', 'pdf', '--out', pdf).code).toBe(0);
  expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  expect(odonata('course', 'print', 'small-window', '--out', html).err).toContain('did you mean "small-windows"?');
});

function handIns(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(path, file, '..'), { recursive: true });
    writeFileSync(join(path, file), text);
  }
  return path;
}

test('a folder of honest hand-ins is marked into CSV and reports', () => {
  const path = handIns('honest', {
    'ada.odonata-handin': perfect('Ada', 'secret'),
    'group b/grace.odonata-handin': perfect('Grace Hopper', 'secret'),
    'notes.txt': 'not a hand-in',
  });
  const key = join(folder, 'key.txt');
  writeFileSync(key, 'secret\n');
  const out = join(folder, 'marks');
  expect(odonata('grade', path, '--key', key, '--out', out)).toMatchObject({ code: 0, err: '' });
  expect(readdirSync(join(out, 'reports')).sort()).toEqual([
    '1815-Ada-small-windows.html',
    '1815-Grace-Hopper-small-windows.html',
  ]);
  const rows = readFileSync(join(out, 'marks.csv'), 'utf8').trim().split('\r\n');
  expect(rows).toHaveLength(1 + 2 * 10);
  expect(rows[1]).toContain('Ada,1815,small-windows,duplicates,2,2 ± 0,1,1,0,1,no,60,');
});

test('touched and broken files are named, and all others are marked', () => {
  const touched = perfect('Charles').replace('Charles', 'Karl');
  const tampered = handIns('tampered', {
    'ada.odonata-handin': perfect('Ada'),
    'karl.odonata-handin': touched,
  });
  const three = odonata('grade', tampered, '--json');
  expect(three.code).toBe(3);
  expect(three.err).toContain('karl.odonata-handin: tampered: entry 0 (begin) was changed');
  expect(three.err).not.toContain('ada.odonata');
  expect((JSON.parse(three.out) as { marked: { points: number }[] }).marked.map(({ points }) => points)).toEqual([
    10, 10,
  ]);
  const broken = handIns('broken', {
    'ada.odonata-handin': perfect('Ada'),
    'cut.odonata-handin': perfect('Charles').slice(0, 2000),
    'other.odonata-handin': perfect('Grace').replaceAll('small-windows', 'small-window'),
  });
  const two = odonata('grade', broken);
  expect(two.code).toBe(2);
  expect(two.err).toContain('cut.odonata-handin: the file is cut off or is not a hand-in');
  expect(two.err).toContain('which is not here; add --labs FOLDER; is it "small-windows"?');
  expect(two.out.split('\r\n').filter((row) => row.startsWith('Ada,'))).toHaveLength(10);
});

test('a copied log under another name shows, though its hashes are right', () => {
  const copied = handIns('copied', { 'a.odonata-handin': perfect('Ada'), 'b.odonata-handin': perfect('Eve') });
  const { code, err } = odonata('grade', copied);
  expect(code).toBe(3);
  expect(err).toContain('b.odonata-handin: tampered: the same times as in');
});

test('an empty folder, a missing key and no folder are bad input', () => {
  const empty = join(folder, 'empty');
  mkdirSync(empty);
  expect(odonata('grade', empty)).toMatchObject({ code: 2 });
  expect(odonata('grade', join(folder, 'nowhere'))).toMatchObject({ code: 2 });
  expect(odonata('grade', join(folder, 'honest'), '--key', join(folder, 'none'))).toMatchObject({ code: 2 });
});

test("hand-ins of a teacher's own lab are marked with the folder of that lab", () => {
  labFolder('my-windows', (yaml) => yaml);
  const own = handIns('own-lab', { 'a.odonata-handin': perfect('Ada').replaceAll('"small-windows"', '"my-windows"') });
  const { code, out } = odonata('grade', own, '--labs', join(folder, 'own', 'my-windows'));
  // The name of the lab was changed in the file: marked, and called tampered with.
  expect(code).toBe(3);
  expect(out).toContain('Ada,1815,my-windows,duplicates');
});
