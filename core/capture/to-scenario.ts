// A capture becomes a scenario: its hosts around a router, and for each TCP connection and UDP flow a replay of
// what the applications wrote and when. What TCP did with it (segments, retransmissions, ACKs) is left to the run.

import type { Checked, Problem } from '../base';
import { decodePacket, Flag, Packet, Protocol } from '../packet';
import { checkScenario, formatDuration, type Scenario } from '../scenario';
import type { CaptureContents, CapturedDatagram } from './reader';
import { StreamDirection } from './stream';

export interface ImportedCapture {
  readonly scenario: Scenario;
  /** What was found and what was left out, a sentence each. */
  readonly report: readonly string[];
}

/** Bytes of one side closer together than this, with nothing from the other side between, were one write. */
const SAME_WRITE_NS = 1e6;
const DEFAULT_RATE = '1Gbps';
const DEFAULT_RTT_NS = 1e6;
/** The run goes on this long after the last write, so that everything arrives. */
const TAIL_NS = 10e9;

interface Conversation {
  readonly protocol: 'tcp' | 'udp';
  /** The side that opened the connection, or sent first. */
  readonly client: End;
  readonly server: End;
  readonly toServer: StreamDirection;
  readonly toClient: StreamDirection;
  readonly datagrams: { readonly fromClient: boolean; readonly bytes: number; readonly packet: number }[];
  synAt: number | undefined;
  synAckSeen: boolean;
  rttNs: number | undefined;
  reset: boolean;
  over: boolean;
}

interface End {
  readonly address: string;
  readonly port: number;
}

interface Write {
  readonly fromClient: boolean;
  readonly bytes: number;
  readonly packet: number;
  readonly urgent?: boolean;
}

/** @param name what the scenario is called, usually the file's name */
export function captureToScenario(contents: CaptureContents, name: string, file: string): Checked<ImportedCapture> {
  const { conversations, skipped } = readConversations(contents.datagrams);
  const used = conversations.filter((conversation) => records(conversation).length > 0);
  if (used.length === 0) {
    const nothing: Problem = {
      file,
      pointer: '',
      message: 'the capture holds no TCP or UDP data',
      suggestion: 'capture traffic that carries bytes, over IPv4 or IPv6',
    };
    return { ok: false, problems: [...contents.problems, nothing] };
  }
  const scenario = build(used, contents.datagrams, name);
  const checked = checkScenario(scenario, file);
  if (!checked.ok) return checked;
  const report = [
    ...used.map((conversation, index) => describe(conversation, index)),
    ...leftOut(contents.skipped + skipped),
  ];
  return { ok: true, value: { scenario, report }, problems: contents.problems };
}

function readConversations(datagrams: readonly CapturedDatagram[]): { conversations: Conversation[]; skipped: number } {
  const byKey = new Map<string, Conversation>();
  const conversations: Conversation[] = [];
  const packet = new Packet();
  const lastUdp = new Map<string, { id: number; interfaceId: number }>();
  let skipped = 0;
  datagrams.forEach((datagram, index) => {
    const decoded = decodePacket(datagram.bytes, packet);
    if (typeof decoded === 'string') {
      skipped += 1;
      return;
    }
    const src = { address: decoded.src, port: packet.srcPort };
    const dst = { address: decoded.dst, port: packet.dstPort };
    const tcp = packet.protocol === Protocol.tcp;
    const key =
      [`${src.address} ${String(src.port)}`, `${dst.address} ${String(dst.port)}`].sort().join(' ') +
      (tcp ? ' tcp' : ' udp');
    let conversation = byKey.get(key);
    const opens = tcp && (packet.flags & (Flag.syn | Flag.ack)) === Flag.syn;
    if (conversation === undefined || (opens && conversation.over)) {
      const answering = tcp && (packet.flags & (Flag.syn | Flag.ack)) === (Flag.syn | Flag.ack);
      conversation = begin(tcp ? 'tcp' : 'udp', answering ? dst : src, answering ? src : dst);
      byKey.set(key, conversation);
      conversations.push(conversation);
    }
    if (tcp) takeSegment(conversation, packet, src, datagram.timeNs, index);
    else {
      // A capture on several interfaces sees a datagram several times, under one identification.
      const last = lastUdp.get(key);
      const twice = packet.ipId !== 0 && last?.id === packet.ipId && last.interfaceId !== datagram.interfaceId;
      lastUdp.set(key, { id: packet.ipId, interfaceId: datagram.interfaceId });
      if (!twice && packet.payloadBytes > 0) {
        conversation.datagrams.push({
          fromClient: isClient(conversation, src),
          bytes: packet.payloadBytes,
          packet: index,
        });
      }
    }
  });
  return { conversations, skipped };
}

