// Locks that tokens are compared with (kernel.md §4.3). Unlike a token, a lock stays with its holder while that one sleeps.

import type { Cpu } from '../cpu';
import type { Thread } from '../thread';

export interface LockCounters {
  acquisitions: number;
  /** Requests that had to wait. */
  collisions: number;
  /** Waits that gave the CPU to others. */
  blocks: number;
  waitNs: number;
  holdNs: number;
}

export function noCounts(): LockCounters {
  return { acquisitions: 0, collisions: 0, blocks: 0, waitNs: 0, holdNs: 0 };
}

export interface Lock {
  readonly name: string;
  readonly counters: LockCounters;
  readonly holder: Thread | undefined;
  readonly kind: string;
  /** Held so far, the present hold included; ns. */
  readonly heldNs: number;

  /** One attempt of an operation; false to be asked again when the wait is over. */
  take(thread: Thread, cpu: Cpu): boolean;

  release(thread: Thread, cpu: Cpu): void;
}

/** Threads that wait in a circle for locks that the next one holds; undefined if there is none. */
export function findDeadlock(waits: ReadonlyMap<Thread, Lock>): Thread[] | undefined {
  for (const start of waits.keys()) {
    const path: Thread[] = [];
    let thread: Thread | undefined = start;
    while (thread !== undefined && !path.includes(thread)) {
      path.push(thread);
      thread = waits.get(thread)?.holder;
    }
    if (thread !== undefined) return path.slice(path.indexOf(thread));
  }
  return undefined;
}
