// The threads of one CPU that want to run: 32 FIFO queues and a mask of those that are not empty; the highest bit wins
// (kernel.md §1.2). The sorted list of later versions has the same order, since its first comparison makes equals FIFO;
// what differs is when equals take turns, and that is the caller's to say.

import type { Thread } from './thread';

export const PRIORITIES = 32;

export class RunQueue {
  /** Bit p is set while queue p is not empty. */
  private mask = 0;
  private readonly heads: (Thread | undefined)[] = new Array<Thread | undefined>(PRIORITIES).fill(undefined);
  private readonly tails: (Thread | undefined)[] = new Array<Thread | undefined>(PRIORITIES).fill(undefined);
  length = 0;

  insert(thread: Thread): void {
    const { priority } = thread;
    const tail = this.tails[priority];
    thread.queuePrev = tail;
    thread.queueNext = undefined;
    if (tail === undefined) this.heads[priority] = thread;
    else tail.queueNext = thread;
    this.tails[priority] = thread;
    this.mask |= 1 << priority;
    this.length += 1;
  }

  remove(thread: Thread): void {
    const { priority, queuePrev, queueNext } = thread;
    if (queuePrev === undefined) this.heads[priority] = queueNext;
    else queuePrev.queueNext = queueNext;
    if (queueNext === undefined) this.tails[priority] = queuePrev;
    else queueNext.queuePrev = queuePrev;
    thread.queuePrev = undefined;
    thread.queueNext = undefined;
    if (this.heads[priority] === undefined) this.mask &= ~(1 << priority);
    this.length -= 1;
  }

  /** The thread that is to run first. */
  first(): Thread | undefined {
    return this.mask === 0 ? undefined : this.heads[31 - Math.clz32(this.mask)];
  }

  /** The thread after `thread` in the order of running. */
  after(thread: Thread): Thread | undefined {
    if (thread.queueNext !== undefined) return thread.queueNext;
    const lower = this.mask & ((1 << thread.priority) - 1);
    return lower === 0 ? undefined : this.heads[31 - Math.clz32(lower)];
  }

  /** Moves a thread behind its equals. */
  rotate(thread: Thread): void {
    if (thread.queueNext === undefined) return;
    this.remove(thread);
    this.insert(thread);
  }
}
