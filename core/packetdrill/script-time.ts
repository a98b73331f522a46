// The time of a script, which counts from its own 0, and how it is told.

import { nanos } from '../base';

/** The script's 0 in virtual time: timestamps begin well above zero. */
export const START = nanos(10e9);

/** What is wrong with a packet that was sent at `at` and wanted between the other two. */
export function timeDifference(at: number, from: number, to: number, tolerance: number): string | undefined {
  if (at >= from - tolerance && at <= to + tolerance) return undefined;
  const wanted = from === to ? seconds(from - START) : `${seconds(from - START)}~${seconds(to - START)}`;
  return `timing error: expected outbound packet at ${wanted} sec but happened at ${seconds(at - START)} sec; tolerance ${seconds(tolerance)} sec`;
}

/** A time since the script began. */
export function seconds(ns: number): string {
  return (ns / 1e9).toFixed(6);
}
