// Draws lanes on a canvas. However many slices there are, a lane costs at most a few steps per pixel column: after a slice that is
// narrower than a pixel the search goes on at the next pixel.

import { CauseKind } from '../../core/base';
import { niceAxis } from '../../core/export';
import type { Lanes, Slices } from './lanes';

export const GUTTER = 132;
export const AXIS_HEIGHT = 24;
const ROW = 17;
const WAIT_ROW = 8;
/** A link: what is being sent above, and below it the packets on their way, each a line that falls as it comes nearer. */
const FLIGHT_ROW = 16;
/** More packets in sight than that on one link are drawn as one band. */
const FLIGHTS_MAX = 1500;
const LANE_GAP = 7;
/** A slice with a name in it is at least so wide. */
const TEXT_MIN = 28;
/** More arrows than that in sight would be a curtain. */
const ARROWS_MAX = 300;
/** Threads that share a token, or wait for one, at a time; for finding those that began out of sight. */
const OVERLAP_MAX = 64;
/** Kinds of records that are drawn as slices have a length; these have none. */
const INSTANTS: readonly number[] = [
  CauseKind.write,
  CauseKind.send,
  CauseKind.drop,
  CauseKind.receive,
  CauseKind.timer,
  CauseKind.wake,
  CauseKind.messagePut,
  CauseKind.messageReplied,
  CauseKind.messageTaken,
  CauseKind.ipi,
  CauseKind.ipiTaken,
  CauseKind.interrupt,
];
const FONT = '11px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';

/** Fills that stay apart in grey print and for colour-blind eyes; threads take them in turn. */
const FILLS = {
  light: ['#8ec5e8', '#f2b48a', '#8fd6bb', '#dba6cb', '#e8cf7d', '#b7c3f0', '#c9d98f', '#e3b7b0'],
  dark: ['#2f6f98', '#9c5a2a', '#2b7d62', '#85497a', '#84701e', '#4d5a9e', '#64762b', '#8a4c44'],
} as const;

/** One strip of slices on the screen. */
export interface Row {
  readonly slices: Slices;
  readonly top: number;
  readonly height: number;
  readonly kind: 'cpu' | 'hold' | 'wait' | 'link' | 'nic' | 'bus';
  /** Of the slices' ends so much is the way over the wire, ns. */
  readonly delayNs?: number;
}

export interface Layout {
  readonly rows: readonly Row[];
  readonly labels: readonly { readonly text: string; readonly top: number; readonly height: number }[];
  /** Vertical middle of each CPU's lowest row, for arrows and marks. */
  readonly cpuTops: readonly number[];
  readonly height: number;
}

export interface TimelineView {
  readonly fromNs: number;
  readonly toNs: number;
  readonly width: number;
  readonly selected: number | undefined;
  readonly measure: { readonly fromNs: number; readonly toNs: number } | undefined;
  /** Threads whose slices stand out, by number; undefined for all. */
  readonly found: ReadonlySet<number> | undefined;
  readonly dark: boolean;
}

export interface TimelineColours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  readonly stripe: string;
  readonly accent: string;
  readonly danger: string;
  readonly handler: string;
}

