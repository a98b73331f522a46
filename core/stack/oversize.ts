// A packet that is larger than its way out carries, at ip_output: datagrams are cut (RFC 791 §3.2), TCP hears of it at once (EMSGSIZE,
// kernel.md §9.1), for its packets must not be.

import { cutFragments, mayFragment, type Packet } from '../packet';
import type { Host } from './host';
import type { Outlet } from './placement';
import { TcpSocket } from './tcp-socket';
import type { UdpSocket } from './udp-socket';

/** A burst is as large as its largest segment. */
export function isOversize(packet: Packet, mtuBytes: number): boolean {
  const { ipBytes, payloadBytes, segmentBytes } = packet;
  return (segmentBytes === 0 ? ipBytes : ipBytes - payloadBytes + segmentBytes) > mtuBytes;
}

/** Ends the packet's life. */
export function sendOversize(
  host: Host,
  packet: Packet,
  outlet: Outlet,
  socket: TcpSocket | UdpSocket | undefined,
): void {
  const { engine, pool, tap } = host.wire;
  if (!mayFragment(packet)) {
    const { mtuBytes } = outlet;
    const dropped = outlet.refuse(packet);
    if (engine.causes !== undefined) engine.cause = dropped;
    if (socket instanceof TcpSocket) socket.connection.interfaceMtu = mtuBytes;
    return;
  }
  host.placement?.cuts(packet);
  cutFragments(packet, outlet.mtuBytes, pool, (piece) => {
    if (host.placement === undefined && tap !== undefined) tap.packet(engine.now, host.id, 'out', piece);
    outlet.send(piece);
  });
  pool.give(packet);
}
