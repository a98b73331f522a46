// Plans as they are made in the window: what picking a parameter makes of it, how levels are typed, which measures are ready, and the
// table of runs.

import { describe, expect, test } from 'vitest';
import { formatProblem } from '../../../core/base';
import { checkPlan, type PlanDocument, READY_PLANS } from '../../../core/experiment';
import { checkScenario, GALLERY } from '../../../core/scenario';
import { World } from '../../../core/world';
import { summaryProblems } from '../../../core/experiment';
import { commonMeasures, isSameMeasure, measureFrom } from '../../../renderer/experiments/model/common-measures';
import {
  asKind,
  documentOf,
  draftOf,
  levelsFrom,
  levelsText,
  newDraft,
  type PlanDraft,
  removeFactor,
  removeMeasure,
  startLevels,
  toggleFactor,
} from '../../../renderer/experiments/model/draft';
import { RunRows } from '../../../renderer/experiments/model/run-rows';
import { columnPx, rowStyle, shownHalf, shownNumber } from '../../../renderer/experiments/model/shown';
import { RUN_FIELDS } from '../../../electron/ipc';

const parameter = (
  value: unknown,
  control: 'text' | 'number' | 'flag' | 'choice' = 'text',
  choices: string[] = [],
) => ({
  pointer: '/links/bottleneck/rate',
  label: 'bottleneck: rate',
  control,
  value,
  choices,
});

describe('picking', () => {
  test('levels begin around what the scenario says, in its unit', () => {
    expect(startLevels(parameter('10Mbps'))).toEqual(['5Mbps', '10Mbps', '20Mbps']);
    expect(startLevels(parameter('25ms'))).toEqual(['12.5ms', '25ms', '50ms']);
    expect(startLevels(parameter('1p'))).toEqual(['1p', '2p']);
    expect(startLevels(parameter(0.02, 'number'))).toEqual([0.01, 0.02, 0.04]);
    expect(startLevels(parameter(3, 'number'))).toEqual([2, 3, 6]);
    expect(startLevels(parameter(0, 'number'))).toEqual([0, 1]);
    expect(startLevels(parameter(undefined, 'flag'))).toEqual([
      { label: 'off', value: false },
      { label: 'on', value: true },
    ]);
    expect(startLevels(parameter('pmp', 'choice', ['giant', 'pmp']))).toEqual(['giant', 'pmp']);
  });

  test('a parameter that varies already is kept as it is when it is picked again', () => {
    const empty = newDraft('p', []);
    const one = toggleFactor(empty, parameter('10Mbps'));
    expect(one.factors).toMatchObject([{ name: 'rate', pointer: '/links/bottleneck/rate' }]);
    expect(toggleFactor(one, parameter('10Mbps')).factors).toEqual([]);
  });

  test('factors have names of their own', () => {
    let draft: PlanDraft = newDraft('p', [{ name: 'rate', summary: '/flows/f/goodputBps' }]);
    for (const pointer of ['/links/a/rate', '/links/b/rate', '/links/a/loss/probability', '/traffic/f/seed'])
      draft = toggleFactor(draft, { ...parameter('1Mbps'), pointer });
    expect(draft.factors.map(({ name }) => name)).toEqual(['a-rate', 'b-rate', 'loss', 'f-seed']);
  });

  test('what refers to a factor or a measure goes with it', () => {
    const { document } = READY_PLANS[0]!;
    const draft = draftOf(document);
    const without = removeFactor(draft, 1);
    expect([without.compare, without.reference]).toEqual([draft.compare, undefined]);
    expect(removeFactor(draft, 0).compare).toBeUndefined();
    const stopping: PlanDraft = { ...draft, stop: { measure: 'timeouts', relativeHalfWidth: 0.1, min: 2, max: 9 } };
    expect(removeMeasure(stopping, 0).replications).toBe(9);
    expect(removeMeasure(stopping, 0).stop).toBeUndefined();
    expect(removeMeasure(stopping, 1).stop).toEqual(stopping.stop);
  });
});

describe('levels in one line', () => {
  test('they are read as they are shown, and keep the labels that they had', () => {
    const before = [{ label: 'off', value: false }, { label: 'both', values: [1, 2] }, '10ms', 0.01, true];
    expect(levelsText(before)).toBe('off, both, 10ms, 0.01, true');
    expect(levelsFrom(levelsText(before), before)).toEqual(before);
    expect(levelsFrom(' 5Mbps ,, 1e-3, on', [])).toEqual(['5Mbps', 0.001, { label: 'on', value: true }]);
  });

  test('a list becomes a range between its ends and back', () => {
    const factor = { name: 'rate', pointer: '/links/a/rate', levels: ['1Mbps', '3Mbps', '9Mbps'] };
    const range = asKind(factor, 'range');
    expect(range).toEqual({
      name: 'rate',
      pointer: '/links/a/rate',
      range: { from: '1Mbps', to: '9Mbps', step: '2Mbps' },
    });
    expect(asKind(range, 'logRange').logRange).toEqual({ from: '1Mbps', to: '9Mbps', count: 4 });
    expect(asKind(range, 'levels').levels).toEqual(['1Mbps', '9Mbps']);
    expect(asKind({ ...factor, levels: [0.1, 0.5] }, 'range').range).toEqual({ from: 0.1, to: 0.5, step: 0.1 });
  });
});