/** Where everything stands, from top to bottom: CPUs, tokens and locks, links. */
export function layoutOf(lanes: Lanes): Layout {
  const rows: Row[] = [];
  const labels: Layout['labels'][number][] = [];
  const cpuTops: number[] = [];
  let top = AXIS_HEIGHT + 4;
  for (const { name, depths } of lanes.cpus) {
    const height = depths.length * ROW;
    labels.push({ text: name, top, height });
    // What interrupts lies above what it interrupts.
    depths.forEach((slices, depth) => {
      rows.push({ slices, top: top + (depths.length - 1 - depth) * ROW, height: ROW - 1, kind: 'cpu' });
    });
    cpuTops.push(top + height - ROW / 2);
    top += height + LANE_GAP;
  }
  for (const { name, holds, waits } of lanes.syncs) {
    labels.push({ text: name, top, height: ROW + WAIT_ROW });
    rows.push({ slices: holds, top, height: ROW - 2, kind: 'hold' });
    rows.push({ slices: waits, top: top + ROW - 1, height: WAIT_ROW - 2, kind: 'wait' });
    top += ROW + WAIT_ROW + LANE_GAP;
  }
  for (const { name, kind, delayNs, sent } of lanes.links) {
    const height = kind === 'link' && delayNs > 0 ? ROW + FLIGHT_ROW : ROW;
    labels.push({ text: name, top, height });
    rows.push({ slices: sent, top, height: ROW - 4, kind, delayNs });
    top += height + LANE_GAP;
  }
  return { rows, labels, cpuTops, height: top };
}

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
  drawAxis(context, layout, view, colours, toX);
  context.save();
  context.beginPath();
  context.rect(GUTTER, 0, plot, height);
  context.clip();
  for (const row of layout.rows) {
    drawRow(context, lanes, row, view, colours, toX);
    if (row.kind === 'link' && (row.delayNs ?? 0) > 0) drawFlights(context, lanes, row, view, colours, toX);
  }
  drawMarks(context, lanes, layout, view, colours, toX);
  drawArrows(context, lanes, layout, view, colours, toX);
  drawChosenInstant(context, lanes, layout, view, colours, toX);
  if (view.measure !== undefined) drawMeasure(context, layout, view.measure, colours, toX);
  context.restore();
  drawLabels(context, layout, colours);
}

