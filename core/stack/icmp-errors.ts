// ICMP errors at a host: what it says of datagrams that nobody waits for (RFC 1122 §4.1.3.1), and who hears what others say of its
// own packets (RFC 1122 §3.2.2.1, §4.1.3.3, §4.2.3.9).

import { CauseKind, type Nanos } from '../base';
import {
  fillIcmpError,
  type IcmpErrorName,
  icmpErrorName,
  type IcmpMessage,
  mayComplain,
  type Packet,
  Protocol,
  SendReason,
} from '../packet';
import type { IcmpError } from '../tcp';
import { checkInvariants } from '../tcp';
import type { Host } from './host';
import type { Partition } from './partition';

/** Complaints a second at most (badport_bandlim, net.inet.icmp.icmplim). */
const PER_SECOND = 200;
const SECOND_NS = 1e9;
const NO_SOCKET = -1;

export interface IcmpCounters {
  sent: number;
  /** Not sent, for there had been enough in that second. */
  limited: number;
  received: number;
  /** Received, and nobody here had sent what they quote. */
  unmatched: number;
}

export class IcmpErrorsOfHost {
  readonly counters: IcmpCounters = { sent: 0, limited: 0, received: 0, unmatched: 0 };
  private second = -1;
  private inSecond = 0;

  constructor(private readonly host: Host) {}

  /** Tells the sender of a packet what became of it. */
  complain(about: Packet, name: IcmpErrorName, partition: Partition): void {
    const { host, counters } = this;
    if (!mayComplain(about)) return;
    if (!this.mayNow(host.wire.engine.now)) {
      counters.limited += 1;
      return;
    }
    counters.sent += 1;
    const error = host.wire.pool.take();
    fillIcmpError(error, about, host.id, name, 0);
    host.placement?.complains();
    host.transmit(error, SendReason.icmp, undefined, partition);
  }

  private mayNow(now: Nanos): boolean {
    const second = Math.floor(now / SECOND_NS);
    if (second !== this.second) {
      this.second = second;
      this.inSecond = 0;
    }
    this.inSecond += 1;
    return this.inSecond <= PER_SECOND;
  }

  /** Tells the socket, or the SYN cache, that sent what a message quotes; whether this partition has it. The caller keeps the packet. */
  deliver(packet: Packet, partition: Partition): boolean {
    const { host } = this;
    const { quoted } = packet.icmp!;
    const isTcp = quoted.protocol === Protocol.tcp;
    const socket = isTcp
      ? partition.connections.find(quoted.srcPort, quoted.dst, quoted.dstPort)
      : partition.datagramSocketFor(quoted.srcPort, 0);
    const { engine, checked } = host.wire;
    if (engine.causes !== undefined) {
      const { type, code, mtuBytes } = packet.icmp!;
      const subject = socket?.index ?? NO_SOCKET;
      engine.cause = engine.causes.record(
        CauseKind.icmp,
        engine.now,
        packet.cause,
        subject,
        (type << 8) | code,
        mtuBytes,
      );
    }
    const error = errorOf(packet.icmp!);
    if (socket === undefined) {
      const cache = isTcp ? partition.synCacheQueue?.cache : undefined;
      return cache !== undefined && error !== undefined && cache.icmp(error, quoted);
    }
    if ('connection' in socket) {
      host.placement?.hears(socket);
      if (error !== undefined) socket.connection.icmp(error, quoted.seq, engine.now);
      if (checked) checkInvariants(socket.connection);
    } else socket.onIcmpError();
    return true;
  }
}

/** What TCP makes of a message. */
function errorOf({ type, code, mtuBytes }: IcmpMessage): IcmpError | undefined {
  switch (icmpErrorName(type, code)) {
    case 'fragmentationNeeded':
      return { kind: 'tooBig', mtu: mtuBytes };
    case 'hostUnreachable':
      return { kind: 'unreachable' };
    case 'portUnreachable':
      return { kind: 'refused' };
    case 'timeExceeded':
      return { kind: 'timeExceeded' };
    case undefined:
      return undefined;
  }
}
