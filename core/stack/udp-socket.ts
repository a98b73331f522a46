// A UDP socket.

import type { FlowId, Nanos, NodeId } from '../base';
import { type Packet, SendReason } from '../packet';
import { UdpEndpoint } from '../udp';
import type { Host } from './host';
import type { Partition } from './partition';

export class UdpSocket {
  readonly index: number;
  private readonly endpoint: UdpEndpoint;
  /** Called for each datagram that arrives. */
  onDatagram: ((bytes: number, now: Nanos) => void) | undefined = undefined;

  constructor(
    readonly host: Host,
    readonly localPort: number,
    readonly flow: FlowId,
  ) {
    this.index = host.wire.nextSocketIndex(host.id, flow, localPort);
    this.endpoint = new UdpEndpoint(host.id, localPort);
  }

  /** An application sends one datagram of `payloadBytes`. */
  sendTo(remote: NodeId, remotePort: number, payloadBytes: number): void {
    const { placement, partitions } = this.host;
    if (placement === undefined) this.output(remote, remotePort, payloadBytes, partitions[0]!);
    else placement.sendDatagram(this, remote, remotePort, payloadBytes);
  }

  /** UDP makes the datagram and gives it to IP. */
  output(remote: NodeId, remotePort: number, payloadBytes: number, partition: Partition): void {
    const packet = this.host.wire.pool.take();
    packet.flow = this.flow;
    this.endpoint.fill(packet, remote, remotePort, payloadBytes);
    this.host.transmit(packet, SendReason.datagram, this, partition);
  }

  /** A datagram for this socket; the caller keeps the packet. */
  input(packet: Packet): void {
    this.endpoint.input(packet);
    if (this.onDatagram !== undefined) this.onDatagram(packet.payloadBytes, this.host.wire.engine.now);
  }

  get datagramsSent(): number {
    return this.endpoint.datagramsSent;
  }

  get bytesSent(): number {
    return this.endpoint.bytesSent;
  }

  get datagramsReceived(): number {
    return this.endpoint.datagramsReceived;
  }

  get bytesReceived(): number {
    return this.endpoint.bytesReceived;
  }
}
