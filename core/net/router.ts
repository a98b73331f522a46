// A router: looks the destination up and hands the packet to the link on the way. It has no processing time;
// what a packet waits for is the link behind it.

import { CauseKind, DropReason } from '../base';
import type { Engine } from '../engine';
import type { Packet, PacketPool } from '../packet';
import type { Link, PacketReceiver } from './link';

/** Subject of drops in a node, on no link. */
const NO_DIRECTION = -1;

export class Router implements PacketReceiver {
  /** Packets dropped because no route leads to their destination or they had been through too many routers. */
  unroutable = 0;
  /** The link towards each node, by NodeId. */
  private routes: readonly (Link | undefined)[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly pool: PacketPool,
  ) {}

  /** Replaces the routing table. */
  setRoutes(routes: readonly (Link | undefined)[]): void {
    this.routes = routes;
  }

  receive(packet: Packet): void {
    const link = this.routes[packet.dst];
    packet.ttl -= 1;
    if (link === undefined || packet.ttl <= 0) this.drop(packet, link === undefined);
    else link.send(packet);
  }

  private drop(packet: Packet, hasNoRoute: boolean): void {
    const { causes, now } = this.engine;
    this.unroutable += 1;
    const reason = hasNoRoute ? DropReason.noRoute : DropReason.hops;
    if (causes !== undefined) causes.record(CauseKind.drop, now, packet.cause, NO_DIRECTION, reason);
    this.pool.give(packet);
  }
}
