// The rules of the kernel, each with the line of code that upholds it and what would be there if somebody had forgotten it. A rule is
// worth something only if a test notices its absence (kernel.md §13, §14).

export interface Rule {
  /** What the kernel promises, and where that is written. */
  readonly rule: string;
  readonly file: string;
  readonly code: string;
  readonly without: string;
  /** A file of tests that notices; one each, for a run of them is most of what a rule costs. */
  readonly tests: string;
  /** The name of the one that does, or how it begins. */
  readonly only?: string;
}

const KERNEL = 'core/kernel';
const TOKENS = 'test/unit/kernel/tokens.test.ts';
const SCHEDULING = 'test/unit/kernel/scheduling.test.ts';
const INTERRUPTS = 'test/unit/kernel/interrupts.test.ts';
const LOCKS = 'test/unit/kernel/locks.test.ts';
const MESSAGES = 'test/unit/kernel/messages.test.ts';
const PREDICATES = 'test/unit/kernel/predicates.test.ts';
const IPI = 'test/unit/kernel/ipi.test.ts';
const IPI_CALLS = 'test/unit/kernel/ipi-calls.test.ts';
const USER_LAND = 'test/unit/kernel/user-land.test.ts';
const PROGRAMS = 'test/property/kernel-programs.test.ts';

