// The receiving end of one-way traffic: takes whatever arrives, and closes when the other side has.

import type { Program } from '../stack';

export function* sink(): Program {
  yield { verb: 'read', bytes: Infinity };
  yield { verb: 'close' };
}
