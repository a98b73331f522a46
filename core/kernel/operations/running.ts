// Operations of a thread on its own time and place: work, sleep, yield, critical sections, migration.

import { type Nanos, nanos } from '../../base';
import { type EventTarget, Priority } from '../../engine';
import type { Line } from '../../machine';
import type { Cpu } from '../cpu';
import type { IpiFunction } from '../ipi-ring';
import type { Operation } from '../operation';
import type { Thread } from '../thread';

/** Computes for `thread.amount` ns. */
export const WORK: Operation = {
  act(thread, cpu) {
    cpu.charge(thread.amount);
    return true;
  },
};

/** Loads the line in `thread.subject`. */
export const READ_LINE: Operation = {
  act(thread, cpu) {
    cpu.charge((thread.subject as Line).read(cpu.id));
    return true;
  },
};

/** Stores to the line in `thread.subject`. */
export const WRITE_LINE: Operation = {
  act(thread, cpu) {
    cpu.charge((thread.subject as Line).write(cpu.id));
    return true;
  },
};

/** Lets equals run first (lwkt_yield). */
export const YIELD: Operation = {
  act(thread, cpu) {
    if (thread.stage === 1) return true;
    thread.stage = 1;
    cpu.scheduler.runQueue.rotate(thread);
    cpu.scheduler.switchAway(thread);
    return false;
  },
};

/** Yields only if somebody who should run first has come (lwkt_yield_quick). */
export const YIELD_QUICK: Operation = {
  act(thread, cpu) {
    if (thread.stage === 1 || !cpu.scheduler.wantsReschedule) return true;
    thread.stage = 1;
    cpu.scheduler.switchAway(thread);
    return false;
  },
};

/** Waits until somebody schedules this thread (lwkt_deschedule_self and lwkt_switch). */
export const BLOCK: Operation = {
  act(thread, cpu) {
    if (thread.stage === 1) return true;
    thread.stage = 1;
    cpu.scheduler.block(thread);
    return false;
  },
};

/** Schedules the thread in `thread.subject`, wherever it is; a message to its CPU if that is another one. */
export const SCHEDULE: Operation = {
  act(thread, cpu) {
    const other = thread.subject as Thread;
    if (!cpu.ipis.hasRoomTo(other.cpu)) return false;
    cpu.ipis.send(other.cpu, WAKE, other);
    return true;
  },
};

/** Wakes a thread; follows it if it has moved meanwhile (kernel.md §1.3). */
export const WAKE: IpiFunction = {
  onIpi(cpu, arg) {
    const thread = arg as Thread;
    if (thread.cpu === cpu) {
      cpu.scheduler.enqueue(thread);
      return true;
    }
    cpu.ipis.send(thread.cpu, WAKE, thread);
    return true;
  },
};

/** Takes the thread in `thread.subject` off its run queue, wherever it is: it goes on until it switches, and then waits. */
export const DESCHEDULE: Operation = {
  act(thread, cpu) {
    const other = thread.subject as Thread;
    if (!cpu.ipis.hasRoomTo(other.cpu)) return false;
    cpu.ipis.send(other.cpu, UNQUEUE, other);
    return true;
  },
};

const UNQUEUE: IpiFunction = {
  onIpi(cpu, arg) {
    const thread = arg as Thread;
    if (thread.cpu === cpu) cpu.scheduler.dequeue(thread);
    else cpu.ipis.send(thread.cpu, UNQUEUE, thread);
    return true;
  },
};

/** Gives the waiting thread in `thread.subject` away: whoever acquires it has it (lwkt_giveaway). */
export const GIVE_AWAY: Operation = {
  act(thread, cpu) {
    const other = thread.subject as Thread;
    if (other.cpu !== cpu || other.isQueued || other === thread)
      thread.misuse(
        `it gives "${other.name}" away, which ${other.cpu === cpu ? 'wants to run' : 'belongs to another CPU'}`,
        'Only the owner’s CPU gives a thread away, and only one that waits',
      );
    other.isMigrating = true;
    return true;
  },
};

/** Takes over a thread that was given away, spinning until it is off its old CPU for good (lwkt_acquire). */
export const ACQUIRE: Operation = {
  act(thread, cpu) {
    const other = thread.subject as Thread;
    if (!other.isMigrating)
      thread.misuse(`it acquires "${other.name}", which nobody gave away`, 'Call k.giveaway on its own CPU first');
    if (other.isRunning || other.isPreempted) {
      cpu.charge(cpu.kernel.machine.profile.pauseNs);
      return false;
    }
    cpu.charge(cpu.kernel.machine.transferNs(other.cpu.id, cpu.id));
    other.noteCpuTime();
    other.cpu = cpu;
    other.isMigrating = false;
    return true;
  },
};

/** The timer of a sleeping thread. */
class Alarm implements EventTarget {
  hasFired = false;

  constructor(private readonly thread: Thread) {}

  onEvent(_now: Nanos, _arg: number): void {
    this.hasFired = true;
    this.thread.cpu.interrupt(WAKE, this.thread);
  }
}

/** Sleeps for `thread.amount` ns (tsleep). */
export const SLEEP: Operation = {
  act(thread, cpu) {
    if (thread.stage === 0) {
      thread.stage = 1;
      const alarm = new Alarm(thread);
      thread.subject = alarm;
      cpu.kernel.engine.schedule(nanos(cpu.owedAt + Math.round(thread.amount)), Priority.timer, alarm, thread.id);
    } else if ((thread.subject as Alarm).hasFired) return true;
    cpu.scheduler.block(thread);
    return false;
  },
};

export const CRIT_ENTER: Operation = {
  act(thread, cpu) {
    cpu.charge(cpu.kernel.machine.profile.criticalSectionNs / 2);
    thread.critical += 1;
    return true;
  },
};

/** Leaves a critical section; what was deferred is run when the last one is left (splz). */
export const CRIT_EXIT: Operation = {
  act(thread, cpu) {
    if (thread.critical === 0)
      thread.misuse('it leaves a critical section that it is not in', 'Pair each k.crit_exit() with a k.crit_enter()');
    cpu.charge(cpu.kernel.machine.profile.criticalSectionNs / 2);
    thread.critical -= 1;
    return true;
  },
};

/** Has priority `thread.amount` from now on (lwkt_setpri_self); whoever should run instead waits for a reschedule point. */
export const SET_PRIORITY: Operation = {
  act(thread, cpu) {
    const wasQueued = thread.isQueued;
    if (wasQueued) cpu.scheduler.dequeue(thread);
    thread.priority = thread.amount;
    if (wasQueued) cpu.scheduler.requeue(thread);
    return true;
  },
};

/** Goes to the CPU in `thread.destination` (lwkt_setcpu_self). */
export const SET_CPU: Operation = {
  act(thread, cpu) {
    if (thread.stage === 1 || thread.destination === cpu) return true;
    thread.stage = 1;
    cpu.scheduler.emigrate(thread);
    return false;
  },
};

/** A migrating thread arrives: from now on it belongs here. */
export const IMMIGRATE: IpiFunction = {
  onIpi(cpu: Cpu, arg) {
    const thread = arg as Thread;
    thread.cpu = cpu;
    thread.isMigrating = false;
    cpu.counters.migratingNs += cpu.kernel.engine.now - thread.migratesSince;
    cpu.scheduler.enqueue(thread);
    return true;
  },
};
