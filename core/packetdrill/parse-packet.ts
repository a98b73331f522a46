// The packet lines of a script: `< S 0:0(0) win 32792 <mss 1000,sackOK>`, `> [ect0] P. 1:1001(1000) ack 1`,
// `< [1:1461(1460)] icmp unreachable frag_needed mtu 1200`, `> udp (1000)`.

import type { Scanner } from './scanner';
import type { PacketAction, ScriptEcn, ScriptIcmp, ScriptOption, ScriptSegment } from './script';
import { ScriptError } from './script';

const SEGMENT = '> P. 1:1001(1000) ack 1 win 257 <nop,nop,TS val 100 ecr 200>';
const ICMP = '< [1:1461(1460)] icmp unreachable frag_needed mtu 1200';

/** The rest of a packet line; its arrow has been taken. */
export function parsePacket(scanner: Scanner, direction: PacketAction['direction']): PacketAction {
  const ip = parseIpPart(scanner);
  return { kind: 'packet', direction, packet: parseTransport(scanner, ip) };
}

interface IpPart {
  ecn: ScriptEcn | undefined;
  tos: number | undefined;
  ttl: number | undefined;
}

function parseIpPart(scanner: Scanner): IpPart {
  const ip: IpPart = { ecn: undefined, tos: undefined, ttl: undefined };
  for (;;) {
    const ecn = scanner.match(/\[\s*(noecn|ect01|ect0|ect1|ce)\s*\]/uy);
    const field =
      ecn === undefined ? scanner.match(/[[(]\s*(tos|ttl|flowlabel)\s+(0x[\da-f]+|\d+)\s*[\])]/iuy) : undefined;
    if (ecn !== undefined) ip.ecn = ecn[1] as ScriptEcn;
    else if (field?.[1] === 'tos') ip.tos = Number(field[2]);
    else if (field?.[1] === 'ttl') ip.ttl = Number(field[2]);
    else if (field === undefined) return ip;
  }
}

function parseTransport(scanner: Scanner, ip: IpPart): PacketAction['packet'] {
  const encapsulation = scanner.match(/(ipv4|ipv6|gre|mpls|ipip)\b/uy);
  if (encapsulation !== undefined)
    throw new ScriptError(scanner.line, `encapsulation (${encapsulation[1]!}) is not modelled`, 'unsupported');
  const quoted = scanner.match(/\[\s*(?:seq\s+)?(\d+):(\d+)\((\d+)\)\s*\]/uy);
  if (scanner.match(/icmp\b/uy) !== undefined) return parseIcmp(scanner, ip, quoted);
  if (quoted !== undefined) throw scanner.error('expected icmp after the quoted numbers', ICMP);
  const datagram = scanner.match(/udp\s*\(\s*(\d+)\s*\)/uy);
  if (datagram !== undefined) return { ...ip, protocol: 'udp', payloadBytes: Number(datagram[1]) };
  const other = scanner.match(/(sctp|udplite|tcp)\b[^\n]*/uy);
  if (other !== undefined) throw new ScriptError(scanner.line, `${other[1]!} packets are not modelled`, 'unsupported');
  return parseSegment(scanner, ip);
}

function parseIcmp(scanner: Scanner, ip: IpPart, quoted: RegExpExecArray | undefined): ScriptIcmp {
  const type = scanner.match(/\w+/uy);
  if (type === undefined) throw scanner.error('expected the ICMP type', ICMP);
  const code = scanner.match(/(?!mtu\b)[a-z]\w*/uy);
  const mtu = scanner.match(/mtu\s+(\d+)/uy);
  return {
    ...ip,
    protocol: 'icmp',
    type: type[0],
    code: code?.[0],
    mtu: mtu === undefined ? undefined : Number(mtu[1]),
    quotedSeq: quoted === undefined ? undefined : Number(quoted[1]),
  };
}