function drawAxis(
  context: CanvasRenderingContext2D,
  { height }: Layout,
  view: TimelineView,
  colours: TimelineColours,
  toX: (ns: number) => number,
): void {
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

function drawRow(
  context: CanvasRenderingContext2D,
  lanes: Lanes,
  row: Row,
  view: TimelineView,
  colours: TimelineColours,
  toX: (ns: number) => number,
): void {
  const { slices, top, height } = row;
  const nsPerPixel = (view.toNs - view.fromNs) / Math.max(1, view.width - GUTTER);
  const mayOverlap = row.kind === 'hold' || row.kind === 'wait';
  let at = mayOverlap
    ? Math.max(0, firstFrom(lanes, slices, view.fromNs) - OVERLAP_MAX)
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

/** When the row was free of it again: a link when its last bit was sent. */
export function busyEnd(lanes: Lanes, id: number, { delayNs = 0 }: Row): number {
  return Math.max(lanes.beginOf(id), lanes.endOf(id) - delayNs);
}

/** Packets on their way over a link, from the top where they were sent to the bottom where they come out. */
function drawFlights(
  context: CanvasRenderingContext2D,
  lanes: Lanes,
  { slices, top, delayNs = 0 }: Row,
  view: TimelineView,
  colours: TimelineColours,
  toX: (ns: number) => number,
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

/** Interrupts as small triangles, when they can be told apart. */
function drawMarks(
  context: CanvasRenderingContext2D,
  lanes: Lanes,
  layout: Layout,
  view: TimelineView,
  colours: TimelineColours,
  toX: (ns: number) => number,
): void {
  const { log } = lanes;
  lanes.cpus.forEach(({ marks }, cpu) => {
    const bottom = layout.cpuTops[cpu]! + ROW / 2;
    let lastX = -Infinity;
    for (let at = firstFrom(lanes, marks, view.fromNs); at < marks.length; at += 1) {
      const id = marks[at]!;
      const ns = log.ats[id - 1]!;
      if (ns > view.toNs) break;
      const x = toX(ns);
      if (x - lastX < 3) {
        // A crowd of marks is one mark.
        at = Math.max(at, firstFrom(lanes, marks, ns + ((view.toNs - view.fromNs) * 3) / view.width) - 1);
        continue;
      }
      lastX = x;
      context.fillStyle = log.kinds[id - 1] === CauseKind.interrupt ? colours.danger : colours.muted;
      context.beginPath();
      context.moveTo(x, bottom);
      context.lineTo(x - 3, bottom + 5);
      context.lineTo(x + 3, bottom + 5);
      context.fill();
    }
  });
}

const MARK_REACH_PX = 4;

/** The mark of an interrupt, wake-up or message under the pointer. */
export function markAt(
  lanes: Lanes,
  { cpuTops }: Layout,
  timeAt: (x: number) => number,
  x: number,
  y: number,
): number | undefined {
  const cpu = cpuTops.findIndex((top) => y >= top + ROW / 2 && y <= top + ROW / 2 + LANE_GAP);
  const marks = lanes.cpus[cpu]?.marks ?? [];
  const id = marks[firstFrom(lanes, marks, timeAt(x - MARK_REACH_PX))];
  return id !== undefined && lanes.log.ats[id - 1]! <= timeAt(x + MARK_REACH_PX) ? id : undefined;
}

/** What is chosen and has no length is a line through all lanes. */
function drawChosenInstant(
  context: CanvasRenderingContext2D,
  lanes: Lanes,
  { height }: Layout,
  { selected }: TimelineView,
  colours: TimelineColours,
  toX: (ns: number) => number,
): void {
  if (selected === undefined || !INSTANTS.includes(lanes.log.kinds[selected - 1]!)) return;
  const x = Math.round(toX(lanes.log.ats[selected - 1]!)) + 0.5;
  context.strokeStyle = colours.accent;
  context.setLineDash([4, 3]);
  line(context, x, AXIS_HEIGHT, x, height);
  context.setLineDash([]);
}

/** The first of a list of instants that is not before `ns`. */
function firstFrom({ log }: Lanes, ids: readonly number[], ns: number): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (log.ats[ids[middle]! - 1]! < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Records whose arrows end in sight; undefined when there are too many to tell apart. */
export function arrowsInView(lanes: Lanes, fromNs: number, toNs: number): readonly number[] | undefined {
  const first = firstFrom(lanes, lanes.arrows, fromNs);
  const last = firstFrom(lanes, lanes.arrows, toNs);
  return last - first > ARROWS_MAX ? undefined : lanes.arrows.slice(first, last);
}

function drawArrows(
  context: CanvasRenderingContext2D,
  lanes: Lanes,
  { cpuTops }: Layout,
  view: TimelineView,
  colours: TimelineColours,
  toX: (ns: number) => number,
): void {
  const { log } = lanes;
  for (const id of arrowsInView(lanes, view.fromNs, view.toNs) ?? []) {
    const parent = log.parents[id - 1]!;
    if (parent === 0) continue;
    const isChosen = id === view.selected || parent === view.selected;
    const fromY = cpuTops[log.subjects[parent - 1]!] ?? 0;
    const toY = cpuTops[log.subjects[id - 1]!] ?? 0;
    const isWake = log.kinds[id - 1] === CauseKind.run;
    // A wake-up and its run on one CPU are next to each other.
    if (isWake && fromY === toY && !isChosen) continue;
    context.strokeStyle = isChosen ? colours.accent : colours.muted;
    context.globalAlpha = isChosen ? 1 : 0.55;
    context.lineWidth = isChosen ? 2 : 1;
    context.setLineDash(log.kinds[id - 1] === CauseKind.ipiTaken ? [3, 3] : []);
    arrow(context, toX(log.ats[parent - 1]!), fromY, toX(log.ats[id - 1]!), toY);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
  context.lineWidth = 1;
}

function arrow(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  const bend = Math.min(40, Math.abs(x2 - x1) / 2 + 6);
  const lift = y1 === y2 ? -14 : 0;
  context.beginPath();
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1 + bend, y1 + lift, x2 - bend, y2 + lift, x2, y2);
  context.moveTo(x2 - 5, y2 - 3);
  context.lineTo(x2, y2);
  context.lineTo(x2 - 5, y2 + 3);
  context.stroke();
}

function drawMeasure(
  context: CanvasRenderingContext2D,
  { height }: Layout,
  { fromNs, toNs }: { fromNs: number; toNs: number },
  colours: TimelineColours,
  toX: (ns: number) => number,
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

function line(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
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
