// RFC 5681 §3.2: three duplicate ACKs are a loss; the first two do nothing.

import type { DupAckPolicy } from './dup-ack-policy';

const DUP_THRESH = 3;

export const standardDupAcks: DupAckPolicy = {
  threshold: () => DUP_THRESH,
  onEarlyDupAck: () => undefined,
};
