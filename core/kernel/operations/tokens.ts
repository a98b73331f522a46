// Taking and releasing tokens (kernel.md §4). Who does not get one spins a while, then gives the CPU up with all that he
// holds; the scheduler runs him again when it can give him everything on his list.

import { NO_CAUSE, violated } from '../../base';
import type { Cpu } from '../cpu';
import { Spin } from '../frame';
import type { Operation } from '../operation';
import type { Thread } from '../thread';
import { inOrder, type Token } from '../token/token';

/** Most tokens that a thread may hold (LWKT_MAXTOKENS). */
const TOKENS_MAX = 32;
/** Pauses until a back-off that grows by half from one has reached its bound, over that bound: 1 + 2/3 + 4/9 + … */
const BACKOFF_ROUNDS = 3;

/** Takes the token in `thread.subject`, alone, or shared when `thread.amount` is 1 (lwkt_gettoken, lwkt_gettoken_shared). */
export const GETTOKEN: Operation = {
  act(thread, cpu) {
    const token = thread.subject as Token;
    if (thread.stage === 0) {
      checkTake(thread, token);
      thread.tokens.push({ token, shared: thread.amount === 1, isHeld: false, record: NO_CAUSE });
      if (token.isCritical) enterSection(thread, cpu);
    }
    const ref = thread.tokens.at(-1)!;
    if (token.wait === 'serve') {
      thread.stage = 1;
      return gather(thread, cpu);
    }
    if (thread.stage === 2) {
      if (!ref.isHeld) violated(`K4.2 thread ${thread.name} runs without token ${token.name}`);
      endWait(thread, cpu);
      return true;
    }
    if (token.tryTake(thread, cpu, ref.shared)) {
      ref.isHeld = true;
      thread.beginWait();
      endWait(thread, cpu);
      ref.record = cpu.kernel.trace?.holdBegins(thread, token) ?? NO_CAUSE;
      return true;
    }
    beginWait(thread, cpu, token);
    if (token.wait === 'switch') switchFor(thread, cpu);
    else spin(thread, cpu, token);
    return false;
  },
};

/** Gives the CPU up; the scheduler runs the thread again when it can have everything on its list. */
function switchFor(thread: Thread, cpu: Cpu): void {
  thread.stage = 2;
  thread.contested += 1;
  cpu.scheduler.switchAway(thread);
}

function enterSection(thread: Thread, cpu: Cpu): void {
  cpu.charge(cpu.kernel.machine.profile.criticalSectionNs / 2);
  thread.critical += 1;
}

function leaveSection(thread: Thread, cpu: Cpu): void {
  cpu.charge(cpu.kernel.machine.profile.criticalSectionNs / 2);
  thread.critical -= 1;
}

/**
 * Tries to have all tokens on the thread's list, and spins if that fails: serving IPIs meanwhile, its CPU may give away some that it
 * had (kernel.md §4.1 G1).
 * @returns whether it has them all; if not, it is asked again when something has come
 */
export function gather(thread: Thread, cpu: Cpu): boolean {
  thread.gathersFor?.arrive(cpu);
  thread.gathersFor = undefined;
  for (const ref of thread.insists ? inOrder(thread.tokens) : thread.tokens) {
    if (ref.isHeld) continue;
    if (ref.token.tryTake(thread, cpu, ref.shared)) {
      ref.isHeld = true;
      ref.record = cpu.kernel.trace?.holdBegins(thread, ref.token) ?? NO_CAUSE;
      continue;
    }
    thread.failedRounds += 1;
    thread.gathersFor = ref.token;
    thread.spin = Spin.draining;
    thread.beginWait();
    beginWait(thread, cpu, ref.token);
    ref.token.await(cpu, thread);
    for (const other of thread.tokens) other.token.offer(cpu);
    return false;
  }
  thread.failedRounds = 0;
  thread.beginWait();
  endWait(thread, cpu);
  return true;
}

function beginWait(thread: Thread, cpu: Cpu, token: Token): void {
  if (thread.waitsSince >= 0) return;
  thread.waitsSince = cpu.kernel.engine.now;
  cpu.kernel.trace?.waitBegins(thread, token);
}

function endWait(thread: Thread, cpu: Cpu): void {
  if (thread.waitsSince < 0) return;
  cpu.counters.tokenWaitNs += cpu.kernel.engine.now - thread.waitsSince;
  thread.waitsSince = -1;
  cpu.kernel.trace?.waitEnds(thread);
}

function spin(thread: Thread, cpu: Cpu, token: Token): void {
  const { machine, options, engine } = cpu.kernel;
  if (thread.stage === 0) {
    thread.stage = 1;
    thread.spinUntil = engine.now + BACKOFF_ROUNDS * options.tokenBackoffMax * machine.profile.pauseNs;
  }
  const leftNs = thread.spinUntil - engine.now;
  thread.beginWait();
  if (leftNs > 0) {
    token.await(cpu, thread);
    cpu.charge(leftNs);
    return;
  }
  switchFor(thread, cpu);
}

function checkTake(thread: Thread, token: Token): void {
  if (thread.tokens.length >= TOKENS_MAX) thread.misuse('it holds 32 tokens and takes another', 'Release some first');
  if (thread.amount === 0 && thread.tokens.some((ref) => ref.token === token && ref.shared))
    thread.misuse(
      `it holds token "${token.name}" shared and wants it alone`,
      'It would wait for itself: release it first, or take it alone from the start',
    );
}

/** Releases the token in `thread.subject`, which must be the last one taken (lwkt_reltoken). */
export const RELTOKEN: Operation = {
  act(thread, cpu) {
    const { faults } = cpu.kernel;
    const isSwapped = faults !== undefined && thread.tokens.length > 1 && faults.strikes('release');
    const token = isSwapped ? thread.tokens.at(-2)!.token : (thread.subject as Token);
    const ref = thread.tokens.at(-1);
    if (ref?.token !== token)
      return thread.misuse(
        `it releases token "${token.name}", but took "${ref?.token.name ?? 'none'}" last`,
        'Release tokens in the reverse order of taking',
        'K4.2',
      );
    thread.tokens.pop();
    if (token.isCritical) leaveSection(thread, cpu);
    cpu.kernel.trace?.end(ref.record);
    token.release(thread, cpu, ref.shared);
    return true;
  },
};
