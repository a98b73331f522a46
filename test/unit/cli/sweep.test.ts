// odonata sweep and merge as programs: the same values whatever runs at once, in which part, and however often it is killed.

import { spawn, spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { Streams } from '../../../core/engine';
import { ExperimentStore } from '../../../core/store';
import { planDocument, smallScenario } from '../../plans';
import { ROOT } from '../../worlds';

const folder = mkdtempSync(join(tmpdir(), 'odonata-sweep-'));
const PROGRAM = join(ROOT, 'build/odonata.mjs');

function odonata(args: readonly string[], input?: string): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [PROGRAM, ...args], {
    encoding: 'utf8',
    cwd: ROOT,
    input,
    maxBuffer: 1e9,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const small = file('small.json', planDocument());

// The first call builds the program if its sources are newer, and says so.
beforeAll(() => {
  odonata(['schema']);
});

test('the worked example answers its question: Limited Transmit saves timeouts, and the interval is clear of zero', () => {
  const out = join(folder, 'example');
  const { code, out: text, err } = odonata(['sweep', 'plans/limited-transmit.json', '--out', out, '--json']);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  const result = JSON.parse(text) as {
    runs: number;
    comparisons: { measure: string; high: number; paired: boolean; levels: { loss: string } }[];
  };
  expect(result.runs).toBe(80);
  const timeouts = result.comparisons.filter(({ measure }) => measure === 'timeouts');
  expect(timeouts.map(({ levels }) => levels.loss)).toEqual(['0.01', '0.02', '0.04', '0.08']);
  for (const { high, paired } of timeouts) expect([paired, high < 0]).toEqual([true, true]);
  expect(readdirSync(out).sort()).toEqual([
    'anova.csv',
    'charts',
    'differences.csv',
    'plan.json',
    'provenance.json',
    'results.csv',
    'results.db',
    'summary.csv',
    'verdicts.csv',
  ]);
  for (const chart of readdirSync(join(out, 'charts'))) expect(read(out, 'charts', chart)).not.toContain('NaN');
  expect(readdirSync(join(out, 'charts'))).toContain('completion.svg');
  const rows = read(out, 'results.csv').trimEnd().split('\n');
  expect(rows[0]).toBe('point,replication,seed,limitedTransmit,loss,status,digest,measure,unit,value');
  expect(rows).toHaveLength(1 + 80 * 4);
  // A run of the plan is the scenario by itself with those parameters and that seed.
  const [, , seed, , , , digest] = rows[1]!.split(',');
  const scenario = file('scenario.json', (JSON.parse(read(out, 'plan.json')) as { scenario: unknown }).scenario);
  const settings = ['/defaults/tcp/limitedTransmit=false', '/links/path/loss/probability=0.01'];
  const alone = odonata(['run', scenario, '--seed', seed!, ...settings.flatMap((set) => ['--set', set]), '--json']);
  expect((JSON.parse(alone.out) as { digest: string }).digest).toBe(digest);
});

test('the same values with one process and with three, in parts that are merged, and from the plan that was left', () => {
  const results = (name: string, ...args: string[]): string => {
    const out = join(folder, name);
    expect(odonata(['sweep', small, '--out', out, ...args]).code).toBe(0);
    return read(out, 'results.csv');
  };
  const alone = results('alone', '--jobs', '1');
  expect(results('three', '--jobs', '3')).toBe(alone);
  const parts = [1, 2, 3].map((index) => {
    results(`part${String(index)}`, '--shard', `${String(index)}/3`);
    return join(folder, `part${String(index)}`);
  });
  const merged = join(folder, 'merged');
  const incomplete = odonata(['merge', ...parts.slice(1), '--out', merged]);
  expect(incomplete.code).toBe(1);
  expect(incomplete.err).toContain('8 runs are missing; are all parts there?');
  expect(odonata(['merge', ...parts, '--out', merged])).toMatchObject({ code: 0, err: '' });
  for (const name of ['results.csv', 'summary.csv', 'anova.csv'])
    expect(read(merged, name)).toBe(read(folder, 'alone', name));
  const again = join(folder, 'again');
  expect(odonata(['sweep', join(merged, 'plan.json'), '--out', again]).code).toBe(0);
  expect(read(again, 'results.csv')).toBe(alone);
});

test('merge names runs that differ, and refuses parts of another plan', () => {
  const [first, second] = ['one', 'two'].map((name) => join(folder, name));
  expect(odonata(['sweep', small, '--out', first!]).code).toBe(0);
  cpSync(first!, second!, { recursive: true });
  const store = new ExperimentStore(second);
  const run = store.runs()[7]!;
  if (run.outcome.status !== 'finished') throw new Error('a run failed');
  store.add({ ...run, outcome: { ...run.outcome, digest: 'another' } });
  store.close();
  const { code, err } = odonata(['merge', first!, second!, '--out', join(folder, 'never')]);
  expect(code).toBe(2);
  expect(err.trim()).toBe(
    `${second!}: /p${String(run.point)}r${String(run.replication)}: this run has other results than in ${first!}; run one of the two again; only one can be right`,
  );
  expect(existsSync(join(folder, 'never'))).toBe(false);
  const other = join(folder, 'other');
  expect(odonata(['sweep', file('other.json', planDocument({ seed: 6 })), '--out', other]).code).toBe(0);
  expect(odonata(['merge', first!, other, '--out', join(folder, 'never')]).err).toContain(
    `${other}: has the results of another plan than ${first!}`,
  );
});

test('the benchmark of sweeps counts all processes, and runs what it was asked for', () => {
  const { code, out } = odonata(['bench', 'sweep', '--runs', '8', '--points', '4', '--jobs', '1', '--json']);
  expect(code).toBe(0);
  const figures = JSON.parse(out) as Record<string, number>;
  const { runsSeconds, workersSeconds, parentSeconds, cpuSeconds } = figures;
  expect(figures).toMatchObject({ runs: 8, points: 4, jobs: 1, cpuSeconds: parentSeconds! + workersSeconds! });
  expect(workersSeconds).toBeGreaterThan(runsSeconds!);
  expect(figures['cpuOverhead']).toBeCloseTo(cpuSeconds! / runsSeconds! - 1);
  expect(figures['warmSeconds']).toBeGreaterThan(0);
});

test('a sweep that is killed again and again loses nothing, and ends as if nothing had happened', async () => {
  // Two kills before anything is written; the others after some runs, wherever the sweep may be then.
  const plan = file('killed.json', planDocument({ scenario: longer(), replications: 20 }));
  const out = join(folder, 'killed');
  const stream = new Streams(7).named('kills');
  let kept = new Map<string, string>();
  for (let kill = 0; kill < 6; kill += 1) {
    const bytes = kill < 2 ? 0 : 40_000 + stream.integer(60_000);
    await killed([plan, '--resume', '--jobs', '2'], out, bytes, 'SIGKILL');
    const store = new ExperimentStore(out);
    const now = new Map(
      store.runs().map((run) => [`${String(run.point)}/${String(run.replication)}`, JSON.stringify(run)]),
    );
    store.close();
    for (const [id, run] of kept) expect(now.get(id)).toBe(run);
    kept = now;
  }
  expect(kept.size).toBeGreaterThan(0);
  expect(kept.size).toBeLessThan(120);
  expect(odonata(['sweep', plan, '--out', out, '--resume'])).toMatchObject({ code: 0, err: '' });
  const whole = join(folder, 'unharmed');
  expect(odonata(['sweep', plan, '--out', whole]).code).toBe(0);
  expect(read(out, 'results.csv')).toBe(read(whole, 'results.csv'));
});

test('an interrupt keeps what has ended and says how to go on', async () => {
  const plan = file('interrupted.json', planDocument({ scenario: longer(), replications: 40 }));
  const out = join(folder, 'interrupted');
  const { code, err } = await killed([plan, '--jobs', '1'], out, 60_000, 'SIGINT');
  expect(code).toBe(1);
  const [, count] = /odonata: stopped after (\d+) runs; they are kept, and this goes on: (.*)/.exec(err)!;
  expect(err).toContain(`odonata sweep ${plan} --out ${out} --resume`);
  expect(read(out, 'results.csv').trimEnd().split('\n')).toHaveLength(1 + 2 * Number(count));
});

test('a run that crashes its process fails, the others are there, and a resumed sweep tries it again', async () => {
  const plan = file('crash.json', planDocument({ scenario: longer(), replications: 12 }));
  const out = join(folder, 'crash');
  const child = spawn(process.execPath, [PROGRAM, 'sweep', plan, '--out', out, '--jobs', '2'], { cwd: ROOT });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const victim = await workerOf(child.pid!, 60);
  process.kill(victim, 'SIGKILL');
  expect(await ended).toBe(1);
  expect(err).toMatch(/^odonata: point \d, replication \d+, seed \d+ failed: its process ended: signal SIGKILL$/m);
  const rows = read(out, 'results.csv').trimEnd().split('\n').slice(1);
  expect(rows.filter((row) => row.includes(',failed,'))).toHaveLength(1);
  expect(rows.filter((row) => row.includes(',finished,'))).toHaveLength(2 * (72 - 1));
  expect(odonata(['sweep', plan, '--out', out, '--resume']).code).toBe(0);
  expect(read(out, 'results.csv')).not.toContain(',failed,');
});

test('a run that hangs is ended after the timeout of the plan, the others are kept, and more time may be given later', () => {
  // A day of bulk transfer takes minutes; a second of it is over at once.
  const document = planDocument({
    scenario: longer(),
    factors: [{ name: 'duration', pointer: '/duration', levels: ['1s', '86400s'] }],
    replications: 2,
    measures: [{ name: 'packets', summary: '/links/*/packets', over: 'sum' }],
    compare: undefined,
    timeout: '4s',
  });
  const out = join(folder, 'hung');
  const { code, err } = odonata(['sweep', file('hung.json', document), '--out', out, '--jobs', '2']);
  expect(code).toBe(1);
  expect(err.match(/failed: it was not done after 4s, the timeout of the plan/g)).toHaveLength(2);
  expect(read(out, 'results.csv').match(/,finished,/g)).toHaveLength(2);
  const more = { ...document, timeout: '5s' };
  const again = odonata(['sweep', file('hung-more.json', more), '--out', out, '--jobs', '2', '--resume']);
  expect(again.err.match(/failed: it was not done after 5s/g)).toHaveLength(2);
});

function longer(): Record<string, unknown> {
  const traffic = [
    { id: 'f', kind: 'transfer', from: 'a', to: 'b', size: '20kB' },
    { id: 'g', kind: 'bulk', from: 'a', to: 'b' },
  ];
  return { ...smallScenario(), duration: '60s', traffic };
}

/** Starts a sweep, and sends it a signal when its journal is longer than this: a measure of what it has done that no slow machine moves. */
async function killed(
  args: readonly string[],
  out: string,
  bytes: number,
  signal: NodeJS.Signals,
): Promise<{ code: number | null; err: string }> {
  const all = ['sweep', ...args, '--out', out];
  const child = spawn(process.execPath, [PROGRAM, ...all], { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const journal = join(out, 'results.db-wal');
  while (child.exitCode === null && (statSync(journal, { throwIfNoEntry: false })?.size ?? 0) <= bytes)
    await new Promise((resolve) => setTimeout(resolve, 5));
  child.kill(signal);
  return { code: await ended, err };
}

/** The first worker of a sweep that has had so much CPU; half a second is about what it takes to begin. */
async function workerOf(parent: number, ticks: number): Promise<number> {
  for (;;) {
    for (const child of childrenOf(parent)) if (ticksOf(child) > ticks) return Number(child);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function childrenOf(parent: number): string[] {
  return read(`/proc/${String(parent)}/task/${String(parent)}/children`)
    .trim()
    .split(' ')
    .filter(Boolean);
}

/** 0 for a process that has just gone. */
function ticksOf(pid: string): number {
  try {
    return Number(read(`/proc/${pid}/stat`).split(') ')[1]!.split(' ')[11]);
  } catch {
    return 0;
  }
}

test.each<[string[], string]>([
  [
    ['sweep', join(folder, 'missing.json')],
    'the file cannot be read; give the path of a file such as plans/limited-transmit.json',
  ],
  [['sweep', 'scenarios/dumbbell.json'], 'write "format": "odonata-plan"'],
  [
    ['sweep', file('hasty.json', planDocument({ timeout: '10ms' }))],
    '/timeout: a run has at least a second of wall time',
  ],
  [['sweep', small, '--jobs', '0'], '--jobs: "0" is not a number of processes'],
  [['sweep', small, '--shard', '4/3'], '--shard: "4/3" is not a part of a plan'],
  [['sweep', small, '--engine', 'slurn'], '--engine: "slurn" is not an engine'],
  [['sweep', small, '--engine', 'slurm'], '--out: Slurm needs a folder that all its nodes see'],
  [['sweep', small, '--resume'], '--resume: without a folder nothing was kept'],
  [['sweep', small, '--out', join(folder, 'example')], 'has results already; add --resume'],
  [['sweep', small, '--out', join(folder, 'example'), '--resume'], 'has the results of another plan'],
  [['merge', folder, '--out', join(folder, 'm')], 'there are no results of a sweep'],
])('%j ends with code 2 and says what would be right', (args, expected) => {
  const { code, out, err } = odonata(args);
  expect(code).toBe(2);
  expect(err).toContain(expected);
  expect(out).toBe('');
});

test('a plan names its scenario by a path from its own folder; what is wrong in there is told there', () => {
  file('its-scenario.json', smallScenario());
  const plan = file('by-path.json', planDocument({ scenario: 'its-scenario.json', replications: 1 }));
  expect(odonata(['sweep', plan, '--json']).code).toBe(0);
  file('its-scenario.json', { ...smallScenario(), durations: '3s' });
  const { code, err } = odonata(['sweep', plan]);
  expect(code).toBe(2);
  expect(err).toBe(
    `${join(folder, 'its-scenario.json')}: /durations: unknown key "durations"; did you mean "duration"?\n`,
  );
  const lost = file('lost.json', planDocument({ scenario: 'nowhere.json' }));
  expect(odonata(['sweep', lost]).err).toContain('/scenario: the scenario "nowhere.json" cannot be read');
});

test('a reference that does not hold ends a sweep with code 3, and says what was measured and what was expected', () => {
  const claim = { label: 'Claim', source: 'nobody', measure: 'retransmits', factor: 'loss', where: { sack: false } };
  const plan = (to: number): string =>
    file('claim.json', planDocument({ reference: [{ ...claim, samples: [{ at: 0.05, to }] }] }));
  const broken = odonata(['sweep', plan(-1)]);
  expect(broken.code).toBe(3);
  expect(broken.out).toMatch(
    /Claim, retransmits: FAIL\n *loss = 0.05, sack = false +measured .+ expected at most -1 +FAIL/,
  );
  const part = odonata(['sweep', plan(-1), '--shard', '1/24', '--json']);
  expect(part.code).toBe(0);
  expect(odonata(['sweep', plan(1000)]).code).toBe(0);
});

test('paths into the summary are judged before anything runs', () => {
  const measured = (summary: string, over?: string): string =>
    odonata([
      'sweep',
      file('paths.json', planDocument({ measures: [{ name: 'm', summary, ...(over === undefined ? {} : { over }) }] })),
    ]).err;
  expect(measured('/flows/f/goodput')).toContain(
    '/measures/0/summary: summary.json has no "goodput" at "/flows/f"; did you mean "goodputBps"?',
  );
  expect(measured('/flows/g/goodputBps')).toContain('summary.json has no "g" at "/flows"; did you mean "f"?');
  expect(measured('/links/l/drops')).toContain(
    '"/links/l/drops" has 2 values; name one, such as "/links/bottleneck/forward/drops"',
  );
  expect(measured('/flows/f')).toContain('"/flows/f" is not a number; it goes on with');
});

test('the scripts for Slurm are written, and run the parts of the plan as they stand', () => {
  const out = join(folder, "it's slurm");
  const { code, out: text } = odonata([
    'sweep',
    small,
    '--engine',
    'slurm',
    '--out',
    out,
    '--shards',
    '2',
    '--no-submit',
  ]);
  expect(code).toBe(0);
  expect(text).toContain('sbatch --dependency=afterok:ID');
  const script = read(out, 'slurm', 'sweep.sh');
  for (const line of ['#SBATCH --array=1-2', '#SBATCH --requeue']) expect(script).toContain(line);
  for (const task of ['1', '2']) {
    const result = spawnSync(join(out, 'slurm', 'sweep.sh'), {
      env: { ...process.env, SLURM_ARRAY_TASK_ID: task },
      encoding: 'utf8',
    });
    expect({ task, status: result.status, err: result.stderr }).toEqual({ task, status: 0, err: '' });
  }
  expect(spawnSync(join(out, 'slurm', 'merge.sh')).status).toBe(0);
  expect(read(out, 'results.csv')).toBe(read(folder, 'alone', 'results.csv'));
  // A task that Slurm starts again finds its part done; an owner on another machine is no obstacle then.
  appendFileSync(join(out, 'shards', '1', 'owner.json'), '{"pid":1,"host":"elsewhere","started":""}');
  const again = (count: string): number | null =>
    spawnSync(join(out, 'slurm', 'sweep.sh'), {
      env: { ...process.env, SLURM_ARRAY_TASK_ID: '1', SLURM_RESTART_COUNT: count },
    }).status;
  expect([again('0'), again('1')]).toEqual([2, 0]);
});
