// The timestamp heuristic of NewReno (RFC 6582 §4.2, RFC 3782 §6.2): if the last ACK of new data echoes the timestamp
// with which its segment was sent last, that last transmission was needed, and duplicates after it mean a loss.

import { type SeqNum, seqLeq, seqLt, tsDiff, type TsVal } from '../../base';

interface Sent {
  readonly end: SeqNum;
  ts: TsVal;
}

export class SentStamps {
  /** Outstanding segments by their ends, ascending, with the timestamp of their last transmission. */
  private readonly sent: Sent[] = [];
  private matched = false;

  /** Whether the last ACK of new data answered the last transmission of its segment. */
  get lastAckMatches(): boolean {
    return this.matched;
  }

  note(end: SeqNum, ts: TsVal): void {
    let at = this.sent.length;
    while (at > 0 && seqLt(end, this.sent[at - 1]!.end)) at -= 1;
    const known = at > 0 ? this.sent[at - 1] : undefined;
    if (known?.end === end) known.ts = ts;
    else this.sent.splice(at, 0, { end, ts });
  }

  acknowledge(una: SeqNum, echoed: TsVal): void {
    let last: Sent | undefined;
    while (this.sent.length > 0 && seqLeq(this.sent[0]!.end, una)) last = this.sent.shift();
    this.matched = last !== undefined && tsDiff(last.ts, echoed) === 0;
  }
}
