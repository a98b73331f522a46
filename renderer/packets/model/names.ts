// Names of what packets and their records number.

import type { RecordLog } from '../../records';
import type { Names } from './filter-words';

type RunNames = RecordLog['names'];

/** What filters can name. A link has two directions, and both are called by its id. */
export function namesFrom({ flows, nodes, links, ends }: RunNames): Names {
  return {
    flows,
    nodes: nodes.map(({ name }) => name),
    links: links.map((name, index) => (isLink(ends[index]) ? linkId(name) : '')).filter((name) => name !== ''),
  };
}

function isLink(ends: { readonly from: number; readonly to: number } | undefined): boolean {
  return ends !== undefined && ends.from !== ends.to;
}

/** `bottleneck` of `bottleneck: r1 to r2`. */
export function linkId(name: string): string {
  const colon = name.indexOf(': ');
  return colon < 0 ? name : name.slice(0, colon);
}

/** What a record's direction is called, for people. */
export function directionName({ links }: RunNames, direction: number): string {
  return links[direction] ?? 'no link';
}

export function nodeName({ nodes }: RunNames, node: number): string {
  return nodes[node]?.name ?? `node ${String(node)}`;
}
