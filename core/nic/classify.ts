// Which CPU a packet belongs to (kernel.md §6.3): before any protocol has looked at it, and the same for both directions.

import { invariant } from '../base';
import { defaultIpv4, type Packet, Protocol } from '../packet';
import { symmetricHash } from './toeplitz';

/** `xor`: 2004, INP_MPORT_HASH. `toeplitz`: from 2008 on. */
export type HashName = 'xor' | 'toeplitz';

/** Entries of the table that spreads hashes over CPUs whose number is no power of two. */
const INDIRECTIONS = 128;

export class Classifier {
  /** CPUs that protocols run on. */
  readonly cpus: number;

  /**
   * @param cpus of the machine; the xor hash uses the largest power of two of them
   * @param addresses IPv4 addresses by node
   */
  constructor(
    readonly hashName: HashName,
    cpus: number,
    private readonly addresses: readonly number[],
  ) {
    invariant(cpus >= 1, 'packets are classified for at least one CPU');
    this.cpus = hashName === 'xor' ? 2 ** Math.floor(Math.log2(cpus)) : cpus;
  }

  /** The CPU that owns what this packet belongs to; both directions of a flow have the same. */
  cpuOf(packet: Packet): number {
    return this.cpuOfHash(this.hashOfPacket(packet));
  }

  /** What has no ports to go by, or is nobody's in particular, has hash 0: pieces of datagrams, and all that is neither TCP nor UDP. */
  hashOfPacket(packet: Packet): number {
    if (packet.fragment !== undefined || packet.protocol === Protocol.icmp) return 0;
    return this.hashOf(packet.protocol, packet.src, packet.srcPort, packet.dst, packet.dstPort);
  }

  /** The CPU of a hash. */
  cpuOfHash(hash: number): number {
    return this.hashName === 'xor' ? hash & (this.cpus - 1) : (hash & (INDIRECTIONS - 1)) % this.cpus;
  }

  /** 32 bits (xor: 8) that both directions of a flow have in common. */
  hashOf(protocol: number, nodeA: number, portA: number, nodeB: number, portB: number): number {
    const a = this.addressOf(nodeA);
    const b = this.addressOf(nodeB);
    if (this.hashName === 'xor') return (a ^ b ^ portA ^ portB) & 0xff;
    // UDP is spread by addresses only: fragments of a datagram have no ports (kernel.md §6.3).
    return protocol === Protocol.tcp ? symmetricHash(a, b, portA, portB) : symmetricHash(a, b, 0, 0);
  }

  /** Invented senders have an address, too. */
  private addressOf(node: number): number {
    return this.addresses[node] ?? defaultIpv4(node);
  }
}
