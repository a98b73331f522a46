// The Internet checksum (RFC 1071).

/** Sum of 16-bit words, not yet folded; `start` carries on from an earlier sum. An odd last byte counts as high. */
export function checksumAdd(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let sum = start;
  let at = from;
  for (; at + 1 < to; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  if (at < to) sum += bytes[at]! << 8;
  return sum;
}

/** Folds a sum to 16 bits and complements it. */
export function checksumFinish(sum: number): number {
  let folded = sum;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
