// A mutex as FreeBSD 5 has it: it stays with its holder while that one sleeps, and it has to be taken in one global order.
// Who finds it held spins while the holder runs on another CPU, and blocks otherwise (adaptive).

import type { Thread } from '../thread';
import { type Waiting, WaitingLock } from './waiting-lock';

export class Mutex extends WaitingLock {
  readonly kind = 'mutex';
  protected override readonly handsOver = false;

  protected waysOf(thread: Thread): Waiting {
    const { holder } = this;
    const runs = holder?.isRunning === true && !holder.isPreempted && holder.cpu !== thread.cpu;
    return runs ? 'spin' : 'block';
  }
}
