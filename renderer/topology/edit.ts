// Edits of a scenario document as pure functions: each returns a new document and shares what did not change.

import type { Scenario } from '../../core/scenario';

export type NodeItem = Scenario['nodes'][number];
export type LinkItem = Scenario['links'][number];
export type FlowItem = Scenario['traffic'][number];
type List = 'nodes' | 'links' | 'traffic';

const GRID = 20;

/** A place on the grid. */
export function snap(position: { x: number; y: number }): { x: number; y: number } {
  return { x: Math.round(position.x / GRID) * GRID, y: Math.round(position.y / GRID) * GRID };
}

/** An id that no item of the list has: prefix and the smallest free number. */
export function freeId(document: Scenario, list: List, prefix: string): string {
  const taken = new Set(document[list].map(({ id }) => id));
  let number = 1;
  while (taken.has(`${prefix}${String(number)}`)) number += 1;
  return `${prefix}${String(number)}`;
}

export function addNode(
  document: Scenario,
  kind: 'host' | 'router',
  at: { x: number; y: number },
): { document: Scenario; id: string } {
  const id = freeId(document, 'nodes', kind === 'host' ? 'h' : 'r');
  return { document: { ...document, nodes: [...document.nodes, { id, kind, position: snap(at) }] }, id };
}

export function addLink(document: Scenario, from: string, to: string): { document: Scenario; id: string } {
  const id = freeId(document, 'links', 'l');
  const link: LinkItem = {
    id,
    from,
    to,
    rate: '100Mbps',
    delay: '5ms',
    queue: { discipline: 'droptail', limit: '100p' },
  };
  return { document: { ...document, links: [...document.links, link] }, id };
}

export function addFlow(document: Scenario, from: string, to: string): { document: Scenario; id: string } {
  const id = freeId(document, 'traffic', 'f');
  return { document: { ...document, traffic: [...document.traffic, { id, kind: 'bulk', from, to }] }, id };
}

export function moveNodes(document: Scenario, places: ReadonlyMap<string, { x: number; y: number }>): Scenario {
  const nodes = document.nodes.map((node) => {
    const place = places.get(node.id);
    return place === undefined ? node : { ...node, position: snap(place) };
  });
  return { ...document, nodes };
}

/** Removes items by id, and what hangs on removed nodes: their links and flows, and drops of removed flows. */
export function remove(
  document: Scenario,
  ids: { nodes?: ReadonlySet<string>; links?: ReadonlySet<string>; flows?: ReadonlySet<string> },
): Scenario {
  const gone = ids.nodes ?? new Set<string>();
  const hangs = ({ from, to }: { from: string; to: string }): boolean => gone.has(from) || gone.has(to);
  return {
    ...document,
    nodes: document.nodes.filter(({ id }) => !gone.has(id)),
    links: document.links.filter((link) => ids.links?.has(link.id) !== true && !hangs(link)),
    traffic: document.traffic.filter(
      (item) => ids.flows?.has(item.id) !== true && !('from' in item ? hangs(item) : gone.has(item.host)),
    ),
  };
}

/** Copies of nodes with the links between them, beside the originals. */
export function duplicate(document: Scenario, ids: ReadonlySet<string>): { document: Scenario; ids: string[] } {
  let next = document;
  const copies = new Map<string, string>();
  for (const node of document.nodes.filter(({ id }) => ids.has(id))) {
    const copy = freeId(next, 'nodes', node.kind === 'host' ? 'h' : 'r');
    const { x, y } = node.position ?? { x: 0, y: 0 };
    next = { ...next, nodes: [...next.nodes, { ...node, id: copy, position: { x: x + 2 * GRID, y: y + 2 * GRID } }] };
    copies.set(node.id, copy);
  }
  for (const link of document.links) {
    const from = copies.get(link.from);
    const to = copies.get(link.to);
    if (from === undefined || to === undefined) continue;
    next = { ...next, links: [...next.links, { ...link, id: freeId(next, 'links', 'l'), from, to }] };
  }
  return { document: next, ids: [...copies.values()] };
}

/** Sets or removes (undefined) a value inside a document; objects on the way are made. */
export function setAt<T>(root: T, path: readonly (string | number)[], value: unknown): T {
  const [head, ...rest] = path;
  if (head === undefined) return value as T;
  if (Array.isArray(root)) {
    const copy: unknown[] = [...(root as unknown[])];
    copy[Number(head)] = setAt(copy[Number(head)], rest, value);
    return copy as T;
  }
  const copy: Record<string, unknown> = { ...(root as Record<string, unknown>) };
  const inner = rest.length === 0 ? value : setAt(copy[head] ?? {}, rest, value);
  if (inner === undefined || (rest.length > 0 && isEmptyObject(inner))) delete copy[head];
  else copy[head] = inner;
  return copy as T;
}

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

/** Renames an item and everything that refers to it. */
export function rename(document: Scenario, kind: 'node' | 'link' | 'flow', id: string, to: string): Scenario {
  if (kind === 'node') {
    const end = (name: string): string => (name === id ? to : name);
    return {
      ...document,
      nodes: document.nodes.map((node) => (node.id === id ? { ...node, id: to } : node)),
      links: document.links.map((link) => ({ ...link, from: end(link.from), to: end(link.to) })),
      traffic: document.traffic.map((item) =>
        'from' in item ? { ...item, from: end(item.from), to: end(item.to) } : { ...item, host: end(item.host) },
      ),
    };
  }
  const family = kind === 'link' ? 'link' : 'flow';
  const probes = document.probes?.map((probe) =>
    probe.replace(new RegExp(`^${family}/${id.replace(/[.]/g, '\\.')}/`), `${family}/${to}/`),
  );
  const renamed =
    kind === 'link'
      ? { ...document, links: document.links.map((link) => (link.id === id ? { ...link, id: to } : link)) }
      : { ...document, traffic: document.traffic.map((flow) => (flow.id === id ? { ...flow, id: to } : flow)) };
  return probes === undefined ? renamed : { ...renamed, probes };
}

/** A new, empty scenario. */
export function emptyScenario(): Scenario {
  return {
    format: 'odonata-scenario',
    version: 1,
    name: 'Untitled',
    seed: 1,
    duration: '30s',
    nodes: [],
    links: [],
    traffic: [],
  };
}
