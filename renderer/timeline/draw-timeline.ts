// Draws lanes on a canvas. However many slices there are, a lane costs at most a few steps per pixel column: after a slice that is
// narrower than a pixel the search goes on at the next pixel.

import { CauseKind } from '../../core/base';
import { niceAxis } from '../../core/export';
import { type Brush, line, type TimelineColours, type TimelineView } from './brush';
import { drawArrows, drawChosenInstant, drawMarks } from './draw-causes';
import type { Lanes } from './lanes';
import { AXIS_HEIGHT, busyEnd, FLIGHT_ROW, GUTTER, LANE_GAP, type Layout, ROW, type Row } from './layout';

/** More packets in sight than that on one link are drawn as one band. */
const FLIGHTS_MAX = 1500;
/** A slice with a name in it is at least so wide. */
const TEXT_MIN = 28;
/** Threads that share a token, or wait for one, at a time; for finding those that began out of sight. */
const OVERLAP_MAX = 64;
const FONT = '11px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

/** Fills that stay apart in grey print and for colour-blind eyes; threads take them in turn. */
const FILLS = {
  light: ['#8ec5e8', '#f2b48a', '#8fd6bb', '#dba6cb', '#e8cf7d', '#b7c3f0', '#c9d98f', '#e3b7b0'],
  dark: ['#2f6f98', '#9c5a2a', '#2b7d62', '#85497a', '#84701e', '#4d5a9e', '#64762b', '#8a4c44'],
} as const;

export function drawTimeline(
  context: CanvasRenderingContext2D,
  lanes: Lanes,
  layout: Layout,
  view: TimelineView,
  colours: TimelineColours,
): void {
  const { width } = view;
  const { height } = layout;
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  context.setLineDash([]);
  const plot = Math.max(1, width - GUTTER);
  const toX = (ns: number): number => GUTTER + ((ns - view.fromNs) / (view.toNs - view.fromNs)) * plot;
  const brush = { context, colours, toX };
  drawAxis(brush, layout, view);
  context.save();
  context.beginPath();
  context.rect(GUTTER, 0, plot, height);
  context.clip();
  for (const row of layout.rows) {
    drawRow(brush, lanes, row, view);
    if (row.kind === 'link' && (row.delayNs ?? 0) > 0) drawFlights(brush, lanes, row, view);
  }
  drawMarks(brush, lanes, layout, view);
  drawArrows(brush, lanes, layout, view);
  drawChosenInstant(brush, lanes, layout, view);
  if (view.measure !== undefined) drawMeasure(brush, layout, view.measure);
  context.restore();
  drawLabels(context, layout, colours);
}

function drawAxis({ context, colours, toX }: Brush, { height }: Layout, view: TimelineView): void {
  const axis = niceAxis(view.fromNs, view.toNs, Math.max(2, (view.width - GUTTER) / 110), 'ns');
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineWidth = 1;
  axis.ticks.forEach((tick, index) => {
    const x = Math.round(toX(tick)) + 0.5;
    if (x < GUTTER || x > view.width) return;
    context.strokeStyle = colours.line;
    line(context, x, AXIS_HEIGHT, x, height);
    context.fillStyle = colours.muted;
    const text = `${axis.labels[index] ?? ''} ${axis.unit}`;
    const half = context.measureText(text).width / 2;
    context.fillText(text, Math.min(view.width - half - 2, Math.max(GUTTER + half, x)), AXIS_HEIGHT / 2);
  });
}

function drawLabels(context: CanvasRenderingContext2D, layout: Layout, colours: TimelineColours): void {
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, GUTTER, layout.height);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  for (const { text, top, height } of layout.labels) {
    context.fillStyle = colours.text;
    context.fillText(clipped(context, text, GUTTER - 16), 10, top + height / 2);
    context.strokeStyle = colours.line;
    line(context, 0, top + height + LANE_GAP / 2 + 0.5, GUTTER, top + height + LANE_GAP / 2 + 0.5);
  }
  context.strokeStyle = colours.line;
  line(context, GUTTER - 0.5, 0, GUTTER - 0.5, layout.height);
}

