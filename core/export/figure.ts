// A figure at the size it will be printed, as SVG. Lengths are points (1/72 inch) inside, millimetres outside. The
// legend stands above the axes and never covers them; margins come from the texts that stand in them; lines are
// told apart by colour (Okabe and Ito's palette, safe for colour-blind readers) and by dash, so they survive grey
// printing. The same input gives the same bytes.

import type { SeriesData } from '../measure';
import { ln } from '../base';
import { alongColumns } from './columns';
import { drawBoxes, drawMarkers, drawRange, type FigureMarker, type FigureRange } from './marks';
import { type Axis, logAxis, niceAxis } from './scale';

export interface FigurePreset {
  readonly name: string;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly fontPt: number;
  readonly linePt: number;
}

/** Column widths of common journals; font and line sizes that their guides ask for. */
export const FIGURE_PRESETS: readonly FigurePreset[] = [
  { name: 'ieee-1col', widthMm: 88.9, heightMm: 60, fontPt: 8, linePt: 0.9 },
  { name: 'ieee-2col', widthMm: 181.9, heightMm: 75, fontPt: 8, linePt: 1 },
  { name: 'acm-1col', widthMm: 84.5, heightMm: 58, fontPt: 8, linePt: 0.9 },
  { name: 'acm-2col', widthMm: 177.8, heightMm: 75, fontPt: 8, linePt: 1 },
  { name: 'springer-1col', widthMm: 84, heightMm: 58, fontPt: 8, linePt: 0.9 },
  { name: 'slide', widthMm: 254, heightMm: 143, fontPt: 16, linePt: 1.8 },
];

/** Values hold until the next sample (windows, queues), are joined by straight lines, or stand alone (events). */
export type LineShape = 'step' | 'slope' | 'points';

/** One line of a figure. */
export interface FigureLine {
  readonly label: string;
  readonly data: SeriesData;
  readonly shape: LineShape;
  /** Places in the palette and among the dashes; both are the line's own place unless told. */
  readonly look?: { readonly colour: number; readonly dash: number };
  /** Stands at each of its samples. */
  readonly marker?: FigureMarker;
  /** What its values may be. */
  readonly range?: FigureRange;
  /** Its entry in the legend: in grey, when lines of several colours share it, or none. */
  readonly legend?: 'grey' | 'none';
}

export interface FigureSpec {
  readonly title?: string;
  readonly xLabel: string;
  readonly yLabel: string;
  /** Base unit of the values. */
  readonly yUnit: string;
  readonly lines: readonly FigureLine[];
  /** Base unit of what runs to the right: time in `ns` unless told. */
  readonly xUnit?: string;
  /** Equal distances are equal factors; for positive numbers. */
  readonly xLog?: boolean;
  /** Names instead of numbers to the right: samples lie at 0, 1, 2, … */
  readonly xNames?: readonly string[];
  /** Its range shown, in that unit. */
  readonly fromNs: number;
  readonly toNs: number;
  /** Of the values, for figures that share an axis; else that of its lines. */
  readonly yRange?: { readonly low: number; readonly high: number };
}

/** Family in SVG files; PDF and PNG embed or draw the first one. */
export const FIGURE_FONT = 'Source Sans 3';
const FONT_STACK = `'${FIGURE_FONT}', Helvetica, Arial, sans-serif`;
const PT_PER_MM = 72 / 25.4;
/** Mean advance of a character, in ems; generous, so that margins are never too small. */
const CHARACTER_EM = 0.53;
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#7f7f7f'];
const DASHES = ['', '5 2', '1.5 1.5', '7 2 1.5 2', '3 1.5', '9 3', '2 3', '4 2 1 2 1 2'];
/** Diameter of a point in widths of a line. */
const POINT_WIDTHS = 3.4;
const Y_TITLE_SCALE_MIN = 0.7;
const LEGEND_GREY = '#555555';
/** Horizontal resolution of the lines, points. */
const COLUMN_PT = 0.3;

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Colour (CSS, `#rrggbb`) and dashes (SVG lengths, and the place among the kinds of dashes) of the n-th line. */
export function lineStyle(line: FigureLine, index: number): { colour: string; dash: string; dashKind: number } {
  const { colour, dash } = line.look ?? { colour: index, dash: index };
  const dashKind = dash % DASHES.length;
  return { colour: COLOURS[colour % COLOURS.length]!, dash: DASHES[dashKind]!, dashKind };
}

