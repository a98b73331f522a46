// Reads pcap (libpcap's file, both byte orders, micro- and nanoseconds) and pcapng into datagrams with their times.
// A file that breaks off in the middle gives what came before and says where it broke.

import type { Problem } from '../base';

/** One captured packet: when, and the IP datagram as far as it was captured. */
export interface CapturedDatagram {
  /** Nanoseconds since 1970. Beyond 2^53 they are exact to 256 ns. */
  readonly timeNs: number;
  readonly bytes: Uint8Array;
  readonly interfaceId: number;
}

export interface CaptureContents {
  readonly datagrams: readonly CapturedDatagram[];
  readonly problems: readonly Problem[];
  /** Packets whose link type or network protocol is not read. */
  readonly skipped: number;
}

const LinkType = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  raw: 101,
  loop: 108,
  linuxSll: 113,
  ipv4: 228,
  ipv6: 229,
  linuxSll2: 276,
} as const;
const ETHERTYPES_IP = [0x0800, 0x86dd];
const ETHERTYPE_VLAN = [0x8100, 0x88a8];
/** A packet longer than this is not one. */
const PACKET_BYTES_MAX = 256 * 1024 * 1024;

interface Interface {
  readonly linkType: number;
  /** Nanoseconds per tick of its clock. */
  readonly tickNs: number;
}

class Collector {
  readonly datagrams: CapturedDatagram[] = [];
  readonly problems: Problem[] = [];
  skipped = 0;

  constructor(private readonly file: string) {}

  add(linkType: number, timeNs: number, frame: Uint8Array, interfaceId: number): void {
    const bytes = datagramIn(linkType, frame);
    if (bytes === undefined) this.skipped += 1;
    else this.datagrams.push({ timeNs, bytes, interfaceId });
  }

  broken(offset: number, message: string): void {
    this.problems.push({
      file: this.file,
      pointer: '',
      message: `byte ${String(offset)}: ${message}`,
      suggestion: 'what came before is used; capture again if more is needed',
    });
  }
}

/** Reads a whole capture file. */
export function readCapture(bytes: Uint8Array, file: string): CaptureContents {
  const into = new Collector(file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = bytes.length >= 4 ? view.getUint32(0) : 0;
  const pcap = PCAP_MAGIC.get(magic);
  if (magic === 0x0a0d0d0a) readPcapng(bytes, view, into);
  else if (pcap !== undefined) readPcap(bytes, view, pcap, into);
  else {
    into.problems.push({
      file,
      pointer: '',
      message: 'this is neither pcap nor pcapng',
      suggestion: 'give a file that tcpdump -w, Wireshark or dumpcap wrote',
    });
  }
  return { datagrams: into.datagrams, problems: into.problems, skipped: into.skipped };
}

const PCAP_MAGIC: ReadonlyMap<number, { readonly little: boolean; readonly tickNs: number }> = new Map([
  [0xa1b2c3d4, { little: false, tickNs: 1000 }],
  [0xd4c3b2a1, { little: true, tickNs: 1000 }],
  [0xa1b23c4d, { little: false, tickNs: 1 }],
  [0x4d3cb2a1, { little: true, tickNs: 1 }],
]);

function readPcap(
  bytes: Uint8Array,
  view: DataView,
  { little, tickNs }: { little: boolean; tickNs: number },
  into: Collector,
): void {
  if (bytes.length < 24) {
    into.broken(bytes.length, 'the file header is cut off');
    return;
  }
  const linkType = view.getUint32(20, little) & 0x0fff_ffff;
  let at = 24;
  while (at < bytes.length) {
    const captured = at + 16 <= bytes.length ? view.getUint32(at + 8, little) : -1;
    if (captured < 0 || captured > PACKET_BYTES_MAX || at + 16 + captured > bytes.length) {
      into.broken(at, 'a packet is cut off');
      return;
    }
    const timeNs = view.getUint32(at, little) * 1e9 + view.getUint32(at + 4, little) * tickNs;
    into.add(linkType, timeNs, bytes.subarray(at + 16, at + 16 + captured), 0);
    at += 16 + captured;
  }
}

function readPcapng(bytes: Uint8Array, view: DataView, into: Collector): void {
  let little = true;
  let interfaces: Interface[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 12 > bytes.length) {
      into.broken(at, 'a block is cut off');
      return;
    }
    const type = view.getUint32(at, little);
    if (type === 0x0a0d0d0a) {
      little = view.getUint32(at + 8, true) === 0x1a2b3c4d;
      interfaces = [];
    }
    const length = view.getUint32(at + 4, little);
    if (length < 12 || length % 4 !== 0 || at + length > bytes.length) {
      into.broken(at, 'a block is cut off');
      return;
    }
    readBlock(type, { bytes, view, at, end: at + length - 4, little, interfaces }, into);
    at += length;
  }
}

