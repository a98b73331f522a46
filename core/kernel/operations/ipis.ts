// Operations of programs on IPI rings (kernel.md §5): sending in all ways, waiting for one to be executed, and bringing CPUs to a
// standstill (cpusync).

import { nanos } from '../../base';
import type { Cpu } from '../cpu';
import type { CpuSync } from '../cpu-sync';
import type { CalledIpi } from '../ipi-call';
import type { Operation } from '../operation';
import type { Thread } from '../thread';
import { ENOENT } from './messages';

/** What `thread.subject` is while IPIs are sent. */
export interface IpiSending {
  readonly targets: readonly number[];
  readonly fn: CalledIpi;
  readonly way: 'normal' | 'passive' | 'nowait';
}

/**
 * Sends to each target in ascending order. `thread.error` is ENOENT if a `nowait` found a ring full; `thread.amount` is the sequence number of
 * the last one that was sent, for waiting.
 */
export const SEND_IPI: Operation = {
  act(thread, cpu) {
    const { targets, fn, way } = thread.subject as IpiSending;
    for (; thread.stage < targets.length; thread.stage += 1) {
      const target = cpu.kernel.cpus[targets[thread.stage]!];
      if (target === undefined)
        return thread.misuse(
          `it sends an IPI to CPU ${String(targets[thread.stage])}, which is not there`,
          `CPUs are 0 to ${String(cpu.kernel.cpus.length - 1)}`,
        );
      if (way === 'passive' && target === cpu)
        thread.misuse('it sends itself a passive IPI', 'Call the function, or send it in the normal way');
      thread.error = 0;
      if (way !== 'nowait') {
        if (!cpu.ipis.hasRoomTo(target)) return false;
      } else if (cpu.ipis.isNearlyFullTo(target)) {
        thread.error = ENOENT;
        return true;
      }
      cpu.ipis.send(target, fn, undefined, way === 'passive');
      thread.amount = target === cpu ? 0 : target.ipis.inbox[cpu.id]!.written;
    }
    return true;
  },
};

/** What `thread.subject` is while one is waited for. */
export interface IpiAwaiting {
  readonly target: number;
  readonly sequence: number;
}

/** Spins until the target has executed up to a sequence number, working on its own rings meanwhile (lwkt_wait_ipiq). */
export const WAIT_IPI: Operation = {
  act(thread, cpu) {
    const { target, sequence } = thread.subject as IpiAwaiting;
    const ring = cpu.kernel.cpus[target]?.ipis.inbox[cpu.id];
    if (ring === undefined || ring.executed >= sequence) return true;
    thread.beginWait();
    ring.awaited.push({ thread, sequence });
    cpu.ipis.spinDraining();
    return false;
  },
};

/** Brings the CPUs of the CpuSync in `thread.subject` to a standstill; over when all of them spin (lwkt_cpusync_interlock). */
export const INTERLOCK: Operation = {
  act(thread, cpu) {
    const sync = thread.subject as CpuSync;
    if (!sync.ask(thread, cpu)) return false;
    if (sync.arrived === sync.targets.length) return true;
    cpu.ipis.spinDraining();
    return false;
  },
};

/** Lets them run the function and go on; over when all have run it (lwkt_cpusync_deinterlock). */
export const DEINTERLOCK: Operation = {
  act(thread, cpu) {
    const sync = thread.subject as CpuSync;
    if (thread.stage === 0) {
      thread.stage = 1;
      sync.free(cpu);
    }
    if (sync.finished === sync.targets.length) {
      sync.end(thread);
      return true;
    }
    cpu.ipis.spinDraining();
    return false;
  },
};

/** Threads that wait for an IPI to be executed look again when they see the index move. */
export function tellAwaiting(
  from: Cpu,
  ring: { executed: number; awaited: { thread: Thread; sequence: number }[] },
): void {
  for (const { thread } of ring.awaited.filter(({ sequence }) => sequence <= ring.executed)) {
    const travelNs = from.kernel.machine.transferNs(from.id, thread.cpu.id);
    thread.endWaitAt(nanos(from.owedAt + Math.round(travelNs)));
  }
  ring.awaited = ring.awaited.filter(({ sequence }) => sequence > ring.executed);
}
