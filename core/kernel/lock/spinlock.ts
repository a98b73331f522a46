// A spinlock: who waits does nothing else, and the holder may not sleep; it runs in a critical section (kernel.md §4.3).

import type { Thread } from '../thread';
import { type Waiting, WaitingLock } from './waiting-lock';

export class Spinlock extends WaitingLock {
  readonly kind = 'spinlock';

  protected waysOf(thread: Thread): Waiting {
    if (this.holder?.cpu === thread.cpu)
      thread.misuse(
        `it spins for "${this.name}", whose holder "${this.holder.name}" is on the same CPU`,
        'The holder could never release it: hold spinlocks briefly and do not yield with them',
      );
    return 'spin';
  }

  protected override onGrant(thread: Thread): void {
    thread.critical += 1;
  }

  protected override onRelease(thread: Thread): void {
    thread.critical -= 1;
  }
}
