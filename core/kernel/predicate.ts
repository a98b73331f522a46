// Predicate messages (kernel.md §3): a message asks the thread that owns some state to reply when a condition on it
// becomes true. Who waits needs neither a lock on that state nor a loop that looks again; who owns the state evaluates the
// predicate once when the message arrives and again at each wake-up of the queue, in the order of arrival.
//
// A predicate may have side effects when it is true (accept takes the first connection off its queue), so that k events
// satisfy exactly the first k waiters and nobody else is woken.

import { invariant } from '../base';
import type { Cpu } from './cpu';
import { EASYNC, Message, MessageFlag, type MessageWishes } from './message';
import type { Kernel } from './kernel';
import { ReplyOnlyPort } from './port/function-ports';
import type { Port } from './port/port';

/** The error of a wait that a signal ended. */
export const EINTR = 4;

/** A message that is neither a predicate nor an abort. */
const EOPNOTSUPP = 45;

/** What a predicate says: undefined while the condition does not hold, else the error to reply with, 0 for none. */
export type Predicate = (cpu: Cpu, message: PredicateMessage) => number | undefined;

export class PredicateMessage extends Message {
  /** @param predicate is evaluated by the owner of the state, on its CPU; it may not block */
  constructor(
    kernel: Kernel,
    replyPort: Port,
    readonly predicate: Predicate,
    wishes: MessageWishes = {},
  ) {
    super(kernel, replyPort, { abort: requestAbort, ...wishes });
  }
}

/** Asks the target of a predicate message to give it up; the request is never replied. */
export class AbortRequest extends Message {
  constructor(
    kernel: Kernel,
    readonly aborted: PredicateMessage,
  ) {
    super(kernel, new ReplyOnlyPort('abort'));
  }
}

/**
 * Sends the request the way of the message itself, so that it arrives after it. Between the reply at the target and its
 * arrival here the request finds nothing to abort; the original is completed once, whoever wins.
 */
function requestAbort(cpu: Cpu, message: Message): void {
  const request = new AbortRequest(cpu.kernel, message as PredicateMessage);
  request.flags &= ~MessageFlag.done;
  request.port = message.port;
  message.port!.put(cpu, request, undefined);
}

export interface PredicateCounters {
  evaluations: number;
  /** Messages replied because their predicate held. */
  replies: number;
  /** Aborts that came in time, and those whose message was replied already. */
  abortsWon: number;
  abortsLost: number;
  waitingMax: number;
}

/** The messages that wait on one piece of state; only its owner's thread calls in. */
export class PredicateQueue {
  readonly counters: PredicateCounters = { evaluations: 0, replies: 0, abortsWon: 0, abortsLost: 0, waitingMax: 0 };
  private readonly waiting: PredicateMessage[] = [];

  /** @param evaluateNs what looking at the state once costs */
  constructor(private readonly evaluateNs: number) {}

  get length(): number {
    return this.waiting.length;
  }

  /**
   * A predicate message has arrived.
   * @returns its error if the condition holds, else EASYNC: it is kept
   */
  arrive(cpu: Cpu, message: PredicateMessage): number {
    const error = this.evaluate(cpu, message);
    if (error !== undefined) {
      this.counters.replies += 1;
      return error;
    }
    this.waiting.push(message);
    this.counters.waitingMax = Math.max(this.counters.waitingMax, this.waiting.length);
    return EASYNC;
  }

  /** The state has changed: every predicate that waits is evaluated, in order; those that hold are replied. */
  wakeup(cpu: Cpu): void {
    for (let at = 0; at < this.waiting.length;) {
      const message = this.waiting[at]!;
      const error = this.evaluate(cpu, message);
      if (error === undefined) at += 1;
      else {
        this.waiting.splice(at, 1);
        this.counters.replies += 1;
        answer(cpu, message, error);
      }
    }
  }

  /**
   * A request to give up a message; it came through the same port, so the message has either been replied or waits here.
   */
  abort(cpu: Cpu, message: PredicateMessage): void {
    const at = this.waiting.indexOf(message);
    if (at < 0) {
      this.counters.abortsLost += 1;
      return;
    }
    this.waiting.splice(at, 1);
    this.counters.abortsWon += 1;
    answer(cpu, message, EINTR);
  }

  /** What a protocol thread does with the messages of this queue. */
  readonly handle = (cpu: Cpu, message: Message): number => {
    if (message instanceof PredicateMessage) return this.arrive(cpu, message);
    if (message instanceof AbortRequest) {
      this.abort(cpu, message.aborted);
      return 0;
    }
    return EOPNOTSUPP;
  };

  private evaluate(cpu: Cpu, message: PredicateMessage): number | undefined {
    this.counters.evaluations += 1;
    cpu.charge(this.evaluateNs);
    return message.predicate(cpu, message);
  }
}

function answer(cpu: Cpu, message: Message, error: number): void {
  invariant(!message.has(MessageFlag.done | MessageFlag.reply), 'K13.9 a predicate message is completed twice');
  message.error = error;
  message.replyPort.reply(cpu, message);
}
