// Where the nodes of a scenario stand when the file does not say: from left to right by their distance from the
// senders, nodes of one distance in a column, long columns wrapped into blocks.

import type { Scenario } from '../../core/scenario';

export interface Place {
  readonly x: number;
  readonly y: number;
}

type Placed = Pick<Scenario, 'nodes' | 'links' | 'traffic'>;

const STEP = { x: 160, y: 90 };
/** Gap between two distances, in columns. */
const GAP_COLUMNS = 1;
const COLUMN_ROWS_MAX = 12;

/** Places of all nodes; those that the scenario gives stay as they are. */
export function placesOf(scenario: Placed): Map<string, Place> {
  const places = new Map<string, Place>();
  const homeless = scenario.nodes.filter(({ position }) => position === undefined);
  const layers = homeless.length === 0 ? [] : layersOf(scenario, new Set(homeless.map(({ id }) => id)));
  let column = 0;
  for (const layer of layers) {
    // A block about as wide as high keeps a thousand hosts in sight.
    const rows = Math.max(COLUMN_ROWS_MAX, Math.ceil(Math.sqrt((layer.length * STEP.x) / STEP.y)));
    const height = Math.min(rows, layer.length);
    layer.forEach((id, index) => {
      const y = (index % rows) - (height - 1) / 2;
      places.set(id, { x: (column + Math.floor(index / rows)) * STEP.x, y: Math.round(y * STEP.y) });
    });
    column += Math.ceil(layer.length / rows) + GAP_COLUMNS;
  }
  for (const { id, position } of scenario.nodes) if (position !== undefined) places.set(id, position);
  return places;
}

/** Nodes to place, by distance from the hosts that send; unreachable ones come last. */
function layersOf({ nodes, links, traffic }: Placed, wanted: ReadonlySet<string>): string[][] {
  const neighbours = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of links) {
    neighbours.get(from)?.push(to);
    neighbours.get(to)?.push(from);
  }
  const flows = traffic.flatMap((item) => ('from' in item ? [item] : []));
  const senders = new Set(flows.map(({ from }) => from));
  const receivers = new Set(flows.map(({ to }) => to));
  const starts = nodes.filter(({ id }) => senders.has(id) && !receivers.has(id)).map(({ id }) => id);
  const seen = new Set<string>();
  const layers: string[][] = [];
  let layer = starts.length > 0 ? starts : nodes.slice(0, 1).map(({ id }) => id);
  while (layer.length > 0) {
    for (const id of layer) seen.add(id);
    layers.push(layer);
    layer = [...new Set(layer.flatMap((id) => neighbours.get(id) ?? []))].filter((id) => !seen.has(id));
  }
  layers.push(nodes.map(({ id }) => id).filter((id) => !seen.has(id)));
  return layers.map((ids) => ids.filter((id) => wanted.has(id))).filter((ids) => ids.length > 0);
}
