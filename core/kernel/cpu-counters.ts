// What a CPU counts (kernel.md §1.9, §2.6, §4.4, §5).

export interface CpuCounters {
  switches: number;
  /** Messages put on ports by what runs here. */
  messages: number;
  /** Device and timer interrupts; of these, such that came while none was allowed. */
  interrupts: number;
  interruptsDeferred: number;
  /** From their coming to the start of their handlers. */
  interruptDelayNs: number;
  /** Of threads, in critical sections. */
  criticalNs: number;
  preemptHit: number;
  preemptMiss: number;
  preemptWeird: number;
  ipiSent: number;
  /** Hardware interrupts among them. */
  ipiInterrupts: number;
  /** Messages for which none was sent, because the target was about to look. */
  ipiAvoided: number;
  ipiPassive: number;
  /** Times a sender had to wait for room. */
  ipiFifoFull: number;
  migrations: number;
  /** Threads on their way here. */
  migratingNs: number;
  /** Times that a thread here brought others to a standstill. */
  cpuSyncs: number;
  tokenCollisions: number;
  /** Waits of threads that ran here for tokens, and for other locks. */
  tokenWaitNs: number;
  lockWaitNs: number;
  handlerNs: number;
  idleNs: number;
  /** Idle though a thread could run, were a token or the big lock free. */
  contestedNs: number;
}

export function newCounters(): CpuCounters {
  return {
    switches: 0,
    messages: 0,
    interrupts: 0,
    interruptsDeferred: 0,
    interruptDelayNs: 0,
    criticalNs: 0,
    preemptHit: 0,
    preemptMiss: 0,
    preemptWeird: 0,
    ipiSent: 0,
    ipiInterrupts: 0,
    ipiAvoided: 0,
    ipiPassive: 0,
    ipiFifoFull: 0,
    migrations: 0,
    migratingNs: 0,
    cpuSyncs: 0,
    tokenCollisions: 0,
    tokenWaitNs: 0,
    lockWaitNs: 0,
    handlerNs: 0,
    idleNs: 0,
    contestedNs: 0,
  };
}