function drawRow({ context, colours, toX }: Brush, lanes: Lanes, row: Row, view: TimelineView): void {
  const { slices, top, height } = row;
  const nsPerPixel = (view.toNs - view.fromNs) / Math.max(1, view.width - GUTTER);
  const mayOverlap = row.kind === 'hold' || row.kind === 'wait';
  let at = mayOverlap
    ? Math.max(0, lanes.firstFrom(slices, view.fromNs) - OVERLAP_MAX)
    : lanes.firstAfter(slices, view.fromNs);
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  while (at < slices.length) {
    const id = slices[at]!;
    const begin = lanes.beginOf(id);
    if (begin > view.toNs) break;
    const end = busyEnd(lanes, id, row);
    if (end < view.fromNs) {
      at += 1;
      continue;
    }
    const x = Math.max(toX(begin), GUTTER);
    const right = Math.min(toX(end), view.width);
    context.globalAlpha = isFound(lanes, id, view) ? 1 : 0.22;
    context.fillStyle = fillOf(lanes, id, row, view.dark, colours);
    context.fillRect(x, top, Math.max(1, right - x - (right - x > 3 ? 0.75 : 0)), height);
    if (right - x >= TEXT_MIN && row.kind !== 'wait') {
      context.fillStyle = colours.text;
      context.fillText(clipped(context, nameOf(lanes, id), right - x - 8), x + 4, top + height / 2 + 0.5);
    }
    if (id === view.selected) {
      context.globalAlpha = 1;
      context.strokeStyle = colours.accent;
      context.lineWidth = 2;
      context.strokeRect(x + 1, top + 1, Math.max(2, right - x - 2), height - 2);
      context.lineWidth = 1;
    }
    // What lies within the same pixel cannot be seen.
    at = right - x < 1 && !mayOverlap ? Math.max(at + 1, lanes.firstAfter(slices, begin + nsPerPixel)) : at + 1;
  }
  context.globalAlpha = 1;
}

/** Packets on their way over a link, from the top where they were sent to the bottom where they come out. */
function drawFlights(
  { context, colours, toX }: Brush,
  lanes: Lanes,
  { slices, top, delayNs = 0 }: Row,
  view: TimelineView,
): void {
  const from = top + ROW - 3;
  const to = from + FLIGHT_ROW;
  const first = lanes.firstAfter(slices, view.fromNs);
  let last = first;
  while (last < slices.length && lanes.beginOf(slices[last]!) <= view.toNs && last - first <= FLIGHTS_MAX) last += 1;
  if (last - first > FLIGHTS_MAX) {
    context.fillStyle = colours.handler;
    context.globalAlpha = 0.5;
    context.fillRect(toX(lanes.beginOf(slices[first]!)), from, toX(view.toNs), FLIGHT_ROW);
    context.globalAlpha = 1;
    return;
  }
  for (let at = first; at < last; at += 1) {
    const id = slices[at]!;
    const end = lanes.endOf(id);
    const isChosen = id === view.selected;
    context.strokeStyle = isChosen ? colours.accent : colours.muted;
    context.lineWidth = isChosen ? 2 : 1;
    context.globalAlpha = isChosen ? 1 : 0.6;
    line(context, toX(end - delayNs), from, toX(end), to);
  }
  context.globalAlpha = 1;
  context.lineWidth = 1;
}

function isFound(lanes: Lanes, id: number, { found }: TimelineView): boolean {
  return (
    found === undefined || (lanes.log.kinds[id - 1] !== CauseKind.handler && found.has(lanes.log.details[id - 1]!))
  );
}

export function nameOf(lanes: Lanes, id: number): string {
  const { log } = lanes;
  const detail = log.details[id - 1]!;
  const kind = log.kinds[id - 1]!;
  if (kind === CauseKind.handler) return detail === 0 ? 'IPIs' : 'interrupt';
  if (kind === CauseKind.dma) return 'DMA';
  if (kind === CauseKind.bus) return lanes.log.extras[id - 1]! < 0 ? 'read' : 'write';
  if (kind < CauseKind.run || kind === CauseKind.icmp) return 'packet';
  return log.names.kernel.threads[detail] ?? 'CPU';
}

function fillOf(lanes: Lanes, id: number, row: Row, dark: boolean, colours: TimelineColours): string {
  if (row.kind === 'wait') return colours.danger;
  if (row.kind === 'link' || row.kind === 'nic') return colours.handler;
  // Reads and writes of memory stay apart on a bus that has one lane for both.
  if (row.kind === 'bus') return (dark ? FILLS.dark : FILLS.light)[lanes.log.extras[id - 1]! < 0 ? 0 : 1];
  if (lanes.log.kinds[id - 1] === CauseKind.handler) return colours.handler;
  const fills = dark ? FILLS.dark : FILLS.light;
  return fills[Math.max(0, lanes.log.details[id - 1]!) % fills.length]!;
}

function drawMeasure(
  { context, colours, toX }: Brush,
  { height }: Layout,
  { fromNs, toNs }: { fromNs: number; toNs: number },
): void {
  const x = toX(Math.min(fromNs, toNs));
  const right = toX(Math.max(fromNs, toNs));
  context.globalAlpha = 0.14;
  context.fillStyle = colours.accent;
  context.fillRect(x, AXIS_HEIGHT, right - x, height);
  context.globalAlpha = 1;
  context.strokeStyle = colours.accent;
  line(context, x, 0, x, height);
  line(context, right, 0, right, height);
}

const widths = new Map<string, number>();

/** As much of a text as fits; widths are measured once. */
function clipped(context: CanvasRenderingContext2D, text: string, width: number): string {
  let full = widths.get(text);
  if (full === undefined) {
    full = context.measureText(text).width;
    if (widths.size < 10_000) widths.set(text, full);
  }
  if (full <= width) return text;
  const kept = Math.floor((text.length * width) / full) - 1;
  return kept < 1 ? '' : `${text.slice(0, kept)}…`;
}
