// IPv4 addresses as unsigned 32-bit numbers and as text.

/** `10.0.0.1` as a number; undefined if it is not an address. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.').map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : -1));
  if (parts.length !== 4 || parts.some((part) => part < 0 || part > 255)) return undefined;
  return parts.reduce((sum, part) => sum * 256 + part, 0);
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => String((address >>> shift) & 0xff)).join('.');
}

/** The address of the n-th node when its scenario gives none: 10.0.0.1, 10.0.0.2, … up to 2^24 nodes. */
export function defaultIpv4(nodeIndex: number): number {
  return 0x0a00_0000 + nodeIndex + 1;
}
