// What the scheduler does with the tokens of the threads that it stops and starts (kernel.md §4.2 rules 1 and 3).

import { violated } from '../../base';
import type { Cpu } from '../cpu';
import type { Thread } from '../thread';
import { inOrder, type TokenRef } from './token';

export class Holdings {
  /** Before `thread` runs: the big lock if it needs that, and all of its tokens, or nothing. */
  takeAll(thread: Thread, cpu: Cpu): boolean {
    const { billNs } = thread;
    if (this.takeBigLock(thread, cpu)) {
      if (this.takeTokens(thread, cpu)) return true;
      if (thread.bigLocks > 0) cpu.kernel.bigLock.release(cpu);
    }
    // The scheduler has tried in vain; that is not the thread's to pay.
    thread.billNs = billNs;
    return false;
  }

  private takeBigLock(thread: Thread, cpu: Cpu): boolean {
    if (thread.bigLocks === 0) return true;
    return cpu.kernel.bigLock.tryTake(cpu, (ns) => {
      thread.billNs += ns;
    });
  }

  private takeTokens(thread: Thread, cpu: Cpu): boolean {
    const { tokens } = thread;
    if (tokens.length === 0) return true;
    if (tokens[0]!.token.wait === 'serve') {
      // The thread sees to them itself, and spins until it has them.
      thread.mustGather = true;
      thread.critical += tokens.length;
      return true;
    }
    const refs = thread.insists ? inOrder(tokens) : tokens;
    for (let i = 0; i < refs.length; i += 1) {
      const ref = refs[i]!;
      if (ref.isHeld) violated(`K4.2 thread ${thread.name} kept token ${ref.token.name} while it did not run`);
      if (ref.token.tryTake(thread, cpu, ref.shared)) {
        ref.isHeld = true;
        continue;
      }
      ref.token.await(cpu, undefined);
      this.undo(thread, refs, i, cpu);
      if (!thread.insists) for (const other of refs.slice(i + 1)) other.token.request(cpu);
      thread.failedRounds += 1;
      return false;
    }
    thread.failedRounds = 0;
    const { trace } = cpu.kernel;
    if (trace !== undefined) for (const ref of refs) ref.record = trace.holdBegins(thread, ref.token);
    return true;
  }

  private undo(thread: Thread, refs: readonly TokenRef[], count: number, cpu: Cpu): void {
    for (let i = count - 1; i >= 0; i -= 1) {
      const ref = refs[i]!;
      ref.isHeld = false;
      ref.token.putBack(thread, ref.shared);
    }
    for (const { token } of refs.slice(0, count)) {
      if (thread.insists) token.keepFor(thread);
      else token.offer(cpu);
    }
  }

  /** When `thread` stops running: every one that it holds, the last taken first. */
  dropAll(thread: Thread, cpu: Cpu): void {
    const { faults } = cpu.kernel;
    if (faults !== undefined && thread.tokens.some(({ isHeld }) => isHeld) && faults.strikes('drop')) return;
    for (let i = thread.tokens.length - 1; i >= 0; i -= 1) {
      const ref = thread.tokens[i]!;
      if (!ref.isHeld) continue;
      ref.isHeld = false;
      ref.token.counters.dropped += 1;
      if (ref.token.isCritical) thread.critical -= 1;
      cpu.kernel.trace?.end(ref.record);
      ref.token.release(thread, cpu, ref.shared);
    }
    // A victim keeps the lock that its preemptor shares with it.
    const victimKeeps = thread.victim !== undefined && thread.victim.bigLocks > 0;
    if (thread.bigLocks > 0 && !victimKeeps) cpu.kernel.bigLock.release(cpu);
  }
}
