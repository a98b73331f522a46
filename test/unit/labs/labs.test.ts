// What holds a lab's result against its reference, finds labs, and forecasts how long one takes.

import { expect, test } from 'vitest';
import { holds, type Report, reportHtml, renderFigure, FIGURE_PRESETS } from '../../../core/export';
import {
  findLabs,
  forecastSeconds,
  type Lab,
  LabCancelled,
  LAB_COSTS,
  labFigure,
  labFigures,
  type LabProgress,
  LabRun,
  labSection,
  LABS,
  runLab,
} from '../../../core/labs';
import { follows, inUnits, share } from '../../../core/labs/reference';
import { Table } from '../../../core/labs/table';

const CHART = { x: 'n', y: 'rate', lines: ['way'] };

function tableOf(rates: readonly number[]): Table {
  return new Table(
    rates.map((rate, n) => ({
      point: { way: 'a', n },
      mean: { rate },
      interval: { rate: { low: NaN, high: NaN } },
      runs: [{ rate }],
    })),
  );
}

function reference(y: number, tolerance: ReturnType<typeof share>): Parameters<typeof follows>[2] {
  return { label: 'theirs', source: 'a book', kind: 'points', line: { way: 'a' }, samples: [{ x: 1, y }], tolerance };
}

test('a reference is followed within its tolerance and not beyond, below and above apart', () => {
  const table = tableOf([0, 100]);
  expect(follows(table, CHART, reference(110, share(0.1))).pass).toBe(true);
  expect(follows(table, CHART, reference(112, share(0.1))).pass).toBe(false);
  expect(follows(table, CHART, reference(112, share(0.2, 0))).pass).toBe(true);
  expect(follows(table, CHART, reference(99, share(0.2, 0))).pass).toBe(false);
  expect(follows(table, CHART, reference(103, inUnits(2))).pass).toBe(false);
  expect(follows(table, CHART, reference(102, inUnits(2)))).toMatchObject({ pass: true, tolerance: '± 2' });
});

test('a reference for what was not measured is an error: its check could not fail', () => {
  expect(() => follows(tableOf([5]), CHART, reference(5, share(0.1)))).toThrow('nothing is measured where "theirs"');
});

test('labs are found by topic, mechanism, slide and words, whatever the case', () => {
  const ids = (filter: Parameters<typeof findLabs>[1]): string[] => findLabs(LABS, filter).map(({ id }) => id);
  expect(ids({ topic: 'Tokens' })).toContain('16-shared-tokens');
  expect(ids({ topic: 'tokens' })).not.toContain('19-network-delays');
  expect(ids({ mechanism: 'limited transmit' })).toEqual(['23-limited-transmit', '46-web-losses']);
  expect(ids({ slide: 'syncache' })).toEqual(['27-syncache', '28-syn-flood-one-hash']);
  expect(ids({ words: ['ns-2.35', 'reno'] })).toEqual(['47-fall-floyd']);
  expect(ids({ words: ['reno', 'no such word'] })).toEqual([]);
});

test('a forecast is what a lab typically takes, times how slow its first measurements were', () => {
  const [id, cost] = Object.entries(LAB_COSTS).find(([, { first }]) => first.seconds > 0.1)!;
  const { first, fullSeconds } = cost;
  expect(forecastSeconds(id, first.measurements, 3 * first.seconds, 1000)).toBeCloseTo(3 * fullSeconds);
  expect(forecastSeconds('a new lab', 5, 2, 50)).toBe(20);
});

const quickest = (id: string): Lab => LABS.find((lab) => lab.id === id)!;

test('a picture has the reference dashed, with its band, and one entry for it in the legend', () => {
  const result = runLab(quickest('07-execution-contexts'), { quick: true });
  const svg = renderFigure(labFigures(result)[0]!, FIGURE_PRESETS[0]!);
  expect(svg.match(/fill-opacity/g)).toHaveLength(2);
  expect(svg.match(/Work and switch/g)).toHaveLength(1);
  const measuredOnly = labFigures({ ...result, references: [] })[0]!;
  expect(renderFigure(measuredOnly, FIGURE_PRESETS[0]!)).not.toContain('fill-opacity');
});

test('figures of another measure than the chart get a picture of their own', () => {
  const result = runLab(quickest('01-messaging'), { quick: true });
  expect(labFigures(result).map(({ yLabel }) => yLabel)).toEqual(['IPI interrupts per message', 'Time per message']);
});

