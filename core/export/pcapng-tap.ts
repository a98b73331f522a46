// What hosts send and receive, as a capture. Each flow is captured at one place, its `from` host, so every packet
// stands in the file once and analysers see one conversation, as tcpdump on that host would.

import type { Nanos, NodeId } from '../base';
import { PcapngWriter } from '../capture';
import { encodePacket, type Packet } from '../packet';

/** 1 January 2004, the year of the talk: virtual time zero as a date that analysers can show. */
const EPOCH_NS = 1_072_915_200 * 1e9;

export interface CaptureSetting {
  readonly hostName: (node: NodeId) => string;
  readonly ipv4Of: (node: NodeId) => number;
  /** The host at which a flow is captured. */
  readonly placeOf: (packet: Packet) => NodeId;
}

export class PcapngTap {
  private readonly writer: PcapngWriter;
  private readonly interfaces = new Map<NodeId, number>();

  constructor(
    write: (chunk: Uint8Array) => void,
    private readonly setting: CaptureSetting,
  ) {
    this.writer = new PcapngWriter(write, 'Odonata');
  }

  packet(at: Nanos, host: NodeId, direction: 'in' | 'out', packet: Packet): void {
    const { hostName, ipv4Of, placeOf } = this.setting;
    if (placeOf(packet) !== host) return;
    let interfaceId = this.interfaces.get(host);
    if (interfaceId === undefined) {
      interfaceId = this.writer.addInterface(hostName(host), `network interface of ${hostName(host)}`);
      this.interfaces.set(host, interfaceId);
    }
    this.writer.packet(
      interfaceId,
      EPOCH_NS + at,
      direction,
      encodePacket(
        packet,
        ipv4Of(packet.src),
        ipv4Of(packet.dst),
        packet.icmp === undefined ? undefined : ipv4Of(packet.icmp.quoted.dst),
      ),
    );
  }
}
