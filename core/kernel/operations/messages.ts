// Operations on messages (kernel.md §2.3), and what programs get wrong about them.

import { invariant } from '../../base';
import type { Cpu } from '../cpu';
import { EASYNC, type Message, MessageFlag } from '../message';
import type { Operation } from '../operation';
import { ThreadPort } from '../port/thread-port';
import type { Port } from '../port/port';
import type { Thread } from '../thread';

const { done, reply, queued, sync, dropable } = MessageFlag;

/** No such message: it was taken already. */
export const ENOENT = 2;

/** Whether `thread` can get to where `port` keeps its messages; it spins when it cannot. */
function reaches(cpu: Cpu, port: Port): boolean {
  const home = port.home();
  return home === undefined || cpu.ipis.hasRoomTo(home);
}

/** A message may be sent by who has it, when it is not under way. */
function checkSend(thread: Thread, message: Message): void {
  if (message.has(queued) || !message.has(done))
    thread.misuse(
      'it sends a message that it gave away before',
      'Wait for the reply (k.waitmsg) before sending it again',
    );
  if (message.holder !== undefined && message.holder !== thread)
    thread.misuse(
      `it sends a message that belongs to "${message.holder.name}"`,
      'Make a message of your own with k.newMessage()',
    );
}

/** Work on a message that was received is for who took it, until it is replied or forwarded. */
function checkTarget(thread: Thread, message: Message, verb: string): void {
  if (message.holder !== thread || message.has(queued | done | reply))
    thread.misuse(
      `it ${verb} a message that it does not have`,
      'Take it first: yield k.waitport(k.port), then use k.message',
      'K13.2',
    );
}

/** Puts a message on its way; EASYNC when the target keeps it. */
function begin(thread: Thread, cpu: Cpu, message: Message, port: Port): number {
  message.flags &= ~(reply | sync | done);
  message.port = port;
  message.holder = undefined;
  return port.put(cpu, message, thread);
}

/**
 * Sends a message that nobody waits for, in the middle of a step or from a handler: whoever takes it keeps it. When a ring on the way is
 * full, the CPU spins before its next step.
 */
export function post(cpu: Cpu, message: Message, port: Port): void {
  message.flags &= ~(reply | sync | done);
  message.port = port;
  message.holder = undefined;
  port.put(cpu, message, cpu.scheduler.current);
  if (cpu.kernel.faults?.strikes('put') === true) port.put(cpu, message, cpu.scheduler.current);
}

/** A message that was taken and that nobody waits for is free again. */
export function retire(message: Message): void {
  message.flags |= done;
  message.holder = undefined;
}

/** Asynchronously sends `thread.message` to `thread.target` (lwkt_sendmsg). */
export const SENDMSG: Operation = {
  act(thread, cpu) {
    const message = thread.message!;
    const port = thread.target!;
    checkSend(thread, message);
    if (!reaches(cpu, port) || !reaches(cpu, message.replyPort)) return false;
    const error = begin(thread, cpu, message, port);
    // The target was done at once: the reply is sent for it, so that the caller sees one interface.
    if (error !== EASYNC) {
      message.error = error;
      message.replyPort.reply(cpu, message);
    }
    return true;
  },
};

/** Sends `thread.message` to `thread.target` and waits for it; its error is in `thread.error` (lwkt_domsg). */
export const DOMSG: Operation = {
  act(thread, cpu) {
    const message = thread.message!;
    if (thread.stage === 1) return awaitMessage(thread, cpu, message);
    const port = thread.target!;
    checkSend(thread, message);
    if (!reaches(cpu, port)) return false;
    message.flags &= ~(reply | done);
    message.flags |= sync;
    message.port = port;
    message.holder = undefined;
    const error = port.put(cpu, message, thread);
    if (error !== EASYNC) {
      message.flags |= done | reply;
      message.error = error;
      message.holder = thread;
      thread.error = error;
      return true;
    }
    if (port instanceof ThreadPort && port.owner === thread)
      thread.misuse(
        'it waits for itself: it sends itself a synchronous message',
        'Send it with k.sendmsg, or call directly',
      );
    thread.stage = 1;
    return awaitMessage(thread, cpu, message);
  },
};

/** Waits for `thread.message`, which was sent before (lwkt_waitmsg). */
export const WAITMSG: Operation = {
  act(thread, cpu) {
    const message = thread.message!;
    if (message.has(dropable))
      thread.misuse('it waits for a message that its target may drop', 'Make it without { dropable: true }');
    return awaitMessage(thread, cpu, message);
  },
};

