// Draws a ladder: a line down for each node, time downwards, an arrow for each packet over each link. Time is the scale, so how steep
// an arrow is, is how long it took; of the chosen packet a thick piece of a node's line tells that it waited there for the transmitter.

import { niceAxis } from '../../core/export';
import { type Arrow, arrowsOf } from './model/ladder';
import type { Matches } from './model/filter-run';

export const LADDER_HEAD = 30;
const TIME_GUTTER = 78;
const FONT = '11px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif';
/** Packets beyond that are passed over evenly. */
const PACKETS_MAX = 4000;
/** Arrows further apart than this have their words written on them, px. */
const LABEL_APART = 13;
/** Words stand this far along an arrow, so that those of two directions do not meet; not on steeper ones than this, rad. */
const LABEL_ALONG = 0.36;
const STEEP = 1.1;
const REACH_PX = 6;

export interface LadderView {
  readonly fromNs: number;
  readonly toNs: number;
  readonly width: number;
  readonly height: number;
  readonly selected: number | undefined;
}

export interface LadderColours {
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly surface: string;
  /** Behind everything. */
  readonly ground: string;
  readonly data: string;
  readonly ack: string;
  readonly again: string;
  readonly drop: string;
  readonly chosen: string;
}

/** How a packet looks and what stands on its arrow. */
export interface Look {
  readonly kind: 'data' | 'ack' | 'again';
  readonly text: string;
}

