// bulk: as much as the network carries, from the start until the flow's stop or the end of the run.

import { TIME_NEVER } from '../base';
import { callAt, Priority } from '../engine';
import type { Flow } from './flow';
import { sink } from './sink';
import { writeWithMarks } from './urgent-marks';

/** @param urgentAt bytes before each urgent octet, rising */
export function startBulk(flow: Flow, urgentAt: readonly number[]): void {
  const { engine, from, to, stopAt } = flow.setting;
  flow.listen(to, 'receiver', sink);
  flow.atStart(() => {
    const socket = flow.connect(from, to, 'sender', writeWithMarks(Infinity, urgentAt), () => {
      flow.completedAt = engine.now;
    });
    if (stopAt !== TIME_NEVER)
      callAt(engine, stopAt, Priority.application, () => {
        socket.close();
      });
  });
}
