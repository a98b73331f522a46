// One direction between two CPUs: a ring that its writer fills and its reader drains, without locks (kernel.md §5).
// `read` moves before a function is called (its slot is free), `executed` after it returned.

import { type CauseId, NO_CAUSE, violated } from '../base';
import type { Line } from '../machine';
import type { Cpu } from './cpu';
import type { Thread } from './thread';

/** What an IPI message calls on its target. */
export interface IpiFunction {
  /**
   * Runs in a handler: it may not block, but may send further messages.
   * @returns false when it must wait for room in a ring; it is then called again
   */
  onIpi(cpu: Cpu, arg: unknown): boolean;
}

export class IpiRing {
  private readonly functions: (IpiFunction | undefined)[];
  private readonly args: unknown[];
  private readonly causes: CauseId[] = [];
  written = 0;
  read = 0;
  executed = 0;
  /** Threads of the writer that wait until an entry has been executed. */
  awaited: { thread: Thread; sequence: number }[] = [];
  /** CPUs that wait for room; only the writer can. */
  waiting: Cpu | undefined = undefined;

  /** @param line the slots, as one line that goes to and fro */
  constructor(
    readonly size: number,
    readonly line: Line,
  ) {
    this.functions = new Array<IpiFunction | undefined>(size).fill(undefined);
    this.args = new Array<unknown>(size).fill(undefined);
  }

  get length(): number {
    return this.written - this.read;
  }

  /** Above this the writer has to wait. */
  get isFull(): boolean {
    return this.length > this.size / 2;
  }

  /** Below this a waiting writer goes on. */
  get isRelaxed(): boolean {
    return this.length <= this.size / 4;
  }

  /** @param cause record of the sending; NO_CAUSE while none are written */
  push(fn: IpiFunction, arg: unknown, cause: CauseId): void {
    if (this.length >= this.size) violated(`K5 a ring of ${String(this.size)} entries takes another one`);
    const slot = this.written % this.size;
    this.functions[slot] = fn;
    this.args[slot] = arg;
    this.causes[slot] = cause;
    this.written += 1;
  }

  /** Takes the oldest entry: its function; argument and cause are in `lastArg` and `lastCause`. */
  take(): IpiFunction {
    const slot = this.read % this.size;
    const fn = this.functions[slot]!;
    this.lastArg = this.args[slot];
    this.lastCause = this.causes[slot]!;
    this.functions[slot] = undefined;
    this.args[slot] = undefined;
    this.read += 1;
    return fn;
  }

  lastArg: unknown = undefined;
  lastCause: CauseId = NO_CAUSE;
}
