// Automatic layout of a topology, by the ELK library: layered from left to right.

import ELK from 'elkjs/lib/elk.bundled.js';
import type { Scenario } from '../../core/scenario';

const NODE = { width: 110, height: 70 };

/** Places for all nodes. */
export async function layOut(document: Scenario): Promise<Map<string, { x: number; y: number }>> {
  const graph = {
    id: 'root',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.spacing.nodeNode': '40',
      'elk.layered.spacing.nodeNodeBetweenLayers': '110',
    },
    children: document.nodes.map(({ id }) => ({ id, ...NODE })),
    edges: document.links.map(({ id, from, to }) => ({ id, sources: [from], targets: [to] })),
  };
  const done = await new ELK().layout(graph);
  return new Map((done.children ?? []).map(({ id, x, y }) => [id, { x: x ?? 0, y: y ?? 0 }]));
}