describe('measures', () => {
  test.each(GALLERY.map(({ id, document }) => [id, document] as const))(
    'all ready measures of %s can be measured',
    (_, scenario) => {
      const measures = commonMeasures(scenario);
      const names = measures.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      if (measures.length === 0) return;
      const document = documentOf({ ...newDraft('p', measures), replications: 1 }, scenario);
      const checked = checkPlan(document, { file: '' });
      expect(checked.problems.map(formatProblem)).toEqual([]);
      const resolved = checkScenario(scenario, '');
      if (!checked.ok || !resolved.ok) throw new Error('the scenario has problems');
      const summary = new World(resolved.value.resolved).summary('finished', 0);
      expect(summaryProblems(checked.value, summary, '').map(formatProblem)).toEqual([]);
    },
  );

  test('any other is made of its path or its probe', () => {
    expect(measureFrom('/links/l/forward/drops', new Set(['drops']))).toMatchObject({
      name: 'forward-drops',
      summary: '/links/l/forward/drops',
    });
    expect(measureFrom('flow/*/cwnd', new Set())).toMatchObject({
      name: 'cwnd',
      probe: 'flow/*/cwnd',
      statistic: 'mean',
      over: 'mean',
    });
    expect(measureFrom('  ', new Set())).toBeUndefined();
    expect(
      isSameMeasure({ name: 'a', probe: 'p', statistic: 'mean' }, { name: 'b', probe: 'p', statistic: 'max' }),
    ).toBe(false);
  });
});

test.each(READY_PLANS.map(({ id, document }) => [id, document] as const))(
  'the ready plan %s has no problem',
  (_, document: PlanDocument) => {
    expect(checkPlan(document, { file: '' }).problems.map(formatProblem)).toEqual([]);
    expect(documentOf(draftOf(document), document.scenario as object)).toEqual(document);
  },
);

describe('the table of runs', () => {
  test('rows that come in any order are there by point and replication, with the last word on each', () => {
    const rows = new RunRows(2, 3, 1);
    const row = (point: number, replication: number, ok: number, value: number): number[] => [
      point,
      replication,
      7,
      ok,
      1,
      value,
    ];
    rows.add(Float64Array.from([...row(2, 1, 1, 21), ...row(1, 3, 0, Number.NaN)]), new Map([[1, 'killed']]));
    rows.add(Float64Array.from(row(1, 1, 1, 11)), new Map());
    const shown = Array.from({ length: rows.length }, (_, index) => rows.rowAt(index));
    expect(shown.map((at) => [rows.point(at), rows.replication(at), rows.value(at, 0), rows.reason(at)])).toEqual([
      [1, 1, 11, undefined],
      [1, 3, Number.NaN, 'killed'],
      [2, 1, 21, undefined],
    ]);
  });

  test('it grows beyond what it began with', () => {
    const rows = new RunRows(10, 1000, 2);
    for (let point = 10; point >= 1; point -= 1) {
      const some = new Float64Array(1000 * (RUN_FIELDS + 2));
      for (let index = 0; index < 1000; index += 1)
        some.set([point, index + 1, 1, 1, 1, point, index], index * (RUN_FIELDS + 2));
      rows.add(some, new Map());
    }
    expect([rows.length, rows.point(rows.rowAt(0)), rows.value(rows.rowAt(9999), 1)]).toEqual([10_000, 1, 999]);
  });

  test('numbers are shown in handy units, or to the last digit', () => {
    expect(shownNumber(1_068_575_938.5555556, 'ns', false)).toBe('1.069 s');
    expect(shownNumber(1_068_575_938.5555556, 'ns', true)).toBe('1068575938.5555556');
    expect(shownNumber(Number.NaN, 'ns', true)).toBe('–');
    expect(shownHalf(1.2e9, 1.234e9, 'ns')).toBe('± 0.034');
    expect(rowStyle([columnPx('A head', ['ab']), columnPx('A', ['a longer one'])])).toEqual({
      gridTemplateColumns: 'minmax(56px, 56fr) minmax(94px, 94fr)',
      minWidth: '182px',
    });
  });
});
