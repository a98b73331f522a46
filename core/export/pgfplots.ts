// A figure as pgfplots source: a standalone document with the data in it, that a paper can include or restyle.

import { type FigurePreset, type FigureSpec, lineStyle } from './figure';
import { shownUnit } from './scale';

/** In the order of the SVG's dashes. */
const DASHES = [
  'solid',
  'dashed',
  'densely dotted',
  'dash dot',
  'densely dashed',
  'loosely dashed',
  'dotted',
  'dash dot dot',
];

/** TeX of text that people typed. */
function escapeTex(text: string): string {
  return text.replace(/[\\{}$&#^_%~]/g, (character) => (character === '\\' ? '\\textbackslash{}' : `\\${character}{}`));
}

/** `red,0;green,114;blue,178` of `#0072b2`. */
function rgbOf(colour: string): string {
  return ['red', 'green', 'blue']
    .map((name, i) => `${name},${String(parseInt(colour.slice(1 + 2 * i, 3 + 2 * i), 16))}`)
    .join(';');
}

export function figureTex(spec: FigureSpec, preset: FigurePreset): string {
  const { options, plots } = axisTex(spec, preset);
  return texDocument([], [`\\begin{axis}[${options}]`, ...plots, '\\end{axis}']);
}

/** A document that is its picture. @param libraries of pgfplots */
export function texDocument(libraries: readonly string[], lines: readonly string[]): string {
  return [
    '\\documentclass[tikz]{standalone}',
    '\\usepackage{pgfplots}',
    ...libraries.map((library) => `\\usepgfplotslibrary{${library}}`),
    '\\pgfplotsset{compat=1.15}',
    '\\begin{document}',
    '\\begin{tikzpicture}',
    ...lines,
    '\\end{tikzpicture}',
    '\\end{document}',
    '',
  ].join('\n');
}

/** The options of a figure's axis, and its lines with all their data. */
export function axisTex(spec: FigureSpec, preset: FigurePreset): { options: string; plots: string[] } {
  let largest = spec.yRange?.high ?? 0;
  for (const { data } of spec.lines)
    for (let i = 0; i < data.length; i += 1)
      if (Number.isFinite(data.values[i]!)) largest = Math.max(largest, data.values[i]!);
  const unit = shownUnit(spec.yUnit, largest);
  const yLabel = escapeTex(unit.unit === '' ? spec.yLabel : `${spec.yLabel} (${unit.unit.replace('µ', 'u')})`);
  const plots = spec.lines.map((line, index) => {
    const { label, data, shape } = line;
    const rows: string[] = [];
    for (let i = 0; i < data.length; i += 1) {
      if (!(data.times[i]! >= spec.fromNs && data.times[i]! <= spec.toNs)) continue;
      const value = data.values[i]! / unit.divisor;
      rows.push(`${String(data.times[i]! / 1e9)} ${Number.isFinite(value) ? String(value) : 'nan'}`);
    }
    const { colour, dashKind } = lineStyle(line, index);
    const style = `${DASHES[dashKind] ?? 'solid'}, color={rgb,255:${rgbOf(colour)}}`;
    const marks = 'only marks, mark=*, mark size=1.2pt';
    const join = shape === 'points' ? marks : shape === 'step' ? 'const plot, mark=none' : 'mark=none';
    return `\\addplot[${join}, ${style}] table {\n${rows.join('\n')}\n};\n\\addlegendentry{${escapeTex(label)}}`;
  });
  const title = spec.title === undefined ? '' : `title={${escapeTex(spec.title)}}, `;
  const top = spec.yRange === undefined ? '' : `ymax=${String(spec.yRange.high / unit.divisor)}, `;
  const size = `width=${String(preset.widthMm)}mm, height=${String(preset.heightMm)}mm`;
  const axes = `xlabel={${escapeTex(spec.xLabel)} (s)}, ylabel={${yLabel}}, xmin=${String(spec.fromNs / 1e9)}, xmax=${String(spec.toNs / 1e9)}, ymin=0, unbounded coords=jump`;
  const legend = 'legend style={font=\\scriptsize, at={(0.5,1.03)}, anchor=south, legend columns=4}';
  return { options: `${title}${top}${size}, ${axes}, ${legend}`, plots };
}
