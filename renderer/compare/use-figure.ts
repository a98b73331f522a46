// A compared chart as a figure of a paper: as it is shown, side by side or overlaid, with the same span and the same axes.

import { computed, ref } from 'vue';
import {
  chartFigure,
  FIGURE_PRESETS,
  figureCsv,
  figureTex,
  type FigureSpec,
  panelsSize,
  panelsTex,
  renderFigure,
  renderPanels,
} from '../../core/export';
import type { SeriesData } from '../../core/measure';
import { attempt, call, tell } from '../shared';
import { chartOf, linesOf } from './model/chart-choice';

export const FORMATS = ['pdf', 'svg', 'png', 'csv', 'tex'] as const;
export type Format = (typeof FORMATS)[number];
const DPI = 300;

export interface FigureInput {
  readonly id: string;
  readonly runs: readonly { readonly label: string; readonly series: readonly SeriesData[] }[];
  readonly fromNs: number;
  readonly toNs: number;
  readonly range: { readonly low: number; readonly high: number };
  readonly overlaid: boolean;
}

/** The figure with all runs over each other, and the same as one panel a run; undefined when no run has anything. */
export function comparedFigure({
  id,
  runs,
  fromNs,
  toNs,
  range,
}: FigureInput): { readonly whole: FigureSpec; readonly panels: readonly FigureSpec[] } | undefined {
  const spec = chartFigure(
    chartOf(id),
    runs.map(({ label, series }) => ({
      label,
      series: linesOf(id, series).map(({ data }) => data),
      durationNs: toNs,
    })),
  );
  if (spec === undefined) return undefined;
  const whole = { ...spec, fromNs, toNs, yRange: range };
  const panels = runs.map(({ label }, run): FigureSpec => {
    const lines = whole.lines.flatMap((line) => {
      const { colour, dash } = line.look ?? { colour: 0, dash: 0 };
      if (dash !== run) return [];
      return [{ ...line, label: line.label.slice(0, -`, ${label}`.length), look: { colour, dash: colour } }];
    });
    return { ...whole, lines, title: lines.length === 0 ? `${label} (not recorded)` : label };
  });
  return { whole, panels };
}

export function useFigure() {
  const presetName = ref('ieee-2col');
  const preset = computed(() => FIGURE_PRESETS.find(({ name }) => name === presetName.value)!);

  function contentOf(format: Format, input: FigureInput): string | undefined {
    const figure = comparedFigure(input);
    if (figure === undefined) return undefined;
    if (format === 'csv') return figureCsv(figure.whole);
    if (input.overlaid)
      return format === 'tex' ? figureTex(figure.whole, preset.value) : renderFigure(figure.whole, preset.value);
    return format === 'tex' ? panelsTex(figure.panels, preset.value) : renderPanels(figure.panels, preset.value);
  }

  async function save(format: Format, input: FigureInput): Promise<void> {
    const content = contentOf(format, input);
    if (content === undefined) return;
    const { widthMm, heightMm } = input.overlaid ? preset.value : panelsSize(input.runs.length, preset.value);
    const suggestedName = `compare-${input.id.replaceAll('/', '-')}.${format}`;
    const saved = await attempt(() =>
      call('figures.save', { format, content, suggestedName, widthMm, heightMm, dpi: DPI }),
    );
    if (saved !== undefined) tell('info', `Figure saved to ${saved.path}`);
  }

  return { presetName, save };
}
