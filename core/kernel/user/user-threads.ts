// Lightweight threads in user-land (kernel.md §1.8): the same interface of threads, ports and messages, run by the process itself inside one
// kernel thread. A switch is a few registers and no system call. What one of them asks of the kernel, all of them wait for.

import type { Calls } from '../calls';
import type { Operation } from '../operation';

/** What a user-land thread asks its own scheduler for. */
export type UserRequest =
  | { readonly ask: 'yield' }
  | { readonly ask: 'send'; readonly to: UserThread; readonly payload: unknown }
  | { readonly ask: 'receive' };

/** Yields requests to the process's scheduler, or operations of the kernel. */
export type UserProgram = (self: UserThread) => Generator<UserRequest | Operation, void, void>;

export class UserThread {
  /** Messages that have come. */
  readonly inbox: unknown[] = [];
  /** What `receive` found. */
  received: unknown = undefined;
  isWaiting = false;
  readonly body: Generator<UserRequest | Operation, void, void>;

  constructor(
    readonly name: string,
    program: UserProgram,
  ) {
    this.body = program(this);
  }
}

const YIELD: UserRequest = { ask: 'yield' };
const RECEIVE: UserRequest = { ask: 'receive' };

export const userThreads = {
  yield: (): UserRequest => YIELD,
  receive: (): UserRequest => RECEIVE,
  send: (to: UserThread, payload: unknown): UserRequest => ({ ask: 'send', to, payload }),

  /** Runs threads until none is left that can run: yield* it from the program of the process. */
  *run(k: Calls, threads: readonly UserThread[]): Generator<Operation, { readonly switches: number }, void> {
    const { switchNs } = k.kernel.machine.profile;
    const ready = [...threads];
    let switches = 0;
    for (let thread = ready.shift(); thread !== undefined; thread = ready.shift()) {
      switches += 1;
      yield k.work(switchNs);
      yield* takeTurn(k, thread, ready);
    }
    return { switches };
  },
};

/** Lets one thread run until another one is to. */
function* takeTurn(k: Calls, thread: UserThread, ready: UserThread[]): Generator<Operation, void, void> {
  for (let next = thread.body.next(); next.done !== true; next = thread.body.next()) {
    const request = next.value;
    if (!('ask' in request)) {
      yield request;
      continue;
    }
    if (request.ask === 'send') yield k.work(k.kernel.machine.profile.sendNs);
    if (!grant(request, thread, ready)) return;
  }
}

/** Does what a thread asked for; false when another one is to run. */
function grant(request: UserRequest, thread: UserThread, ready: UserThread[]): boolean {
  switch (request.ask) {
    case 'send':
      deliver(request.to, request.payload, ready);
      return true;
    case 'receive':
      if (thread.inbox.length > 0) {
        thread.received = thread.inbox.shift();
        return true;
      }
      thread.isWaiting = true;
      return false;
    case 'yield':
      ready.push(thread);
      return false;
  }
}

function deliver(to: UserThread, payload: unknown, ready: UserThread[]): void {
  if (!to.isWaiting) {
    to.inbox.push(payload);
    return;
  }
  to.isWaiting = false;
  to.received = payload;
  ready.push(to);
}
