// What a SYN leaves behind: a record of a hundred-odd bytes instead of a socket and its control block.

import { type Nanos, type NodeId, type SeqNum, seqNum, TIME_ZERO, type TsVal, tsVal } from '../../base';

/** Octets that an entry takes on the machine it is modelled on, and a full socket with PCB and TCP block (kernel.md §8). */
export const SYN_ENTRY_BYTES = 136;
export const FULL_CONNECTION_BYTES = 736;

/** One half-open connection. Records chain through `previous` and `next` in the list of their timer. */
export class SynEntry {
  localPort = 0;
  remote: NodeId = 0 as NodeId;
  remotePort = 0;
  irs: SeqNum = seqNum(0);
  iss: SeqNum = seqNum(0);
  peerMss = 0;
  /** Window scale of the peer; -1 when it offered none. */
  peerScale = -1;
  sack = false;
  ecn = false;
  /** The peer offered timestamps; valid with `tsRecent`. */
  timestamps = false;
  tsRecent: TsVal = tsVal(0);
  /** Window field of the peer's SYN. */
  peerWindow = 0;
  /** Which timer list it is in, 0 to 4; also how often the SYN/ACK has been retransmitted. */
  slot = 0;
  expiresAt: Nanos = TIME_ZERO;
  /** When the last SYN/ACK left. */
  sentAt: Nanos = TIME_ZERO;
  bucket = 0;
  /** Somebody on the way has said that the SYN/ACK does not get there (SCF_UNREACH). */
  complained = false;
  previous: SynEntry | undefined = undefined;
  next: SynEntry | undefined = undefined;
}

/** First in, first out: all entries of one timer have the same time to live, so the oldest expires first. */
export class EntryList {
  head: SynEntry | undefined = undefined;
  private tail: SynEntry | undefined = undefined;

  push(entry: SynEntry): void {
    entry.previous = this.tail;
    entry.next = undefined;
    if (this.tail === undefined) this.head = entry;
    else this.tail.next = entry;
    this.tail = entry;
  }

  remove(entry: SynEntry): void {
    if (entry.previous === undefined) this.head = entry.next;
    else entry.previous.next = entry.next;
    if (entry.next === undefined) this.tail = entry.previous;
    else entry.next.previous = entry.previous;
    entry.previous = undefined;
    entry.next = undefined;
  }
}
