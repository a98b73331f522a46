// A lab's picture while it is measured: means of what has come so far, in the shape of the figure that it will be.

import type { FigureLine, FigureSpec } from '../../../core/export';
import type { LabCard, LabMeasurement } from '../../../electron/ipc';

/** Undefined until something can be drawn. */
export function liveFigure(lab: LabCard, measured: readonly LabMeasurement[]): FigureSpec | undefined {
  const { x, y, lines } = lab.chart;
  const factor = lab.factors.find(({ name }) => name === x);
  const measure = lab.measures.find(({ name }) => name === y);
  if (factor === undefined || measure === undefined || measured.length === 0) return undefined;
  const kinds = new Map<string, Map<number, number[]>>();
  for (const { point, values } of measured) {
    const key = lines.map((name) => String(point[name])).join(', ');
    const samples = kinds.get(key) ?? new Map<number, number[]>();
    kinds.set(key, samples);
    const at = Number(point[x]);
    samples.set(at, [...(samples.get(at) ?? []), values[y] ?? Number.NaN]);
  }
  const levels = factor.levels.map(Number).filter(Number.isFinite);
  const drawn = [...kinds].map(([label, samples], index) => lineOf(label, samples, index, measure.unit));
  return {
    xLabel: factor.label,
    xUnit: factor.unit ?? '1',
    xLog: lab.chart.log,
    yLabel: measure.label,
    yUnit: measure.unit,
    lines: drawn,
    fromNs: Math.min(...levels),
    toNs: Math.max(...levels),
  };
}

function lineOf(
  label: string,
  samples: ReadonlyMap<number, readonly number[]>,
  index: number,
  unit: string,
): FigureLine {
  const sorted = [...samples].sort(([a], [b]) => a - b);
  return {
    label: label === '' ? 'Measured' : label,
    shape: 'slope',
    look: { colour: index, dash: 0 },
    marker: { kind: index, hollow: false },
    data: {
      name: label,
      unit,
      times: Float64Array.from(sorted, ([at]) => at),
      values: Float64Array.from(sorted, ([, all]) => all.reduce((sum, value) => sum + value, 0) / all.length),
      length: sorted.length,
    },
  };
}
