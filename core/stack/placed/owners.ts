// Whose work is what: the CPU, and the partition of the tables, that a packet, a connection or a datagram belongs to. One hash chooses
// all of them (kernel.md §6.3), so that whoever asks gets the same answer.

import type { NodeId } from '../../base';
import type { Classifier } from '../../nic';
import { type Packet, Protocol } from '../../packet';
import type { Host } from '../host';
import type { Model } from '../models/model';
import type { Partition } from '../partition';
import type { TcpSocket } from '../tcp-socket';
import type { UdpSocket } from '../udp-socket';
import type { Holding } from './holding';
import type { WorkMessage } from './work';

export class Owners {
  constructor(
    private readonly host: Host,
    private readonly model: Model,
    private readonly classifier: Classifier,
  ) {}

  /** The CPU whose protocol thread serves applications on `cpu` first. */
  protocolCpu(cpu: number): number {
    return cpu % this.classifier.cpus;
  }

  /** Whether work for `owner` may not be done on `cpu`. */
  isMisplaced(owner: number, cpu: number): boolean {
    return this.model.isPartitioned && owner !== cpu;
  }

  /** What a packet's protocol makes of it; 0 for those of none, and for pieces of datagrams (kernel.md §6.3). */
  hashOfPacket(packet: Packet): number {
    if (packet.fragment !== undefined) return 0;
    return this.host.protocols[packet.protocol]?.hash(packet, this.classifier) ?? 0;
  }

  /** The CPU that owns what a packet belongs to. */
  cpuOfPacket(packet: Packet): number {
    return this.classifier.cpuOfHash(this.hashOfPacket(packet));
  }

  partitionOfPacket(packet: Packet): Partition {
    // Only whose partitions are CPUs moves what it cannot sort at once.
    if (packet.icmp !== undefined && !this.model.isPartitioned) return this.partitionOfQuote(packet);
    return this.host.partitions[this.numberOf(this.hashOfPacket(packet))]!;
  }

  /** Of the packet that an ICMP error is about. */
  partitionOfQuote({ icmp }: Packet): Partition {
    const { protocol, src, srcPort, dst, dstPort } = icmp!.quoted;
    return this.host.partitions[this.numberOf(this.classifier.hashOf(protocol, src, srcPort, dst, dstPort))]!;
  }

  /** The number of the partition of one of this host's connections. */
  partitionOfConnection(localPort: number, remote: NodeId, remotePort: number): number {
    return this.numberOf(this.hashOfFlow(Protocol.tcp, localPort, remote, remotePort));
  }

  /** The CPU that packets of one of this host's connections come to. */
  cpuOfConnection({ localPort, remote, remotePort }: TcpSocket): number {
    return this.classifier.cpuOfHash(this.hashOfFlow(Protocol.tcp, localPort, remote, remotePort));
  }

  /** The connection that a packet is for, or that sent what an ICMP error quotes. */
  connectionOf({ protocol, dstPort, src, srcPort, icmp }: Packet, { connections }: Partition): TcpSocket | undefined {
    if (protocol === Protocol.tcp) return connections.find(dstPort, src, srcPort);
    if (icmp?.quoted.protocol !== Protocol.tcp) return undefined;
    return connections.find(icmp.quoted.srcPort, icmp.quoted.dst, icmp.quoted.dstPort);
  }

  /** The CPU of a datagram's flow. */
  cpuOfDatagram({ localPort }: UdpSocket, remote: NodeId, remotePort: number): number {
    return this.classifier.cpuOfHash(this.hashOfFlow(Protocol.udp, localPort, remote, remotePort));
  }

  /** What work on a datagram's flow holds. */
  datagramHoldings({ localPort }: UdpSocket, remote: NodeId, remotePort: number): readonly Holding[] {
    return this.model.strangers(
      this.numberOf(this.hashOfFlow(Protocol.udp, localPort, remote, remotePort)),
      Protocol.udp,
    );
  }

  /** What a message's work holds. */
  holdingsFor(message: WorkMessage): readonly Holding[] {
    const { socket, packet } = message;
    if (socket !== undefined) return socket.seat!.holdings;
    if (packet === undefined) {
      const protocol = message.datagrams === undefined ? Protocol.tcp : Protocol.udp;
      return this.model.strangers(message.partition?.index ?? 0, protocol);
    }
    const found = this.connectionOf(packet, message.partition!);
    return found?.seat?.holdings ?? this.model.strangers(message.partition!.index, protocolOf(packet));
  }

  private hashOfFlow(protocol: number, localPort: number, remote: NodeId, remotePort: number): number {
    return this.classifier.hashOf(protocol, this.host.id, localPort, remote, remotePort);
  }

  private numberOf(hash: number): number {
    return this.model.partitionOf(hash, this.classifier.cpuOfHash(hash));
  }
}

/** Whose packet it is, or is about. */
export function protocolOf({ protocol, icmp }: Packet): number {
  return icmp === undefined ? protocol : icmp.quoted.protocol;
}
