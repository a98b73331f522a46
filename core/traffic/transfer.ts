// transfer: one object of a given size. It is complete when its last byte has been acknowledged.

import type { Program } from '../stack';
import type { Flow } from './flow';
import { sink } from './sink';

/** @param sizeBytes at least 1 */
export function startTransfer(flow: Flow, sizeBytes: number): void {
  const { engine, from, to } = flow.setting;
  flow.listen(to, 'receiver', sink);
  function* send(): Program {
    yield { verb: 'write', bytes: sizeBytes };
    yield { verb: 'drain' };
    flow.completedAt = engine.now;
    yield { verb: 'close' };
  }
  flow.atStart(() => {
    flow.connect(from, to, 'sender', send());
  });
}
