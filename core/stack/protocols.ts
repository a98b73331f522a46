// What a protocol above IP brings along to be part of a host's stack (netisr_register, kernel.md §12 row 43): its number, what works on
// its packets, what spreads them over CPUs, and whether it needs the big lock. TCP, UDP and ICMP are registered in this way like any other.

import { invariant } from '../base';
import type { Classifier } from '../nic';
import { type Packet, Protocol } from '../packet';
import type { Host } from './host';
import type { Partition } from './partition';

export interface InternetProtocol {
  readonly name: string;
  /** Value of the IPv4 protocol field, 0 to 255. */
  readonly number: number;
  /** It does without the big lock (kernel.md §6.8). */
  readonly isMpsafe: boolean;
  /** 32 bits of which some choose the CPU, the same for all packets of what is to stay on one; `classifier` has the usual hashes. */
  hash(packet: Packet, classifier: Classifier): number;
  /** Works on a packet for this host, where it belongs by its hash; the caller keeps the packet. */
  input(host: Host, packet: Packet, partition: Partition): void;
}

const NUMBERS = 256;

/** The protocols of a host by their numbers; undefined where there is none. */
export type ProtocolTable = readonly (InternetProtocol | undefined)[];

const TCP: InternetProtocol = {
  name: 'tcp',
  number: Protocol.tcp,
  isMpsafe: true,
  hash: (packet, classifier) => classifier.hashOfPacket(packet),
  input(host, packet, partition) {
    host.receiveSegment(packet, partition);
  },
};

const UDP: InternetProtocol = {
  name: 'udp',
  number: Protocol.udp,
  isMpsafe: true,
  hash: (packet, classifier) => classifier.hashOfPacket(packet),
  input(host, packet, partition) {
    host.receiveDatagram(packet, partition);
  },
};

/** Errors that quote a packet: from CPU 0, where what is nobody's in particular belongs, each goes to the owner of what it quotes. */
const ICMP: InternetProtocol = {
  name: 'icmp',
  number: Protocol.icmp,
  isMpsafe: true,
  hash: () => 0,
  input(host, packet, partition) {
    host.receiveIcmp(packet, partition);
  },
};

/** A table with one protocol more. */
export function register(table: ProtocolTable, protocol: InternetProtocol): ProtocolTable {
  const { name, number } = protocol;
  invariant(number >= 0 && number < NUMBERS, `protocol "${name}" has number ${String(number)}; 0 to 255 are possible`);
  const other = table[number];
  invariant(
    other === undefined,
    `protocol "${name}" has number ${String(number)}, which is that of "${other?.name ?? ''}"`,
  );
  return table.with(number, protocol);
}

/** A host's protocols to begin with: TCP and UDP, which need the big lock or not. */
export function internetProtocols(isMpsafe: { readonly tcp: boolean; readonly udp: boolean }): ProtocolTable {
  const none: ProtocolTable = Array.from({ length: NUMBERS }, () => undefined);
  return [{ ...TCP, isMpsafe: isMpsafe.tcp }, { ...UDP, isMpsafe: isMpsafe.udp }, ICMP].reduce(register, none);
}

/** Those of all hosts whose stack takes no CPU. */
export const IDEAL_PROTOCOLS = internetProtocols({ tcp: true, udp: true });
