// Between a script's segments and those of the machine under test. Scripts count sequence numbers from the SYN and
// know the timestamps that they wrote; a flow remembers what stands for what.

import { type NodeId, type SeqNum, seqAdd, seqDiff, seqNum, seqToU32, type TsVal, tsToU32, tsVal } from '../base';
import { Ecn, Flag, Option, type Packet, type PacketPool, Protocol, sealTcp } from '../packet';
import { type ScriptEcn, ScriptError, type ScriptOption, type ScriptSegment } from './script';

/** One pair of ports, and how the script's numbers map to the live ones. */
export class Flow {
  /** Live number that the script calls `scriptIss`; undefined before our SYN was seen. */
  private iss: SeqNum | undefined = undefined;
  private scriptIss = 0;
  private readonly stamps = new Map<number, TsVal>();

  constructor(
    readonly localPort: number,
    readonly remotePort: number,
  ) {}

  /** Our SYN went out and the script calls its number so. */
  noteSyn(live: SeqNum, script: number): void {
    this.iss = live;
    this.scriptIss = script;
  }

  /** Live number of our SYN; undefined before it was seen. */
  get synSeq(): SeqNum | undefined {
    return this.iss;
  }

  noteStamp(script: number, live: TsVal): void {
    this.stamps.set(script, live);
  }

  toLive(script: number): SeqNum {
    return this.iss === undefined ? seqNum(script) : seqAdd(this.iss, (script - this.scriptIss) | 0);
  }

  toScript(live: SeqNum): number {
    return this.iss === undefined ? seqToU32(live) : (seqDiff(live, this.iss) + this.scriptIss) >>> 0;
  }

  /** The live timestamp that the script calls so: as it was seen, or by its distance from the nearest one seen. */
  stampToLive(script: number): TsVal {
    const seen = this.stamps.get(script);
    if (seen !== undefined) return seen;
    let nearest: [number, TsVal] | undefined;
    for (const pair of this.stamps) {
      if (nearest === undefined || Math.abs(pair[0] - script) < Math.abs(nearest[0] - script)) nearest = pair;
    }
    return nearest === undefined ? tsVal(script) : tsVal(tsToU32(nearest[1]) + script - nearest[0]);
  }
}

/** A segment that left the machine under test. Numbers are live; `parts` merged ones make one. */
export interface Observed {
  readonly at: number;
  readonly localPort: number;
  readonly remotePort: number;
  readonly seq: SeqNum;
  readonly payloadBytes: number;
  readonly flags: number;
  readonly ack: SeqNum;
  readonly window: number;
  /** Urgent pointer; 0 without URG. */
  readonly urgent: number;
  readonly options: readonly ScriptOption[];
  readonly liveTsVal: TsVal;
  readonly ecn: Ecn;
  readonly tos: number;
  readonly ttl: number;
}

export function observe(packet: Packet, at: number, tos: number, ttl: number): Observed {
  return {
    at,
    localPort: packet.srcPort,
    remotePort: packet.dstPort,
    seq: packet.seq,
    payloadBytes: packet.payloadBytes,
    flags: packet.flags,
    ack: packet.ack,
    window: packet.window,
    urgent: (packet.flags & Flag.urg) === 0 ? 0 : packet.urgentPointer,
    options: optionsOf(packet),
    liveTsVal: packet.tsVal,
    ecn: packet.ecn,
    tos,
    ttl,
  };
}

/** SACK blocks tell numbers of the remote end, which are the script's own. */
function optionsOf(packet: Packet): ScriptOption[] {
  const options: ScriptOption[] = [];
  if ((packet.options & Option.mss) !== 0) options.push({ kind: 'mss', value: packet.mss });
  if ((packet.options & Option.windowScale) !== 0) options.push({ kind: 'wscale', value: packet.windowScale });
  if ((packet.options & Option.sackPermitted) !== 0) options.push({ kind: 'sackOK' });
  if ((packet.options & Option.timestamps) !== 0)
    options.push({ kind: 'TS', val: tsToU32(packet.tsVal), ecr: tsToU32(packet.tsEcr) });
  if ((packet.options & Option.sack) !== 0) {
    const blocks = Array.from(
      { length: packet.sackCount },
      (_, index) => [seqToU32(packet.sackLeft(index)), seqToU32(packet.sackRight(index))] as const,
    );
    options.push({ kind: 'sack', blocks });
  }
  return options;
}

const FLAG_LETTERS: readonly (readonly [string, number])[] = [
  ['S', Flag.syn],
  ['F', Flag.fin],
  ['R', Flag.rst],
  ['P', Flag.psh],
  ['U', Flag.urg],
  ['E', Flag.ece],
  ['W', Flag.cwr],
  ['.', Flag.ack],
];

const ECN_NAMES: Readonly<Record<Ecn, ScriptEcn>> = {
  [Ecn.none]: 'noecn',
  [Ecn.ect0]: 'ect0',
  [Ecn.ect1]: 'ect1',
  [Ecn.ce]: 'ce',
};

