// Whether the parts of a scenario fit together: ids, ends, routes. Works on whatever of the document is well-formed,
// so that these problems are told together with those of the schema.

import type { Problem } from '../base';
import { nearest } from './suggest';

type Loose = Readonly<Record<string, unknown>>;

/** Everything wrong with ids and references. */
export function referenceProblems(document: unknown, file: string): Problem[] {
  const root = asRecord(document);
  const nodes = records(root['nodes']);
  const links = records(root['links']);
  const traffic = records(root['traffic']);
  const problems: Problem[] = [];
  const kinds = nodeKinds(nodes);
  duplicates(nodes, 'nodes', 'node', file, problems);
  duplicates(links, 'links', 'link', file, problems);
  duplicates(traffic, 'traffic', 'flow', file, problems);
  for (const [index, link] of links) linkEnds(link, `/links/${String(index)}`, kinds, file, problems);
  const areas = reachability(kinds, links);
  for (const [index, flow] of traffic) flowEnds(flow, `/traffic/${String(index)}`, kinds, areas, file, problems);
  if (traffic.every(isNamed)) lossFlows(links, new Set(traffic.map(([, flow]) => flow['id'])), file, problems);
  return problems;
}

/** Nodes by their ids. */
interface NodeKinds {
  readonly of: ReadonlyMap<string, unknown>;
  /** Whether all of them have an id: an unknown one may be that of the node that has none. */
  readonly complete: boolean;
}

function nodeKinds(nodes: (readonly [number, Loose])[]): NodeKinds {
  const of = new Map<string, unknown>();
  for (const [, node] of nodes) {
    if (typeof node['id'] === 'string') of.set(node['id'], node['kind']);
  }
  return { of, complete: nodes.every(isNamed) };
}

function isNamed([, item]: readonly [number, Loose]): boolean {
  return typeof item['id'] === 'string';
}

function asRecord(value: unknown): Loose {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Loose) : {};
}

function records(value: unknown): (readonly [number, Loose])[] {
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown, index) => [index, asRecord(item)] as const);
}

function duplicates(
  items: (readonly [number, Loose])[],
  list: string,
  noun: string,
  file: string,
  problems: Problem[],
): void {
  const first = new Map<unknown, number>();
  for (const [index, item] of items) {
    const id = item['id'];
    if (typeof id !== 'string') continue;
    const before = first.get(id);
    if (before === undefined) first.set(id, index);
    else {
      problems.push({
        file,
        pointer: `/${list}/${String(index)}/id`,
        message: `two ${noun}s are called "${id}" (the other is /${list}/${String(before)})`,
        suggestion: `give one another id, such as "${id}-2"`,
      });
    }
  }
}

function unknownNode(pointer: string, id: string, { of, complete }: NodeKinds, file: string): Problem[] {
  if (!complete) return [];
  const near = nearest(id, of.keys());
  const known = [...of.keys()].slice(0, 8).join(', ');
  const suggestion = near === undefined ? `nodes are ${known}${of.size > 8 ? ', …' : ''}` : `did you mean "${near}"?`;
  return [{ file, pointer, message: `there is no node "${id}"`, suggestion }];
}

function linkEnds(link: Loose, pointer: string, kinds: NodeKinds, file: string, problems: Problem[]): void {
  for (const end of ['from', 'to']) {
    const id = link[end];
    if (typeof id === 'string' && !kinds.of.has(id))
      problems.push(...unknownNode(`${pointer}/${end}`, id, kinds, file));
  }
  if (typeof link['from'] === 'string' && link['from'] === link['to']) {
    problems.push({
      file,
      pointer: `${pointer}/to`,
      message: `the link leads from "${link['from']}" to itself`,
      suggestion: 'name the node at its other end',
    });
  }
}

