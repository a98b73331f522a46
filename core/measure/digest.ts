// The layered digest (style.md §3.12): 64-bit FNV-1a over results, in two 32-bit halves, as 16 hex digits.
// Not cryptographic; it tells whether two runs are the same run.

const PRIME_LOW = 0x1b3;

export class Hasher {
  private high = 0xcbf29ce4;
  private low = 0x84222325;
  private static readonly view = new DataView(new ArrayBuffer(8));

  /** Adds the IEEE 754 bits of a number. */
  number(value: number): this {
    Hasher.view.setFloat64(0, value);
    for (let i = 0; i < 8; i += 1) this.byte(Hasher.view.getUint8(i));
    return this;
  }

  /** Adds a text by its UTF-16 code units, and its length. */
  text(value: string): this {
    this.number(value.length);
    for (let i = 0; i < value.length; i += 1) {
      this.byte(value.charCodeAt(i) & 0xff);
      this.byte(value.charCodeAt(i) >>> 8);
    }
    return this;
  }

  /** Adds plain data: objects by their own order of keys, which our records fix in their type. */
  plain(value: unknown): this {
    if (typeof value === 'number') return this.number(value);
    if (Array.isArray(value)) {
      this.number(value.length);
      for (const item of value) this.plain(item);
      return this;
    }
    if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (item === undefined) continue;
        this.text(key).plain(item);
      }
      return this;
    }
    return this.text(String(value));
  }

  /** 16 hexadecimal digits. */
  get hex(): string {
    return this.high.toString(16).padStart(8, '0') + this.low.toString(16).padStart(8, '0');
  }

  private byte(value: number): void {
    // 64-bit multiplication by the FNV prime 2^40 + 0x1b3, in halves.
    const low = (this.low ^ value) >>> 0;
    const product = low * PRIME_LOW;
    const carry = Math.floor(product / 2 ** 32);
    this.high = (Math.imul(this.high, PRIME_LOW) + (low << 8) + carry) >>> 0;
    this.low = product >>> 0;
  }
}

/** Hash of plain data. */
export function digestOf(value: unknown): string {
  return new Hasher().plain(value).hex;
}
