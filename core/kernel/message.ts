// A message: passed by pointer, owned by exactly one party at a time (kernel.md §2.1). It may be part of something
// larger (a packet, a connection), so that sending allocates nothing.

import { type CauseId, NO_CAUSE } from '../base';
import type { Line } from '../machine';
import type { Cpu } from './cpu';
import type { Kernel } from './kernel';
import type { Port } from './port/port';
import type { Thread } from './thread';

/** Flags of kernel.md §2.2; who sets which is said there and in the ports. */
export const MessageFlag = {
  done: 0x01,
  reply: 0x02,
  queued: 0x04,
  sync: 0x08,
  abortable: 0x20,
  dropable: 0x40,
  priority: 0x80,
} as const;

/** What a port's put returns when it keeps the message; any other value means that it is done already. */
export const EASYNC = -1;

export interface MessageWishes {
  /** Overtakes messages without it, in the order among its equals. */
  readonly priority?: boolean;
  /** May be taken back while it is queued. */
  readonly dropable?: boolean;
  /** Asks the target to give up; called on the originator's CPU. */
  readonly abort?: (cpu: Cpu, message: Message) => void;
  readonly payload?: unknown;
}

export class Message {
  flags: number = MessageFlag.done;
  error = 0;
  /** Where it was sent. */
  port: Port | undefined = undefined;
  next: Message | undefined = undefined;
  previous: Message | undefined = undefined;
  /** Who may touch it; undefined while a port or an IPI has it. */
  holder: Thread | undefined = undefined;
  /** The record of its putting or replying; while causes are recorded. */
  cause: CauseId = NO_CAUSE;
  payload: unknown;
  readonly abort: ((cpu: Cpu, message: Message) => void) | undefined;
  readonly line: Line;

  /** @param replyPort where it goes when its target has replied */
  constructor(
    kernel: Kernel,
    readonly replyPort: Port,
    { priority = false, dropable = false, abort, payload }: MessageWishes = {},
  ) {
    this.line = kernel.machine.line();
    this.payload = payload;
    this.abort = abort;
    if (priority) this.flags |= MessageFlag.priority;
    if (dropable) this.flags |= MessageFlag.dropable;
    if (abort !== undefined) this.flags |= MessageFlag.abortable;
  }

  has(flag: number): boolean {
    return (this.flags & flag) !== 0;
  }
}