interface Block {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly at: number;
  readonly end: number;
  readonly little: boolean;
  readonly interfaces: Interface[];
}

function readBlock(type: number, block: Block, into: Collector): void {
  const { bytes, view, at, end, little, interfaces } = block;
  if (type === 1 && end - at >= 16) {
    interfaces.push({ linkType: view.getUint16(at + 8, little), tickNs: tickOf(block, at + 16) });
  } else if (type === 6 && end - at >= 28) {
    const id = view.getUint32(at + 8, little);
    const captured = view.getUint32(at + 20, little);
    const from = interfaces[id];
    if (from === undefined || at + 28 + captured > end) {
      into.broken(at, 'a packet block does not fit its interface or length');
      return;
    }
    const ticks = view.getUint32(at + 12, little) * 2 ** 32 + view.getUint32(at + 16, little);
    into.add(from.linkType, ticks * from.tickNs, bytes.subarray(at + 28, at + 28 + captured), id);
  } else if (type === 3 && end - at >= 12 && interfaces[0] !== undefined) {
    const captured = Math.min(view.getUint32(at + 8, little), end - at - 12);
    into.add(interfaces[0].linkType, 0, bytes.subarray(at + 12, at + 12 + captured), 0);
  }
}

/** The if_tsresol option: powers of ten or of two, microseconds when absent. */
function tickOf({ view, end, little }: Block, from: number): number {
  let at = from;
  while (at + 4 <= end) {
    const code = view.getUint16(at, little);
    const length = view.getUint16(at + 2, little);
    if (code === 0) break;
    if (code === 9 && length === 1 && at + 4 < end) {
      const resolution = view.getUint8(at + 4);
      return (resolution & 0x80) === 0 ? 10 ** (9 - resolution) : 1e9 / 2 ** (resolution & 0x7f);
    }
    at += 4 + ((length + 3) & ~3);
  }
  return 1000;
}

/** The IP datagram inside a frame of this link type, or undefined. */
function datagramIn(linkType: number, frame: Uint8Array): Uint8Array | undefined {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  switch (linkType) {
    case LinkType.ethernet:
      return inEthernet(view, frame);
    case LinkType.raw:
    case LinkType.rawBsd:
    case LinkType.ipv4:
    case LinkType.ipv6:
      return isIp(frame, 0) ? frame : undefined;
    case LinkType.null:
    case LinkType.loop:
      return isIp(frame, 4) ? frame.subarray(4) : undefined;
    case LinkType.linuxSll:
      return frame.length > 16 && ETHERTYPES_IP.includes(view.getUint16(14)) ? frame.subarray(16) : undefined;
    case LinkType.linuxSll2:
      return frame.length > 20 && ETHERTYPES_IP.includes(view.getUint16(0)) ? frame.subarray(20) : undefined;
    default:
      return undefined;
  }
}

function inEthernet(view: DataView, frame: Uint8Array): Uint8Array | undefined {
  let at = 12;
  while (at + 2 <= frame.length && ETHERTYPE_VLAN.includes(view.getUint16(at))) at += 4;
  if (at + 2 > frame.length || !ETHERTYPES_IP.includes(view.getUint16(at))) return undefined;
  return frame.subarray(at + 2);
}

function isIp(frame: Uint8Array, at: number): boolean {
  return frame.length > at && [4, 6].includes((frame[at] ?? 0) >> 4);
}
