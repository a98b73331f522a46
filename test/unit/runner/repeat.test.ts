// A run in its process: stopped from outside it keeps what it measured, and repeated with its packets recorded it is the same run.

import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GALLERY, parseScenario } from '../../../core/scenario';
import { readSeries, readSummary, RunFile } from '../../../core/store';
import { World } from '../../../core/world';
import type { RunnerCommand, RunnerMessage, StoppedAt } from '../../../electron/ipc';
import { RunProcess, type RunSetting } from '../../../electron/runner/run';
import { repetitionNews } from '../../../renderer/run/repetition';

type Report = { type: string; outcome?: string; digest?: string };

const SCENARIO = JSON.stringify({ ...GALLERY[0]!.document, duration: '3s' });
const setting = (change: Partial<RunSetting>): RunSetting => ({
  folder: undefined,
  scenario: SCENARIO,
  startPaused: false,
  trace: false,
  packets: false,
  watched: false,
  ...change,
});

/** A window's end of the channel: it wants to see everything, acknowledges, and keeps what it is told. */
function port(heard: RunnerMessage[], orders: readonly RunnerCommand[] = []): never {
  let command = (_data: RunnerCommand): void => undefined;
  return {
    on: (_name: string, listener: (event: { data: RunnerCommand }) => void) => {
      command = (data) => {
        listener({ data });
      };
    },
    start: () => {
      setImmediate(() => {
        command({ type: 'subscribe', patterns: [] });
        for (const order of orders) command(order);
      });
    },
    postMessage: (message: RunnerMessage) => {
      heard.push(message);
      if (message.type !== 'batch') return;
      command({ type: 'ack', batch: message.batch });
      // One that was told to run until some instant is stopped there; one that stepped goes on.
      if (message.state === 'paused')
        setImmediate(() => {
          command({ type: orders[0]?.type === 'step' ? 'resume' : 'stop' });
        });
    },
  } as never;
}

const ended = (start: (onEnd: (report: Report) => void) => void): Promise<Report> => new Promise(start);

test('repeated with packets and causes recorded a run has the digest it had, and nothing is written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-repeat-'));
  const first = await ended((onEnd) => new RunProcess(setting({ folder }), undefined, onEnd));
  const files = readdirSync(folder);
  const heard: RunnerMessage[] = [];
  const again = await ended((onEnd) => new RunProcess(setting({ packets: true, watched: true }), port(heard), onEnd));
  expect(again).toEqual(first);
  expect(first.digest).toBe(readSummary(folder).digest);
  expect(readdirSync(folder)).toEqual(files);
  const packets = heard.flatMap((message) => (message.type === 'packets' ? [message.rows.length] : []));
  const records = heard.flatMap((message) => (message.type === 'records' ? [message.rows.length] : []));
  expect(packets.length > 0 && records.length > 0).toBe(true);
  expect(packets.reduce((sum, length) => sum + length, 0)).toBeGreaterThan(readSummary(folder).totals.packets);
});

test('another seed has another digest: the check can fail', async () => {
  const other = JSON.stringify({ ...GALLERY[0]!.document, duration: '3s', seed: 99 });
  const [one, two] = await Promise.all(
    [SCENARIO, other].map((scenario) => ended((onEnd) => new RunProcess(setting({ scenario }), undefined, onEnd))),
  );
  expect(one!.digest).not.toBe(two!.digest);
});

test('a run that is stopped from outside is stopped, and what it measured is in its folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-stop-'));
  const scenario = JSON.stringify({ ...GALLERY[0]!.document, duration: '3600s' });
  const report = await ended((onEnd) => {
    const run = new RunProcess(setting({ folder, scenario }), undefined, onEnd);
    // After some slices.
    setTimeout(() => {
      run.stop();
    }, 100);
  });
  expect(report).toMatchObject({ type: 'ended', outcome: 'stopped' });
  const summary = readSummary(folder);
  expect([summary.outcome, summary.digest]).toEqual(['stopped', report.digest]);
  expect(summary.totals.events).toBeGreaterThan(0);
  expect(readSeries(folder).some(({ length }) => length > 0)).toBe(true);
  expect(existsSync(join(folder, RunFile.liveSeries))).toBe(false);
  expect(readFileSync(join(folder, RunFile.scenario), 'utf8')).toContain('3600s');
});

const READY = ['dumbbell', 'web-server'].map((name) =>
  JSON.stringify({ ...GALLERY.find(({ id }) => id === name)!.document, duration: '3s' }),
);

function worldOf(scenario: string): World {
  const parsed = parseScenario(scenario, '');
  if (!parsed.ok) throw new Error('the scenario has problems');
  return new World(parsed.value.resolved);
}

/** Stops a world after so many events, and says where that was, and what its digest is there. */
function stoppedAfter(events: number, scenario = SCENARIO): { stopAt: StoppedAt; digest: string } {
  const world = worldOf(scenario);
  world.run(world.endAt, events);
  const stopAt = { atNs: Number(world.engine.now), events: world.engine.events };
  return { stopAt, digest: world.summary('stopped', 0).digest };
}

test.each(READY)('a stopped run is repeated to the very event at which it was stopped', async (scenario) => {
  for (const events of [1, 2, 3, 1999, 2000, 2001, 4321]) {
    const { stopAt, digest } = stoppedAfter(events, scenario);
    const report = await ended(
      (onEnd) => new RunProcess(setting({ scenario, packets: true, watched: true, stopAt }), port([]), onEnd),
    );
    expect([events, report.digest]).toEqual([events, digest]);
  }
});

