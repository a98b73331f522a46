// A lab run for the window: progress, intervals in figure and table, and the same figures as the command line's.

import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { meanInterval } from '../../../core/experiment';
import { labFiles, LABS, runLab } from '../../../core/labs';
import { RunLibrary } from '../../../core/store';
import type { LabOutcome } from '../../../electron/ipc';
import { carryOutLab, type LabReport } from '../../../electron/runner/lab-run';

const library = new RunLibrary(mkdtempSync(join(tmpdir(), 'odonata-lab-run-')));

function carriedOut(job: { id: string; quick: boolean; replications?: number }): {
  reports: LabReport[];
  place: string;
} {
  const reports: LabReport[] = [];
  const place = library.labs.place({ lab: job.id, quick: job.quick }, Date.now());
  carryOutLab({ type: 'lab', place, ...job }, (report) => reports.push(report));
  return { reports, place };
}

/** What the window shows of it, as the library gives it back. */
function outcomeOf({ reports, place }: ReturnType<typeof carriedOut>): LabOutcome {
  const last = reports.at(-1);
  if (last?.type !== 'done') throw new Error('the lab did not finish');
  library.labs.keep(last.facts, place);
  return library.labs.outcome(last.facts) as LabOutcome;
}

const plan = LABS.find(({ id }) => id === '02-target-decides')!;

describe('a lab with chance in it and four seeds', () => {
  let reports: LabReport[];
  let outcome: LabOutcome;
  beforeAll(() => {
    const carried = carriedOut({ id: plan.id, quick: true, replications: 4 });
    ({ reports } = carried);
    outcome = outcomeOf(carried);
  });

  test('tells how far it is, with the figure of what is known', () => {
    const told = reports.flatMap((report) => (report.type === 'progress' ? report : []));
    expect(told.at(-1)).toMatchObject({ done: told.at(-1)!.all, leftSeconds: 0 });
    expect(told.at(-1)!.all).toBe(outcome.csv.trimEnd().split('\n').length - 1);
    const measured = told.at(-1)!.figure.lines.filter(({ legend }) => legend === undefined);
    expect(measured.map(({ data }) => [...data.values])).toEqual(
      outcome.figures[0]!.lines.filter(({ legend }) => legend === undefined).map(({ data }) => [...data.values]),
    );
  });

  test('has whiskers that are the t intervals of its seeds', () => {
    const result = runLab({ ...plan, replications: { full: 4, quick: 4 } }, { quick: true });
    const line = outcome.figures[0]!.lines.find(({ legend }) => legend === undefined)!;
    expect(line.range?.as).toBe('whiskers');
    const { x, y, lines, where = {} } = plan.chart;
    const rows = result.table
      .where(where)
      .filter(({ point }) => lines.map((name) => point[name]).join('/') === line.data.name);
    rows.forEach(({ point, runs }) => {
      const at = [...line.data.times].indexOf(Number(point[x]));
      const { low, high } = meanInterval(
        runs.map((values) => values[y]!),
        0.95,
      );
      // Where all seeds agree there is nothing to show.
      expect(line.range!.low[at]).toBe(low < high ? low : Number.NaN);
      expect(line.range!.high[at]).toBe(low < high ? high : Number.NaN);
    });
    expect(rows.length).toBeGreaterThan(1);
  });

  test('has half-widths beside the means, to the last digit', () => {
    const { columns, rows } = outcome.means;
    expect(columns.filter((name) => name === '± 95%')).toHaveLength(plan.measures.length);
    expect(outcome.summaryCsv.split('\n')[1]).toBe(rows[0]!.join(','));
    expect(outcome.section.figures[0]!.caption).toContain('whiskers: 95% intervals of the means of 4 seeds');
  });
});

test('as it is planned, it finds and leaves what the command line finds and leaves', () => {
  const carried = carriedOut({ id: plan.id, quick: true });
  const { facts } = carried.reports.find((report) => report.type === 'done')!;
  const result = runLab(plan, { quick: true });
  for (const { name, content } of labFiles(result, facts.program))
    expect([name, readFileSync(join(carried.place, name), 'utf8')]).toEqual([name, content]);
  const { section, figures } = outcomeOf(carried);
  expect(facts).toMatchObject({ lab: plan.id, quick: true, seeds: plan.replications.quick });
  expect([facts.checks, facts.failed]).toEqual([
    result.checks.length,
    result.checks.filter(({ pass }) => !pass).length,
  ]);
  expect(section.checks.map(({ measured }) => measured)).toEqual(result.checks.map(({ measured }) => measured));
  // One seed has no interval.
  expect(figures[0]!.lines.every(({ legend, range }) => legend !== undefined || range === undefined)).toBe(true);
});

test('a lab that is not there fails with its name', () => {
  expect(carriedOut({ id: '99-nothing', quick: true }).reports).toEqual([
    { type: 'failed', reason: 'there is no lab "99-nothing"' },
  ]);
});

afterAll(() => {
  library.close();
});
