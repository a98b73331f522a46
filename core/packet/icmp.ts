// ICMP errors (RFC 792): what a router or host says of a packet that it could not take on. They quote its IP header and the first
// eight bytes behind it, which name the connection.

import type { NodeId } from '../base';
import { IPV4_HEADER_BYTES, Packet, Protocol, SendReason } from './packet';

export const ICMP_HEADER_BYTES = 8;
/** IP header and 64 bits (RFC 792); of TCP these are the ports and the sequence number. */
export const ICMP_QUOTED_BYTES = IPV4_HEADER_BYTES + 8;

/** What may be said: type and code on the wire. */
export const IcmpErrors = {
  hostUnreachable: { type: 3, code: 1 },
  portUnreachable: { type: 3, code: 3 },
  fragmentationNeeded: { type: 3, code: 4 },
  timeExceeded: { type: 11, code: 0 },
} as const;
export type IcmpErrorName = keyof typeof IcmpErrors;

/** Which error a message is; undefined for one that is none of these. */
export function icmpErrorName(type: number, code: number): IcmpErrorName | undefined {
  return (Object.keys(IcmpErrors) as IcmpErrorName[]).find(
    (name) => IcmpErrors[name].type === type && IcmpErrors[name].code === code,
  );
}

/** Nobody complains about a complaint, nor about a piece that has no transport header (RFC 1122 §3.2.2). */
export function mayComplain(about: Packet): boolean {
  return about.protocol !== Protocol.icmp && (about.fragment === undefined || about.fragment.offsetBytes === 0);
}

/**
 * Fills `error` with what `from` says about a packet, to whoever sent that.
 * @param about stays its owner's, and is copied
 */
export function fillIcmpError(error: Packet, about: Packet, from: NodeId, name: IcmpErrorName, mtuBytes: number): void {
  const quoted = Object.assign(new Packet(), about);
  quoted.next = undefined;
  error.protocol = Protocol.icmp;
  error.src = from;
  error.dst = about.src;
  error.srcPort = 0;
  error.dstPort = 0;
  error.seq = about.seq;
  error.ack = about.ack;
  error.flags = 0;
  error.window = 0;
  error.payloadBytes = 0;
  error.ipBytes = IPV4_HEADER_BYTES + ICMP_HEADER_BYTES + ICMP_QUOTED_BYTES;
  error.flow = about.flow;
  error.reason = SendReason.icmp;
  error.icmp = { ...IcmpErrors[name], mtuBytes, quoted };
}