test('the page of a report holds all values, escapes what it is given, loads nothing, and shows what does not hold', () => {
  const result = runLab(quickest('07-execution-contexts'), { quick: true });
  const good = labSection(result, [['Took', '<b>&']]);
  const failed = { ...good, id: 'other', checks: [{ ...good.checks[0]!, pass: false }] };
  const report: Report = {
    title: 'Labs',
    subtitle: '',
    createdAt: '2026-01-01T00:00:00Z',
    provenance: [],
    sections: [good, failed],
  };
  const html = reportHtml(report);
  expect([holds(good), holds(failed)]).toEqual([true, false]);
  expect(html).toContain('1 of 2 labs hold');
  expect(html).toContain('&lt;b&gt;&amp;');
  expect(html).not.toMatch(/(src|href)="(?!#)/);
  expect(html).not.toContain('url(');
  for (const { mean } of result.table.rows) expect(html).toContain(`<td>${String(mean['time'])}</td>`);
  expect(html.match(/title="does not hold"/g)).toHaveLength(1);
});

test('a lab tells how far it is, measurement by measurement, and what it has so far can be drawn', () => {
  const lab = quickest('07-execution-contexts');
  const told: LabProgress[] = [];
  const whole = runLab(lab, { quick: true, onProgress: (progress) => told.push(progress) });
  expect(told.map(({ done }) => done)).toEqual(told.map((_, index) => index + 1));
  expect(told.at(-1)).toMatchObject({ done: told.length, all: told.length });
  const run = new LabRun(lab, true);
  const first = run.step();
  expect(told[0]!.latest).toEqual(first);
  const { table } = run.soFar();
  expect(table.rows).toMatchObject([{ point: first.point, runs: [first.values] }]);
  expect(renderFigure(labFigures(run.soFar())[0]!, FIGURE_PRESETS[0]!)).toContain('<svg');
  while (!run.finished) run.step();
  expect(run.result()).toEqual(whole);
});

test('a lab that is cancelled measures nothing more', () => {
  let done = 0;
  const run = (): unknown =>
    runLab(quickest('07-execution-contexts'), {
      quick: true,
      onProgress: (progress) => (done = progress.done),
      cancelled: () => done === 3,
    });
  expect(run).toThrow(LabCancelled);
  expect(done).toBe(3);
});

test('where all is measured at one place, lines stand beside each other under their names', () => {
  const planned = LABS.find(({ id }) => id === '46-web-losses')!;
  const measure: Lab['measure'] = (_, { seed }) => Object.fromEntries(planned.measures.map(({ name }) => [name, seed]));
  const figure = labFigures(runLab({ ...planned, measure }, { quick: true }))[0]!;
  expect(figure.xNames).toEqual(['NewReno', 'SACK', 'Limited Transmit']);
  const measured = figure.lines.filter(({ legend }) => legend === undefined);
  expect(measured.map(({ data }) => [...data.times])).toEqual([[0], [1], [2]]);
});

/** A lab that measures its seed and its level. */
function seeded(replications: number): Lab {
  return {
    ...quickest('07-execution-contexts'),
    factors: [{ name: 'n', label: 'N', levels: [1, 2] }],
    measures: [{ name: 'rate', label: 'Rate', unit: '1' }],
    chart: { x: 'n', y: 'rate', lines: [] },
    replications: { full: replications, quick: replications },
    reference: () => [],
    measure: ({ n }, { seed }) => ({ rate: Number(n) * seed }),
    checks: () => [],
  };
}

test('replications have the seeds 1, 2, … at all points, and a mean with its Student-t interval', () => {
  const { table } = runLab(seeded(3), { quick: true });
  expect(table.rows.map(({ runs }) => runs)).toEqual([
    [{ rate: 1 }, { rate: 2 }, { rate: 3 }],
    [{ rate: 2 }, { rate: 4 }, { rate: 6 }],
  ]);
  // t of 2 degrees of freedom at 0.975 is 4.30265; the standard error of 1, 2, 3 is 1/√3.
  const { mean, interval } = table.rows[0]!;
  expect(mean['rate']).toBe(2);
  expect(interval['rate']!.high).toBeCloseTo(2 + 4.30265 / Math.sqrt(3), 4);
  expect(interval['rate']!.low).toBeCloseTo(2 - 4.30265 / Math.sqrt(3), 4);
});

test('a figure has whiskers where there are replications, and none where two would be all of it', () => {
  const range = (replications: number): unknown =>
    labFigure(runLab(seeded(replications), { quick: true })).lines[0]!.range;
  expect(range(3)).toMatchObject({ as: 'whiskers' });
  expect([range(1), range(2)]).toEqual([undefined, undefined]);
});

test('a first picture of the whole comes early: every point is measured before one is measured again', () => {
  const run = new LabRun(seeded(3), true);
  const seeds = Array.from({ length: run.all }, () => run.step().seed);
  expect(seeds).toEqual([1, 1, 2, 2, 3, 3]);
});
