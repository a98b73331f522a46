// Tokens, as threads and the scheduler see them (kernel.md §4). A token is held only while its thread runs: whoever
// blocks or switches lets go of all, and runs again only when all are his once more. So nobody waits while holding, and no order
// of taking can deadlock. How a token is handed over differs between its generations, one file each.

import type { CauseId } from '../../base';
import type { Cpu } from '../cpu';
import type { Thread } from '../thread';

export interface TokenCounters {
  /** Requests that were not granted at once. */
  collisions: number;
  acquisitions: number;
  /** Grants to another CPU than the last holder's. */
  handOffs: number;
  /** Times a switch took it from a thread that did not want to let go. */
  dropped: number;
  holdNs: number;
}

/**
 * How a thread waits that did not get one: it spins with growing pauses and then switches; it spins and serves its CPU's IPIs until
 * it has it; or it switches at once and leaves it to the scheduler.
 */
export type TokenWait = 'backoff' | 'serve' | 'switch';

export interface Token {
  readonly name: string;
  readonly wait: TokenWait;
  /** Whoever holds it is in a critical section. */
  readonly isCritical: boolean;
  /** Its place in the order in which threads take that have failed too often; its address, in the kernel. */
  readonly order: number;
  readonly counters: TokenCounters;
  /** Held alone so far, the present hold included; ns. */
  readonly heldNs: number;

  /** Tries to take it for `thread`; what that costs is added to the thread's bill. */
  tryTake(thread: Thread, cpu: Cpu, shared: boolean): boolean;

  /** Lets go of one hold of `thread`, and tells who waits. */
  release(thread: Thread, cpu: Cpu, shared: boolean): void;

  /** Takes back a `tryTake` of the same instant: nobody can have noticed it. */
  putBack(thread: Thread, shared: boolean): void;

  /** `cpu` will want it: asks for it if it is elsewhere and does not come by itself. */
  request(cpu: Cpu): void;

  /** Who spun for it on `cpu` looks now whether it has come. */
  arrive(cpu: Cpu): void;

  /** Its user begins to spin for another token on `cpu`: who asked before may have it now. */
  offer(cpu: Cpu): void;

  /** Nobody else gets it before `thread`, which waits for more of its tokens; forgotten when that one has had it. */
  keepFor(thread: Thread): void;

  /** `cpu` wants to know when it is worth trying again; `thread` spins for it, or is undefined when the CPU is idle. */
  await(cpu: Cpu, thread: Thread | undefined): void;
}

/** References by the place of their tokens in the common order. */
export function inOrder(refs: readonly TokenRef[]): TokenRef[] {
  return [...refs].sort((a, b) => a.token.order - b.token.order);
}

/** One entry of a thread's list. */
export interface TokenRef {
  readonly token: Token;
  readonly shared: boolean;
  /** False while the thread is off its CPU, or has asked and not got it. */
  isHeld: boolean;
  /** Of its being held; while causes are recorded. */
  record: CauseId;
}