export interface DrawnArrow {
  readonly row: number;
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

export interface DrawnLadder {
  readonly arrows: readonly DrawnArrow[];
  /** Packets in sight, and how many of them were drawn. */
  readonly packets: number;
  readonly drawn: number;
}

export function drawLadder(
  context: CanvasRenderingContext2D,
  matches: Matches,
  nodes: readonly { readonly node: number; readonly name: string }[],
  view: LadderView,
  colours: LadderColours,
  lookOf: (row: number) => Look,
): DrawnLadder {
  const { width, height } = view;
  context.clearRect(0, 0, width, height);
  context.font = FONT;
  context.lineWidth = 1;
  const columns = new Map(nodes.map(({ node }, index) => [node, index]));
  const plot = width - TIME_GUTTER - 24;
  const toX = (column: number): number => TIME_GUTTER + 30 + (column * (plot - 60)) / Math.max(1, nodes.length - 1);
  const toY = (ns: number): number =>
    LADDER_HEAD + ((ns - view.fromNs) / (view.toNs - view.fromNs)) * (height - LADDER_HEAD);
  drawTimes(context, view, colours, toY);
  context.strokeStyle = colours.muted;
  nodes.forEach((_, column) => {
    stroke(context, Math.round(toX(column)) + 0.5, LADDER_HEAD, Math.round(toX(column)) + 0.5, height);
  });
  context.save();
  context.beginPath();
  context.rect(0, LADDER_HEAD, width, height - LADDER_HEAD);
  context.clip();
  const { rows, packets } = rowsInSight(matches, view);
  const drawn: DrawnArrow[] = [];
  let chosen: Arrow[] = [];
  const lastLabels = new Map<number, number>();
  for (const row of rows) {
    const arrows = arrowsOf(matches.table, row, columns);
    if (row === view.selected) chosen = arrows;
    const look = lookOf(row);
    for (const arrow of arrows) drawArrow(context, arrow, look, toX, toY, colours, drawn, lastLabels, false);
  }
  for (const arrow of chosen)
    drawArrow(context, arrow, lookOf(arrow.row), toX, toY, colours, drawn, new Map<number, number>(), true);
  context.restore();
  drawHeads(context, nodes, toX, view, colours);
  return { arrows: drawn, packets, drawn: rows.length };
}

/** Packets that may have an arrow in sight. */
function rowsInSight(matches: Matches, view: LadderView): { rows: number[]; packets: number } {
  const { table } = matches;
  const first = matches.placeOf(table.firstFrom(view.fromNs - table.longestNs));
  const last = matches.placeOf(table.firstFrom(view.toNs));
  const stride = Math.max(1, Math.ceil((last - first) / PACKETS_MAX));
  const rows: number[] = [];
  for (let place = first; place < last; place += stride) rows.push(matches.rows[place]!);
  return { rows, packets: last - first };
}

function drawTimes(
  context: CanvasRenderingContext2D,
  { fromNs, toNs, width, height }: LadderView,
  colours: LadderColours,
  toY: (ns: number) => number,
): void {
  const axis = niceAxis(fromNs, toNs, Math.max(2, height / 60), 'ns');
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  axis.ticks.forEach((tick, index) => {
    const y = Math.round(toY(tick)) + 0.5;
    if (y < LADDER_HEAD + 6) return;
    context.strokeStyle = colours.line;
    stroke(context, TIME_GUTTER, y, width, y);
    context.fillStyle = colours.muted;
    context.fillText(`${axis.labels[index] ?? ''} ${axis.unit}`, TIME_GUTTER - 8, y);
  });
}

function drawHeads(
  context: CanvasRenderingContext2D,
  nodes: readonly { readonly name: string }[],
  toX: (column: number) => number,
  { width }: LadderView,
  colours: LadderColours,
): void {
  context.fillStyle = colours.surface;
  context.fillRect(0, 0, width, LADDER_HEAD - 1);
  context.strokeStyle = colours.line;
  stroke(context, 0, LADDER_HEAD - 0.5, width, LADDER_HEAD - 0.5);
  context.fillStyle = colours.text;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = `600 ${FONT}`;
  nodes.forEach(({ name }, column) => {
    context.fillText(name, toX(column), LADDER_HEAD / 2);
  });
  context.font = FONT;
}

function drawArrow(
  context: CanvasRenderingContext2D,
  arrow: Arrow,
  look: Look,
  toX: (column: number) => number,
  toY: (ns: number) => number,
  colours: LadderColours,
  drawn: DrawnArrow[],
  lastLabels: Map<number, number>,
  isChosen: boolean,
): void {
  const x1 = toX(arrow.from);
  const y1 = toY(arrow.fromNs);
  const x2 = x1 + (toX(arrow.to) - x1) * arrow.reach;
  const y2 = arrow.reach < 1 && arrow.isDropped ? Math.max(toY(arrow.toNs), y1) : toY(arrow.toNs);
  const colour = isChosen ? colours.chosen : arrow.isDropped ? colours.drop : colours[look.kind];
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.lineWidth = isChosen ? 2.5 : 1;
  const waitY = toY(arrow.waitedSinceNs);
  // Of all packets at once this would be one thick line.
  if (isChosen && y1 - waitY > 1) {
    context.lineWidth = 4;
    stroke(context, x1, waitY, x1, y1);
    context.lineWidth = 2.5;
  }
  context.setLineDash(look.kind === 'again' ? [6, 3] : []);
  stroke(context, x1, y1, x2, y2);
  context.setLineDash([]);
  const angle = Math.atan2(y2 - y1, x2 - x1);
  if (arrow.isDropped) cross(context, x2, y2);
  else head(context, x2, y2, angle);
  drawn.push({ row: arrow.row, x1, y1, x2, y2 });
  if (arrow.isDropped) return;
  const key = arrow.from * 1000 + arrow.to;
  if (!isChosen && y1 - (lastLabels.get(key) ?? -Infinity) < LABEL_APART) return;
  lastLabels.set(key, y1);
  drawLabel(context, look.text, x1, y1, toX(arrow.to), y2, angle, colours.ground);
}

/** Words along the arrow, above it, never upside down, if they fit. */
function drawLabel(
  context: CanvasRenderingContext2D,
  text: string,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  angle: number,
  ground: string,
): void {
  const length = Math.abs(x2 - x1) - 24;
  const slope = Math.abs(Math.atan2(y2 - y1, Math.abs(x2 - x1)));
  if (slope > STEEP || length < 40 || context.measureText(text).width > length) return;
  context.save();
  context.translate(x1 + LABEL_ALONG * (x2 - x1), y1 + LABEL_ALONG * (y2 - y1));
  context.rotate(Math.abs(angle) > Math.PI / 2 ? angle - Math.PI : angle);
  context.textAlign = 'center';
  context.textBaseline = 'bottom';
  // Lines do not run through the words.
  context.strokeStyle = ground;
  context.lineWidth = 3;
  context.strokeText(text, 0, -1);
  context.fillText(text, 0, -1);
  context.lineWidth = 1;
  context.restore();
}

function head(context: CanvasRenderingContext2D, x: number, y: number, angle: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(x - 7 * Math.cos(angle - 0.4), y - 7 * Math.sin(angle - 0.4));
  context.lineTo(x - 7 * Math.cos(angle + 0.4), y - 7 * Math.sin(angle + 0.4));
  context.fill();
}

function cross(context: CanvasRenderingContext2D, x: number, y: number): void {
  context.lineWidth = 2;
  stroke(context, x - 4, y - 4, x + 4, y + 4);
  stroke(context, x - 4, y + 4, x + 4, y - 4);
  context.lineWidth = 1;
}

function stroke(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** The packet whose arrow is nearest to a point, if one is near. */
export function arrowAt({ arrows }: DrawnLadder, x: number, y: number): number | undefined {
  let best: number | undefined = undefined;
  let bestPx = REACH_PX;
  for (const { row, x1, y1, x2, y2 } of arrows) {
    const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
    const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length));
    const distance = Math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1));
    if (distance < bestPx) {
      best = row;
      bestPx = distance;
    }
  }
  return best;
}
