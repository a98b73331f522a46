// The host that a script expects: which family of systems it was written for, as switches of core/tcp
// (packetdrill.md §3), and how strictly its packets are compared.

import type { resolveTcp } from '../scenario';

export type ProfileName = 'rfc' | 'linux' | 'freebsd';
/** TCP switches as scenarios write them. */
export type TcpSwitches = Parameters<typeof resolveTcp>[1];

export interface Profile {
  readonly name: ProfileName;
  readonly tcp: TcpSwitches;
  /** Names for which #ifdef holds. */
  readonly defined: ReadonlySet<string>;
  /** PSH must stand where the script says; Linux sets it at ends of bursts, which nothing here has. */
  readonly comparesPush: boolean;
  readonly openNonblock: number;
  /** SO_RCVBUF and SO_SNDBUF are doubled when they are set (Linux). */
  readonly doublesBuffers: boolean;
}

const MS = 1e6;

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  rfc: {
    name: 'rfc',
    tcp: { sack: true, slowStartLimit: 2, initialWindow: 'iw10', receiveBuffer: 65_535, ecn: 'accept' },
    defined: new Set(['STANDARD']),
    comparesPush: false,
    openNonblock: 0x800,
    doublesBuffers: false,
  },
  linux: {
    name: 'linux',
    tcp: {
      dialect: 'linux',
      congestionControl: 'cubic',
      initialWindow: 'iw10',
      sack: true,
      frto: true,
      slowStartLimit: 100,
      idleRestart: false,
      delayedAckTimeout: 40 * MS,
      quickAcks: 16,
      rtoMin: 200 * MS,
      rttvarFloor: 200 * MS,
      rtoMax: 120_000 * MS,
      receiveBuffer: 65_535,
      receiveBufferMax: 15_728_640,
      sendBuffer: 4 * 1024 * 1024,
      retransmitLimit: 15,
      synRetransmitLimit: 6,
      newrenoExit: 'ssthresh',
      ecn: 'accept',
    },
    defined: new Set(['Linux', 'linux']),
    comparesPush: false,
    openNonblock: 0x800,
    doublesBuffers: true,
  },
  freebsd: {
    name: 'freebsd',
    tcp: {
      dialect: 'bsd',
      initialWindow: 'iw10',
      sack: true,
      slowStartLimit: 2,
      delayedAckTimeout: 100 * MS,
      rtoMin: 30 * MS,
      rtoSlop: 200 * MS,
      rtoMax: 64_000 * MS,
      receiveBuffer: 65_536,
      receiveBufferMax: 2_097_152,
      sendBuffer: 256 * 1024,
      retransmitLimit: 12,
      synRetransmitLimit: 12,
      connectTimeout: 75_000 * MS,
      ecn: 'accept',
      ecnSynRetries: 1,
    },
    defined: new Set(['FreeBSD']),
    comparesPush: true,
    openNonblock: 4,
    doublesBuffers: false,
  },
};

/** Which family a script was written for, by the names that it uses; `rfc` when nothing tells. */
export function detectProfile(text: string): ProfileName {
  if (/net\.inet6?\.|kern\.ipc\.|sockstat|\bFreeBSD\b/u.test(text)) return 'freebsd';
  if (/defaults\.sh|net\.ipv4\.|\/proc\/sys|set_sysctls|SO_EE_|\bTCP_QUICKACK\b|epoll/u.test(text)) return 'linux';
  // The two families lay out the options of their SYNs differently.
  if (/>\s*S\.?\s[^\n]*(?:<mss \d+,nop,nop,sackOK|wscale 8>)/u.test(text)) return 'linux';
  if (/sackOK,eol,eol>|nop,wscale 6,sackOK/u.test(text)) return 'freebsd';
  return 'rfc';
}
