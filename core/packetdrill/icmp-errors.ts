// What the stack is told in place of a script's ICMP message (packetdrill.md §2): IPv6's and the finer codes mean one of a few errors to TCP.

import type { IcmpErrorName } from '../packet';
import { type ScriptIcmp, ScriptError } from './script';

const REFUSING_CODES = new Set([
  'port_unreachable',
  'protocol_unreachable',
  'proto_unreachable',
  'host_prohibited',
  'net_prohibited',
  'comm_prohibited',
  'packet_filtered',
  'admin_prohibited',
  'unknown_header',
  'unknown_next_header',
  'unrecognized_next_header',
]);

/** @throws ScriptError at `line` for messages that are not modelled */
export function icmpError(
  packet: ScriptIcmp,
  line: number,
): { readonly name: IcmpErrorName; readonly mtuBytes: number } {
  const { type, code, mtu } = packet;
  if (code === 'frag_needed' || type === 'packet_too_big') {
    if (mtu === undefined) throw new ScriptError(line, 'the MTU is missing; for example: mtu 1400', 'syntax');
    return { name: 'fragmentationNeeded', mtuBytes: mtu };
  }
  if (type === 'time_exceeded') return { name: 'timeExceeded', mtuBytes: 0 };
  if (code !== undefined && REFUSING_CODES.has(code)) return { name: 'portUnreachable', mtuBytes: 0 };
  if (type === 'unreachable' || type === 'destination_unreachable') return { name: 'hostUnreachable', mtuBytes: 0 };
  if (type === 'parameter_problem') return { name: 'portUnreachable', mtuBytes: 0 };
  throw new ScriptError(line, `ICMP ${type} is not modelled`, 'unsupported');
}