function begin(protocol: 'tcp' | 'udp', client: End, server: End): Conversation {
  return {
    protocol,
    client,
    server,
    toServer: new StreamDirection(),
    toClient: new StreamDirection(),
    datagrams: [],
    synAt: undefined,
    synAckSeen: false,
    rttNs: undefined,
    reset: false,
    over: false,
  };
}

function isClient(conversation: Conversation, end: End): boolean {
  return end.port === conversation.client.port && end.address === conversation.client.address;
}

function takeSegment(conversation: Conversation, packet: Packet, src: End, timeNs: number, index: number): void {
  const fromClient = isClient(conversation, src);
  const stream = fromClient ? conversation.toServer : conversation.toClient;
  const seqU32 = (packet.seq as unknown as number) >>> 0;
  const syn = (packet.flags & Flag.syn) !== 0;
  if (syn) stream.syn(seqU32);
  if (packet.payloadBytes > 0) stream.data(syn ? (seqU32 + 1) >>> 0 : seqU32, packet.payloadBytes, index);
  if ((packet.flags & Flag.urg) !== 0) stream.urgent(seqU32, packet.urgentPointer);
  if ((packet.flags & Flag.rst) !== 0) conversation.reset = true;
  if ((packet.flags & (Flag.rst | Flag.fin)) !== 0) conversation.over = true;
  // From the SYN to the ACK that completes the handshake is one round trip, wherever the capture was taken.
  if (syn && fromClient) conversation.synAt ??= timeNs;
  else if (syn) conversation.synAckSeen = true;
  else if (
    fromClient &&
    conversation.synAckSeen &&
    conversation.rttNs === undefined &&
    conversation.synAt !== undefined
  ) {
    conversation.rttNs = timeNs - conversation.synAt;
  }
}

/** Writes of both sides in the order in which they must have happened. */
function records(conversation: Conversation): Write[] {
  if (conversation.protocol === 'udp') return conversation.datagrams;
  const both = [
    ...conversation.toServer.writes().map((write) => ({ ...write, fromClient: true })),
    ...conversation.toClient.writes().map((write) => ({ ...write, fromClient: false })),
  ];
  return both.sort((a, b) => a.packet - b.packet);
}

/** What is urgent stays the end of its write. */
function merged(all: readonly Write[], timeOf: (packet: number) => number): Write[] {
  const result: Write[] = [];
  let lastAt = 0;
  for (const record of all) {
    const last = result[result.length - 1];
    const at = timeOf(record.packet);
    const goesOn = last?.fromClient === record.fromClient && at - lastAt < SAME_WRITE_NS && last.urgent !== true;
    if (last !== undefined && goesOn) {
      result[result.length - 1] = { ...record, bytes: last.bytes + record.bytes, packet: last.packet };
    } else result.push(record);
    lastAt = at;
  }
  return result;
}