/** Fills a live packet from the script's; the remote end's numbers are the script's own. */
export function toPacket(
  segment: ScriptSegment,
  flow: Flow,
  pool: PacketPool,
  ends: { readonly from: NodeId; readonly to: NodeId },
  line: number,
): Packet {
  const packet = pool.take();
  packet.protocol = Protocol.tcp;
  packet.src = ends.from;
  packet.dst = ends.to;
  packet.srcPort = flow.remotePort;
  packet.dstPort = flow.localPort;
  packet.seq = seqNum(segment.seq ?? 0);
  packet.payloadBytes = segment.payloadBytes;
  packet.flags = flagsOf(segment.flags, line);
  packet.ack = segment.ack === undefined ? seqNum(0) : flow.toLive(segment.ack);
  packet.window = Math.min(65_535, segment.window ?? 65_535);
  packet.urgentPointer = segment.urgent ?? 0;
  packet.ecn = ecnOf(segment);
  for (const option of segment.options ?? []) addOption(packet, option, flow, line);
  sealTcp(packet);
  return packet;
}

function ecnOf({ ecn, tos }: ScriptSegment): Ecn {
  if (ecn === undefined) return ((tos ?? 0) & 3) as Ecn;
  return ecn === 'ce' ? Ecn.ce : ecn === 'noecn' ? Ecn.none : ecn === 'ect1' ? Ecn.ect1 : Ecn.ect0;
}

function flagsOf(letters: string, line: number): number {
  let flags = 0;
  for (const letter of letters === '-' ? '' : letters) {
    const pair = FLAG_LETTERS.find(([name]) => name === letter);
    if (pair === undefined)
      throw new ScriptError(line, `TCP flag "${letter}" (accurate ECN) is not modelled`, 'unsupported');
    flags |= pair[1];
  }
  return flags;
}

function addOption(packet: Packet, option: ScriptOption, flow: Flow, line: number): void {
  switch (option.kind) {
    case 'mss':
      packet.options |= Option.mss;
      packet.mss = option.value;
      break;
    case 'wscale':
      packet.options |= Option.windowScale;
      packet.windowScale = option.value;
      break;
    case 'sackOK':
      packet.options |= Option.sackPermitted;
      break;
    case 'TS':
      packet.options |= Option.timestamps;
      packet.tsVal = tsVal(option.val ?? 0);
      packet.tsEcr = option.ecr === undefined || option.ecr === 0 ? tsVal(0) : flow.stampToLive(option.ecr);
      break;
    case 'sack':
      packet.options |= Option.sack;
      packet.sackCount = option.blocks.length;
      option.blocks.forEach(([left, right], index) => {
        packet.setSackBlock(index, flow.toLive(left), flow.toLive(right));
      });
      break;
    case 'nop':
    case 'eol':
    case 'FO':
    case 'FOEXP':
      // A host without Fast Open passes over its option (RFC 7413 §4.1.1).
      break;
    case 'other':
      throw new ScriptError(line, `TCP option "${option.text}" is not modelled`, 'unsupported');
  }
}

/** How strictly a segment is compared. */
export interface Strictness {
  readonly push: boolean;
}

/** What a live segment has that the script's has not, as packetdrill words it; undefined when they agree. */
export function difference(
  wanted: ScriptSegment,
  live: Observed,
  flow: Flow,
  strictness: Strictness,
  line: number,
): string | undefined {
  const pushMask = strictness.push ? 0xff : ~Flag.psh;
  const wantedFlags = flagsOf(wanted.flags, line);
  if ((wantedFlags & pushMask) !== (live.flags & pushMask)) return field('flags', wanted.flags, lettersOf(live.flags));
  const seq = wanted.isSeqAbsolute ? seqToU32(live.seq) : flow.toScript(live.seq);
  if (wanted.seq !== undefined && wanted.seq >>> 0 !== seq) return field('sequence number', wanted.seq, seq);
  if (wanted.payloadBytes !== live.payloadBytes) return field('payload length', wanted.payloadBytes, live.payloadBytes);
  if (wanted.ack !== undefined && (live.flags & Flag.ack) !== 0 && wanted.ack >>> 0 !== seqToU32(live.ack))
    return field('ack', wanted.ack, seqToU32(live.ack));
  if (wanted.window !== undefined && wanted.window !== live.window) return field('window', wanted.window, live.window);
  if (wanted.urgent !== undefined && wanted.urgent !== live.urgent)
    return field('urgent pointer', wanted.urgent, live.urgent);
  return ipDifference(wanted, live) ?? optionDifference(wanted.options, live.options);
}

