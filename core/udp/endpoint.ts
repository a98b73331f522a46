// UDP (RFC 768): fills datagrams and counts them. There is no more to it.

import { type NodeId, seqNum } from '../base';
import { IPV4_HEADER_BYTES, type Packet, Protocol, UDP_HEADER_BYTES } from '../packet';

/** Largest payload of a datagram over IPv4, bytes. */
export const UDP_PAYLOAD_MAX = 65_535 - IPV4_HEADER_BYTES - UDP_HEADER_BYTES;

export class UdpEndpoint {
  datagramsSent = 0;
  bytesSent = 0;
  datagramsReceived = 0;
  bytesReceived = 0;

  constructor(
    private readonly local: NodeId,
    private readonly localPort: number,
  ) {}

  /** Fills `packet` with a datagram of `payloadBytes`, at most UDP_PAYLOAD_MAX. `seq` keeps its offset in the stream. */
  fill(packet: Packet, remote: NodeId, remotePort: number, payloadBytes: number): void {
    packet.protocol = Protocol.udp;
    packet.src = this.local;
    packet.dst = remote;
    packet.srcPort = this.localPort;
    packet.dstPort = remotePort;
    packet.flags = 0;
    packet.window = 0;
    packet.seq = seqNum(this.bytesSent);
    packet.ack = seqNum(0);
    packet.payloadBytes = payloadBytes;
    packet.ipBytes = IPV4_HEADER_BYTES + UDP_HEADER_BYTES + payloadBytes;
    this.datagramsSent += 1;
    this.bytesSent += payloadBytes;
  }

  input(packet: Packet): void {
    this.datagramsReceived += 1;
    this.bytesReceived += packet.payloadBytes;
  }
}
