// odonata bundle, unbundle and verify as programs: what was run is run again and gives the same, or it is said which layer differs.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readSummary, writeWhole } from '../../../core/store';
import { planDocument } from '../../plans';
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

/** A sweep of two points with two runs each, with one of its files changed by somebody; packed. */
function packedSweep(name: string, file?: string, change: (text: string) => string = (text) => text): string {
  const sweep = join(folder, name);
  cpSync(join(folder, 'swept'), sweep, { recursive: true });
  if (file !== undefined) {
    const text = readFileSync(join(sweep, file), 'utf8');
    expect(change(text)).not.toBe(text);
    writeFileSync(join(sweep, file), change(text));
  }
  expect(odonata('bundle', name, '--out', `${name}.odonata`).code).toBe(0);
  return `${name}.odonata`;
}

describe('experiments', () => {
  beforeAll(() => {
    const plan = planDocument({
      factors: [
        { name: 'loss', pointer: '/links/l/loss/probability', levels: [{ label: 'low, "1%"', value: 0.01 }, 0.05] },
      ],
      replications: 2,
      compare: { factor: 'loss', baseline: '0.05' },
    });
    writeFileSync(join(folder, 'plan.json'), JSON.stringify(plan));
    expect(odonata('sweep', 'plan.json', '--out', 'swept').code).toBe(0);
  });

  test('all runs of the plan are run again, or a share of them, and the tables are made anew', () => {
    const bundle = packedSweep('good');
    expect(odonata('verify', bundle)).toMatchObject({
      code: 0,
      out: expect.stringContaining('experiment good (good): 4 of 4 runs again, equal') as string,
    });
    const { code, out } = odonata('verify', bundle, '--share', '50%', '--json');
    expect(code).toBe(0);
    expect((JSON.parse(out) as { entries: unknown[] }).entries).toEqual([
      { id: 'good', kind: 'experiment', name: 'good', verdict: 'equal', differs: [], runs: { again: 2, of: 4 } },
    ]);
  });

  test.each<[string, string, (text: string) => string, string]>([
    [
      'a value',
      'results.csv',
      (text) => text.replace(/(completion,ns,)(\d)/, '$19$2'),
      'run p1r1 (values), results.csv',
    ],
    ['a digest', 'results.csv', (text) => text.replace(/,[0-9a-f]{16},/, ',0123456789abcdef,'), 'run p1r1 (digest '],
    ['a mean', 'summary.csv', (text) => text.replace(/(completion,ns,2,0,0,\d+)/, '$11'), 'DIFFERENT in summary.csv'],
    ['a p', 'differences.csv', (text) => text.replace(/,0\.95\n/, ',0.9\n'), 'DIFFERENT in differences.csv'],
  ])('%s that somebody changed is found', (name, file, change, found) => {
    const { code, out } = odonata('verify', packedSweep(name.replaceAll(' ', '-'), file, change));
    expect([code, out]).toEqual([3, expect.stringContaining(found) as string]);
  });

  test('with a share, a table that does not follow from the runs is found all the same', () => {
    const bundle = packedSweep('shared', 'summary.csv', (text) => text.replace(/(completion,ns,2,0,0,\d+)/, '$11'));
    expect(odonata('verify', bundle, '--share', '0.1')).toMatchObject({
      code: 3,
      out: expect.stringContaining('1 of 4 runs again, DIFFERENT in summary.csv') as string,
    });
  });

  test('a table with fewer columns, of an older version, is no difference', () => {
    const bundle = packedSweep('older', 'summary.csv', (text) => text.replace(/(?:,[^,\n]*){24}$/gm, ''));
    expect(readFileSync(join(folder, 'older', 'summary.csv'), 'utf8').split('\n')[0]).toMatch(/,confidence$/);
    expect(odonata('verify', bundle).code).toBe(0);
  });

  test('a plan without results is whole; results of another plan, and a share that is none, are bad input', () => {
    const bare = join(folder, 'bare');
    mkdirSync(bare);
    writeFileSync(join(bare, 'plan.json'), '{}');
    odonata('bundle', 'bare', '--out', 'bare.odonata');
    const { code, out } = odonata('verify', 'bare.odonata');
    expect([code, out]).toEqual([0, expect.stringContaining('it has no results to run again') as string]);
    const stray = packedSweep('stray', 'results.csv', (text) => text.replaceAll('completion', 'duration'));
    expect(odonata('verify', stray)).toMatchObject({
      code: 2,
      err: expect.stringContaining('results.csv: the plan does not measure "duration"') as string,
    });
    expect(odonata('verify', 'bare.odonata', '--share', '0')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--share 0.1') as string,
    });
  });
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

describe('results of labs', () => {
  beforeAll(() => {
    expect(odonata('lab', 'run', '02-target-decides', '--quick', '--out', 'lab').code).toBe(0);
  });

  /** The lab's folder with one of its files changed by somebody; packed. */
  function packedLab(name: string, file?: string, change: (text: string) => string = (text) => text): string {
    cpSync(join(folder, 'lab'), join(folder, name), { recursive: true });
    if (file !== undefined) {
      const text = readFileSync(join(folder, name, file), 'utf8');
      expect(change(text)).not.toBe(text);
      writeFileSync(join(folder, name, file), change(text));
    }
    expect(odonata('bundle', name, '--out', `${name}.odonata`).code).toBe(0);
    return `${name}.odonata`;
  }

  test('the lab is run again with its seeds, and it is said what was compared', () => {
    const bundle = packedLab('lab-good');
    const { code, out, err } = odonata('verify', bundle);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const points = readFileSync(join(folder, 'lab/points.csv'), 'utf8').trimEnd().split('\n').length - 1;
    const { seeds } = JSON.parse(readFileSync(join(folder, 'lab/verdict.json'), 'utf8')) as { seeds: number[] };
    expect(out).toMatch(
      new RegExp(
        `lab lab-good \\(.+\\): run again, equal; ${String(points)} measurements, their means${seeds.length > 1 ? ' and intervals' : ''}, and \\d+ checks come out to the last digit`,
      ),
    );
    const json = JSON.parse(odonata('verify', bundle, '--json').out) as { entries: unknown[] };
    expect(json.entries).toMatchObject([
      { id: 'lab-good', kind: 'lab', verdict: 'equal', differs: [], lab: { measurements: points } },
    ]);
  });

  test.each<[string, string, (text: string) => string, string]>([
    [
      'a measurement',
      'points.csv',
      (text) => text.replace(/\d\n$/, (last) => `${String((Number(last) + 1) % 10)}\n`),
      'points.csv',
    ],
    ['a check', 'verdict.json', (text) => text.replace('"pass": true', '"pass": false'), 'verdict.json (pass)'],
    ['a figure', 'outcome.json', (text) => text.replace('"$float64":[', '"$float64":[0.5,'), 'outcome.json (figures)'],
    ['what lists say', 'outcome.json', (text) => text.replace('"failed":0', '"failed":1'), 'outcome.json (checks)'],
  ])('%s that somebody changed is named', (what, file, change, named) => {
    const { code, out } = odonata('verify', packedLab(`lab-${what.replaceAll(' ', '-')}`, file, change));
    expect([code, out]).toEqual([3, expect.stringContaining('DIFFERENT in ') as string]);
    expect(out).toContain(named);
  });

  test('a lab that this version does not have cannot be run again, which is said', () => {
    const bundle = packedLab('lab-unknown', 'outcome.json', (text) =>
      text.replace('"lab":"02-target-decides"', '"lab":"99-later"'),
    );
    expect(odonata('verify', bundle)).toMatchObject({
      code: 0,
      out: expect.stringContaining('files are whole; this version has no lab "99-later" to run again') as string,
    });
  });
});
