// A router: looks the destination up and hands the packet to the link on the way. It has no processing time;
// what a packet waits for is the link behind it.

import type { Packet, PacketPool } from '../packet';
import type { Link, PacketReceiver } from './link';

export class Router implements PacketReceiver {
  /** Packets dropped because no route leads to their destination or they had been through too many routers. */
  unroutable = 0;
  /** The link towards each node, by NodeId. */
  private routes: readonly (Link | undefined)[] = [];

  constructor(private readonly pool: PacketPool) {}

  /** Replaces the routing table. */
  setRoutes(routes: readonly (Link | undefined)[]): void {
    this.routes = routes;
  }

  receive(packet: Packet): void {
    const link = this.routes[packet.dst];
    packet.ttl -= 1;
    if (link === undefined || packet.ttl <= 0) {
      this.unroutable += 1;
      this.pool.give(packet);
      return;
    }
    link.send(packet);
  }
}