function parseSegment(scanner: Scanner, ip: IpPart): ScriptSegment {
  const flags = scanner.match(/-|[FSRPUAEWN0-9.]+(?=\s)/uy);
  if (flags === undefined) throw scanner.error('expected TCP flags such as S. or P.', SEGMENT);
  const range = scanner.match(/(?:(\d+):(\d+)|\.\.\.)\((\d+)\)(!?)/uy);
  if (range === undefined) throw scanner.error('expected sequence numbers', SEGMENT);
  const [, start, end, length, absolute] = range;
  const payloadBytes = Number(length);
  if (start !== undefined && (Number(end) - Number(start)) >>> 0 !== payloadBytes)
    throw scanner.error(`${start}:${end!}(${length!}) does not add up`, SEGMENT);
  const ack = scanner.match(/ack\s+(\d+)!?/uy);
  const window = scanner.match(/win\s+(\d+)/uy);
  const urgent = scanner.match(/urg\s+(\d+)/uy);
  const options = parseOptions(scanner);
  if (scanner.match(/\/udp/uy) !== undefined)
    throw new ScriptError(scanner.line, 'TCP in UDP (RFC 6951 style tunnels) is not modelled', 'unsupported');
  return {
    ...ip,
    protocol: 'tcp',
    flags: flags[0],
    seq: start === undefined ? undefined : Number(start),
    payloadBytes,
    isSeqAbsolute: absolute === '!',
    ack: ack === undefined ? undefined : Number(ack[1]),
    window: window === undefined ? undefined : Number(window[1]),
    urgent: urgent === undefined ? undefined : Number(urgent[1]),
    options,
  };
}

/** `<a,b,…>`; nothing at all means a segment without options, `<...>` that they are not compared. */
function parseOptions(scanner: Scanner): readonly ScriptOption[] | undefined {
  // An arrow on the same line begins options; one at the start of the next event follows a time.
  if (
    scanner.matchHere(/[^\S\n]*\n?[^\S\n]*<(?=\s*(?:\.\.\.|mss|sack|nop|eol|wscale|TS|FO|md5|exp|[a-z]))/uy) ===
    undefined
  )
    return [];
  if (scanner.takes('...')) {
    scanner.expect('>', '<...>');
    return undefined;
  }
  const options: ScriptOption[] = [];
  while (!scanner.takes('>')) {
    options.push(parseOption(scanner));
    if (!scanner.takes(',') && !scanner.peeks('>'))
      throw scanner.error('expected , or > after a TCP option', '<mss 1460,sackOK>');
  }
  return options;
}

function parseOption(scanner: Scanner): ScriptOption {
  const valued = scanner.match(/(mss|wscale)\s+(\d+)/uy);
  if (valued !== undefined) return { kind: valued[1] as 'mss' | 'wscale', value: Number(valued[2]) };
  const plain = scanner.match(/(sackOK|nop|eol)\b/uy);
  if (plain !== undefined) return { kind: plain[1] as 'sackOK' | 'nop' | 'eol' };
  const stamps = scanner.match(/TS\s+val\s+(\d+|\.\.\.)\s+ecr\s+(\d+|\.\.\.)/uy);
  if (stamps !== undefined) return { kind: 'TS', val: stampOf(stamps[1]!), ecr: stampOf(stamps[2]!) };
  if (scanner.match(/sack\b/uy) !== undefined) {
    const blocks: [number, number][] = [];
    for (;;) {
      const block = scanner.match(/(\d+):(\d+)/uy);
      if (block === undefined) return { kind: 'sack', blocks };
      blocks.push([Number(block[1]), Number(block[2])]);
    }
  }
  const cookie = scanner.match(/(FOEXP|FO)\b\s*([\da-f]*|\.\.\.)/uy);
  if (cookie !== undefined) return { kind: cookie[1] as 'FO' | 'FOEXP', cookie: cookie[2]! };
  const other = scanner.match(/[^,>]+/uy);
  if (other === undefined) throw scanner.error('expected a TCP option', '<mss 1460,sackOK>');
  return { kind: 'other', text: other[0].trim() };
}

function stampOf(text: string): number | undefined {
  return text === '...' ? undefined : Number(text);
}
