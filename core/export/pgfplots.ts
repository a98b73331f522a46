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
  let largest = 0;
  for (const { data } of spec.lines)
    for (let i = 0; i < data.length; i += 1) largest = Math.max(largest, data.values[i]!);
  const unit = shownUnit(spec.yUnit, largest);
  const yLabel = escapeTex(unit.unit === '' ? spec.yLabel : `${spec.yLabel} (${unit.unit.replace('µ', 'u')})`);
  const plots = spec.lines.map((line, index) => {
    const { label, data, shape } = line;
    const rows: string[] = [];
    for (let i = 0; i < data.length; i += 1) {
      if (data.times[i]! < spec.fromNs || data.times[i]! > spec.toNs) continue;
      rows.push(`${String(data.times[i]! / 1e9)} ${String(data.values[i]! / unit.divisor)}`);
    }
    const { colour, dashKind } = lineStyle(line, index);
    const style = `${DASHES[dashKind] ?? 'solid'}, color={rgb,255:${rgbOf(colour)}}`;
    const join = shape === 'step' ? 'const plot, ' : shape === 'points' ? 'only marks, mark=*, mark size=1.2pt, ' : '';
    return `\\addplot[${join}mark=none, ${style}] table {\n${rows.join('\n')}\n};\n\\addlegendentry{${escapeTex(label)}}`;
  });
  return [
    '\\documentclass[tikz]{standalone}',
    '\\usepackage{pgfplots}',
    '\\pgfplotsset{compat=1.15}',
    '\\begin{document}',
    '\\begin{tikzpicture}',
    `\\begin{axis}[width=${String(preset.widthMm)}mm, height=${String(preset.heightMm)}mm, xlabel={${escapeTex(spec.xLabel)} (s)}, ylabel={${yLabel}}, xmin=${String(spec.fromNs / 1e9)}, xmax=${String(spec.toNs / 1e9)}, ymin=0, legend style={font=\\scriptsize, at={(0.5,1.03)}, anchor=south, legend columns=4}]`,
    ...plots,
    '\\end{axis}',
    '\\end{tikzpicture}',
    '\\end{document}',
    '',
  ].join('\n');
}
