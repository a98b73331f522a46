// Writing a stream of which some octets are urgent: each of these is a call of its own (send with MSG_OOB), as in remote terminals,
// for which urgent data were made (RFC 854, Synch).

import type { Program } from '../stack';

/**
 * @param bytes of the stream, may be Infinity
 * @param urgentAt bytes before each urgent octet, rising and below `bytes`
 */
export function* writeWithMarks(bytes: number, urgentAt: readonly number[]): Program {
  let written = 0;
  for (const at of urgentAt) {
    if (at > written) yield { verb: 'write', bytes: at - written };
    yield { verb: 'write', bytes: 1, urgent: true };
    written = at + 1;
  }
  if (written < bytes) yield { verb: 'write', bytes: bytes - written };
}
