// What a kernel does, as records of the cause log: who had which CPU and why, messages, IPIs, wake-ups, holds and waits. Exists
// only while causes are recorded; without it each place here costs one check.
//
// The engine's ambient cause belongs to one chain of events. A CPU has several such chains under way at once (a thread, the
// handler above it), so each frame keeps its own and lends it to the engine while it takes a step.

import { type CauseId, CauseKind, NO_CAUSE } from '../base';
import { type CauseLog, type Engine } from '../engine';
import type { Cpu } from './cpu';
import type { Frame } from './frame';
import type { Message } from './message';
import type { Port } from './port/port';
import type { Thread } from './thread';

/** What the numbers in the records stand for; one for all machines of a run. Grows while it runs. */
export interface TraceNames {
  readonly cpus: string[];
  readonly threads: string[];
  readonly ports: string[];
  /** Tokens and locks. */
  readonly syncs: string[];
}

/** What a token or lock is here. */
interface Named {
  readonly name: string;
}

/** What a handler record is about. */
export const HandlerKind = { ipis: 0, interrupt: 1 } as const;

export class KernelTrace {
  private readonly firstCpu: number;
  private readonly threads = new Map<Thread, number>();
  private readonly ports = new Map<Port, number>();
  private readonly syncs = new Map<Named, number>();

  /**
   * @param host stands before the names of what belongs to this machine
   * @param isOnlyOne machine of the run: its threads need no name of the machine's
   */
  constructor(
    private readonly engine: Engine,
    private readonly log: CauseLog,
    cpus: number,
    private readonly names: TraceNames,
    private readonly host: string,
    private readonly isOnlyOne: boolean,
  ) {
    this.firstCpu = names.cpus.length;
    for (let cpu = 0; cpu < cpus; cpu += 1) names.cpus.push(`${host} CPU ${String(cpu)}`);
  }

  // Frames and their causes

  /** A frame takes a step: what it does is caused by what it did before. */
  enter(frame: Frame): void {
    this.engine.cause = frame.cause;
    this.log.slice = frame.slice;
  }

  leave(frame: Frame): void {
    frame.cause = this.engine.cause;
    this.log.slice = NO_CAUSE;
  }

  runBegins(cpu: Cpu, thread: Thread): void {
    const parent = thread.wokenBy === NO_CAUSE ? thread.cause : thread.wokenBy;
    thread.wokenBy = NO_CAUSE;
    thread.slice = this.record(CauseKind.run, parent, cpu, this.indexOf(thread));
    thread.cause = thread.slice;
  }

  /** @param cause of a device's interrupt; undefined for a pass over the IPI rings */
  handlerBegins(cpu: Cpu, frame: Frame, cause: CauseId | undefined): void {
    const kind = cause === undefined ? HandlerKind.ipis : HandlerKind.interrupt;
    frame.slice = this.record(CauseKind.handler, cause ?? this.engine.cause, cpu, kind);
    frame.cause = frame.slice;
  }

  sliceEnds(frame: Frame): void {
    this.end(frame.slice);
    frame.slice = NO_CAUSE;
  }

  // What passes between threads and CPUs

  wake(cpu: Cpu, thread: Thread): void {
    thread.wokenBy = this.record(CauseKind.wake, this.engine.cause, cpu, this.indexOf(thread));
  }

  interruptRaised(cpu: Cpu, thread: Thread): void {
    this.engine.cause = this.record(CauseKind.interrupt, this.engine.cause, cpu, this.indexOf(thread));
  }

  ipiSent(cpu: Cpu, target: Cpu): CauseId {
    return this.record(CauseKind.ipi, this.engine.cause, cpu, this.firstCpu + target.id);
  }

  ipiTaken(cpu: Cpu, sent: CauseId): void {
    this.engine.cause = this.record(CauseKind.ipiTaken, sent, cpu, 0);
  }

  messagePut(cpu: Cpu, message: Message, port: Port): void {
    message.cause = this.record(CauseKind.messagePut, this.engine.cause, cpu, this.portOf(port));
  }

  messageReplied(cpu: Cpu, message: Message, port: Port): void {
    message.cause = this.record(CauseKind.messageReplied, this.engine.cause, cpu, this.portOf(port));
  }

  /** A thread has got a message, or the reply to one: from here on that is why it does things. */
  messageTaken(cpu: Cpu, message: Message, thread: Thread): void {
    this.engine.cause = this.record(CauseKind.messageTaken, message.cause, cpu, this.indexOf(thread));
  }

  // Tokens and locks

  waitBegins(thread: Thread, what: Named): void {
    if (thread.waitRecord !== NO_CAUSE) return;
    thread.waitRecord = this.recordSync(CauseKind.syncWait, this.engine.cause, what, thread);
  }

  waitEnds(thread: Thread): void {
    this.end(thread.waitRecord);
    thread.waitRecord = NO_CAUSE;
  }

  /** @returns the record to end when it is given back */
  holdBegins(thread: Thread | undefined, what: Named): CauseId {
    return this.recordSync(CauseKind.syncHold, this.engine.cause, what, thread);
  }

  end(record: CauseId): void {
    if (record !== NO_CAUSE) this.log.record(CauseKind.end, this.engine.now, this.engine.cause, record, 0);
  }

  private record(kind: CauseKind, parent: CauseId, cpu: Cpu, detail: number): CauseId {
    return this.log.record(kind, this.engine.now, parent, this.firstCpu + cpu.id, detail);
  }

  private recordSync(kind: CauseKind, parent: CauseId, what: Named, thread: Thread | undefined): CauseId {
    const index = numberOf(this.syncs, what, this.names.syncs, () => `${this.host} ${what.name}`);
    return this.log.record(kind, this.engine.now, parent, index, thread === undefined ? -1 : this.indexOf(thread));
  }

  private indexOf(thread: Thread): number {
    return numberOf(this.threads, thread, this.names.threads, () => this.qualified(thread.name));
  }

  private portOf(port: Port): number {
    return numberOf(this.ports, port, this.names.ports, () => this.qualified(port.name));
  }

  /** With the machine's name before it, when there are others. */
  private qualified(name: string): string {
    return this.isOnlyOne ? name : `${this.host} ${name}`;
  }
}

/** The number of a thing, given when it is first asked for. */
function numberOf<T>(known: Map<T, number>, thing: T, names: string[], nameOf: () => string): number {
  let index = known.get(thing);
  if (index === undefined) {
    index = names.push(nameOf()) - 1;
    known.set(thing, index);
  }
  return index;
}