export function renderFigure(spec: FigureSpec, preset: FigurePreset): string {
  return svgOf(preset, figureParts(spec, preset));
}

/** A document of that size, for parts that are in points. */
export function svgOf({ widthMm, heightMm, fontPt }: FigurePreset, parts: readonly string[]): string {
  const [width, height] = [n(widthMm * PT_PER_MM), n(heightMm * PT_PER_MM)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(widthMm)}mm" height="${String(heightMm)}mm" viewBox="0 0 ${width} ${height}" font-family="${FONT_STACK}" font-size="${n(fontPt)}" fill="#000000">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** What a figure is made of, from its upper left corner. */
export function figureParts(spec: FigureSpec, preset: FigurePreset): string[] {
  const width = preset.widthMm * PT_PER_MM;
  const height = preset.heightMm * PT_PER_MM;
  const em = preset.fontPt;
  const { low, high } = valueRange(spec);
  const x = horizontalAxis(spec, ticksWanted(spec, width / (em * 6)));
  const placed = spec.xLog === true ? ln : (value: number): number => value;
  const y = niceAxis(low, high, height / (em * 3.5), spec.yUnit);
  const legend = layOutLegend(spec, width - 2 * em, em);
  const labelWidth = Math.max(...y.labels.map((label) => textWidth(label, em)));
  const left = em * 1.6 + labelWidth + em * 0.5;
  const titleHeight = spec.title === undefined ? 0 : em * 1.6;
  const top = em * 0.7 + titleHeight + legend.height;
  const lastLabel = textWidth(x.labels[x.labels.length - 1] ?? '', em) / 2;
  const frame = { left, top, width: width - left - Math.max(em * 0.7, lastLabel), height: height - top - em * 3.1 };
  const toX = (value: number): number =>
    frame.left + ((placed(value) - placed(x.min)) / (placed(x.max) - placed(x.min))) * frame.width;
  const toY = (value: number): number => frame.top + frame.height - ((value - y.min) / (y.max - y.min)) * frame.height;
  const parts: string[] = [];
  if (spec.title !== undefined)
    parts.push(text(frame.left + frame.width / 2, em * 1.3, spec.title, 'middle', ' font-weight="600"'));
  parts.push(...legend.items.map((item) => drawLegendItem(item, em * 1.1 + titleHeight, em, preset)));
  parts.push(...gridAndTicks(frame, x, y, toX, toY, em));
  parts.push(text(frame.left + frame.width / 2, height - em * 0.5, axisTitle(spec.xLabel, x.unit), 'middle'));
  const middle = frame.top + frame.height / 2;
  const yTitle = axisTitle(spec.yLabel, y.unit);
  // A title longer than its axis would run into the legend.
  const yTitleEm = em * Math.max(Y_TITLE_SCALE_MIN, Math.min(1, (frame.height + em) / textWidth(yTitle, em)));
  const turned = ` transform="rotate(-90 ${n(em * 1.1)} ${n(middle)})"`;
  const smaller = yTitleEm < em ? ` font-size="${n(yTitleEm)}"` : '';
  parts.push(text(em * 1.1, middle, yTitle, 'middle', turned + smaller));
  spec.lines.forEach((line, index) => {
    parts.push(...rangeOf(line, index, spec, toX, toY, preset.linePt));
  });
  spec.lines.forEach((line, index) => {
    const d = linePath(line, spec, frame, toX, toY);
    if (d !== '')
      parts.push(`<path d="${d}" fill="none" stroke-linejoin="round" ${stroke(line, index, preset.linePt)}/>`);
    if (line.marker !== undefined) {
      const places = placesOf(line, line.data.values, spec, toX, toY);
      parts.push(drawMarkers(line.marker, places, lineStyle(line, index).colour, preset.linePt));
    }
  });
  return parts;
}

/** What is counted has no ticks between whole numbers. */
function ticksWanted({ xUnit, fromNs, toNs, lines }: FigureSpec, room: number): number {
  const counted = xUnit === '1' && lines.every(({ data }) => data.times.every((x) => Number.isInteger(x)));
  return counted && toNs > fromNs ? Math.min(room, toNs - fromNs) : room;
}

/** Where samples in the shown range are drawn. */
function placesOf(
  { data }: FigureLine,
  values: Float64Array,
  spec: FigureSpec,
  toX: (value: number) => number,
  toY: (value: number) => number,
): [number, number][] {
  const places: [number, number][] = [];
  for (let i = 0; i < data.length; i += 1) {
    const at = data.times[i]!;
    if (!Number.isFinite(values[i]!)) continue;
    if (at >= spec.fromNs && at <= spec.toNs) places.push([toX(at), toY(values[i]!)]);
  }
  return places;
}

function rangeOf(
  line: FigureLine,
  index: number,
  spec: FigureSpec,
  toX: (value: number) => number,
  toY: (value: number) => number,
  linePt: number,
): string[] {
  if (line.range === undefined) return [];
  const [lows, highs] = [line.range.low, line.range.high].map((values) => placesOf(line, values, spec, toX, toY)) as [
    [number, number][],
    [number, number][],
  ];
  const { colour } = lineStyle(line, index);
  const whiskers = drawRange(line.range.as, lows, highs, colour, linePt);
  const { lower, upper, width = 0 } = line.range;
  if (lower === undefined || upper === undefined) return [whiskers];
  const { times, values, length } = line.data;
  const boxes = Array.from({ length }, (_, i) => ({
    x: toX(times[i]!),
    half: (toX(times[i]! + width / 2) - toX(times[i]! - width / 2)) / 2,
    median: toY(values[i]!),
    lower: toY(lower[i]!),
    upper: toY(upper[i]!),
  }));
  return [whiskers, ...drawBoxes(boxes, colour, linePt)];
}

/** 0 for what is not there, or no number. */
function finite(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0;
}

function horizontalAxis(spec: FigureSpec, wanted: number): Axis {
  const { xNames, fromNs, toNs, xUnit = 'ns' } = spec;
  if (xNames !== undefined) {
    const ticks = xNames.map((_, index) => index);
    return { min: -0.5, max: xNames.length - 0.5, ticks, labels: xNames, unit: '', divisor: 1 };
  }
  return (spec.xLog === true ? logAxis : niceAxis)(fromNs, toNs, wanted, xUnit);
}

function axisTitle(label: string, unit: string): string {
  return unit === '' ? label : `${label} (${unit})`;
}

function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function textWidth(content: string, em: number): number {
  return content.length * CHARACTER_EM * em;
}

function text(x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', more = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<text x="${n(x)}" y="${n(y)}" text-anchor="${anchor}"${more}>${escaped}</text>`;
}

/** Smallest and largest value in the time range; from zero when all are positive. */
function valueRange(spec: FigureSpec): { low: number; high: number } {
  if (spec.yRange !== undefined) return spec.yRange;
  let low = 0;
  let high = 0;
  for (const { data, range } of spec.lines) {
    for (let i = 0; i < data.length; i += 1) {
      if (!(data.times[i]! >= spec.fromNs && data.times[i]! <= spec.toNs)) continue;
      low = Math.min(low, finite(data.values[i]), finite(range?.low[i]));
      high = Math.max(high, finite(data.values[i]), finite(range?.high[i]));
    }
  }
  return { low, high: high === low ? low + 1 : high };
}

interface LegendItem {
  readonly x: number;
  readonly row: number;
  readonly line: FigureLine;
  readonly index: number;
}

const LEGEND_ROWS_MAX = 4;

/** Places the labels in rows; a single unnamed line needs no legend, and very many lines are not all named. */
function layOutLegend(spec: FigureSpec, width: number, em: number): { items: LegendItem[]; height: number } {
  const items: LegendItem[] = [];
  const listed = [...spec.lines.entries()].filter(([, { legend }]) => legend !== 'none');
  const named = [
    ...listed.filter(([, { legend }]) => legend === undefined),
    ...listed.filter(([, { legend }]) => legend === 'grey'),
  ];
  if (named.length < 2) return { items, height: 0 };
  let x = em;
  let row = 0;
  for (const [index, line] of named) {
    const needed = em * 2.6 + textWidth(line.label, em) + em;
    if (x > em && x + needed > width) {
      if (row + 1 === LEGEND_ROWS_MAX) break;
      row += 1;
      x = em;
    }
    items.push({ x, row, line, index });
    x += needed;
  }
  return { items, height: (row + 1) * em * 1.35 };
}

function drawLegendItem(item: LegendItem, top: number, em: number, preset: FigurePreset): string {
  const y = top + item.row * em * 1.35;
  const half = item.line.shape === 'points' ? 0 : em;
  const sample = `<line x1="${n(item.x + em - half)}" y1="${n(y - em * 0.3)}" x2="${n(item.x + em + half)}" y2="${n(y - em * 0.3)}" ${stroke(item.line, item.index, preset.linePt * 1.2, item.line.legend === 'grey' ? LEGEND_GREY : undefined)}/>`;
  const { marker } = item.line;
  const colour = item.line.legend === 'grey' ? LEGEND_GREY : lineStyle(item.line, item.index).colour;
  const mark = marker === undefined ? '' : drawMarkers(marker, [[item.x + em, y - em * 0.3]], colour, preset.linePt);
  return sample + mark + text(item.x + em * 2.4, y, item.line.label, 'start');
}

/** Attributes of a line's stroke; points are round ends of lines without length. */
function stroke(line: FigureLine, index: number, widthPt: number, other?: string): string {
  const { colour: own, dash } = lineStyle(line, index);
  const colour = other ?? own;
  if (line.shape === 'points')
    return `stroke="${colour}" stroke-width="${n(widthPt * POINT_WIDTHS)}" stroke-linecap="round"`;
  const dashes = dash === '' ? '' : ` stroke-dasharray="${dash}"`;
  return `stroke="${colour}" stroke-width="${n(widthPt)}"${dashes}`;
}

function gridAndTicks(
  frame: Frame,
  x: Axis,
  y: Axis,
  toX: (ns: number) => number,
  toY: (value: number) => number,
  em: number,
): string[] {
  const parts: string[] = [];
  const right = frame.left + frame.width;
  const bottom = frame.top + frame.height;
  y.ticks.forEach((tick, index) => {
    const at = toY(tick);
    parts.push(
      `<line x1="${n(frame.left)}" y1="${n(at)}" x2="${n(right)}" y2="${n(at)}" stroke="#dddddd" stroke-width="0.4"/>`,
    );
    parts.push(text(frame.left - em * 0.45, at + em * 0.33, y.labels[index] ?? '', 'end'));
  });
  x.ticks.forEach((tick, index) => {
    const at = toX(tick);
    parts.push(
      `<line x1="${n(at)}" y1="${n(bottom)}" x2="${n(at)}" y2="${n(bottom + em * 0.35)}" stroke="#000000" stroke-width="0.6"/>`,
    );
    parts.push(text(at, bottom + em * 1.35, x.labels[index] ?? '', 'middle'));
  });
  parts.push(
    `<path d="M${n(frame.left)} ${n(frame.top)}V${n(bottom)}H${n(right)}" fill="none" stroke="#000000" stroke-width="0.6"/>`,
  );
  return parts;
}

/** Path of a line: per column of the drawing at most its first, smallest, largest and last point; broken where there is none. */
function linePath(
  line: FigureLine,
  spec: FigureSpec,
  frame: Frame,
  toX: (ns: number) => number,
  toY: (value: number) => number,
): string {
  const { shape, data } = line;
  const { times, values, length } = data;
  let path = '';
  let isDown = false;
  let lastY = Number.NaN;
  const isShown = (ns: number): boolean => ns >= spec.fromNs && ns <= spec.toNs;
  const go = (px: number, py: number): void => {
    if (!isDown || shape === 'points') path += `M${n(px)} ${n(py)}${shape === 'points' ? 'h0' : ''}`;
    else if (shape === 'step' && py !== lastY) path += `H${n(px)}V${n(py)}`;
    else path += shape === 'step' ? `H${n(px)}` : `L${n(px)} ${n(py)}`;
    isDown = true;
    lastY = py;
  };
  const columnOf = (ns: number): number => (isShown(ns) ? Math.floor((toX(ns) - frame.left) / COLUMN_PT) : Number.NaN);
  alongColumns(data, { from: 0, to: length }, columnOf, {
    column: (first, low, high, last) => {
      for (const at of new Set([first, Math.min(low, high), Math.max(low, high), last]))
        go(toX(times[at]!), toY(values[at]!));
    },
    gap: (index) => {
      if (!isShown(times[index]!)) return;
      // A value that held until here.
      if (shape === 'step' && isDown) path += `H${n(toX(times[index]!))}`;
      isDown = false;
    },
  });
  if (shape === 'step' && isDown) path += `H${n(toX(spec.toNs))}`;
  return path;
}
