// SYN cookies: the initial sequence number of a SYN/ACK says what the entry would have said, so that an entry may be
// forgotten (Lemon 2002; kernel.md §8). Low five bits: which secret; the next two, hidden by the hash: the MSS.

import { type Nanos, type SeqNum, seqNum, seqToU32 } from '../../base';

/** The two bits of a cookie stand for one of these. */
const MSS_CHOICES: readonly number[] = [0, 536, 1460, 8960];
const SLOTS = 32;
const SLOT_NS = 500e6;
/** A secret is used for one slot of 0.5 s and believed for 16 s. */
export const COOKIE_LIFETIME_NS = SLOTS * SLOT_NS;

interface Secret {
  readonly words: readonly [number, number, number, number];
  readonly drawnIn: number;
}

/** What a cookie is bound to. */
export interface CookieEnds {
  readonly local: number;
  readonly remote: number;
  readonly localPort: number;
  readonly remotePort: number;
}

export class Cookies {
  private readonly secrets: (Secret | undefined)[] = Array.from({ length: SLOTS }, () => undefined);

  /** @param draw uniform unsigned 32-bit numbers */
  constructor(private readonly draw: () => number) {}

  /** The initial sequence number of the SYN/ACK for a SYN with number `irs`. */
  issue(ends: CookieEnds, irs: SeqNum, peerMss: number, now: Nanos): SeqNum {
    const period = Math.floor(now / SLOT_NS);
    const slot = period % SLOTS;
    const secret = this.secretOf(slot, period);
    return seqNum(seqToU32(irs) ^ ((mssIndex(peerMss) << 5) | slot) ^ (mix(ends, secret) & ~0x1f));
  }

  /** MSS of the connection that this cookie stands for; undefined when it is not one of ours, or too old. */
  check(ends: CookieEnds, irs: SeqNum, cookie: SeqNum, now: Nanos): number | undefined {
    const plain = seqToU32(cookie) ^ seqToU32(irs);
    const slot = plain & 0x1f;
    const secret = this.secrets[slot];
    if (secret === undefined || Math.floor(now / SLOT_NS) - secret.drawnIn >= SLOTS) return undefined;
    const rest = (plain ^ (mix(ends, secret) & ~0x1f)) >>> 0;
    return rest < 0x80 ? Math.max(MSS_CHOICES[rest >>> 5]!, 216) : undefined;
  }

  private secretOf(slot: number, period: number): Secret {
    const known = this.secrets[slot];
    if (known?.drawnIn === period) return known;
    const fresh: Secret = { words: [this.draw(), this.draw(), this.draw(), this.draw()], drawnIn: period };
    this.secrets[slot] = fresh;
    return fresh;
  }
}

/** The largest choice that the peer's MSS has room for. */
function mssIndex(peerMss: number): number {
  let index = 0;
  while (index + 1 < MSS_CHOICES.length && MSS_CHOICES[index + 1]! <= peerMss) index += 1;
  return index;
}

/**
 * Keyed hash of the ends. The modelled system takes MD5; here nobody attacks the hash itself, so a keyed mixing function
 * with the same width does: a guess is right once in 2^25.
 */
function mix(ends: CookieEnds, { words }: Secret): number {
  let hash = words[0];
  const values = [ends.local, ends.remote, (ends.localPort << 16) | ends.remotePort, 0];
  for (let i = 0; i < values.length; i += 1) {
    hash = Math.imul(hash ^ values[i]! ^ words[i]!, 0x85eb_ca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2_ae35);
    hash ^= hash >>> 16;
  }
  return hash;
}