/** For each node a number that it shares with the nodes it can reach; packets pass through routers only. */
function reachability(kinds: NodeKinds, links: (readonly [number, Loose])[]): (a: string, b: string) => boolean {
  // What is wrong with a node or link is told at its place; that a route is missing then only follows from it.
  const isKnown = (end: unknown): boolean => typeof end === 'string' && kinds.of.has(end);
  if (!kinds.complete || [...kinds.of.values()].some((kind) => kind !== 'host' && kind !== 'router')) return () => true;
  if (links.some(([, { from, to }]) => !isKnown(from) || !isKnown(to))) return () => true;
  const parent = new Map<string, string>();
  const rootOf = (id: string): string => {
    let at = id;
    for (let up = parent.get(at); up !== undefined; up = parent.get(at)) {
      const above = parent.get(up);
      if (above !== undefined) parent.set(at, above);
      at = up;
    }
    return at;
  };
  const hostNeighbours = new Map<string, Set<string>>();
  const note = (host: string, other: string): void => {
    const known = hostNeighbours.get(host);
    if (known === undefined) hostNeighbours.set(host, new Set([other]));
    else known.add(other);
  };
  for (const [, link] of links) {
    const { from, to } = link;
    if (typeof from !== 'string' || typeof to !== 'string') continue;
    if (kinds.of.get(from) === 'router' && kinds.of.get(to) === 'router') {
      const a = rootOf(from);
      const b = rootOf(to);
      if (a !== b) parent.set(a, b);
    }
    if (kinds.of.get(from) !== 'router') note(from, to);
    if (kinds.of.get(to) !== 'router') note(to, from);
  }
  const roots = (host: string): Set<string> => {
    const areas = new Set<string>();
    for (const neighbour of hostNeighbours.get(host) ?? []) {
      if (kinds.of.get(neighbour) === 'router') areas.add(rootOf(neighbour));
    }
    return areas;
  };
  return (a, b) => {
    if (hostNeighbours.get(a)?.has(b) === true) return true;
    const there = roots(b);
    return [...roots(a)].some((area) => there.has(area));
  };
}

function flowEnds(
  flow: Loose,
  pointer: string,
  kinds: NodeKinds,
  connected: (a: string, b: string) => boolean,
  file: string,
  problems: Problem[],
): void {
  const { from, to } = flow;
  if (flow['kind'] === 'kernel-program') {
    hostOf(flow, pointer, kinds, file, problems);
    return;
  }
  let usable = typeof from === 'string' && typeof to === 'string';
  for (const end of ['from', 'to']) {
    const id = flow[end];
    if (typeof id !== 'string') continue;
    const kind = kinds.of.get(id);
    if (!kinds.of.has(id)) problems.push(...unknownNode(`${pointer}/${end}`, id, kinds, file));
    else if (kind === 'router') {
      problems.push({
        file,
        pointer: `${pointer}/${end}`,
        message: `"${id}" is a router; traffic runs between hosts`,
        suggestion: 'name a node of kind "host"',
      });
    }
    usable = usable && kind === 'host';
  }
  if (!usable || typeof from !== 'string' || typeof to !== 'string') return;
  if (from === to) {
    problems.push({
      file,
      pointer: `${pointer}/to`,
      message: `the flow leads from "${from}" to itself`,
      suggestion: 'name another host',
    });
  } else if (!connected(from, to)) {
    problems.push({
      file,
      pointer,
      message: `no route leads from "${from}" to "${to}"`,
      suggestion: 'connect them by links through routers (hosts do not forward)',
    });
  }
}

/** A program runs on a host. */
function hostOf(program: Loose, pointer: string, kinds: NodeKinds, file: string, problems: Problem[]): void {
  const { host } = program;
  if (typeof host !== 'string') return;
  if (!kinds.of.has(host)) problems.push(...unknownNode(`${pointer}/host`, host, kinds, file));
  else if (kinds.of.get(host) === 'router') {
    problems.push({
      file,
      pointer: `${pointer}/host`,
      message: `"${host}" is a router; programs run on hosts`,
      suggestion: 'name a node of kind "host"',
    });
  }
}

function lossFlows(
  links: (readonly [number, Loose])[],
  flows: ReadonlySet<unknown>,
  file: string,
  problems: Problem[],
): void {
  const names = [...flows].filter((id): id is string => typeof id === 'string');
  const check = (side: Loose, pointer: string): void => {
    for (const [index, { flow }] of records(asRecord(side['loss'])['drops'])) {
      if (typeof flow !== 'string' || flows.has(flow)) continue;
      const near = nearest(flow, names);
      problems.push({
        file,
        pointer: `${pointer}/loss/drops/${String(index)}/flow`,
        message: `there is no flow "${flow}"`,
        suggestion: near === undefined ? `flows are ${names.slice(0, 8).join(', ')}` : `did you mean "${near}"?`,
      });
    }
  };
  for (const [index, link] of links) {
    check(link, `/links/${String(index)}`);
    check(asRecord(link['reverse']), `/links/${String(index)}/reverse`);
  }
}
