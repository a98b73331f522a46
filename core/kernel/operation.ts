// What a thread can ask for. An operation charges what it costs and does it; when it has to wait it says so, and is
// asked again when the thread runs the next time (as kernel code loops around a sleep).

import type { Cpu } from './cpu';
import type { Thread } from './thread';

export interface Operation {
  /** @returns whether it is over; if not, it is asked again, with `thread.stage` as it left it */
  act(thread: Thread, cpu: Cpu): boolean;
}
