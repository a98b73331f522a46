// Operations on locks that are not tokens: the big lock, and those that tokens are compared with.

import type { Lock } from '../lock/lock';
import type { Operation } from '../operation';

/** Needs the big lock from now on (get_mplock). Who does not get it lets others run, who do not need it. */
export const GET_BIGLOCK: Operation = {
  act(thread, cpu) {
    if (thread.stage === 1) return true;
    thread.bigLocks += 1;
    const pay = (ns: number): void => {
      cpu.charge(ns);
    };
    if (thread.bigLocks > 1 || cpu.kernel.bigLock.tryTake(cpu, pay)) return true;
    thread.stage = 1;
    cpu.scheduler.switchAway(thread);
    return false;
  },
};

export const REL_BIGLOCK: Operation = {
  act(thread, cpu) {
    if (thread.bigLocks === 0)
      thread.misuse('it releases the big lock without having it', 'Pair each k.rel_mplock() with a k.get_mplock()');
    thread.bigLocks -= 1;
    const victimNeedsIt = thread.victim !== undefined && thread.victim.bigLocks > 0;
    if (thread.bigLocks === 0 && !victimNeedsIt) cpu.kernel.bigLock.release(cpu);
    return true;
  },
};

/** Takes the lock in `thread.subject`, waiting as that lock does. */
export const LOCK: Operation = {
  act(thread, cpu) {
    return (thread.subject as Lock).take(thread, cpu);
  },
};

export const UNLOCK: Operation = {
  act(thread, cpu) {
    (thread.subject as Lock).release(thread, cpu);
    return true;
  },
};
