// Who conducts an experiment tells main how it stands in line, and the window how one of its runs is repeated.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  carryOut,
  expandPlan,
  type Job,
  type Outcome,
  type Plan,
  type PlanDocument,
  readPlan,
  WHOLE,
} from '../../../core/experiment';
import { ExperimentStore } from '../../../core/store';
import { World } from '../../../core/world';
import type { ExperimentCommand, ExperimentMessage } from '../../../electron/ipc';
import { Conductor, type ConductorReport } from '../../../electron/runner/conduct';
import { RunProcess } from '../../../electron/runner/run';

const DOCUMENT = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../plans/limited-transmit.json'), 'utf8'),
) as PlanDocument;

/** The folder of an experiment of which some runs have ended so; nothing has begun without. */
function folderWith(outcomes: readonly ((plan: Plan, job: Job) => Outcome)[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-conduct-'));
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(DOCUMENT));
  if (outcomes.length === 0) return folder;
  const read = readPlan(DOCUMENT, 'plan');
  if (!read.ok) throw new Error('the plan has problems');
  const store = new ExperimentStore(folder);
  store.begin(read.value, { plan: JSON.stringify(DOCUMENT), programVersion: '0' }, WHOLE);
  store.addAll(
    expandPlan(read.value)
      .slice(0, outcomes.length)
      .map((job, index) => {
        const { point, replication, seed } = job;
        return { point: point.number, replication, seed, outcome: outcomes[index]!(read.value, job) };
      }),
  );
  store.close();
  return folder;
}

const broken = (): Outcome => ({ status: 'failed', reason: 'it broke', wallSeconds: 0 });
const ended = (plan: Plan, job: Job): Outcome =>
  carryOut(plan, job, { build: (scenario) => new World(scenario), now: () => 0, look: () => undefined });

function conduct(folder: string) {
  const told: ConductorReport[] = [];
  const heard: ExperimentMessage[] = [];
  const conductor = new Conductor(folder, 1, (report) => told.push(report));
  let command = (_order: ExperimentCommand): void => undefined;
  conductor.attach({
    on: (name: string, listener: (event: { data: ExperimentCommand }) => void) => {
      if (name === 'message')
        command = (data) => {
          listener({ data });
        };
    },
    start: () => undefined,
    postMessage: (message: ExperimentMessage) => heard.push(message),
  } as never);
  return { conductor, told, heard, command: (order: ExperimentCommand) => command(order) };
}

test('what leaves the line before its turn says that it never began', () => {
  const { conductor, told, command } = conduct(folderWith([]));
  conductor.want();
  expect(told.at(-1)).toEqual({ type: 'wants' });
  command({ type: 'stop' });
  expect(told.at(-1)).toEqual({
    type: 'wants-no-more',
    outcome: 'stopped',
    reason: 'it was taken out of the line before its turn came: it never began, and can be resumed',
  });
});

test('what had run before, and leaves the line again, says what became of that', () => {
  const { told, command } = conduct(folderWith([broken, broken]));
  command({ type: 'resume' });
  command({ type: 'stop' });
  expect(told.at(-1)).toEqual({ type: 'wants-no-more', outcome: 'stopped', reason: '2 of 2 runs failed' });
});

test('what cannot go on when its turn comes says why', () => {
  const { conductor, told, command } = conduct(folderWith([broken, broken]));
  command({ type: 'resume' });
  conductor.heard({ type: 'begin' }, undefined);
  const last = told.at(-1);
  expect(last?.type === 'wants-no-more' && last.reason).toContain('this experiment was begun by version 0');
});

test('each run is told so that it can be repeated: its scenario, run by itself with packets recorded, has its digest', async () => {
  const { heard, command } = conduct(folderWith([ended, ended, broken]));
  const read = readPlan(DOCUMENT, 'plan');
  if (!read.ok) throw new Error('the plan has problems');
  const jobs = expandPlan(read.value).slice(0, 3);
  const digests: string[] = [];
  for (const { point, replication, seed } of jobs) {
    command({ type: 'tell-run', point: point.number, replication });
    const last = heard.at(-1);
    if (last?.type !== 'told-run') throw new Error('nothing was told');
    expect([last.point, last.replication]).toEqual([point.number, replication]);
    const { run } = last;
    if (run === undefined) continue;
    expect(run).toMatchObject({ seed, madeBy: '0' });
    const setting = { folder: undefined, startPaused: false, trace: false, packets: true, watched: false };
    const again = await new Promise<object>((onEnd) => {
      void new RunProcess({ ...setting, scenario: run.scenario }, undefined, onEnd);
    });
    expect(again).toEqual({ type: 'ended', outcome: 'finished', digest: run.digest });
    digests.push(run.digest);
  }
  // The one that failed is not told, and the others are two.
  expect(new Set(digests).size).toBe(2);
});
