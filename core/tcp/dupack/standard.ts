// RFC 5681 §3.2: three duplicate ACKs are a loss; the first two do nothing.

import { DUP_THRESH, type DupAckPolicy } from './dup-ack-policy';

export const standardDupAcks: DupAckPolicy = {
  threshold: () => DUP_THRESH,
  onEarlyDupAck: () => undefined,
};
