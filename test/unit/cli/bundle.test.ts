// odonata bundle, unbundle and verify as programs: what was run is run again and gives the same, or it is said which layer differs.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readSummary, writeWhole } from '../../../core/store';
import { ROOT } from '../../worlds';
import { writeRunOf, WIRE } from '../store/run-results';

const folder = mkdtempSync(join(tmpdir(), 'odonata-verify-'));

function odonata(...args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'build/odonata.mjs'), ...args], {
    encoding: 'utf8',
    cwd: folder,
  });
  return { code: status, out: stdout, err: stderr };
}

/** Packs a run's folder after a change to its summary. */
function packed(name: string, change: (summary: ReturnType<typeof readSummary>) => object): string {
  const run = join(folder, name);
  writeRunOf(WIRE, run);
  writeWhole(join(run, 'summary.json'), JSON.stringify(change(readSummary(run))));
  expect(odonata('bundle', name, '--out', `${name}.odonata`).code).toBe(0);
  return `${name}.odonata`;
}

beforeAll(() => {
  odonata('schema');
});

test('a bundle of a finished and of a stopped run verifies: both are run again as far as they went', () => {
  writeRunOf(WIRE, join(folder, 'whole'));
  const stopped = writeRunOf(WIRE, join(folder, 'stopped'), 1.5e9);
  expect(stopped.outcome).toBe('stopped');
  expect(odonata('bundle', 'whole', 'stopped', '--out', 'two.odonata')).toMatchObject({ code: 0, err: '' });
  const { code, out, err } = odonata('verify', 'two.odonata', '--json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(JSON.parse(out)).toMatchObject({
    equal: true,
    entries: [
      { id: 'whole', verdict: 'equal', differs: [] },
      { id: 'stopped', verdict: 'equal', differs: [], measured: stopped.digest },
    ],
  });
  expect(odonata('unbundle', 'two.odonata', '--out', 'unpacked').code).toBe(0);
  expect(readFileSync(join(folder, 'unpacked/runs/whole/summary.json'))).toEqual(
    readFileSync(join(folder, 'whole/summary.json')),
  );
});

test('a result that does not come out again ends with code 3 and names the layer', () => {
  const layer = odonata(
    'verify',
    packed('layer', (one) => ({ ...one, digestParts: { ...one.digestParts, wire: 'feed' } })),
  );
  expect(layer.code).toBe(3);
  expect(layer.out).toContain('DIFFERENT in wire, summary');
  const number = odonata(
    'verify',
    packed('number', (one) => ({ ...one, totals: { ...one.totals, packets: 1 } })),
  );
  expect([number.code, number.out.split('\n')[1]]).toEqual([3, 'run number (path): DIFFERENT in summary']);
  const clock = odonata(
    'verify',
    packed('clock', (one) => ({ ...one, totals: { ...one.totals, wallSeconds: 77 } })),
  );
  expect(clock.code).toBe(0);
  const run = join(folder, 'whole');
  writeWhole(
    join(run, 'series.csv'),
    readFileSync(join(run, 'series.csv'), 'utf8').replace(/(,flow\/[^,]*),\d+/, '$1,1'),
  );
  odonata('bundle', 'whole', '--out', 'series.odonata');
  expect(odonata('verify', 'series.odonata')).toMatchObject({
    code: 3,
    out: expect.stringContaining('DIFFERENT in series') as string,
  });
});

test('an experiment is checked by its checksums, and said not to have been run again', () => {
  const sweep = join(folder, 'sweep');
  writeRunOf(WIRE, sweep);
  writeFileSync(join(sweep, 'plan.json'), '{}');
  odonata('bundle', 'sweep', '--out', 'sweep.odonata');
  const { code, out } = odonata('verify', 'sweep.odonata');
  expect([code, out]).toEqual([
    0,
    expect.stringContaining('experiment sweep (sweep): files are whole; it was not run again'),
  ]);
});

test.each<[string[], string]>([
  [['verify', 'nothing.odonata'], 'nothing.odonata: there is no such file'],
  [['verify', 'text.odonata'], 'text.odonata: this is not a bundle, or one that was cut off'],
  [['unbundle', 'text.odonata', '--out', 'new'], 'this is not a bundle'],
  [['unbundle', 'two.odonata', '--out', 'whole'], 'whole: something is there already; give a new folder'],
  [['bundle', 'whole'], "required option '--out <file>' not specified"],
  [['bundle', 'whole', '--out', 'x.zip'], '"x.zip" does not end in .odonata'],
  [['bundle', 'nowhere', '--out', 'x.odonata'], 'nowhere: there is no such folder'],
  [['bundle', 'unpacked', '--out', 'x.odonata'], 'unpacked: this is not the folder of a run that has ended'],
])('%j ends with code 2, says what is wrong, and leaves nothing', (args, expected) => {
  writeFileSync(join(folder, 'text.odonata'), 'hello');
  const { code, out, err } = odonata(...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(expected);
  expect([existsSync(join(folder, 'new')), existsSync(join(folder, 'x.odonata'))]).toEqual([false, false]);
});