test('of several events at one instant, those after the stop are not repeated', async () => {
  const scenario = READY[1]!;
  const [first, second] = [stoppedAfter(1, scenario), stoppedAfter(2, scenario)];
  expect(first.stopAt.atNs).toBe(second.stopAt.atNs);
  expect(first.digest).not.toBe(second.digest);
  const { stopAt } = first;
  const report = await ended((onEnd) => new RunProcess(setting({ scenario, stopAt }), undefined, onEnd));
  expect(report.digest).toBe(first.digest);
});

test('a run that a person stopped is repeated from what is stored of it, though that was where nothing happened', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-stopped-'));
  const commands: RunnerCommand[] = [{ type: 'runUntil', atNs: 1_234_567_891 }];
  await ended((onEnd) => new RunProcess(setting({ folder, watched: true }), port([], commands), onEnd));
  const { outcome, digest, totals } = readSummary(folder);
  expect([outcome, totals.simSeconds]).toEqual(['stopped', 1.234567891]);
  const stopAt = { atNs: Math.round(totals.simSeconds * 1e9), events: totals.events };
  const heard: RunnerMessage[] = [];
  // Whoever steps on gets no further than there.
  const stepped: RunnerCommand[] = [
    { type: 'step', unit: 'packet', count: 1e9 },
    { type: 'step', unit: 'rtt', count: 1e6 },
    { type: 'step', unit: 'event', count: 1e9 },
  ];
  for (const steps of [[], ...stepped.map((step) => [step])]) {
    const again = await ended(
      (onEnd) => new RunProcess(setting({ packets: true, watched: true, stopAt }), port(heard, steps), onEnd),
    );
    expect(again.digest).toBe(digest);
  }
  expect(heard).toContainEqual(expect.objectContaining({ type: 'ready', endNs: stopAt.atNs }));
  expect(heard.flatMap((message) => (message.type === 'finished' ? [message.outcome] : []))).toEqual(
    Array.from({ length: 4 }, () => 'finished'),
  );
});

test('a repetition that has other events than the run had ends all the same: after as many, or at the instant', async () => {
  const { stopAt, digest } = stoppedAfter(5000);
  const repeated = (change: Partial<StoppedAt>) =>
    ended((onEnd) => new RunProcess(setting({ stopAt: { ...stopAt, ...change } }), undefined, onEnd));
  expect((await repeated({ events: 4000 })).digest).toBe(stoppedAfter(4000).digest);
  // All that there are until then; what is left of the time is the same run.
  expect((await repeated({ events: 6000 })).digest).toBe(digest);
});

test('how a repetition ended is said, with both digests and versions where they differ', () => {
  const stored = { name: 'Dumbbell', which: 'seed 7', digest: 'aaaaaaaaaaaaaaaa' };
  const status = { state: 'finished', nowNs: 2e9, endNs: 8e9, events: 1, packets: 1, rate: 0, leftSeconds: undefined };
  const said = (state: string, digest?: string, madeBy?: string) =>
    repetitionNews(
      { ...stored, madeBy },
      { ...status, state, reason: 'it broke', summary: digest === undefined ? undefined : { digest } } as never,
      '0.2.0',
    );
  expect(said('finished', 'aaaaaaaaaaaaaaaa')).toEqual({
    kind: 'same',
    text: 'was repeated exactly: both have the digest aaaaaaaaaaaa',
  });
  const other = said('finished', 'bbbbbbbbbbbbbbbb', '0.1.0');
  expect(other.kind).toBe('other');
  for (const part of ['aaaaaaaaaaaa', 'bbbbbbbbbbbb', 'made by Odonata 0.1.0, and this is 0.2.0'])
    expect(other.text).toContain(part);
  expect(said('finished', 'bbbb', '0.2.0').text).not.toContain('made by');
  expect(said('stopped').text).toContain('up to 2 s of 8 s');
  expect(said('failed').text).toContain('it broke');
  expect(said('running').kind).toBe('going');
});

test('of a stopped run it is said up to where it was repeated, and that the digest is of what happened until there', () => {
  const stoppedAt = { atNs: 3.25e9, events: 51_234 };
  const stored = { name: 'Dumbbell', which: 'seed 7', digest: 'aaaaaaaaaaaaaaaa', madeBy: undefined, stoppedAt };
  const status = { nowNs: 1e9, endNs: 3.25e9, reason: undefined, summary: undefined };
  const said = (change: object) => repetitionNews(stored, { ...status, ...change } as never, '0.2.0');
  expect(said({ state: 'running' }).text).toContain('is repeated up to where it was stopped, 3.25 s, with its packets');
  const same = said({ state: 'finished', summary: { digest: 'aaaaaaaaaaaaaaaa' } });
  expect(same.kind).toBe('same');
  expect(same.text).toContain(`3.25 s and ${(51_234).toLocaleString()} events`);
  const other = said({ state: 'finished', summary: { digest: 'bbbb' } });
  expect(other.kind).toBe('other');
  expect(other.text).toContain('up to where it was stopped, 3.25 s, but not exactly');
  expect(said({ state: 'stopped' }).text).toContain('up to 1 s of 3.25 s');
});
