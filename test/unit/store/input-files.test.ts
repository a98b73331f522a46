// Plans and scenarios as files that name others: all that they name is read with them, from where they are, or is told to be missing.

import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { BadInput, formatProblem } from '../../../core/base';
import { readPlanInput } from '../../../core/store';
import { planDocument, smallScenario } from '../../plans';

const ROWS = '0,512\n0.25,1024\n';
const replays = (...files: string[]): object => ({
  ...smallScenario(),
  traffic: files.map((file, index) => ({ id: `w${String(index)}`, kind: 'replay', from: 'a', to: 'b', file })),
});

/** A folder with these files; the path of its plan. */
function folderOf(files: Record<string, unknown>): string {
  const folder = mkdtempSync(join(tmpdir(), 'odonata-'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return join(folder, 'plans/p.json');
}

/** Problems of reading a plan, with the folder left out. */
function problemsOf(path: string): string[] {
  try {
    readPlanInput(path);
  } catch (error) {
    if (error instanceof BadInput)
      return error.problems.map((problem) => formatProblem(problem).replaceAll(dirname(dirname(path)), ''));
    throw error;
  }
  return [];
}

const trafficOf = (path: string): unknown =>
  (readPlanInput(path).document as { scenario: { traffic: unknown } }).scenario.traffic;

test('a plan’s scenario counts from the plan, and the CSV files of the scenario from the scenario', () => {
  const path = folderOf({
    'plans/p.json': planDocument({ scenario: '../scenarios/s.json' }),
    'scenarios/s.json': replays('data/w.csv'),
    'scenarios/data/w.csv': ROWS,
    'plans/data/w.csv': 'another one',
  });
  expect(trafficOf(path)).toEqual([{ id: 'w0', kind: 'replay', from: 'a', to: 'b', csv: ROWS }]);
  expect(readPlanInput(path).scenarioFile).toBe(join(dirname(dirname(path)), 'scenarios/s.json'));
});

test('those of a scenario that is in the plan count from the plan', () => {
  const path = folderOf({ 'plans/p.json': planDocument({ scenario: replays('w.csv') }), 'plans/w.csv': ROWS });
  expect(trafficOf(path)).toMatchObject([{ csv: ROWS }]);
});

test('every CSV file that is missing is told with its place', () => {
  const inPlan = folderOf({ 'plans/p.json': planDocument({ scenario: replays('a.csv', 'b.csv') }) });
  const hint = 'cannot be read; the path counts from the folder of the scenario';
  expect(problemsOf(inPlan)).toEqual([
    `/plans/p.json: /scenario/traffic/0/file: "a.csv" ${hint}`,
    `/plans/p.json: /scenario/traffic/1/file: "b.csv" ${hint}`,
  ]);
  const beside = folderOf({ 'plans/p.json': planDocument({ scenario: '../s.json' }), 's.json': replays('a.csv') });
  expect(problemsOf(beside)).toEqual([`/s.json: /traffic/0/file: "a.csv" ${hint}`]);
});

test('a scenario that is missing is told at its place of the plan', () => {
  const [problem] = problemsOf(folderOf({ 'plans/p.json': planDocument({ scenario: 'nowhere.json' }) }));
  expect(problem).toMatch(/^\/plans\/p\.json: \/scenario: the scenario "nowhere\.json" cannot be read; .*such as/);
});
