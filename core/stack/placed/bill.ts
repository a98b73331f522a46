// What one protocol step owes, in order: so much time, then an effect that others may see, then more time, and so on. The step has
// changed its own state at its start; nobody sees that early, for whoever could holds on until all is paid (style.md §3.5).

import type { Cpu } from '../../kernel';
import type { Machine, Region } from '../../machine';
import type { SocketSeat } from './socket-seat';

/** What time is spent on; every nanosecond of a step is under one of these. */
export const STAGES = ['system call', 'copy', 'socket', 'tcp', 'udp', 'ip', 'driver', 'checksum', 'memory'] as const;
export type Stage = (typeof STAGES)[number];

/** Something that others notice, done when everything before it is paid. */
export type Effect = (cpu: Cpu, subject: never, detail: never) => void;

interface Line {
  ns: number;
  effect: Effect;
  subject: unknown;
  detail: unknown;
}

export class Bill {
  /** The CPU that the step runs on. */
  cpu = 0;
  /** Owed since the last effect. */
  private owedNs = 0;
  private readonly lines: Line[] = [];
  private length = 0;
  /** The effect at which a holding is given back before the others; -1 for none. */
  private cutAt = -1;

  /** @param spent sums over all steps, by stage; ns */
  constructor(
    private readonly machine: Machine,
    private readonly spent: Record<Stage, number>,
  ) {}

  work(stage: Stage, ns: number): void {
    this.owedNs += ns;
    this.spent[stage] += ns;
  }

  read(region: Region, lines?: number): void {
    this.work('memory', region.read(this.cpu, lines));
  }

  write(region: Region, lines?: number): void {
    this.work('memory', region.write(this.cpu, lines));
  }

  /** The control block of a connection is worked on. */
  useConnection({ pcb, pcbFixed }: SocketSeat): void {
    this.read(pcbFixed);
    this.write(pcb);
  }

  /** Memory that a device has just written is used for the first time. */
  readFresh(kind: 'header' | 'ring', lines: number): void {
    if (lines === 0) return;
    this.machine.countFills(kind, lines);
    this.work('memory', lines * this.machine.profile.dramNs);
  }

  /** Memory that `from` has read before is read here. */
  readFrom(from: number, lines: number): void {
    if (from === this.cpu) return;
    this.machine.countTransfers('header', lines);
    this.work('memory', lines * this.machine.transferNs(from, this.cpu));
  }

  /** Lets `effect` happen when everything so far is paid. */
  then<Subject, Detail>(
    effect: (cpu: Cpu, subject: Subject, detail: Detail) => void,
    subject: Subject,
    detail: Detail,
  ): void {
    const line = (this.lines[this.length] ??= { ns: 0, effect, subject, detail });
    line.ns = this.owedNs;
    line.effect = effect;
    line.subject = subject;
    line.detail = detail;
    this.length += 1;
    this.owedNs = 0;
  }

  /** When everything so far is paid, what does not need to be held any more is given back; once a step, later calls do nothing. */
  cut(): void {
    if (this.cutAt >= 0) return;
    this.cutAt = this.length;
    this.then(nothing, undefined, undefined);
  }

  isCut(index: number): boolean {
    return index === this.cutAt;
  }

  /** What is owed before the effect with this number; after the last one, what is left. */
  nsBefore(index: number): number {
    return index < this.length ? this.lines[index]!.ns : this.owedNs;
  }

  get effects(): number {
    return this.length;
  }

  apply(index: number, cpu: Cpu): void {
    const { effect, subject, detail } = this.lines[index]!;
    effect(cpu, subject as never, detail as never);
  }

  clear(): void {
    this.cutAt = -1;
    this.length = 0;
    this.owedNs = 0;
  }
}

function nothing(): void {
  // A cut has no effect of its own.
}
