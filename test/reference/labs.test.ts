// Every lab, quickly: its checks hold, its picture and table can be drawn, and the same seed measures the same.

import { expect, test } from 'vitest';
import { FIGURE_PRESETS, renderFigure } from '../../core/export';
import {
  type Lab,
  labCsv,
  labFigures,
  LAB_COSTS,
  LABS,
  pointsOf,
  referenceCsv,
  runLab,
  worldOfScenario,
} from '../../core/labs';

test.each(LABS.map((lab): [string, Lab] => [lab.id, lab]))('%s: all checks hold', (_, lab) => {
  const result = runLab(lab, { quick: true });
  expect(result.checks.length).toBeGreaterThan(1);
  expect(result.checks.filter(({ pass }) => !pass)).toEqual([]);
  const csv = labCsv(result).trimEnd().split('\n');
  expect(csv.length - 1).toBe(pointsOf(lab, true).length * lab.replications.quick);
  for (const figure of labFigures(result)) {
    const svg = renderFigure(figure, FIGURE_PRESETS[0]!);
    expect(svg).toContain('<path');
    expect(svg).not.toContain('NaN');
  }
  const values = result.references.flatMap(({ samples }) => samples);
  expect(referenceCsv(result).trimEnd().split('\n').length).toBe(1 + values.length);
  // Each reference belongs to a line that is drawn.
  for (const { line = {} } of result.references) expect(result.table.where(line).length).toBeGreaterThan(0);
  const point = result.table.rows[0]!;
  expect(lab.measure(point.point, { seed: 1, quick: true, world: worldOfScenario })).toEqual(point.runs[0]);
});

test('labs are told apart by their numbers and folders', () => {
  expect(new Set(LABS.map(({ id }) => id)).size).toBe(LABS.length);
  for (const { id, experiment } of LABS) expect(Number.parseInt(id, 10)).toBe(experiment);
});

test('each lab has topics and mechanisms, and says how long it takes', () => {
  for (const { id, topics, mechanisms } of LABS) {
    expect([topics.length > 0, mechanisms.length > 0], id).toEqual([true, true]);
    expect(LAB_COSTS[id]?.quickSeconds, id).toBeLessThan(10);
  }
});
