// Links, routers and routes from a scenario.

import type { FlowId } from '../base';
import type { Engine, Streams } from '../engine';
import {
  BernoulliLoss,
  Codel,
  GilbertElliottLoss,
  HeadDropQueue,
  Link,
  linkCostNs,
  ListLoss,
  type LossModel,
  type PacketReceiver,
  Red,
  RouteGraph,
  Router,
} from '../net';
import type { PacketPool } from '../packet';
import type { ResolvedDirection, ResolvedLink, ResolvedLoss } from '../scenario';
import { Host, type Outlet } from '../stack';

/** RED's "typical packet" when the queue has been empty. */
const RED_MEAN_PACKET_BYTES = 500;
const CODEL_MTU_BYTES = 1500;

/** Both directions of one link of the scenario, with what changes need. */
export interface BuiltLink {
  readonly id: string;
  readonly fromNode: number;
  readonly toNode: number;
  readonly forward: Link;
  readonly reverse: Link;
  readonly losses: { readonly forward: LossModel | undefined; readonly reverse: LossModel | undefined };
  /** Present routing cost of each direction, ns; changes with rate and delay. */
  readonly cost: { forward: number; reverse: number };
}

/** What building a link needs from its world. */
export interface LinkSetting {
  readonly engine: Engine;
  readonly pool: PacketPool;
  readonly streams: Streams;
  readonly nodes: readonly (Host | Router)[];
  readonly nodeIndex: ReadonlyMap<string, number>;
  readonly flowIndex: ReadonlyMap<string, FlowId>;
}

export function buildLink(link: ResolvedLink, order: number, setting: LinkSetting): BuiltLink {
  const fromNode = setting.nodeIndex.get(link.from)!;
  const toNode = setting.nodeIndex.get(link.to)!;
  const forward = buildDirection(link.forward, `link/${link.id}/forward`, 2 * order, setting.nodes[toNode]!, setting);
  const reverse = buildDirection(
    link.reverse,
    `link/${link.id}/reverse`,
    2 * order + 1,
    setting.nodes[fromNode]!,
    setting,
  );
  if (!link.up) {
    forward.link.setUp(false);
    reverse.link.setUp(false);
  }
  return {
    id: link.id,
    fromNode,
    toNode,
    forward: forward.link,
    reverse: reverse.link,
    losses: { forward: forward.loss, reverse: reverse.loss },
    cost: {
      forward: linkCostNs(link.forward.rateBps, link.forward.delayNs),
      reverse: linkCostNs(link.reverse.rateBps, link.reverse.delayNs),
    },
  };
}

function buildDirection(
  side: ResolvedDirection,
  name: string,
  index: number,
  peer: PacketReceiver,
  setting: LinkSetting,
): { link: Link; loss: LossModel | undefined } {
  const { engine, pool, streams } = setting;
  const { queue } = side;
  const loss = side.loss === undefined ? undefined : buildLoss(side.loss, name, setting);
  const disturbed = side.reorder !== undefined || side.duplicate !== undefined;
  const link = new Link(
    engine,
    pool,
    index,
    {
      rateBps: side.rateBps,
      delayNs: side.delayNs,
      queueLimitPackets: queue.limitPackets,
      queueLimitBytes: queue.limitBytes,
      ...(side.mtuBytes === undefined ? {} : { mtuBytes: side.mtuBytes }),
      ...(queue.discipline === 'red' ? { red: buildRed(queue, side.rateBps, name, streams), ecn: queue.ecn } : {}),
      ...(loss === undefined ? {} : { loss }),
      ...(side.reorder === undefined ? {} : { reorder: side.reorder }),
      ...(side.duplicate === undefined ? {} : { duplicate: side.duplicate }),
      ...(disturbed ? { random: streams.named(`${name}/disturbance`) } : {}),
    },
    peer,
  );
  if (queue.discipline === 'codel') {
    const codel = new Codel({ targetNs: queue.targetNs, intervalNs: queue.intervalNs, mtuBytes: CODEL_MTU_BYTES });
    link.front = new HeadDropQueue(engine, link, codel, queue.limitPackets, queue.limitBytes, queue.ecn);
  }
  return { link, loss };
}

function buildRed(
  queue: Extract<ResolvedDirection['queue'], { discipline: 'red' }>,
  rateBps: number,
  name: string,
  streams: Streams,
): Red {
  return new Red(
    {
      minThresholdPackets: queue.minThreshold,
      maxThresholdPackets: queue.maxThreshold,
      maxProbability: queue.maxProbability,
      weight: queue.weight,
      gentle: queue.gentle,
      meanPacketBytes: RED_MEAN_PACKET_BYTES,
      rateBps,
    },
    streams.named(`${name}/red`),
  );
}

function buildLoss(loss: ResolvedLoss, name: string, setting: LinkSetting): LossModel {
  switch (loss.model) {
    case 'bernoulli':
      return new BernoulliLoss(loss.probability, setting.streams.named(`${name}/loss`));
    case 'gilbert-elliott':
      return new GilbertElliottLoss(loss, setting.streams.named(`${name}/loss`));
    case 'list':
      return new ListLoss(loss.drops.map((drop) => ({ ...drop, flow: setting.flowIndex.get(drop.flow)! })));
  }
}

/**
 * Gives every router and host its way to every node over the links that are up.
 * @param drivers through which hosts send that have network interfaces, by direction of link
 */
export function setRoutes(
  nodes: readonly (Host | Router)[],
  links: readonly BuiltLink[],
  drivers: ReadonlyMap<Link, Outlet>,
): void {
  const up = links.filter((link) => link.forward.isUp);
  const edges = up.flatMap((link) => [
    { from: link.fromNode, to: link.toNode, costNs: link.cost.forward },
    { from: link.toNode, to: link.fromNode, costNs: link.cost.reverse },
  ]);
  const outgoing = up.flatMap((link) => [link.forward, link.reverse]);
  const attached = new Map<number, Link[]>();
  edges.forEach((edge, index) => {
    const known = attached.get(edge.from);
    if (known === undefined) attached.set(edge.from, [outgoing[index]!]);
    else known.push(outgoing[index]!);
  });
  const graph = new RouteGraph(nodes.length, edges, (node) => nodes[node] instanceof Router);
  nodes.forEach((node, index) => {
    const own = attached.get(index) ?? [];
    if (node instanceof Host && own.length <= 1) {
      const only = own[0];
      node.setRoutes(only === undefined ? [] : (drivers.get(only) ?? only));
      return;
    }
    const hops = Array.from(graph.firstHops(index), (edge) => (edge < 0 ? undefined : outgoing[edge]));
    if (node instanceof Router) node.setRoutes(hops);
    else node.setRoutes(hops.map((link) => link && (drivers.get(link) ?? link)));
  });
}
