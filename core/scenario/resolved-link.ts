// Links with nothing left open: both directions explicit, their queues and losses, and what of them may change during a run.

import { pathOf } from './json-text';
import type { ReadScenario } from './schema';

type ReadLink = ReadScenario['links'][number];
type ReadDirection = NonNullable<ReadLink['reverse']>;

const DEFAULT_QUEUE_PACKETS = 100;
const DEFAULT_RED = { minThreshold: 5, maxThreshold: 15, maxProbability: 0.1, weight: 0.002, gentle: true };
const DEFAULT_CODEL = { targetNs: 5e6, intervalNs: 100e6 };

export type ResolvedQueue =
  | { readonly discipline: 'droptail'; readonly limitPackets: number; readonly limitBytes: number }
  | {
      readonly discipline: 'red';
      readonly limitPackets: number;
      readonly limitBytes: number;
      readonly minThreshold: number;
      readonly maxThreshold: number;
      readonly maxProbability: number;
      readonly weight: number;
      readonly gentle: boolean;
      readonly ecn: boolean;
    }
  | {
      readonly discipline: 'codel';
      readonly limitPackets: number;
      readonly limitBytes: number;
      readonly targetNs: number;
      readonly intervalNs: number;
      readonly ecn: boolean;
    };

export type ResolvedLoss =
  | { readonly model: 'bernoulli'; readonly probability: number }
  | {
      readonly model: 'gilbert-elliott';
      readonly enterBad: number;
      readonly leaveBad: number;
      readonly lossInGood: number;
      readonly lossInBad: number;
    }
  | {
      readonly model: 'list';
      readonly drops: readonly {
        readonly flow: string;
        readonly packets: readonly number[];
        readonly retransmissions: readonly number[];
      }[];
    };

/** One direction of a link. */
export interface ResolvedDirection {
  readonly rateBps: number;
  readonly delayNs: number;
  /** Absent: no limit. */
  readonly mtuBytes: number | undefined;
  readonly queue: ResolvedQueue;
  readonly loss: ResolvedLoss | undefined;
  readonly reorder: { readonly probability: number; readonly delayNs: number } | undefined;
  readonly duplicate: number | undefined;
}

export interface ResolvedLink {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly up: boolean;
  readonly forward: ResolvedDirection;
  readonly reverse: ResolvedDirection;
}

/** Something of a link that changes during the run. */
export type ResolvedChange = {
  readonly atNs: number;
  readonly link: string;
  readonly direction: 'both' | 'forward' | 'reverse';
} & (
  | { readonly field: 'rate'; readonly rateBps: number }
  | { readonly field: 'delay'; readonly delayNs: number }
  | { readonly field: 'mtu'; readonly mtuBytes: number }
  | { readonly field: 'up'; readonly up: boolean }
  | { readonly field: 'queue/limit'; readonly limitPackets: number; readonly limitBytes: number }
  | { readonly field: 'loss/probability'; readonly probability: number }
);

/** The reverse direction is like the forward one where it does not say otherwise; a loss list is never mirrored. */
export function resolveLink(link: ReadLink): ResolvedLink {
  const forward = resolveDirection(link, link.rate);
  const ends = { id: link.id, from: link.from, to: link.to, up: link.up ?? true };
  if (link.reverse === undefined && link.loss?.model !== 'list') return { ...ends, forward, reverse: forward };
  const mirrored: ReadDirection = {
    delay: link.delay,
    mtu: link.mtu,
    queue: link.queue,
    loss: link.loss?.model === 'list' ? undefined : link.loss,
    reorder: link.reorder,
    duplicate: link.duplicate,
  };
  const own = Object.fromEntries(Object.entries(link.reverse ?? {}).filter(([, value]) => value !== undefined));
  const reverse = resolveDirection({ ...mirrored, ...own }, link.reverse?.rate ?? link.rate);
  return { ...ends, forward, reverse };
}

function resolveDirection(side: ReadDirection, rateBps: number): ResolvedDirection {
  const { loss, reorder } = side;
  return {
    rateBps,
    delayNs: side.delay ?? 0,
    mtuBytes: side.mtu,
    queue: resolveQueue(side.queue),
    loss: resolveLoss(loss),
    reorder: reorder === undefined ? undefined : { probability: reorder.probability, delayNs: reorder.delay },
    duplicate: side.duplicate?.probability,
  };
}

function resolveLoss(loss: ReadDirection['loss']): ResolvedLoss | undefined {
  switch (loss?.model) {
    case undefined:
    case 'bernoulli':
      return loss;
    case 'gilbert-elliott':
      return { ...loss, lossInGood: loss.lossInGood ?? 0, lossInBad: loss.lossInBad ?? 1 };
    case 'list': {
      const drops = loss.drops.map(({ flow, packets, retransmissions }) => ({
        flow,
        packets: packets ?? [],
        retransmissions: retransmissions ?? [],
      }));
      return { model: 'list', drops };
    }
  }
}

function resolveQueue(queue: ReadDirection['queue']): ResolvedQueue {
  const limit = queue?.limit ?? { packets: DEFAULT_QUEUE_PACKETS, bytes: Infinity };
  const limits = { limitPackets: limit.packets, limitBytes: limit.bytes };
  switch (queue?.discipline) {
    case undefined:
    case 'droptail':
      return { discipline: 'droptail', ...limits };
    case 'red':
      return {
        discipline: 'red',
        ...limits,
        minThreshold: queue.minThreshold ?? DEFAULT_RED.minThreshold,
        maxThreshold: queue.maxThreshold ?? DEFAULT_RED.maxThreshold,
        maxProbability: queue.maxProbability ?? DEFAULT_RED.maxProbability,
        weight: queue.weight ?? DEFAULT_RED.weight,
        gentle: queue.gentle ?? DEFAULT_RED.gentle,
        ecn: queue.ecn ?? false,
      };
    case 'codel':
      return {
        discipline: 'codel',
        ...limits,
        targetNs: queue.target ?? DEFAULT_CODEL.targetNs,
        intervalNs: queue.interval ?? DEFAULT_CODEL.intervalNs,
        ecn: queue.ecn ?? false,
      };
  }
}

/** Path of a change's pointer as (link index, rest); undefined if it does not name a link of the scenario. */
export function changeTarget(
  pointer: string,
  linkIds: readonly string[],
): { readonly linkIndex: number; readonly field: string; readonly direction: 'both' | 'reverse' } | undefined {
  const path = pathOf(pointer);
  if (path === undefined || path.length < 3 || path[0] !== 'links') return undefined;
  const [, name = '', ...rest] = path;
  const byId = linkIds.indexOf(name);
  const linkIndex = byId >= 0 ? byId : /^\d+$/.test(name) ? Number(name) : -1;
  if (linkIndex < 0 || linkIndex >= linkIds.length) return undefined;
  const inReverse = rest[0] === 'reverse';
  const field = (inReverse ? rest.slice(1) : rest).join('/');
  return { linkIndex, field, direction: inReverse ? 'reverse' : 'both' };
}
