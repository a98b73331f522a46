// A UDP socket. What went wrong with a datagram after it was sent is told by a later call (so_error, RFC 1122 §4.1.3.3): that one
// fails, and sends nothing.

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
  /** Calls that failed. */
  errors = 0;
  /** Something has gone wrong that the application does not know of. */
  private hasError = false;
  /** It is in the tables that find it. */
  isBound = false;
  isClosed = false;

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
    if (placement !== undefined) placement.sendDatagram(this, remote, remotePort, payloadBytes);
    else if (!this.failsNow()) {
      this.output(remote, remotePort, payloadBytes, partitions[0]!);
      this.failsNow();
    }
  }

  /** Whether the application's present call returns an error instead of doing anything. */
  failsNow(): boolean {
    if (!this.hasError) return false;
    this.hasError = false;
    this.errors += 1;
    return true;
  }

  /** UDP makes the datagram and gives it to IP. */
  output(remote: NodeId, remotePort: number, payloadBytes: number, partition: Partition): void {
    const packet = this.host.wire.pool.take();
    packet.flow = this.flow;
    this.endpoint.fill(packet, remote, remotePort, payloadBytes);
    if (!this.host.transmit(packet, SendReason.datagram, this, partition)) this.hasError = true;
  }

  /** A datagram for this socket; the caller keeps the packet. */
  input(packet: Packet): void {
    this.endpoint.input(packet);
    if (this.onDatagram !== undefined) this.onDatagram(packet.payloadBytes, this.host.wire.engine.now);
  }

  /** An ICMP error quotes a datagram of ours. Whose socket is not connected is not told, for it may talk to many (udp_ctlinput). */
  onIcmpError(): void {
    if (this.host.placement?.connectsDatagrams !== false) this.hasError = true;
  }

  /** The application is done with it. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const { placement } = this.host;
    if (placement === undefined) this.host.unbindUdp(this);
    else placement.closeDatagrams(this);
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