function awaitMessage(thread: Thread, cpu: Cpu, message: Message): boolean {
  if (!message.replyPort.mayTake(thread))
    thread.misuse(
      `it waits for a message whose reply goes to "${message.replyPort.name}"`,
      'Only the owner of the reply port can wait for it',
    );
  if (!message.has(done)) {
    message.replyPort.sleep(cpu, thread);
    return false;
  }
  invariant(!message.has(sync) || !message.has(queued), 'K13.3 the reply of a synchronous message was queued');
  if (message.has(queued)) message.replyPort.queue.remove(message);
  cpu.charge(message.line.read(cpu.id));
  cpu.kernel.trace?.messageTaken(cpu, message, thread);
  message.holder = thread;
  thread.error = message.error;
  return true;
}

/** Takes the next message of `thread.target` into `thread.message`; undefined if there is none (lwkt_getport). */
export const GETPORT: Operation = {
  act(thread, cpu) {
    take(thread, cpu);
    return true;
  },
};

/** Takes the next message of `thread.target`, waiting for one (lwkt_waitport). */
export const WAITPORT: Operation = {
  act(thread, cpu) {
    if (take(thread, cpu)) return true;
    thread.target!.sleep(cpu, thread);
    return false;
  },
};

function take(thread: Thread, cpu: Cpu): boolean {
  const port = thread.target!;
  if (!port.mayTake(thread))
    thread.misuse(`it takes messages from the port of "${port.name}"`, 'A thread takes from its own port: k.port');
  const message = port.get(cpu);
  thread.message = message;
  if (message === undefined) return false;
  cpu.kernel.trace?.messageTaken(cpu, message, thread);
  message.holder = thread;
  return true;
}

/** Gives `thread.message` back with `thread.amount` as its error (lwkt_replymsg). */
export const REPLYMSG: Operation = {
  act(thread, cpu) {
    const message = thread.message!;
    checkTarget(thread, message, 'replies to');
    if (!reaches(cpu, message.replyPort)) return false;
    message.error = thread.amount;
    message.holder = undefined;
    message.replyPort.reply(cpu, message);
    if (cpu.kernel.faults?.strikes('reply') === true) checkTarget(thread, message, 'replies to');
    return true;
  },
};

/** What a protocol thread does with a message, at once; EASYNC when it keeps it, else the error to reply with. */
export type MessageHandler = (cpu: Cpu, message: Message) => number;

/** Lets the handler in `thread.subject` work on `thread.message`, and replies if it is done with it. */
export const DISPATCH: Operation = {
  act(thread, cpu) {
    const message = thread.message!;
    checkTarget(thread, message, 'dispatches');
    if (!reaches(cpu, message.replyPort)) return false;
    message.holder = undefined;
    const error = (thread.subject as MessageHandler)(cpu, message);
    if (error === EASYNC) return true;
    message.error = error;
    message.replyPort.reply(cpu, message);
    return true;
  },
};

/** Passes `thread.message` on to `thread.target`; reply port and synchrony stay as they are (lwkt_forwardmsg). */
export const FORWARDMSG: Operation = {
  act(thread, cpu) {
    const message = thread.message!;
    const port = thread.target!;
    checkTarget(thread, message, 'forwards');
    if (!reaches(cpu, port) || !reaches(cpu, message.replyPort)) return false;
    message.port = port;
    message.holder = undefined;
    const error = port.put(cpu, message, thread);
    if (error !== EASYNC) {
      message.error = error;
      message.replyPort.reply(cpu, message);
    }
    return true;
  },
};

/** Asks the target of `thread.message` to give up, if it is not done (lwkt_abortmsg). The reply must still be awaited. */
export const ABORTMSG: Operation = {
  act(thread, cpu) {
    const message = thread.message!;
    if (message.has(done | reply) || message.abort === undefined) return true;
    message.port!.counters.aborts += 1;
    message.abort(cpu, message);
    return true;
  },
};

/** Takes a message back that waits, untouched, on `thread`'s own port; `thread.error` is ENOENT if it was taken (lwkt_dropmsg). */
export const DROPMSG: Operation = {
  act(thread, _cpu) {
    const message = thread.message!;
    const port = message.port;
    if (port?.mayTake(thread) !== true || !message.has(dropable))
      return thread.misuse(
        'it drops a message that it may not drop',
        'The owner of the port drops messages made with { dropable: true }',
      );
    thread.error = ENOENT;
    if (!message.has(queued) || message.has(done)) return true;
    port.queue.remove(message);
    port.counters.drops += 1;
    message.flags |= done;
    thread.error = 0;
    return true;
  },
};
