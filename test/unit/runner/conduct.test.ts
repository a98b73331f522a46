// Who conducts an experiment tells main how it stands in line, and leaves that as it came.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { expandPlan, type PlanDocument, readPlan, WHOLE } from '../../../core/experiment';
import { ExperimentStore } from '../../../core/store';
import type { ExperimentCommand } from '../../../electron/ipc';
import { Conductor, type ConductorReport } from '../../../electron/runner/conduct';

const DOCUMENT = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../plans/limited-transmit.json'), 'utf8'),
) as PlanDocument;

/** The folder of an experiment of which some runs have failed. */
function folderWith(failed: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-conduct-'));
  writeFileSync(join(folder, 'plan.json'), JSON.stringify(DOCUMENT));
  if (failed === 0) return folder;
  const read = readPlan(DOCUMENT, 'plan');
  if (!read.ok) throw new Error('the plan has problems');
  const store = new ExperimentStore(folder);
  store.begin(read.value, { plan: JSON.stringify(DOCUMENT), programVersion: '0' }, WHOLE);
  store.addAll(
    expandPlan(read.value)
      .slice(0, failed)
      .map(({ point, replication, seed }) => ({
        point: point.number,
        replication,
        seed,
        outcome: { status: 'failed', reason: 'it broke', wallSeconds: 0 },
      })),
  );
  store.close();
  return folder;
}

function conduct(folder: string) {
  const told: ConductorReport[] = [];
  const conductor = new Conductor(folder, 1, (report) => told.push(report));
  let command = (_type: ExperimentCommand['type']): void => undefined;
  conductor.attach({
    on: (name: string, listener: (event: { data: ExperimentCommand }) => void) => {
      if (name === 'message')
        command = (type) => {
          listener({ data: { type } });
        };
    },
    start: () => undefined,
    postMessage: () => undefined,
  } as never);
  return { conductor, told, command: (type: ExperimentCommand['type']) => command(type) };
}

test('what leaves the line before its turn says that it never began', () => {
  const { conductor, told, command } = conduct(folderWith(0));
  conductor.want();
  expect(told.at(-1)).toEqual({ type: 'wants' });
  command('stop');
  expect(told.at(-1)).toEqual({
    type: 'wants-no-more',
    outcome: 'stopped',
    reason: 'it was taken out of the line before its turn came: it never began, and can be resumed',
  });
});

test('what had run before, and leaves the line again, says what became of that', () => {
  const { told, command } = conduct(folderWith(2));
  command('resume');
  command('stop');
  expect(told.at(-1)).toEqual({ type: 'wants-no-more', outcome: 'stopped', reason: '2 of 2 runs failed' });
});

test('what cannot go on when its turn comes says why', () => {
  const { conductor, told, command } = conduct(folderWith(2));
  command('resume');
  conductor.heard({ type: 'begin' }, undefined);
  const last = told.at(-1);
  expect(last?.type === 'wants-no-more' && last.reason).toContain('this experiment was begun by version 0');
});
