// The span of time that a chart shows and the time at which it is read, and what wheel, dragging and keys make of both.

import { firstFrom, shownUnit } from '../../core/export';
import { type ChartLine, valueAtTime } from './draw-lines';

export interface TimeSpan {
  readonly fromNs: number;
  readonly toNs: number;
}

export interface ChartState {
  /** Undefined is all there is. */
  readonly span: TimeSpan | undefined;
  /** Where values are read; undefined when nobody does. */
  readonly cursorNs: number | undefined;
}

/** What is drawn. */
export interface ChartContent {
  readonly endNs: number;
  readonly lines: readonly ChartLine[];
}

export type ChartKey = Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'metaKey' | 'altKey'>;

export interface Reading {
  readonly label: string;
  readonly text: string;
  readonly colour: string;
}

/** In signs, on the screen. */
export const KEYS_SHOWN = '← → read · Ctrl ← → by sample · Shift ← → move · + − zoom · 0 all';
/** In words, for those who hear it. */
export const KEYS_SAID =
  'Left and right arrow keys read values; with Control they go from sample to sample, with Shift they move what is shown. Plus and minus zoom, 0 or Home shows all time, Escape stops reading.';

const SPAN_MIN_NS = 1000;
const ZOOM_IN = 0.6;
/** Of what is shown, that one press moves the cursor or the chart. */
const CURSOR_STEP = 1 / 50;
const MOVE_STEP = 1 / 4;
const READINGS_MAX = 12;

export const viewOf = (span: TimeSpan | undefined, endNs: number): TimeSpan =>
  span ?? { fromNs: 0, toNs: Math.max(1, endNs) };

/** Zoomed around a time that stays where it is; undefined once all is shown. */
export function zoomed({ fromNs, toNs }: TimeSpan, factor: number, atNs: number, endNs: number): TimeSpan | undefined {
  const from = Math.max(0, atNs - (atNs - fromNs) * factor);
  const to = Math.min(endNs, atNs + (toNs - atNs) * factor);
  return to - from >= endNs ? undefined : { fromNs: from, toNs: Math.max(from + SPAN_MIN_NS, to) };
}

/** Moved, but not beyond what there is; as long as before. */
export function moved({ fromNs, toNs }: TimeSpan, byNs: number, endNs: number): TimeSpan {
  const lengthNs = toNs - fromNs;
  const from = Math.max(0, Math.min(fromNs + byNs, endNs - lengthNs));
  return { fromNs: from, toNs: from + lengthNs };
}

/** What a key makes of a chart; undefined when it is none of its keys. */
export function keyed(state: ChartState, key: ChartKey, content: ChartContent): ChartState | undefined {
  const { span, cursorNs } = state;
  const { endNs } = content;
  const view = viewOf(span, endNs);
  const lengthNs = view.toNs - view.fromNs;
  const middleNs = view.fromNs + lengthNs / 2;
  const isPlain = !key.ctrlKey && !key.metaKey && !key.altKey;
  const way = key.key === 'ArrowLeft' ? -1 : key.key === 'ArrowRight' ? 1 : 0;
  if (way !== 0 && !key.metaKey && !key.altKey) {
    if (key.shiftKey)
      return span === undefined ? state : { span: moved(view, way * lengthNs * MOVE_STEP, endNs), cursorNs };
    if (cursorNs === undefined) return { span, cursorNs: middleNs };
    const wanted = key.ctrlKey ? nextSample(content.lines, cursorNs, way) : cursorNs + way * lengthNs * CURSOR_STEP;
    return inSight(view, span, Math.max(0, Math.min(endNs, wanted ?? cursorNs)), endNs);
  }
  if (!isPlain) return undefined;
  switch (key.key) {
    case '+':
    case '=':
      return { span: zoomed(view, ZOOM_IN, cursorNs ?? middleNs, endNs), cursorNs };
    case '-':
    case '_':
      return { span: zoomed(view, 1 / ZOOM_IN, cursorNs ?? middleNs, endNs), cursorNs };
    case '0':
    case 'Home':
      return { span: undefined, cursorNs };
    case 'Escape':
      return cursorNs === undefined ? undefined : { span, cursorNs: undefined };
    default:
      return undefined;
  }
}

/** The chart follows its cursor. */
function inSight(view: TimeSpan, span: TimeSpan | undefined, cursorNs: number, endNs: number): ChartState {
  const step = (view.toNs - view.fromNs) * MOVE_STEP;
  if (cursorNs < view.fromNs) return { span: moved(view, cursorNs - view.fromNs - step, endNs), cursorNs };
  if (cursorNs > view.toNs) return { span: moved(view, cursorNs - view.toNs + step, endNs), cursorNs };
  return { span, cursorNs };
}

/** The nearest sample of any line before or after a time. */
function nextSample(lines: readonly ChartLine[], ns: number, way: -1 | 1): number | undefined {
  let nearest: number | undefined;
  for (const { data } of lines) {
    let at = way > 0 ? firstFrom(data, ns) : firstFrom(data, ns) - 1;
    while (way > 0 && at < data.length && data.times[at]! <= ns) at += 1;
    const time = data.times[at];
    if (at < 0 || at >= data.length || time === undefined) continue;
    if (nearest === undefined || way * (time - nearest) < 0) nearest = time;
  }
  return nearest;
}

/** The values that hold at a time. */
export function readingsAt(lines: readonly ChartLine[], baseUnit: string, ns: number): Reading[] {
  return lines.slice(0, READINGS_MAX).flatMap(({ label, data, colour }) => {
    const value = valueAtTime(data, ns);
    if (value === undefined || !Number.isFinite(value)) return [];
    const { divisor, unit } = shownUnit(baseUnit, Math.abs(value));
    return [{ label, text: `${(value / divisor).toPrecision(4)} ${unit}`.trim(), colour }];
  });
}

/** A time with as many decimals as what is shown needs. */
export function timeText(ns: number, { fromNs, toNs }: TimeSpan): string {
  const decimals = Math.max(4, Math.min(9, 4 - Math.floor(Math.log10((toNs - fromNs) / 1e9))));
  return `${(ns / 1e9).toFixed(decimals)} s`;
}

/** What changed, to be heard: the values at the cursor where it moved, else what is shown now. */
export function saidOf(before: ChartState, now: ChartState, unit: string, content: ChartContent): string {
  const view = viewOf(now.span, content.endNs);
  if (now.cursorNs !== undefined && now.cursorNs !== before.cursorNs) {
    const readings = readingsAt(content.lines, unit, now.cursorNs).map(({ label, text }) => `${label} ${text}`);
    return `${timeText(now.cursorNs, view)}: ${readings.length === 0 ? 'nothing was recorded until then' : readings.join(', ')}`;
  }
  if (now.span === undefined) return before.span === undefined ? '' : 'All time is shown';
  return `Shown from ${timeText(view.fromNs, view)} to ${timeText(view.toNs, view)}`;
}
