// A world's results as plain data.

import type { Nanos } from '../base';
import {
  digestOf,
  type DigestParts,
  type FlowSummary,
  type HostSummary,
  type LinkSummary,
  type RouterSummary,
} from '../measure';
import type { Link, Router } from '../net';
import type { ResolvedFlow, ResolvedLink } from '../scenario';
import type { Host } from '../stack';
import type { Flow } from '../traffic';
import type { BuiltLink } from './build-links';

export function summariseFlow(flow: Flow, description: ResolvedFlow, now: Nanos): FlowSummary {
  const counts = flow.counts();
  const { completions } = flow;
  const [sender, ...others] = flow.datagramSockets;
  const sent = flow.datagramSockets.reduce((sum, socket) => sum + socket.datagramsSent, 0);
  const received = flow.datagramSockets.reduce((sum, socket) => sum + socket.datagramsReceived, 0);
  return {
    id: flow.id,
    kind: flow.kind,
    protocol: flow.protocol,
    from: description.from,
    to: description.to,
    connections: flow.connections,
    connectionsCompleted: flow.connectionsCompleted,
    connectionsFailed: flow.connectionsFailed,
    bytesAcked: counts.bytesAcked,
    bytesDelivered: counts.bytesDelivered,
    goodputBps: flow.goodputBps(now, counts.bytesDelivered),
    segmentsSent: counts.segmentsSent,
    segmentsReceived: counts.segmentsReceived,
    dataSegmentsSent: counts.dataSegmentsSent,
    retransmits: counts.retransmits,
    retransmitsByCause: {
      timeout: counts.retransmitsTimeout,
      fast: counts.retransmitsFast,
      limited: counts.retransmitsLimited,
      early: counts.retransmitsEarly,
      tail: counts.retransmitsTail,
      ...some('mtu', counts.retransmitsMtu),
    },
    rtoCount: counts.rtoCount,
    recoveries: counts.recoveries,
    spurious: counts.spurious,
    spuriousRecoveries: counts.spuriousRecoveries,
    ecnReductions: counts.ecnReductions,
    ...(flow.completedAt === undefined ? {} : { completionTimeNs: flow.completedAt - flow.setting.startAt }),
    ...(completions.count === 0
      ? {}
      : {
          completionTimes: {
            count: completions.count,
            meanNs: completions.mean,
            p50Ns: completions.quantile(0.5),
            p95Ns: completions.quantile(0.95),
            maxNs: completions.max,
          },
        }),
    ...(sender === undefined && others.length === 0 ? {} : { datagramsSent: sent, datagramsReceived: received }),
    ...some(
      'errors',
      flow.datagramSockets.reduce((sum, socket) => sum + socket.errors, 0),
    ),
    ...some('pathMtuChanges', counts.pathMtuChanges),
    ...some('urgentMarksSent', counts.urgentMarksSent),
    ...some('urgentMarksReceived', counts.urgentMarksReceived),
    ...some('urgentSegmentsSent', counts.urgentSegmentsSent),
  };
}

/** What a host's listeners have to tell; undefined when that is nothing. */
export function summariseHost(id: string, host: Host): HostSummary | undefined {
  const { synCaches, synDrops, fragments, icmp } = host;
  if (synCaches.length === 0 && synDrops === 0 && fragments === undefined && icmp === undefined) return undefined;
  fragments?.expire(host.wire.engine.now);
  const all = synCaches.map(({ entries, peakBytes, counters }) => ({ entries, peakBytes, ...counters }));
  return {
    id,
    synDrops,
    ...(fragments === undefined ? {} : { fragments: { ...fragments.counters, waiting: fragments.length } }),
    ...(icmp === undefined ? {} : { icmp: { ...icmp.counters } }),
    ...(all.length === 0 ? {} : { synCache: all.reduce(addCounts) }),
  };
}

export function summariseRouter(id: string, { counters }: Router): RouterSummary | undefined {
  return Object.values(counters).some((count) => count > 0) ? { id, ...counters } : undefined;
}

/** A count that is told only if there is something to count. */
export function some<Name extends string>(name: Name, count: number): Partial<Record<Name, number>> {
  return count === 0 ? {} : ({ [name]: count } as Record<Name, number>);
}

/** Sums of two records with the same fields. */
function addCounts<T extends Record<string, number>>(a: T, b: T): T {
  return Object.fromEntries(Object.entries(a).map(([name, value]) => [name, value + b[name]!])) as T;
}

export function summariseLink(built: BuiltLink, description: ResolvedLink, now: Nanos): LinkSummary[] {
  return [
    summariseDirection(built.forward, 'forward', description.id, description.from, description.to, now),
    summariseDirection(built.reverse, 'reverse', description.id, description.to, description.from, now),
  ];
}

function summariseDirection(
  link: Link,
  direction: 'forward' | 'reverse',
  id: string,
  from: string,
  to: string,
  now: Nanos,
): LinkSummary {
  const sent = link.sent(now);
  return {
    id,
    direction,
    from,
    to,
    packets: sent.packets,
    bytes: sent.bytes,
    drops: link.drops,
    dropsByReason: {
      queue: link.dropsQueue,
      loss: link.dropsLoss,
      down: link.dropsDown,
      ...some('tooBig', link.dropsTooBig),
    },
    marked: link.marked,
    duplicated: link.duplicated,
    reordered: link.reordered,
    utilisation: now === 0 ? 0 : sent.busyNs / now,
    queueMeanPackets: now === 0 ? 0 : sent.waitNs / now,
    queueMaxPackets: link.queueMaxPackets,
    queueDelayMeanNs: sent.packets === 0 ? 0 : sent.waitNs / sent.packets,
  };
}

export function digestParts(
  eventHashU32: number,
  events: number,
  wireHash: string,
  flows: readonly FlowSummary[],
  links: readonly LinkSummary[],
  kernel: readonly unknown[],
): DigestParts {
  return {
    events: digestOf([eventHashU32, events]),
    wire: wireHash,
    flows: digestOf(flows),
    kernel: digestOf(kernel),
    links: digestOf(links),
  };
}
