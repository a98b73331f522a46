// Draws a connection's time-sequence graph. The scale of sequence numbers follows what is in sight.

import { niceAxis } from '../../core/export';
import type { SequenceData } from './model/time-sequence';

const MARGIN = { left: 64, right: 14, top: 10, bottom: 24 };
const FONT = '11px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
const REACH_PX = 7;

export interface SequenceView {
  readonly fromNs: number;
  readonly toNs: number;
  readonly width: number;
  readonly height: number;
  readonly selected: number | undefined;
  /** Whether the window's edge is to be in sight, too. */
  readonly showsWindow: boolean;
}

export interface SequenceColours {
  readonly text: string;
  readonly grid: string;
  readonly segment: string;
  readonly again: string;
  readonly drop: string;
  readonly ack: string;
  readonly window: string;
  readonly sack: string;
  readonly chosen: string;
}

export interface SequenceScale {
  readonly toX: (ns: number) => number;
  readonly toY: (sequence: number) => number;
  readonly toNs: (x: number) => number;
}

/** First of a list in the order of time that is not before `ns`. */
export function firstAt(list: readonly { readonly atNs: number }[], ns: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]!.atNs < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function drawSequence(
  context: CanvasRenderingContext2D,
  data: SequenceData,
  view: SequenceView,
  colours: SequenceColours,
): SequenceScale {
  const { width, height, fromNs, toNs } = view;
  const plot = {
    width: Math.max(1, width - MARGIN.left - MARGIN.right),
    height: Math.max(1, height - MARGIN.top - MARGIN.bottom),
  };
  const y = niceAxis(...rangeInSight(data, view), Math.max(2, plot.height / 44), 'bytes');
  const x = niceAxis(fromNs, toNs, Math.max(2, plot.width / 90), 'ns');
  const scale: SequenceScale = {
    toX: (ns) => MARGIN.left + ((ns - fromNs) / (toNs - fromNs)) * plot.width,
    toY: (sequence) => MARGIN.top + plot.height - ((sequence - y.min) / (y.max - y.min)) * plot.height,
    toNs: (px) => fromNs + ((px - MARGIN.left) / plot.width) * (toNs - fromNs),
  };
  const { toX, toY } = scale;
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.strokeStyle = colours.grid;
  context.fillStyle = colours.text;
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  y.ticks.forEach((tick, index) => {
    const at = Math.round(toY(tick)) + 0.5;
    stroke(context, MARGIN.left, at, width - MARGIN.right, at);
    context.fillText(`${y.labels[index] ?? ''} ${y.unit}`, MARGIN.left - 6, Math.max(8, at));
  });
  context.textAlign = 'center';
  context.textBaseline = 'top';
  x.ticks.forEach((tick, index) => {
    const at = toX(tick);
    if (at < MARGIN.left - 1 || at > width - MARGIN.right + 1) return;
    const text = `${x.labels[index] ?? ''} ${x.unit}`;
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(at, width - half - 2), MARGIN.top + plot.height + 6);
  });
  context.save();
  context.beginPath();
  context.rect(MARGIN.left, MARGIN.top - 3, plot.width, plot.height + 6);
  context.clip();
  drawSteps(context, data.acks, (one) => one.windowEdge, view, scale, colours.window, [2, 2]);
  drawSteps(context, data.acks, (one) => one.ack, view, scale, colours.ack, []);
  drawSacks(context, data, view, scale, colours);
  drawSegments(context, data, view, scale, colours);
  context.restore();
  return scale;
}

function rangeInSight({ segments, acks }: SequenceData, { fromNs, toNs, showsWindow }: SequenceView): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  const see = (from: number, to: number): void => {
    low = Math.min(low, from);
    high = Math.max(high, to);
  };
  for (let i = firstAt(segments, fromNs); i < segments.length && segments[i]!.atNs <= toNs; i += 1)
    see(segments[i]!.from, segments[i]!.to);
  for (let i = Math.max(0, firstAt(acks, fromNs) - 1); i < acks.length && acks[i]!.atNs <= toNs; i += 1)
    see(acks[i]!.ack, showsWindow ? acks[i]!.windowEdge : acks[i]!.ack);
  return low > high ? [0, 1] : [low, high === low ? low + 1 : high];
}

