// Where all lines of a figure were measured at one place, points would lie above each other: they stand beside each other instead, under
// the names of their lines.

import type { FigureLine, FigureSpec } from '../export';

/** How far what others published stands beside what is measured, of the way to the next name. */
const ASIDE = 0.1;

/** The figure itself when there is more than one place, or only one line. */
export function sideBySide(figure: FigureSpec): FigureSpec {
  const measured = figure.lines.filter(({ legend }) => legend === undefined);
  const places = new Set(figure.lines.flatMap(({ data }) => [...data.times]));
  if (places.size !== 1 || measured.length < 2) return figure;
  const [only] = places;
  const colours = measured.map(({ look }) => look?.colour);
  const lines = figure.lines.flatMap((line): FigureLine[] => {
    // A reference of all lines would have to stand at each of them.
    const at = colours.indexOf(line.look?.colour);
    const place = line.legend === undefined ? at : at - ASIDE;
    return at < 0 ? [] : [{ ...line, data: { ...line.data, times: Float64Array.from(line.data.times, () => place) } }];
  });
  const unit = figure.xUnit === undefined || figure.xUnit === '1' ? '' : ` ${figure.xUnit}`;
  return {
    ...figure,
    xLabel: `${figure.xLabel}: ${String(only)}${unit}`,
    xNames: measured.map(({ label }) => label),
    xLog: false,
    fromNs: 0,
    toNs: measured.length - 1,
    lines,
  };
}