export const RULES: readonly Rule[] = [
  {
    rule: '§14.1 a token is let go of when its thread blocks',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: 'this.kernel.tokens.dropAll(thread, this.cpu);',
    without: '',
    tests: TOKENS,
  },
  {
    rule: '§4.2 rule 1: all tokens or none before a thread runs',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: 'if (this.kernel.tokens.takeAll(thread, this.cpu)) return thread;',
    without: 'this.kernel.tokens.takeAll(thread, this.cpu); return thread;',
    tests: TOKENS,
  },
  {
    rule: '§4.2 rule 1: what was taken in vain is put back',
    file: `${KERNEL}/token/holdings.ts`,
    code: 'this.undo(thread, refs, i, cpu);',
    without: '',
    tests: TOKENS,
  },
  {
    rule: '§4.1 G3: nobody shares a token that somebody has alone',
    file: `${KERNEL}/token/g3-atomic-word.ts`,
    code: 'if (this.holder !== undefined || standsBack) return false;',
    without: 'if (standsBack) return false;',
    tests: TOKENS,
  },
  {
    rule: '§4.1 G3: nobody has a token alone that others share',
    file: `${KERNEL}/token/g3-atomic-word.ts`,
    code: 'if (this.holder !== undefined || this.sharers > 0) {',
    without: 'if (this.holder !== undefined) {',
    tests: TOKENS,
  },
  {
    rule: '§4.1 G3: who holds other tokens does not stand back for writers',
    file: `${KERNEL}/token/g3-atomic-word.ts`,
    code: 'const standsBack = this.isWanted && thread.tokens.length <= 1;',
    without: 'const standsBack = this.isWanted;',
    tests: TOKENS,
  },
  {
    rule: '§4.1 G1, G2: a token in use is not given away',
    file: `${KERNEL}/token/owned-token.ts`,
    code: 'if (user === undefined) return true;',
    without: 'if (user === undefined || user !== undefined) return true;',
    tests: PROGRAMS,
  },
  {
    rule: '§4.1 G2: a request that has to wait is served at the release',
    file: `${KERNEL}/token/g2-passive-request.ts`,
    code: 'this.handOver(cpu, next);',
    without: '',
    tests: TOKENS,
  },
  {
    rule: '§4.1 G1: a thread that gathers tokens takes them in one order after ten rounds',
    file: `${KERNEL}/thread.ts`,
    code: 'return this.failedRounds >= ROUNDS_MAX;',
    without: 'return false;',
    tests: PROGRAMS,
  },
  {
    rule: '§1.4 only what may preempt preempts',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: "(preemption === 'interrupt' && !target.mayPreempt)",
    without: 'false',
    tests: SCHEDULING,
  },
  {
    rule: '§1.4 nobody preempts a critical section',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: 'if (!isHigher || current.critical > 0 ||',
    without: 'if (!isHigher ||',
    tests: SCHEDULING,
  },
  {
    rule: '§1.4 nobody preempts who has the same priority or a higher one',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: 'if (!isHigher || current.critical > 0',
    without: 'if (current.critical > 0',
    tests: SCHEDULING,
  },
  {
    rule: '§14.2 a preempting thread goes back to its victim',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: 'this.current = victim;',
    without: 'this.current = undefined;',
    tests: SCHEDULING,
  },
  {
    rule: '§1.4 a thread that is preempted while it sends waits only when it is back',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: 'if (this.cpu.top !== thread) return;',
    without: '',
    tests: PROGRAMS,
  },
  {
    rule: '§1.5 interrupts wait for the end of a critical section',
    file: `${KERNEL}/cpu.ts`,
    code: 'return top === current && current.critical === 0;',
    without: 'return top === current;',
    tests: SCHEDULING,
  },
  {
    rule: '§1.5 nobody blocks inside a critical section',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: 'if (thread.critical > 0)\n      thread.misuse(',
    without: 'if (thread.critical < 0)\n      thread.misuse(',
    tests: MESSAGES,
  },
  {
    rule: '§1.2 equals take turns at each switch',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: "if (this.kernel.options.rotation === 'switch') this.runQueue.rotate(next);",
    without: '',
    tests: SCHEDULING,
  },
  {
    rule: '§1.6 a migrating thread is its new CPU’s only when it arrives there',
    file: `${KERNEL}/operations/running.ts`,
    code: 'thread.cpu = cpu;\n    thread.isMigrating = false;',
    without: 'thread.isMigrating = false;',
    tests: SCHEDULING,
  },
  {
    rule: '§1.7 the source stays masked until the thread has run',
    file: `${KERNEL}/interrupt-source.ts`,
    code: 'this.isMasked = true;',
    without: '',
    tests: INTERRUPTS,
  },
  {
    rule: '§1.7 more runs than the limit are livelock',
    file: `${KERNEL}/interrupt-source.ts`,
    code: 'this.isLivelocked = true;',
    without: '',
    tests: INTERRUPTS,
  },
  {
    rule: '§2.3 the reply of a synchronous message is not queued',
    file: `${KERNEL}/port/thread-port.ts`,
    code: 'if (!message.has(MessageFlag.sync)) this.enqueue(message);',
    without: 'this.enqueue(message);',
    tests: MESSAGES,
  },
  {
    rule: '§2.2 DONE is set on the originator’s CPU',
    file: `${KERNEL}/port/thread-port.ts`,
    code: 'message.flags |= MessageFlag.reply;',
    without: 'message.flags |= MessageFlag.reply | MessageFlag.done;',
    tests: MESSAGES,
  },
  {
    rule: '§2.3 a message follows an owner that has moved',
    file: `${KERNEL}/port/thread-port.ts`,
    code: 'if (port.owner.cpu !== cpu) return follow(cpu, port.owner, PUT, message);',
    without: '',
    tests: SCHEDULING,
  },
  {
    rule: '§2.3 a reply follows an owner that has moved',
    file: `${KERNEL}/port/thread-port.ts`,
    code: 'if (port.owner.cpu !== cpu) return follow(cpu, port.owner, REPLY, message);',
    without: '',
    tests: PROGRAMS,
  },
  {
    rule: '§2.1 messages with priority go first',
    file: `${KERNEL}/message-queue.ts`,
    code: 'return message.has(MessageFlag.priority) ? this.urgent : this.normal;',
    without: 'return this.normal;',
    tests: MESSAGES,
  },
  {
    rule: '§2.3 a message belongs to one party at a time',
    file: `${KERNEL}/operations/messages.ts`,
    code: 'if (message.holder !== thread || message.has(queued | done | reply))',
    without: 'if (message.has(queued | done | reply))',
    tests: MESSAGES,
  },
  {
    rule: '§2.4 a protocol thread’s message to itself is a call',
    file: `${KERNEL}/port/service-port.ts`,
    code: 'if (sender !== this.owner || !message.has(MessageFlag.sync)) return super.put(cpu, message, sender);',
    without: 'return super.put(cpu, message, sender);',
    tests: MESSAGES,
  },
  {
    rule: '§3 a predicate’s message is completed once',
    file: `${KERNEL}/predicate.ts`,
    code: 'this.waiting.splice(at, 1);\n        this.counters.replies += 1;',
    without: 'this.counters.replies += 1; at += 1;',
    tests: PREDICATES,
  },
  {
    rule: '§3 an abort after the reply does nothing',
    file: `${KERNEL}/predicate.ts`,
    code: 'if (at < 0) {',
    without: 'if (at < -1) {',
    tests: PREDICATES,
  },
  {
    rule: '§5 the interlock is let go of when the rings are empty',
    file: `${KERNEL}/interrupt-frame.ts`,
    code: 'if (this.readsRings) cpu.ipis.isPolled = false;',
    without: '',
    tests: MESSAGES,
  },
  {
    rule: '§5 who waits for room goes on when there is some',
    file: `${KERNEL}/ipi-ring.ts`,
    code: 'return this.length <= this.size / 4;',
    without: 'return false;',
    tests: IPI,
  },
  {
    rule: '§14.6 who spins on a full ring works on its own',
    file: `${KERNEL}/cpu.ts`,
    code: 'if (top.spin === Spin.draining) return this.kernel.options.drainsWhileSpinning;',
    without: 'if (top.spin === Spin.draining) return false;',
    tests: IPI,
  },
  {
    rule: '§5 a passive message sends no interrupt',
    file: `${KERNEL}/cpu-ipis.ts`,
    code: '    if (passive) {',
    without: '    if (passive && this.id < 0) {',
    tests: IPI_CALLS,
  },
  {
    rule: 'what was interrupted keeps the rest of its bill',
    file: `${KERNEL}/cpu.ts`,
    code: 'top.billNs = this.paidAt - engine.now;',
    without: 'top.billNs = 0;',
    tests: SCHEDULING,
  },
  {
    rule: '§4.3 a lock is passed on to who has waited longest',
    file: `${KERNEL}/lock/waiting-lock.ts`,
    code: 'this.passOn(cpu);',
    without: '',
    tests: LOCKS,
  },
  {
    rule: '§6.8 the big lock is let go of when its thread stops running',
    file: `${KERNEL}/token/holdings.ts`,
    code: 'if (thread.bigLocks > 0 && !victimKeeps) cpu.kernel.bigLock.release(cpu);',
    without: '',
    tests: LOCKS,
  },
  {
    rule: '§1.2 a process that blocks lets the next one into user mode',
    file: `${KERNEL}/cpu-scheduler.ts`,
    code: 'if (!thread.isQueued && thread.onBlock !== undefined) thread.onBlock(this.cpu);',
    without: '',
    tests: USER_LAND,
  },
];
