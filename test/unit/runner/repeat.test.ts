// A run in its process: stopped from outside it keeps what it measured, and repeated with its packets recorded it is the same run.

import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { GALLERY } from '../../../core/scenario';
import { readSeries, readSummary, RunFile } from '../../../core/store';
import type { RunnerCommand, RunnerMessage } from '../../../electron/ipc';
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
function port(heard: RunnerMessage[]): never {
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
      });
    },
    postMessage: (message: RunnerMessage) => {
      heard.push(message);
      if (message.type === 'batch') command({ type: 'ack', batch: message.batch });
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
