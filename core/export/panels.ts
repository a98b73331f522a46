// Several figures as panels of one, in rows, at the width that a journal gives: one panel for each of the runs that are compared. All
// panels have the size of each other; they have the same axes if their specs say so.

import { type FigurePreset, figureParts, type FigureSpec, svgOf } from './figure';
import { axisTex, texDocument } from './pgfplots';

/** A panel that is narrower has no room for its labels. */
const PANEL_WIDTH_MIN_MM = 42;
/** Panels beside each other are less high than a figure alone. */
const PANEL_HEIGHT = 0.8;
const PT_PER_MM = 72 / 25.4;

interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly panel: FigurePreset;
}

function gridOf(count: number, preset: FigurePreset): Grid {
  const fitting = Math.max(1, Math.min(count, Math.floor(preset.widthMm / PANEL_WIDTH_MIN_MM)));
  const rows = Math.ceil(count / fitting);
  // Four panels of which three fit stand in two rows of two.
  const columns = Math.ceil(count / rows);
  const heightMm = columns === 1 ? preset.heightMm : preset.heightMm * PANEL_HEIGHT;
  return { columns, rows, panel: { ...preset, widthMm: preset.widthMm / columns, heightMm } };
}

/** How large the whole is. */
export function panelsSize(count: number, preset: FigurePreset): { widthMm: number; heightMm: number } {
  const { rows, panel } = gridOf(count, preset);
  return { widthMm: preset.widthMm, heightMm: rows * panel.heightMm };
}

export function renderPanels(panels: readonly FigureSpec[], preset: FigurePreset): string {
  const { columns, panel } = gridOf(panels.length, preset);
  const parts = panels.flatMap((spec, index) => {
    const x = (index % columns) * panel.widthMm * PT_PER_MM;
    const y = Math.floor(index / columns) * panel.heightMm * PT_PER_MM;
    return [
      `<g transform="translate(${String(Math.round(x * 100) / 100)} ${String(Math.round(y * 100) / 100)})">`,
      ...figureParts(spec, panel),
      '</g>',
    ];
  });
  return svgOf({ ...preset, ...panelsSize(panels.length, preset) }, parts);
}

export function panelsTex(panels: readonly FigureSpec[], preset: FigurePreset): string {
  const { columns, rows, panel } = gridOf(panels.length, preset);
  return texDocument(
    ['groupplots'],
    [
      `\\begin{groupplot}[group style={group size=${String(columns)} by ${String(rows)}, horizontal sep=14mm, vertical sep=18mm}]`,
      ...panels.flatMap((spec) => {
        const { options, plots } = axisTex(spec, { ...panel, widthMm: panel.widthMm - 14 });
        return [`\\nextgroupplot[${options}]`, ...plots];
      }),
      '\\end{groupplot}',
    ],
  );
}
