// The Toeplitz hash (kernel.md §6.3): for each bit of the input from the left, if it is one, xor in the leftmost 32 bits
// of the key; then shift the key left by one. DragonFly's key repeats two bytes, so both directions of a connection have one hash, and it
// is a linear function of the xor of the input's 16-bit words: two tables of 256 entries do.

const KEY_HIGH = 0x6d;
const KEY_LOW = 0x5a;

/** DragonFly's key, as many bytes as asked for. */
export function symmetricKey(bytes: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => (index % 2 === 0 ? KEY_HIGH : KEY_LOW));
}

/**
 * The hash of `input` under `key`, an unsigned 32-bit number; bit by bit, as the definition says.
 * @param key at least four bytes longer than the input
 */
export function toeplitz(input: Uint8Array, key: Uint8Array): number {
  let hash = 0;
  for (let bit = 0; bit < input.length * 8; bit += 1) {
    if ((input[bit >> 3]! & (0x80 >> (bit & 7))) !== 0) hash ^= keyWindow(key, bit);
  }
  return hash >>> 0;
}

/** 32 bits of the key from bit `from` on. */
function keyWindow(key: Uint8Array, from: number): number {
  const byte = from >> 3;
  const shift = from & 7;
  const word = (key[byte]! << 24) | (key[byte + 1]! << 16) | (key[byte + 2]! << 8) | key[byte + 3]!;
  return shift === 0 ? word : (word << shift) | ((key[byte + 4] ?? 0) >> (8 - shift));
}

function tableOf(place: 0 | 1): Int32Array {
  const key = symmetricKey(8);
  return Int32Array.from(
    { length: 256 },
    (_, value) => toeplitz(Uint8Array.of(...(place === 0 ? [value, 0] : [0, value])), key) | 0,
  );
}

const HIGH_TABLE = tableOf(0);
const LOW_TABLE = tableOf(1);

/** Hash of a connection under DragonFly's key, whichever direction it is looked at from. Addresses as 32-bit numbers. */
export function symmetricHash(addressA: number, addressB: number, portA: number, portB: number): number {
  const addresses = addressA ^ addressB;
  const words = (addresses >>> 16) ^ (addresses & 0xffff) ^ portA ^ portB;
  return (HIGH_TABLE[words >>> 8]! ^ LOW_TABLE[words & 0xff]!) >>> 0;
}
