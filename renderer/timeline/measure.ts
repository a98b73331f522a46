// How much of the CPUs' time in a range went to whom.

import type { Lanes } from './lanes';
import { nameOf } from './draw-timeline';

/** CPU time by thread between two instants, most first. A slice counts without what lay on top of it. */
export function cpuTimeIn(lanes: Lanes, fromNs: number, toNs: number): { name: string; ns: number }[] {
  const times = new Map<string, number>();
  const add = (id: number, sign: 1 | -1, name: string): void => {
    const ns = Math.min(lanes.endOf(id), toNs) - Math.max(lanes.beginOf(id), fromNs);
    if (ns > 0) times.set(name, (times.get(name) ?? 0) + sign * ns);
  };
  for (const { depths } of lanes.cpus) {
    depths.forEach((slices, depth) => {
      const below = depths[depth - 1];
      for (let at = lanes.firstAfter(slices, fromNs); at < slices.length; at += 1) {
        const id = slices[at]!;
        if (lanes.beginOf(id) >= toNs) break;
        add(id, 1, nameOf(lanes, id));
        const under = below?.[lanes.firstAfter(below, lanes.beginOf(id))];
        if (under !== undefined && lanes.beginOf(under) <= lanes.beginOf(id)) add(id, -1, nameOf(lanes, under));
      }
    });
  }
  return [...times].map(([name, ns]) => ({ name, ns })).sort((a, b) => b.ns - a.ns);
}