function drawSteps(
  context: CanvasRenderingContext2D,
  acks: SequenceData['acks'],
  valueOf: (ack: SequenceData['acks'][number]) => number,
  { fromNs, toNs }: SequenceView,
  { toX, toY }: SequenceScale,
  colour: string,
  dash: readonly number[],
): void {
  const first = Math.max(0, firstAt(acks, fromNs) - 1);
  if (first >= acks.length) return;
  context.strokeStyle = colour;
  context.lineWidth = 1.25;
  context.setLineDash([...dash]);
  context.beginPath();
  let last = toY(valueOf(acks[first]!));
  context.moveTo(toX(acks[first]!.atNs), last);
  let i = first + 1;
  for (; i < acks.length && acks[i]!.atNs <= toNs; i += 1) {
    const x = toX(acks[i]!.atNs);
    context.lineTo(x, last);
    last = toY(valueOf(acks[i]!));
    context.lineTo(x, last);
  }
  context.lineTo(toX(i < acks.length ? toNs : acks[acks.length - 1]!.atNs), last);
  context.stroke();
  context.setLineDash([]);
  context.lineWidth = 1;
}

function drawSacks(
  context: CanvasRenderingContext2D,
  { sacks }: SequenceData,
  { fromNs, toNs }: SequenceView,
  { toX, toY }: SequenceScale,
  colours: SequenceColours,
): void {
  context.fillStyle = colours.sack;
  for (let i = firstAt(sacks, fromNs); i < sacks.length && sacks[i]!.atNs <= toNs; i += 1) {
    const { atNs, from, to } = sacks[i]!;
    context.fillRect(toX(atNs) - 1, toY(to), 2, Math.max(1, toY(from) - toY(to)));
  }
}

function drawSegments(
  context: CanvasRenderingContext2D,
  { segments }: SequenceData,
  { fromNs, toNs, selected }: SequenceView,
  { toX, toY }: SequenceScale,
  colours: SequenceColours,
): void {
  let lastX = -1;
  let lastY = -1;
  for (let i = firstAt(segments, fromNs); i < segments.length && segments[i]!.atNs <= toNs; i += 1) {
    const { row, atNs, from, to, isAgain, isDropped } = segments[i]!;
    const x = Math.round(toX(atNs));
    const top = toY(to);
    const height = Math.max(1.5, toY(from) - top);
    const isPlain = !isAgain && !isDropped && row !== selected;
    // Bars within one pixel are one bar.
    if (isPlain && x === lastX && Math.abs(top - lastY) < 0.5) continue;
    lastX = x;
    lastY = top;
    context.fillStyle =
      row === selected ? colours.chosen : isDropped ? colours.drop : isAgain ? colours.again : colours.segment;
    const half = row === selected ? 2 : 1;
    context.fillRect(x - half, top, 2 * half, height);
    if (isAgain) mark(context, 'R', x, top, context.fillStyle);
    if (isDropped) {
      context.strokeStyle = colours.drop;
      const middle = top + height / 2;
      stroke(context, x - 4, middle - 4, x + 4, middle + 4);
      stroke(context, x - 4, middle + 4, x + 4, middle - 4);
    }
  }
}

function mark(context: CanvasRenderingContext2D, text: string, x: number, top: number, colour: string): void {
  context.fillStyle = colour;
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  context.font = `600 ${FONT}`;
  context.fillText(text, x, top - 1);
  context.font = FONT;
}

function stroke(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** The packet of the bar or acknowledgment that is nearest to a point, if one is near. */
export function packetAt(
  { segments, acks }: SequenceData,
  { toX, toY, toNs }: SequenceScale,
  x: number,
  y: number,
): number | undefined {
  let best: number | undefined = undefined;
  let bestPx = REACH_PX;
  const see = (row: number, px: number): void => {
    if (px >= bestPx) return;
    best = row;
    bestPx = px;
  };
  const from = toNs(x - REACH_PX);
  const to = toNs(x + REACH_PX);
  for (let i = firstAt(segments, from); i < segments.length && segments[i]!.atNs <= to; i += 1) {
    const one = segments[i]!;
    const above = Math.max(0, toY(one.to) - y, y - toY(one.from));
    see(one.row, Math.hypot(toX(one.atNs) - x, above));
  }
  for (let i = firstAt(acks, from); i < acks.length && acks[i]!.atNs <= to; i += 1)
    see(acks[i]!.row, Math.hypot(toX(acks[i]!.atNs) - x, toY(acks[i]!.ack) - y) + 1);
  return best;
}
