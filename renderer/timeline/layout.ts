// Where everything stands on the timeline, from top to bottom: CPUs, tokens and locks, links, network interfaces and buses.

import type { Lanes, Slices } from './lanes';

export const GUTTER = 132;
export const AXIS_HEIGHT = 24;
export const ROW = 17;
const WAIT_ROW = 8;
/** A link: what is being sent above, and below it the packets on their way, each a line that falls as it comes nearer. */
export const FLIGHT_ROW = 16;
export const LANE_GAP = 7;

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

/** When the row was free of it again: a link when its last bit was sent. */
export function busyEnd(lanes: Lanes, id: number, { delayNs = 0 }: Row): number {
  return Math.max(lanes.beginOf(id), lanes.endOf(id) - delayNs);
}
