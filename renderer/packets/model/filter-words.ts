// The vocabulary of packet filters (docs/packets.md): what can be asked of a packet, and how it is explained.

import { SEND_REASON_NAMES } from '../../../core/packet';

export type FieldKind = 'name' | 'number' | 'bytes' | 'time';
/** Lists that names of a field come from. */
export type NameList = 'flows' | 'nodes' | 'links' | 'reasons' | 'protocols' | 'drops';

export interface Field {
  readonly kind: FieldKind;
  readonly help: string;
  readonly example: string;
  /** For names only. */
  readonly list?: NameList;
}

export const FIELDS = {
  flow: { kind: 'name', list: 'flows', help: 'the traffic it belongs to', example: 'flow == f1' },
  src: { kind: 'name', list: 'nodes', help: 'the host that sent it', example: 'src == s1' },
  dst: { kind: 'name', list: 'nodes', help: 'the host that it is for', example: 'dst == d1' },
  host: { kind: 'name', list: 'nodes', help: 'sender or receiver', example: 'host == web' },
  link: {
    kind: 'name',
    list: 'links',
    help: 'a link that it was on, or was dropped at',
    example: 'link == bottleneck',
  },
  reason: { kind: 'name', list: 'reasons', help: 'why it was sent', example: 'reason == timeout' },
  protocol: { kind: 'name', list: 'protocols', help: 'tcp or udp', example: 'protocol == udp' },
  lost: { kind: 'name', list: 'drops', help: 'why it was dropped', example: 'lost == queue' },
  packet: { kind: 'number', help: 'its number in the table', example: 'packet 100..200' },
  time: { kind: 'time', help: 'when it left its host', example: 'time 1s..2s' },
  took: { kind: 'time', help: 'from there to its end', example: 'took > 60ms' },
  seq: { kind: 'bytes', help: 'sequence number, from 0 for each side', example: 'seq >= 10000' },
  ack: { kind: 'bytes', help: 'what it acknowledges, from 0', example: 'ack > 10000' },
  length: { kind: 'bytes', help: 'bytes of data', example: 'length > 1000' },
  size: { kind: 'bytes', help: 'bytes with IP and transport headers', example: 'size <= 40' },
  window: { kind: 'bytes', help: 'receive window, scaled', example: 'window < 8kB' },
  port: { kind: 'number', help: 'either port', example: 'port == 80' },
} as const satisfies Record<string, Field>;
export type FieldName = keyof typeof FIELDS;

/** Words that are true of a packet or not. */
export const WORDS = {
  retransmit: 'repeats data that was sent before',
  drop: 'was dropped',
  delivered: 'reached its host',
  underway: 'neither yet',
  data: 'carries data',
  ack: 'only acknowledges: no data, no SYN, FIN or RST',
  dupack: 'was sent as a duplicate acknowledgment',
  sack: 'carries SACK blocks',
  syn: 'has the SYN flag',
  fin: 'has the FIN flag',
  rst: 'has the RST flag',
  urgent: 'has the URG flag: urgent data lie ahead',
  marked: 'carries a congestion mark (CE) or its echo',
  tcp: 'is TCP',
  udp: 'is UDP',
} as const;
export type WordName = keyof typeof WORDS;

/** Other ways to say a word. */
export const WORD_ALIASES: Readonly<Record<string, WordName>> = {
  dropped: 'drop',
  retransmission: 'retransmit',
  retransmitted: 'retransmit',
  reset: 'rst',
  urg: 'urgent',
};

export const DROP_WORDS = ['queue', 'loss', 'down', 'ring', 'send-queue', 'no-route', 'hops', 'mtu'] as const;
export const PROTOCOL_WORDS = ['tcp', 'udp'] as const;

/** What a run has that filters can name. */
export interface Names {
  readonly flows: readonly string[];
  readonly nodes: readonly string[];
  /** Ids of links, in the order of their directions, two for each. */
  readonly links: readonly string[];
}

/** The names that a field's values come from. */
export function namesOf(list: NameList, names: Names): readonly string[] {
  switch (list) {
    case 'reasons':
      return SEND_REASON_NAMES;
    case 'protocols':
      return PROTOCOL_WORDS;
    case 'drops':
      return DROP_WORDS;
    default:
      return names[list];
  }
}