function ipDifference(wanted: ScriptSegment, live: Observed): string | undefined {
  const ecn = ECN_NAMES[live.ecn];
  const isEither = wanted.ecn === 'ect01' && (ecn === 'ect0' || ecn === 'ect1');
  if (wanted.ecn !== undefined && wanted.ecn !== ecn && !isEither) return field('ECN bits', wanted.ecn, ecn);
  const tos = live.tos | live.ecn;
  if (wanted.tos !== undefined && wanted.tos !== tos) return field('TOS', wanted.tos, tos);
  if (wanted.ttl !== undefined && wanted.ttl !== live.ttl) return field('TTL', wanted.ttl, live.ttl);
  return undefined;
}

/** Padding is left out and the order too: families lay options out differently (packetdrill.md §3.7). */
function optionDifference(
  wanted: readonly ScriptOption[] | undefined,
  live: readonly ScriptOption[],
): string | undefined {
  if (wanted === undefined) return undefined;
  const left = [...live];
  for (const option of wanted) {
    if (option.kind === 'nop' || option.kind === 'eol') continue;
    const at = left.findIndex((candidate) => sameOption(option, candidate));
    if (at < 0) return field('TCP options', showOptions(wanted), showOptions(live));
    left.splice(at, 1);
  }
  return left.length === 0 ? undefined : field('TCP options', showOptions(wanted), showOptions(live));
}

function sameOption(wanted: ScriptOption, live: ScriptOption): boolean {
  switch (wanted.kind) {
    case 'mss':
    case 'wscale':
      return live.kind === wanted.kind && live.value === wanted.value;
    case 'TS':
      return live.kind === 'TS' && (wanted.ecr === undefined || live.ecr === wanted.ecr >>> 0);
    case 'sack':
      return live.kind === 'sack' && JSON.stringify(live.blocks) === JSON.stringify(wanted.blocks);
    default:
      return live.kind === wanted.kind;
  }
}

function field(name: string, wanted: string | number, found: string | number): string {
  return `live packet field ${name}: expected: ${String(wanted)} vs actual: ${String(found)}`;
}

/** A live segment in the script's words and numbers. */
export function showSegment(live: Observed, flow: Flow): string {
  const seq = flow.toScript(live.seq);
  const end = (seq + live.payloadBytes) >>> 0;
  const parts = [`${lettersOf(live.flags)} ${String(seq)}:${String(end)}(${String(live.payloadBytes)})`];
  if ((live.flags & Flag.ack) !== 0) parts.push(`ack ${String(seqToU32(live.ack))}`);
  parts.push(`win ${String(live.window)}`);
  if ((live.flags & Flag.urg) !== 0) parts.push(`urg ${String(live.urgent)}`);
  if (live.options.length > 0) parts.push(showOptions(live.options));
  return parts.join(' ');
}

/** A script's segment as a line. */
export function showScripted(segment: ScriptSegment): string {
  const { seq, payloadBytes } = segment;
  const range = seq === undefined ? '...' : `${String(seq)}:${String((seq + payloadBytes) >>> 0)}`;
  const parts = [`${segment.flags} ${range}(${String(payloadBytes)})`];
  if (segment.ack !== undefined) parts.push(`ack ${String(segment.ack)}`);
  if (segment.window !== undefined) parts.push(`win ${String(segment.window)}`);
  if (segment.urgent !== undefined) parts.push(`urg ${String(segment.urgent)}`);
  if (segment.options === undefined) parts.push('<...>');
  else if (segment.options.length > 0) parts.push(showOptions(segment.options));
  return parts.join(' ');
}

function showOptions(options: readonly ScriptOption[]): string {
  return `<${options.map(showOption).join(',')}>`;
}

function showOption(option: ScriptOption): string {
  switch (option.kind) {
    case 'mss':
    case 'wscale':
      return `${option.kind} ${String(option.value)}`;
    case 'TS':
      return `TS val ${String(option.val ?? '...')} ecr ${String(option.ecr ?? '...')}`;
    case 'sack':
      return `sack ${option.blocks.map(([left, right]) => `${String(left)}:${String(right)}`).join(' ')}`;
    case 'FO':
    case 'FOEXP':
      return `${option.kind} ${option.cookie}`.trim();
    case 'other':
      return option.text;
    default:
      return option.kind;
  }
}

function lettersOf(flags: number): string {
  const letters = FLAG_LETTERS.filter(([, bit]) => (flags & bit) !== 0).map(([letter]) => letter);
  return letters.length === 0 ? '-' : letters.join('');
}

/** Two segments in a row as one, as a sender that lets its card cut them would have sent them; undefined if they are not. */
export function merge(first: Observed, second: Observed): Observed | undefined {
  const continues = seqDiff(second.seq, seqAdd(first.seq, first.payloadBytes)) === 0;
  const sameFlow = first.localPort === second.localPort && first.remotePort === second.remotePort;
  if (!continues || !sameFlow || second.payloadBytes === 0) return undefined;
  return {
    ...first,
    payloadBytes: first.payloadBytes + second.payloadBytes,
    flags: first.flags | (second.flags & (Flag.psh | Flag.fin)),
    ack: second.ack,
    window: second.window,
  };
}
