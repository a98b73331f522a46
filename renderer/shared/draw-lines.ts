// Draws lines over time on a canvas: axes with nice ticks, and of each line at most four points a pixel column.

import { alongColumns, firstFrom, type LineShape, niceAxis } from '../../core/export';
import type { SeriesData } from '../../core/measure';

export interface ChartLine {
  readonly label: string;
  readonly data: SeriesData;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly shape: LineShape;
  /** Until when the last value is known to hold, ns; a step line is not drawn beyond. */
  readonly reachNs: number;
}

export interface ChartView {
  readonly fromNs: number;
  readonly toNs: number;
  readonly unit: string;
  /** Of values, where charts are to have the same axis; else that of the lines. */
  readonly range?: { readonly low: number; readonly high: number } | undefined;
  /** Where the pointer is, in time; undefined when it is elsewhere. */
  readonly cursorNs: number | undefined;
}

export interface ChartColours {
  readonly text: string;
  readonly grid: string;
  readonly axis: string;
}

export interface PlotFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const MARGIN = { left: 58, right: 12, top: 8, bottom: 22 };
const FONT = '11px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

export function plotFrame(width: number, height: number): PlotFrame {
  return {
    left: MARGIN.left,
    top: MARGIN.top,
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
  };
}

export function drawLines(
  context: CanvasRenderingContext2D,
  size: { width: number; height: number },
  lines: readonly ChartLine[],
  view: ChartView,
  colours: ChartColours,
): void {
  const frame = plotFrame(size.width, size.height);
  context.clearRect(0, 0, size.width, size.height);
  const { low, high } = view.range ?? valueRange(lines, view);
  const y = niceAxis(low, high, Math.max(2, frame.height / 42), view.unit);
  const x = niceAxis(view.fromNs, view.toNs, Math.max(2, frame.width / 90), 'ns');
  const toX = (ns: number): number => frame.left + ((ns - view.fromNs) / (view.toNs - view.fromNs)) * frame.width;
  const toY = (value: number): number => frame.top + frame.height - ((value - y.min) / (y.max - y.min)) * frame.height;
  context.font = FONT;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeStyle = colours.grid;
  context.fillStyle = colours.text;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  y.ticks.forEach((tick, index) => {
    const at = Math.round(toY(tick)) + 0.5;
    stroke(context, frame.left, at, frame.left + frame.width, at);
    // Long units stand in the chart's title.
    const unit = index === y.ticks.length - 1 && y.unit.length <= 4 ? ` ${y.unit}` : '';
    context.fillText(`${y.labels[index] ?? ''}${unit}`, frame.left - 6, Math.max(at, 8));
  });
  context.textAlign = 'center';
  context.textBaseline = 'top';
  x.ticks.forEach((tick, index) => {
    const at = toX(tick);
    if (at < frame.left - 1 || at > frame.left + frame.width + 1) return;
    const text = `${x.labels[index] ?? ''} ${x.unit}`;
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(at, size.width - half - 1), frame.top + frame.height + 5);
  });
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top - 2, frame.width, frame.height + 4);
  context.clip();
  for (const line of lines) drawLine(context, line, view, toX, toY);
  if (view.cursorNs !== undefined) {
    context.setLineDash([]);
    context.strokeStyle = colours.axis;
    stroke(
      context,
      Math.round(toX(view.cursorNs)) + 0.5,
      frame.top,
      Math.round(toX(view.cursorNs)) + 0.5,
      frame.top + frame.height,
    );
  }
  context.restore();
}

function stroke(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** Value that holds at a time; undefined before the first sample. */
export function valueAtTime(data: SeriesData, ns: number): number | undefined {
  const after = firstFrom(data, ns + 1);
  return after === 0 ? undefined : data.values[after - 1];
}

/** Smallest and largest value of lines in a span of time; from zero when all are positive. */
export function valueRange(
  lines: readonly ChartLine[],
  view: Pick<ChartView, 'fromNs' | 'toNs'>,
): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (const { data } of lines) {
    for (
      let i = Math.max(0, firstFrom(data, view.fromNs) - 1);
      i < data.length && data.times[i]! <= view.toNs;
      i += 1
    ) {
      const value = data.values[i]!;
      if (!Number.isFinite(value)) continue;
      if (value > high) high = value;
      if (value < low) low = value;
    }
  }
  return { low, high: high === low ? low + 1 : high };
}

function drawLine(
  context: CanvasRenderingContext2D,
  line: ChartLine,
  view: ChartView,
  toX: (ns: number) => number,
  toY: (value: number) => number,
): void {
  const { data } = line;
  const step = line.shape === 'step';
  const i = Math.max(0, firstFrom(data, view.fromNs) - 1);
  if (i >= data.length) return;
  context.strokeStyle = line.colour;
  context.lineWidth = 1.5;
  context.setLineDash([...line.dash]);
  context.beginPath();
  if (line.shape === 'points') {
    drawPoints(context, line, view, i, toX, toY);
    return;
  }
  let isDown = false;
  let lastY = 0;
  // A slope goes on to the first sample out of sight.
  const to = Math.min(data.length, firstAfter(data, view.toNs) + (step ? 0 : 1));
  alongColumns(data, { from: i, to }, (ns) => Math.floor(toX(ns)), {
    column: (first, low, high, last) => {
      const x = toX(data.times[first]!);
      if (!isDown) context.moveTo(x, toY(data.values[first]!));
      else if (step) context.lineTo(x, lastY);
      context.lineTo(x, toY(data.values[Math.min(low, high)]!));
      context.lineTo(x, toY(data.values[Math.max(low, high)]!));
      lastY = toY(data.values[last]!);
      context.lineTo(x, lastY);
      isDown = true;
    },
    gap: (index) => {
      if (!Number.isFinite(data.times[index]!)) return;
      // A value that held until here.
      if (step && isDown) context.lineTo(toX(data.times[index]!), lastY);
      isDown = false;
    },
  });
  if (step && isDown) context.lineTo(toX(Math.min(view.toNs, line.reachNs)), lastY);
  context.stroke();
}

/** First sample beyond a time. */
function firstAfter(data: SeriesData, ns: number): number {
  let at = firstFrom(data, ns);
  while (at < data.length && data.times[at]! <= ns) at += 1;
  return at;
}

const POINT_RADIUS = 2.5;

/** Events that stand alone, each as a dot. */
function drawPoints(
  context: CanvasRenderingContext2D,
  { data, colour }: ChartLine,
  view: ChartView,
  from: number,
  toX: (ns: number) => number,
  toY: (value: number) => number,
): void {
  context.fillStyle = colour;
  for (let i = from; i < data.length && !(data.times[i]! > view.toNs); i += 1) {
    if (!(data.times[i]! >= view.fromNs && Number.isFinite(data.values[i]!))) continue;
    context.beginPath();
    context.arc(toX(data.times[i]!), toY(data.values[i]!), POINT_RADIUS, 0, 2 * Math.PI);
    context.fill();
  }
}
