// A packet's way between chosen nodes, for the ladder diagram. Nodes that are not chosen are passed over: an arrow then spans what
// lies between.

import { CauseKind, DropReason } from '../../../core/base';
import { packetRow } from '../../../core/packet';
import type { PacketTable } from '../../records';

/** Nodes are given by their place among the chosen ones. */
export interface Arrow {
  readonly row: number;
  readonly from: number;
  readonly to: number;
  readonly fromNs: number;
  readonly toNs: number;
  /** How far it came, 0..1; less than 1 when it was dropped or is under way. */
  readonly reach: number;
  readonly isDropped: boolean;
  /** It waited at `from` since then for the transmitter. */
  readonly waitedSinceNs: number;
}

interface Stop {
  readonly node: number;
  readonly inNs: number;
  outNs: number;
}

/** How far an arrow is drawn that ends in a queue, and one that is lost on the wire. */
const QUEUE_REACH = 0.25;
const WIRE_REACH = 0.8;

/** @param columns place of each chosen node, by node */
export function arrowsOf(table: PacketTable, row: number, columns: ReadonlyMap<number, number>): Arrow[] {
  const base = table.base(row);
  const { log } = table;
  const stops: Stop[] = [{ node: packetRow.src(table.rows, base), inNs: table.at(row), outNs: table.at(row) }];
  let drop: { atNs: number; reach: number } | undefined;
  for (const id of table.records(row)) {
    const record = log.at(id)!;
    if (record.kind === CauseKind.transmit) {
      stops.at(-1)!.outNs = record.detail;
      stops.push({ node: log.names.ends[record.subject]?.to ?? -1, inNs: record.extra, outNs: record.extra });
    } else if (record.kind === CauseKind.drop) {
      const onWire = record.detail === DropReason.loss && log.kinds[record.parent - 1] === CauseKind.transmit;
      if (onWire && stops.length > 1) stops.pop();
      drop = { atNs: record.at, reach: onWire ? WIRE_REACH : QUEUE_REACH };
    }
  }
  const chosen = stops.filter(({ node }) => columns.has(node));
  const arrows = chosen.slice(1).map((stop, index): Arrow => {
    const before = chosen[index]!;
    return {
      row,
      from: columns.get(before.node)!,
      to: columns.get(stop.node)!,
      fromNs: before.outNs,
      toNs: stop.inNs,
      reach: 1,
      isDropped: false,
      waitedSinceNs: before.inNs,
    };
  });
  const last = chosen.at(-1);
  if (drop === undefined || last === undefined) return arrows;
  const goal = columns.get(packetRow.dst(table.rows, base));
  const from = columns.get(last.node)!;
  const next = goal === undefined || goal === from ? from : from + Math.sign(goal - from);
  return [
    ...arrows,
    {
      row,
      from,
      to: next,
      fromNs: Math.min(last.outNs, drop.atNs),
      toNs: drop.atNs,
      reach: drop.reach,
      isDropped: true,
      waitedSinceNs: last.outNs,
    },
  ];
}

/** The nodes of a packet's way, ends and routers, in their order. */
export function wayOf(table: PacketTable, row: number): number[] {
  const { log } = table;
  const nodes = [packetRow.src(table.rows, table.base(row))];
  for (const id of table.records(row))
    if (log.kinds[id - 1] === CauseKind.transmit) nodes.push(log.names.ends[log.subjects[id - 1]!]?.to ?? -1);
  return nodes.filter((node, index) => node >= 0 && nodes.indexOf(node) === index);
}

const LOOK_MAX = 200;

/** The longest way of a flow's first packets, in the direction of the first of them. */
export function wayOfFlow(table: PacketTable, row: number): number[] {
  let best: number[] = [];
  let at: number | undefined = table.connection(row).firstRow;
  for (let looked = 0; at !== undefined && looked < LOOK_MAX; looked += 1) {
    if (!table.isBack(at)) {
      const way = wayOf(table, at);
      if (way.length > best.length) best = way;
      if (table.fate(at) === 'delivered') break;
    }
    at = table.nextOf(at);
  }
  return best;
}
