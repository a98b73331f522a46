// bulk: as much as the network carries, from the start until the flow's stop or the end of the run.

import { TIME_NEVER } from '../base';
import { callAt, Priority } from '../engine';
import type { Program } from '../stack';
import type { Flow } from './flow';
import { sink } from './sink';

export function startBulk(flow: Flow): void {
  const { engine, from, to, stopAt } = flow.setting;
  flow.listen(to, 'receiver', sink);
  flow.atStart(() => {
    const socket = flow.connect(from, to, 'sender', writeForEver(), () => {
      flow.completedAt = engine.now;
    });
    if (stopAt !== TIME_NEVER)
      callAt(engine, stopAt, Priority.application, () => {
        socket.close();
      });
  });
}

function* writeForEver(): Program {
  yield { verb: 'write', bytes: Infinity };
}
