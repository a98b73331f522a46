// Writes pcapng (draft-ietf-opsawg-pcapng): one section, one interface per host, packets as raw IPv4 with
// nanosecond times. Chunks go out as they are made, so a capture may be larger than memory.

const BLOCK_SECTION = 0x0a0d0d0a;
const BLOCK_INTERFACE = 1;
const BLOCK_ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const LINKTYPE_RAW = 101;
const OPTION_END = 0;
const OPTION_IF_NAME = 2;
const OPTION_IF_DESCRIPTION = 3;
const OPTION_IF_TSRESOL = 9;
const OPTION_EPB_FLAGS = 2;
const OPTION_SHB_USERAPPL = 4;
/** Timestamps are 10^-9 seconds. */
const NANOSECOND_RESOLUTION = 9;
const SNAPLEN_NONE = 0;

const utf8 = {
  /** UTF-8 of a text; `TextEncoder` is not part of the language. */
  bytes(text: string): Uint8Array {
    const escaped = encodeURIComponent(text);
    const out: number[] = [];
    for (let i = 0; i < escaped.length; i += 1) {
      if (escaped[i] === '%') {
        out.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
        i += 2;
      } else out.push(escaped.charCodeAt(i));
    }
    return Uint8Array.from(out);
  },
};

interface BlockOption {
  readonly code: number;
  readonly value: Uint8Array;
}

export class PcapngWriter {
  private interfaces = 0;

  /** @param write takes each block; the bytes are not reused */
  constructor(
    private readonly write: (chunk: Uint8Array) => void,
    application: string,
  ) {
    const body = new Uint8Array(16);
    const view = new DataView(body.buffer);
    view.setUint32(0, BYTE_ORDER_MAGIC, true);
    view.setUint16(4, 1, true);
    view.setUint16(6, 0, true);
    view.setBigInt64(8, -1n, true);
    this.block(BLOCK_SECTION, body, [{ code: OPTION_SHB_USERAPPL, value: utf8.bytes(application) }]);
  }

  /** Describes an interface; returns its number for `packet`. */
  addInterface(name: string, description: string): number {
    const body = new Uint8Array(8);
    const view = new DataView(body.buffer);
    view.setUint16(0, LINKTYPE_RAW, true);
    view.setUint32(4, SNAPLEN_NONE, true);
    this.block(BLOCK_INTERFACE, body, [
      { code: OPTION_IF_NAME, value: utf8.bytes(name) },
      { code: OPTION_IF_DESCRIPTION, value: utf8.bytes(description) },
      { code: OPTION_IF_TSRESOL, value: Uint8Array.of(NANOSECOND_RESOLUTION) },
    ]);
    this.interfaces += 1;
    return this.interfaces - 1;
  }

  /** @param timeNs nanoseconds since 1970, a safe integer */
  packet(interfaceId: number, timeNs: number, direction: 'in' | 'out', datagram: Uint8Array): void {
    const padded = (datagram.length + 3) & ~3;
    const body = new Uint8Array(20 + padded);
    const view = new DataView(body.buffer);
    view.setUint32(0, interfaceId, true);
    view.setUint32(4, Math.floor(timeNs / 2 ** 32), true);
    view.setUint32(8, timeNs % 2 ** 32, true);
    view.setUint32(12, datagram.length, true);
    view.setUint32(16, datagram.length, true);
    body.set(datagram, 20);
    const flags = new Uint8Array(4);
    flags[0] = direction === 'in' ? 1 : 2;
    this.block(BLOCK_ENHANCED_PACKET, body, [{ code: OPTION_EPB_FLAGS, value: flags }]);
  }

  private block(type: number, body: Uint8Array, options: readonly BlockOption[]): void {
    const optionBytes = options.reduce((sum, { value }) => sum + 4 + ((value.length + 3) & ~3), 4);
    const total = 12 + body.length + optionBytes;
    const bytes = new Uint8Array(total);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, type, true);
    view.setUint32(4, total, true);
    bytes.set(body, 8);
    let at = 8 + body.length;
    for (const { code, value } of options) {
      view.setUint16(at, code, true);
      view.setUint16(at + 2, value.length, true);
      bytes.set(value, at + 4);
      at += 4 + ((value.length + 3) & ~3);
    }
    view.setUint32(at, OPTION_END, true);
    view.setUint32(total - 4, total, true);
    this.write(bytes);
  }
}
