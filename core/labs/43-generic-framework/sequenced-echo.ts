// A protocol of one's own above IP, as it is plugged into a stack: channels whose packets are numbered and sent back. Its number is one
// of those for experiments (RFC 3692 §2.1, RFC 4727 §4).

import { type NodeId, seqDiff, seqNum } from '../../base';
import { IPV4_HEADER_BYTES, type Packet, SendReason } from '../../packet';
import type { Host, InternetProtocol, Partition } from '../../stack';

const HEADER_BYTES = 8;
const PAYLOAD_BYTES = 56;
/** What a packet is to this protocol, the CPU having all that it needs [M]. */
const WORK_NS = 500;
/** Values of the packet's `flags`. */
const Kind = { request: 0, answer: 1 } as const;

export class SequencedEcho implements InternetProtocol {
  readonly name = 'sequenced echo';
  readonly number = 253;
  sent = 0;
  answered = 0;
  /** Packets that did not come in the order of their channel. */
  misordered = 0;
  /** The next number of each channel, in each partition: only who works on the partition looks. */
  readonly expected: Map<string, number>[] = [];

  constructor(
    readonly isMpsafe: boolean,
    readonly hash: InternetProtocol['hash'],
  ) {}

  /** Sends the packet with this number on a channel. */
  ask(host: Host, remote: NodeId, channel: number, count: number): void {
    this.sent += 1;
    this.send(host, remote, { channel, count, kind: Kind.request }, host.partitions[0]!);
  }

  input(host: Host, packet: Packet, partition: Partition): void {
    host.work(WORK_NS);
    const { src, srcPort: channel, flags: kind } = packet;
    const count = seqDiff(packet.seq, seqNum(0));
    const expected = (this.expected[partition.index] ??= new Map());
    const key = `${String(src)} ${String(channel)} ${String(kind)}`;
    if (count !== (expected.get(key) ?? 0)) this.misordered += 1;
    expected.set(key, count + 1);
    if (kind === Kind.answer) this.answered += 1;
    else this.send(host, src, { channel, count, kind: Kind.answer }, partition);
  }

  private send(
    host: Host,
    remote: NodeId,
    { channel, count, kind }: { readonly channel: number; readonly count: number; readonly kind: number },
    partition: Partition,
  ): void {
    const packet = host.wire.pool.take();
    packet.protocol = this.number;
    packet.src = host.id;
    packet.dst = remote;
    packet.srcPort = channel;
    packet.dstPort = channel;
    packet.flags = kind;
    packet.window = 0;
    packet.seq = seqNum(count);
    packet.ack = seqNum(0);
    packet.payloadBytes = PAYLOAD_BYTES;
    packet.ipBytes = IPV4_HEADER_BYTES + HEADER_BYTES + PAYLOAD_BYTES;
    host.transmit(packet, SendReason.datagram, undefined, partition);
  }
}
