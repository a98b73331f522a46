// What a stack keeps of its connections: one set of tables on most hosts, one for each CPU under PMP (kernel.md §6.1). Under PMP
// only its CPU touches a partition; listeners and bound UDP ports have an entry in each.

import type { NodeId } from '../base';
import { Demux } from './demux';
import type { Listener, Outlet } from './placement';
import type { SynCacheQueue } from './syn-cache-queue';
import type { TcpSocket } from './tcp-socket';
import type { UdpSocket } from './udp-socket';

export class Partition {
  readonly connections = new Demux<TcpSocket>();
  synCacheQueue: SynCacheQueue | undefined = undefined;
  /** By port; hosts have one or neither of these tables, and thousands of hosts have none. */
  listeners: Map<number, Listener[]> | undefined = undefined;
  datagramSockets: Map<number, UdpSocket[]> | undefined = undefined;
  private onlyLink: Outlet | undefined = undefined;
  private routes: readonly (Outlet | undefined)[] | undefined = undefined;

  /** @param index the CPU, under PMP */
  constructor(readonly index: number) {}

  /** Routes everything over one link (the host has no other) or by destination. */
  setRoutes(routes: Outlet | readonly (Outlet | undefined)[]): void {
    const isTable = Array.isArray(routes);
    this.onlyLink = isTable ? undefined : (routes as Outlet);
    this.routes = isTable ? (routes as readonly (Outlet | undefined)[]) : undefined;
  }

  /** Where packets to `destination` go. */
  routeTo(destination: NodeId): Outlet | undefined {
    return this.onlyLink ?? this.routes?.[destination];
  }

  /** The listener of a group that a first segment is for; `hash` spreads them (SO_REUSEPORT, kernel.md §6.4). */
  listenerFor(port: number, hash: number): Listener | undefined {
    const group = this.listeners?.get(port);
    if (group === undefined) return undefined;
    return group.length === 1 ? group[0] : group[hash % group.length];
  }

  addListener(port: number, listener: Listener): void {
    this.listeners ??= new Map();
    const group = this.listeners.get(port);
    if (group === undefined) this.listeners.set(port, [listener]);
    else group.push(listener);
  }

  removeListener(listener: Listener): void {
    const left = this.listeners?.get(listener.port)?.filter((other) => other !== listener) ?? [];
    if (left.length === 0) this.listeners?.delete(listener.port);
    else this.listeners?.set(listener.port, left);
  }

  /** Whether its routes are these. */
  knows(routes: Outlet | readonly (Outlet | undefined)[]): boolean {
    return (this.routes ?? this.onlyLink) === routes;
  }

  /** The socket of a group that a datagram is for; `hash` spreads them (SO_REUSEPORT, kernel.md §6.6). */
  datagramSocketFor(port: number, hash: number): UdpSocket | undefined {
    const group = this.datagramSockets?.get(port);
    if (group === undefined) return undefined;
    return group.length === 1 ? group[0] : group[hash % group.length];
  }

  addDatagramSocket(socket: UdpSocket): void {
    this.datagramSockets ??= new Map();
    const group = this.datagramSockets.get(socket.localPort);
    if (group === undefined) this.datagramSockets.set(socket.localPort, [socket]);
    else group.push(socket);
  }

  /** Whether it knows a socket. */
  has(socket: UdpSocket): boolean {
    return this.datagramSockets?.get(socket.localPort)?.includes(socket) === true;
  }

  removeDatagramSocket(socket: UdpSocket): void {
    const left = this.datagramSockets?.get(socket.localPort)?.filter((other) => other !== socket) ?? [];
    if (left.length === 0) this.datagramSockets?.delete(socket.localPort);
    else this.datagramSockets?.set(socket.localPort, left);
  }
}
