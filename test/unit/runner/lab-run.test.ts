// A lab run for the window: progress, intervals in figure and table, and the same figures as the command line's.

import { beforeAll, describe, expect, test } from 'vitest';
import { meanInterval } from '../../../core/experiment';
import { LABS, runLab } from '../../../core/labs';
import type { LabOutcome } from '../../../electron/ipc';
import { carryOutLab, type LabReport } from '../../../electron/runner/lab-run';

function carriedOut(job: { id: string; quick: boolean; replications?: number }): LabReport[] {
  const reports: LabReport[] = [];
  carryOutLab({ type: 'lab', ...job }, (report) => reports.push(report));
  return reports;
}

function outcomeOf(reports: readonly LabReport[]): LabOutcome {
  const last = reports.at(-1);
  if (last?.type !== 'done') throw new Error('the lab did not finish');
  return last.outcome;
}

const plan = LABS.find(({ id }) => id === '02-target-decides')!;

describe('a lab with chance in it and four seeds', () => {
  let reports: LabReport[];
  let outcome: LabOutcome;
  beforeAll(() => {
    reports = carriedOut({ id: plan.id, quick: true, replications: 4 });
    outcome = outcomeOf(reports);
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

test('as it is planned, it finds what the command line finds', () => {
  const { section, pass, figures } = outcomeOf(carriedOut({ id: plan.id, quick: true }));
  const result = runLab(plan, { quick: true });
  expect(pass).toBe(result.pass);
  expect(section.checks.map(({ measured }) => measured)).toEqual(result.checks.map(({ measured }) => measured));
  // One seed has no interval.
  expect(figures[0]!.lines.every(({ legend, range }) => legend !== undefined || range === undefined)).toBe(true);
});

test('a lab that is not there fails with its name', () => {
  expect(carriedOut({ id: '99-nothing', quick: true })).toEqual([
    { type: 'failed', reason: 'there is no lab "99-nothing"' },
  ]);
});
