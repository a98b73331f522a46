// What joins slices on the timeline: marks of interrupts, arrows of messages, IPIs and wake-ups, and what is chosen and has no length.

import { CauseKind } from '../../core/base';
import { type Brush, line, type TimelineView } from './brush';
import type { Lanes } from './lanes';
import { AXIS_HEIGHT, LANE_GAP, type Layout, ROW } from './layout';

/** More arrows than that in sight would be a curtain. */
const ARROWS_MAX = 300;
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

/** Interrupts as small triangles, when they can be told apart. */
export function drawMarks({ context, colours, toX }: Brush, lanes: Lanes, layout: Layout, view: TimelineView): void {
  const { log } = lanes;
  lanes.cpus.forEach(({ marks }, cpu) => {
    const bottom = layout.cpuTops[cpu]! + ROW / 2;
    let lastX = -Infinity;
    for (let at = lanes.firstFrom(marks, view.fromNs); at < marks.length; at += 1) {
      const id = marks[at]!;
      const ns = log.ats[id - 1]!;
      if (ns > view.toNs) break;
      const x = toX(ns);
      if (x - lastX < 3) {
        // A crowd of marks is one mark.
        at = Math.max(at, lanes.firstFrom(marks, ns + ((view.toNs - view.fromNs) * 3) / view.width) - 1);
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
  const id = marks[lanes.firstFrom(marks, timeAt(x - MARK_REACH_PX))];
  return id !== undefined && lanes.log.ats[id - 1]! <= timeAt(x + MARK_REACH_PX) ? id : undefined;
}

/** What is chosen and has no length is a line through all lanes. */
export function drawChosenInstant(
  { context, colours, toX }: Brush,
  lanes: Lanes,
  { height }: Layout,
  { selected }: TimelineView,
): void {
  if (selected === undefined || !INSTANTS.includes(lanes.log.kinds[selected - 1]!)) return;
  const x = Math.round(toX(lanes.log.ats[selected - 1]!)) + 0.5;
  context.strokeStyle = colours.accent;
  context.setLineDash([4, 3]);
  line(context, x, AXIS_HEIGHT, x, height);
  context.setLineDash([]);
}

/** Records whose arrows end in sight; undefined when there are too many to tell apart. */
export function arrowsInView(lanes: Lanes, fromNs: number, toNs: number): readonly number[] | undefined {
  const first = lanes.firstFrom(lanes.arrows, fromNs);
  const last = lanes.firstFrom(lanes.arrows, toNs);
  return last - first > ARROWS_MAX ? undefined : lanes.arrows.slice(first, last);
}

export function drawArrows(
  { context, colours, toX }: Brush,
  lanes: Lanes,
  { cpuTops }: Layout,
  view: TimelineView,
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
