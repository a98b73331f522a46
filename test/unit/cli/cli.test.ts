// The command line as a program: exit codes, one problem a line on stderr, JSON alone on stdout, folders whole.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { pathDocument, readyDocument, ROOT } from '../../worlds';

const folder = mkdtempSync(join(tmpdir(), 'odonata-cli-'));

function odonata(args: readonly string[], input?: string): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [join(ROOT, 'build/odonata.mjs'), ...args], {
    encoding: 'utf8',
    cwd: ROOT,
    input,
    maxBuffer: 1e9,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

// The first call builds the program if its sources are newer, and says so.
beforeAll(() => {
  odonata(['schema']);
});

test('run leaves a whole folder, and the same digest whatever is written beside', () => {
  const out = join(folder, 'run');
  const {
    code,
    out: text,
    err,
  } = odonata(['run', 'scenarios/dumbbell.json', '--duration', '5s', '--out', out, '--pcap', '--trace', '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const summary = JSON.parse(text) as { digest: string; digestParts: object; totals: { events: number } };
  expect(readdirSync(out).sort()).toEqual([
    'capture.pcapng',
    'charts',
    'provenance.json',
    'scenario.json',
    'series.csv',
    'summary.json',
    'trace.json',
  ]);
  expect(Object.keys(summary.digestParts)).toEqual(['events', 'wire', 'flows', 'kernel', 'links']);
  expect(readFileSync(join(out, 'series.csv'), 'utf8').split('\n')[0]).toBe('time_s,probe,value');
  const plain = odonata(['run', '-', '--duration', '5s', '--json'], JSON.stringify(readyDocument('dumbbell')));
  expect((JSON.parse(plain.out) as { digest: string }).digest).toBe(summary.digest);
  const origin = JSON.parse(readFileSync(join(out, 'provenance.json'), 'utf8')) as {
    scenario: { duration: string };
    command: string;
  };
  expect(origin.scenario.duration).toBe('5s');
  expect(origin.command).toContain('odonata run');
  const trace = JSON.parse(readFileSync(join(out, 'trace.json'), 'utf8')) as {
    traceEvents: { ph: string; id?: number }[];
  };
  const starts = trace.traceEvents.filter(({ ph }) => ph === 's').map(({ id }) => id);
  const ends = trace.traceEvents.filter(({ ph }) => ph === 'f').map(({ id }) => id);
  expect(starts.length).toBeGreaterThan(1000);
  expect(ends).toEqual(starts);
});

test('figures come in every format at the size of the preset', () => {
  const out = join(folder, 'figures');
  expect(odonata(['run', 'scenarios/dumbbell.json', '--duration', '5s', '--out', out]).code).toBe(0);
  for (const format of ['svg', 'pdf', 'png', 'csv', 'tex']) {
    const { code, err } = odonata(['figure', out, '--chart', 'cwnd', '--format', format]);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(existsSync(join(out, `cwnd.${format}`))).toBe(true);
  }
  expect(readFileSync(join(out, 'cwnd.svg'), 'utf8')).toContain('width="88.9mm"');
  if (spawnSync('pdffonts', ['-v']).error === undefined) {
    const read = (program: string, ...args: string[]): string => spawnSync(program, args, { encoding: 'utf8' }).stdout;
    expect(read('pdffonts', join(out, 'cwnd.pdf'))).toMatch(/SourceSans3.*\s+yes yes/);
    // Every word lies on the page, and the outermost ones are there.
    const page = read('pdftotext', '-bbox', join(out, 'cwnd.pdf'), '-');
    const [, width = '0', height = '0'] = /<page width="([\d.]+)" height="([\d.]+)"/.exec(page) ?? [];
    expect(Number(width)).toBeCloseTo((88.9 / 25.4) * 72, 0);
    const words = [...page.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)/g)];
    expect(words.map((word) => word[5])).toEqual(expect.arrayContaining(['Time', '(s)', '5', 'f1', 'f4']));
    for (const [, , , right, bottom] of words) {
      expect(Number(right)).toBeLessThanOrEqual(Number(width));
      expect(Number(bottom)).toBeLessThanOrEqual(Number(height));
    }
  }
});

test.each([
  [['run', join(folder, 'missing.json')], 'the file cannot be read'],
  [['run', folder], 'this is a folder'],
  [['run'], "missing required argument 'file'"],
  [['fly'], "unknown command 'fly'"],
  [['bench', 'dumbell'], 'there is no suite "dumbell"'],
  [['bench', 'dumbbell', '--rate', '10 potatoes'], '"potatoes" is not a unit of a rate'],
  [['figure', folder, '--chart', 'cwnd', '--format', 'pdf'], 'this is not the folder of a finished run'],
  [['import', join(ROOT, 'package.json')], 'this is neither pcap nor pcapng'],
  [['run', 'scenarios/dumbbell.json', '--pcap'], 'add --out'],
  [['run', 'scenarios/dumbbell.json', '--set', '/links/nowhere/rate=1Mbps'], 'nothing is called "nowhere" there'],
])('%j ends with code 2 and says what would be right', (args, expected) => {
  const { code, out, err } = odonata(args);
  expect(code).toBe(2);
  expect(err).toContain(expected);
  expect(out).toBe('');
});

test('each problem is a line, and nothing is half-written', () => {
  const path = file('wrong.json', { ...(pathDocument({}) as object), duration: '0s', extra: 1, seed: -1 });
  const out = join(folder, 'never');
  const { code, err } = odonata(['run', path, '--out', out]);
  expect(code).toBe(2);
  expect(err.trim().split('\n')).toHaveLength(3);
  expect(err.split('\n').every((line) => line === '' || line.startsWith(`${path}: /`))).toBe(true);
  expect(existsSync(out)).toBe(false);
});

test('a binary file and a file of 2 GB are refused at once', () => {
  expect(odonata(['validate', file('noise.json', '\u0000\u0001\u0002')]).err).toContain('this is not a text file');
  const huge = file('huge.json', '{');
  truncateSync(huge, 2 * 1024 ** 3);
  const { code, err } = odonata(['validate', huge]);
  expect(code).toBe(2);
  expect(err).toContain('the file has 2048 MiB; a scenario has at most 64 MiB');
  truncateSync(huge, 0);
});

test('validate, schema and bench print one JSON document', () => {
  expect(JSON.parse(odonata(['validate', 'scenarios/web-server.json', '--json']).out)).toEqual({
    ok: true,
    problems: [],
  });
  const wrong = odonata(['validate', file('w.json', '{'), '--json']);
  expect([wrong.code, (JSON.parse(wrong.out) as { ok: boolean }).ok]).toEqual([2, false]);
  expect((JSON.parse(odonata(['schema']).out) as { title: string }).title).toBe('Odonata scenario');
  const bench = JSON.parse(
    odonata(['bench', 'dumbbell', '--flows', '2', '--rate', '10Mbps', '--delay', '5ms', '--duration', '1s', '--json'])
      .out,
  ) as object;
  for (const key of [
    'packets',
    'events',
    'simSeconds',
    'wallSeconds',
    'userSeconds',
    'rssBytes',
    'goodputBps',
    'drops',
    'retransmits',
  ])
    expect(bench).toHaveProperty(key);
});

test('import writes a scenario that runs', () => {
  const out = join(folder, 'imported.json');
  expect(odonata(['import', 'test/conformance/pcap/fixtures/lossy.pcap', '--out', out]).code).toBe(0);
  const summary = JSON.parse(odonata(['run', out, '--json']).out) as { flows: { bytesDelivered: number }[] };
  expect(summary.flows[0]!.bytesDelivered).toBe(300 + 25_000 + 120 + 4000 + 9000 + 10);
});

test('lab list finds by topic, mechanism and words, and names what is known when nothing has it', () => {
  const listed = (...args: string[]): string[] =>
    (JSON.parse(odonata(['lab', 'list', '--json', ...args]).out) as { id: string }[]).map(({ id }) => id);
  expect(listed('--topic', 'TSO')).toContain('30-tso-cpu');
  expect(listed('--mechanism', 'eifel')).toEqual(['24-eifel']);
  expect(listed('fall', 'floyd')).toContain('47-fall-floyd');
  const { code, err } = odonata(['lab', 'list', '--topic', 'tokns']);
  expect(code).toBe(2);
  expect(err).toContain('did you mean "tokens"');
});

test('lab run leaves its verdict with the reference, the reference as a table, and a picture', () => {
  const out = join(folder, 'lab');
  const { code, err } = odonata(['lab', 'run', '23', '--out', out]);
  expect(code).toBe(0);
  expect(err).toMatch(/^23-limited-transmit: 16 measurements, typically 1 s/);
  expect(readdirSync(out).sort()).toEqual(['chart.svg', 'outcome.json', 'points.csv', 'reference.csv', 'verdict.json']);
  const verdict = JSON.parse(readFileSync(join(out, 'verdict.json'), 'utf8')) as {
    reference: { x: string; y: string; samples: object[] }[];
    checks: { tolerance?: string }[];
  };
  expect(verdict.reference.map(({ x, y, samples }) => [x, y, samples.length])).toEqual([
    ['window', 'timeouts', 8],
    ['window', 'timeouts', 8],
  ]);
  expect(verdict.checks[0]?.tolerance).toBe('± 0');
  expect(readFileSync(join(out, 'reference.csv'), 'utf8').split('\n')[1]).toContain(
    '"limited=without",window,timeouts,1,1,1,1',
  );
});

test('report leaves a page, a PDF and a folder for each lab', () => {
  const out = join(folder, 'report');
  const { code, out: text } = odonata(['report', '--labs', '7,48', '--quick', '--out', out, '--json']);
  expect(code).toBe(0);
  expect((JSON.parse(text) as { labs: { id: string }[] }).labs.map(({ id }) => id)).toEqual([
    '07-execution-contexts',
    '48-slow-link',
  ]);
  expect(readdirSync(out).sort()).toEqual(['07-execution-contexts', '48-slow-link', 'report.html', 'report.pdf']);
  expect(readFileSync(join(out, 'report.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  expect(readFileSync(join(out, 'report.html'), 'utf8').match(/<section id=/g)).toHaveLength(2);
});

test('report tells which lab it does not know, and runs nothing', () => {
  const out = join(folder, 'no-report');
  const { code, err } = odonata(['report', '--labs', '7,48-slow-lnk', '--out', out]);
  expect(code).toBe(2);
  expect(err).toContain('did you mean "48-slow-link"');
  expect(existsSync(out)).toBe(false);
});
