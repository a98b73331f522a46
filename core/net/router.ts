// A router: looks the destination up and hands the packet to the link on the way. It has no processing time; what a packet waits
// for is the link behind it. What it cannot hand on it reports to the sender, as RFC 1812 §4.3 and RFC 1191 §4 say, or cuts
// into pieces where that is allowed (RFC 791 §3.2).

import { type CauseId, CauseKind, DropReason, type NodeId } from '../base';
import type { Engine } from '../engine';
import {
  cutFragments,
  fillIcmpError,
  type IcmpErrorName,
  mayComplain,
  mayFragment,
  type Packet,
  type PacketPool,
  SendReason,
} from '../packet';
import type { Link } from './link';
import type { PacketReceiver } from './link-options';

/** Subject of the cause records of what no socket sent. */
const NO_SOCKET = -1;
/** Subject of drops in a node, on no link. */
const NO_DIRECTION = -1;

export interface RouterCounters {
  /** ICMP errors sent, and of these those that tell of an MTU. */
  icmpSent: number;
  icmpTooBig: number;
  /** Packets cut, and the pieces that they became. */
  fragmented: number;
  fragments: number;
}

export class Router implements PacketReceiver {
  /** Packets dropped because no route leads to their destination or they had been through too many routers. */
  unroutable = 0;
  readonly counters: RouterCounters = { icmpSent: 0, icmpTooBig: 0, fragmented: 0, fragments: 0 };
  /** The link towards each node, by NodeId. */
  private routes: readonly (Link | undefined)[] = [];
  private nextIpId = 0;

  constructor(
    private readonly engine: Engine,
    private readonly pool: PacketPool,
    readonly id: NodeId,
  ) {}

  /** Replaces the routing table. */
  setRoutes(routes: readonly (Link | undefined)[]): void {
    this.routes = routes;
  }

  receive(packet: Packet): void {
    const link = this.routes[packet.dst];
    packet.ttl -= 1;
    if (link === undefined || packet.ttl <= 0) {
      this.giveUp(packet);
      return;
    }
    if (packet.ipBytes > link.mtuBytes) {
      this.squeeze(packet, link);
      return;
    }
    link.send(packet);
  }

  /** There is no way, or it has been too long. Who is not of this network is elsewhere: nobody knows that he cannot be reached. */
  private giveUp(packet: Packet): void {
    const { causes, now } = this.engine;
    const isOld = packet.ttl <= 0;
    this.unroutable += 1;
    const reason = isOld ? DropReason.hops : DropReason.noRoute;
    const dropped = causes?.record(CauseKind.drop, now, packet.cause, NO_DIRECTION, reason) ?? packet.cause;
    const isKnown = packet.dst < this.routes.length;
    const error = isKnown || isOld ? this.complaint(packet, isOld ? 'timeExceeded' : 'hostUnreachable', 0) : undefined;
    if (error !== undefined) this.send(error, dropped);
    this.pool.give(packet);
  }

  /** A packet that is larger than the next link carries. */
  private squeeze(packet: Packet, link: Link): void {
    if (mayFragment(packet)) {
      this.counters.fragmented += 1;
      cutFragments(packet, link.mtuBytes, this.pool, (piece) => {
        this.counters.fragments += 1;
        link.send(piece);
      });
      this.pool.give(packet);
      return;
    }
    const error = this.complaint(packet, 'fragmentationNeeded', link.mtuBytes);
    const dropped = link.refuse(packet);
    if (error === undefined) return;
    this.counters.icmpTooBig += 1;
    this.send(error, dropped);
  }

  private complaint(about: Packet, name: IcmpErrorName, mtuBytes: number): Packet | undefined {
    if (!mayComplain(about)) return undefined;
    const error = this.pool.take();
    fillIcmpError(error, about, this.id, name, mtuBytes);
    return error;
  }

  /** @param cause the record of what happened to the packet that it is about */
  private send(error: Packet, cause: CauseId): void {
    const { causes, now } = this.engine;
    error.ipId = this.nextIpId;
    this.nextIpId = (this.nextIpId + 1) & 0xffff;
    this.counters.icmpSent += 1;
    const { type, code } = error.icmp!;
    if (causes !== undefined)
      error.cause = causes.record(CauseKind.send, now, cause, NO_SOCKET, (type << 8) | code, SendReason.icmp);
    const link = this.routes[error.dst];
    if (link === undefined) this.pool.give(error);
    else link.send(error);
  }
}