function build(conversations: readonly Conversation[], datagrams: readonly CapturedDatagram[], name: string): Scenario {
  const startNs = datagrams.reduce((least, { timeNs }) => Math.min(least, timeNs), Infinity);
  const timeOf = (packet: number): number => Math.round((datagrams[packet]?.timeNs ?? startNs) - startNs);
  const rttNs = Math.round(Math.min(...conversations.map((conversation) => conversation.rttNs ?? Infinity)));
  const delayNs = Math.round((Number.isFinite(rttNs) ? Math.max(rttNs, 4) : DEFAULT_RTT_NS) / 4);
  const hosts = new Map<string, string>();
  const hostOf = (end: End, role: string, other: End): string => {
    const local = end.address === other.address;
    const key = local ? `${end.address} ${role}` : end.address;
    const known = hosts.get(key);
    if (known !== undefined) return known;
    const plain = end.address.replaceAll(':', '-');
    const id = local ? `${plain}-${role}` : plain;
    const safe = /^[A-Za-z0-9_]/.test(id) ? id : `h${id}`;
    hosts.set(key, safe.slice(0, 63));
    return safe.slice(0, 63);
  };
  let endNs = 0;
  const traffic = conversations.map((conversation, index): Scenario['traffic'][number] => {
    const from = hostOf(conversation.client, 'client', conversation.server);
    const to = hostOf(conversation.server, 'server', conversation.client);
    const writes = conversation.protocol === 'udp' ? records(conversation) : merged(records(conversation), timeOf);
    const firstNs = timeOf(writes[0]!.packet);
    const openNs = conversation.synAt === undefined ? firstNs : Math.round(conversation.synAt - startNs);
    const flowStart = Math.min(openNs, firstNs);
    endNs = Math.max(endNs, timeOf(writes[writes.length - 1]!.packet));
    let lastNs = 0;
    return {
      id: `c${String(index + 1)}`,
      kind: 'replay',
      from,
      to,
      protocol: conversation.protocol,
      start: flowStart,
      records: writes.map(({ bytes, packet, fromClient, urgent }) => {
        lastNs = Math.max(lastNs, timeOf(packet) - flowStart);
        return { at: lastNs, bytes, from: fromClient ? from : to, ...(urgent === true ? { urgent } : {}) };
      }),
    };
  });
  const ids = [...hosts.values()];
  return {
    format: 'odonata-scenario',
    version: 1,
    name: `Replay of ${name}`.slice(0, 200),
    description: 'Imported from a capture: the applications write what the captured ones wrote, when they wrote it.',
    duration: endNs + TAIL_NS,
    nodes: [
      { id: 'network', kind: 'router', position: { x: 400, y: 240 } },
      ...ids.map((id, index) => ({ id, kind: 'host' as const, position: around(index, ids.length) })),
    ],
    links: ids.map((id, index) => ({
      id: `l${String(index + 1)}`,
      from: id,
      to: 'network',
      rate: DEFAULT_RATE,
      delay: formatDuration(delayNs),
    })),
    traffic,
  };
}

/** Places around the router, client left, server right when there are two. */
function around(index: number, count: number): { x: number; y: number } {
  const columns = index % 2 === 0 ? 120 : 680;
  const rows = Math.max(1, Math.ceil(count / 2));
  return { x: columns, y: Math.round(240 + (Math.floor(index / 2) - (rows - 1) / 2) * 90) };
}

function describe(conversation: Conversation, index: number): string {
  const { client, server, toServer, toClient, protocol } = conversation;
  const who = `c${String(index + 1)}: ${protocol} ${client.address}:${String(client.port)} → ${server.address}:${String(server.port)}`;
  if (protocol === 'udp') return `${who}, ${String(conversation.datagrams.length)} datagrams`;
  const notes = [`${String(toServer.bytes)} bytes out, ${String(toClient.bytes)} bytes back`];
  if (toServer.repeats + toClient.repeats > 0)
    notes.push(`${String(toServer.repeats + toClient.repeats)} repeated segments left out`);
  if (toServer.missing + toClient.missing > 0)
    notes.push(`${String(toServer.missing + toClient.missing)} bytes are not in the capture and were counted in`);
  if (toServer.startedEarlier || toClient.startedEarlier) notes.push('it began before the capture');
  if (conversation.reset) notes.push('it was reset');
  return `${who}, ${notes.join(', ')}`;
}

function leftOut(skipped: number): string[] {
  return skipped === 0
    ? []
    : [`${String(skipped)} packets were neither TCP nor UDP over IP, or fragments, and were left out`];
}
