// Every lab, quickly: its checks hold, its picture and table can be drawn, and the same seed measures the same.

import { expect, test } from 'vitest';
import { FIGURE_PRESETS, renderFigure } from '../../core/export';
import { type Lab, labCsv, labFigure, LABS, pointsOf, runLab } from '../../core/labs';

test.each(LABS.map((lab): [string, Lab] => [lab.id, lab]))('%s: all checks hold', (_, lab) => {
  const result = runLab(lab, true);
  expect(result.checks.length).toBeGreaterThan(1);
  expect(result.checks.filter(({ pass }) => !pass)).toEqual([]);
  const csv = labCsv(result).trimEnd().split('\n');
  expect(csv.length - 1).toBe(pointsOf(lab, true).length * lab.replications.quick);
  const svg = renderFigure(labFigure(result), FIGURE_PRESETS[0]!);
  expect(svg).toContain('<path');
  expect(svg).not.toContain('NaN');
  const point = result.table.rows[0]!;
  expect(lab.measure(point.point, { seed: 1, quick: true })).toEqual(point.runs[0]);
});

test('labs are told apart by their numbers and folders', () => {
  expect(new Set(LABS.map(({ id }) => id)).size).toBe(LABS.length);
  for (const { id, experiment } of LABS) expect(Number.parseInt(id, 10)).toBe(experiment);
});
