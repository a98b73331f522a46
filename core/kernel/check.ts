// What must hold of a kernel between any two events (kernel.md §13): for tests and for runs with --check.

import { invariant } from '../base';
import type { Cpu } from './cpu';
import type { Kernel } from './kernel';
import { MessageFlag } from './message';
import type { Token } from './token/token';

/** @throws InvariantError that names the rule, when one is broken */
export function checkKernel(kernel: Kernel): void {
  for (const cpu of kernel.cpus) {
    checkQueue(cpu);
    checkRings(cpu);
  }
  checkThreads(kernel);
  checkTokens(kernel);
  checkPorts(kernel);
}

/** Everybody on a run queue belongs to its CPU, and is there once; in the order of priorities. */
function checkQueue(cpu: Cpu): void {
  let count = 0;
  let before = Infinity;
  for (
    let thread = cpu.scheduler.runQueue.first();
    thread !== undefined;
    thread = cpu.scheduler.runQueue.after(thread)
  ) {
    count += 1;
    invariant(thread.cpu === cpu, `K13.1 ${thread.name} is on the run queue of CPU ${String(cpu.id)}, not its own`);
    invariant(thread.isQueued && !thread.isMigrating, `K13.1 ${thread.name} is on a run queue and does not know`);
    invariant(thread.priority <= before, `K1.2 ${thread.name} stands behind a lower priority`);
    before = thread.priority;
  }
  invariant(count === cpu.scheduler.runQueue.length, `K1.2 the run queue of CPU ${String(cpu.id)} has lost count`);
}

function checkRings(cpu: Cpu): void {
  invariant(
    !cpu.ipis.isForgotten,
    `K5 messages wait for CPU ${String(cpu.id)}, and the interrupt that was sent never comes`,
  );
  cpu.ipis.inbox.forEach((ring, from) => {
    if (ring === undefined) return;
    const { written, read, executed, size } = ring;
    invariant(
      executed <= read && read <= written && written - read <= size,
      `K5 the ring from CPU ${String(from)} to ${String(cpu.id)}: executed ${String(executed)}, read ${String(read)}, written ${String(written)}`,
    );
  });
}

function checkThreads({ threads }: Kernel): void {
  for (const thread of threads) {
    const { name, victim, isPreempted, isRunning } = thread;
    invariant(victim === undefined || victim.isPreempted, `K13.6 ${name} has a victim that is not preempted`);
    invariant(victim === undefined || victim.cpu === thread.cpu, `K13.6 ${name} has a victim on another CPU`);
    invariant(!isPreempted || isRunning, `K13.6 ${name} is preempted and not running`);
    invariant(!thread.isExited || !thread.isQueued, `K1.3 ${name} has ended and is on a run queue`);
    invariant(thread.critical >= 0 && thread.bigLocks >= 0, `K1.5 ${name} has left more sections than it entered`);
  }
}

/** Tokens are held by who runs, or was preempted while it ran; alone by one thread, or shared. */
function checkTokens({ threads }: Kernel): void {
  const alone = new Map<Token, string>();
  const shared = new Map<Token, string>();
  for (const { name, tokens, isRunning } of threads) {
    for (const ref of tokens) {
      if (!ref.isHeld) continue;
      invariant(isRunning, `K13.5 ${name} holds token ${ref.token.name} and does not run`);
      const holders = ref.shared && ref.token.wait === 'backoff' ? shared : alone;
      const other = alone.get(ref.token);
      invariant(
        holders === shared || other === undefined || other === name,
        `K4 token ${ref.token.name} is held by ${name} and ${other ?? ''}`,
      );
      holders.set(ref.token, name);
    }
  }
  for (const [token, name] of alone) {
    const reader = shared.get(token);
    invariant(
      reader === undefined || reader === name,
      `K4 token ${token.name} is ${name}'s alone and shared by ${reader ?? ''}`,
    );
  }
}

/** What is on a queue knows it, once, and is not both done and waiting for somebody else. */
function checkPorts({ threads, sharedPorts }: Kernel): void {
  const seen = new Set<unknown>();
  for (const { name, queue } of [...threads.map(({ port }) => port), ...sharedPorts]) {
    let count = 0;
    for (const message of queue) {
      count += 1;
      invariant(message.has(MessageFlag.queued), `K13.2 a message on port ${name} does not know that it is queued`);
      invariant(!seen.has(message), `K13.2 a message is on port ${name} and on another queue`);
      invariant(
        !message.has(MessageFlag.sync) || !message.has(MessageFlag.done),
        `K13.3 the reply of a synchronous message is queued on port ${name}`,
      );
      seen.add(message);
    }
    invariant(count === queue.length, `K2.1 port ${name} has lost count of its messages`);
  }
}
