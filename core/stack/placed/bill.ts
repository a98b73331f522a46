// What one protocol step owes, in order: so much time, then an effect that others may see, then more time, and so on. The step has
// changed its own state at its start; nobody sees that early, for whoever could holds on until all is paid (style.md §3.5).

import type { Cpu } from '../../kernel';
import type { Machine, Region } from '../../machine';
import type { SocketSeat } from './socket-seat';
import { Stage, type StageTimes } from './stage';
import type { CodeStage } from './stage-footprints';
import type { MissStage, StageMemory } from './stage-memory';

/** No packet is looked at. */
export const NO_BUFFER = -1;

/** The code that a stage runs through, if it has code of its own. */
const CODE: Readonly<Partial<Record<Stage, CodeStage>>> = {
  [Stage.driver]: 'driver',
  [Stage.ip]: 'ip',
  [Stage.tcp]: 'tcp',
  [Stage.socket]: 'socket',
  [Stage.udp]: 'udp',
};
/** What calls IP: that it has run through its code for what came in counts for the first packet that goes out. */
const CALLERS = bitOf(Stage.tcp) | bitOf(Stage.udp);

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
  /** The packet that is worked on; where it lies. */
  private buffer = NO_BUFFER;
  /** Stages whose code has been run through for it, and the one that runs. */
  private ran = 0;
  private code: MissStage = 'socket';
  private hasSent = false;

  /**
   * @param spent sums over all steps
   * @param memory undefined where caches are not modelled
   */
  constructor(
    private readonly machine: Machine,
    private readonly spent: StageTimes,
    private readonly memory: StageMemory | undefined,
  ) {}

  /** Work of a stage, which runs through its code. */
  work(stage: Stage, ns: number): void {
    this.workWithin(stage, ns);
    if (this.memory !== undefined) this.enter(this.memory, stage);
  }

  /** A piece of a stage's work that is done within another, and is part of its code. */
  workWithin(stage: Stage, ns: number): void {
    this.owedNs += ns;
    this.spent.add(stage, ns);
  }

  private enter(memory: StageMemory, stage: Stage): void {
    const code = CODE[stage];
    if (code === undefined) return;
    this.code = code;
    if ((this.ran & bitOf(stage)) !== 0) return;
    this.ran |= bitOf(stage);
    this.workWithin(Stage.code, memory.run(this.cpu, code));
    if (this.buffer !== NO_BUFFER) this.workWithin(Stage.memory, memory.usePacket(this.cpu, code, this.buffer));
  }

  /** From now on this packet is worked on: its stages run through their code again. */
  turnTo(buffer: number): void {
    this.buffer = buffer;
    this.ran = 0;
  }

  get packetBuffer(): number {
    return this.buffer;
  }

  /** A packet to send is built; the first one of a step is still within what led to it. */
  build(): void {
    const { memory } = this;
    if (memory === undefined) return;
    const { ran } = this;
    this.turnTo(memory.nextSendBuffer(this.cpu));
    if (!this.hasSent) this.ran = ran & CALLERS;
    this.hasSent = true;
  }

  /** A frame has been written by a device; where it lies. */
  takeBuffer(): number {
    if (this.memory === undefined) return NO_BUFFER;
    this.buffer = this.memory.nextBuffer();
    return this.buffer;
  }

  read(region: Region, lines = region.lines): void {
    this.use(region, lines, region.read(this.cpu, lines));
  }

  write(region: Region, lines = region.lines): void {
    this.use(region, lines, region.write(this.cpu, lines));
  }

  private use(region: Region, lines: number, ns: number): void {
    // Most of all that is charged, and nearly always nothing.
    if (ns > 0) this.workWithin(Stage.memory, ns);
    if (this.memory === undefined) return;
    this.workWithin(Stage.memory, this.memory.useRegion(this.cpu, this.code, region, lines, ns));
  }

  /** So many bytes are copied, which the caches take notice of. */
  copies(bytes: number): void {
    this.memory?.copy(this.cpu, bytes);
  }

  /** The control block of a connection is worked on. */
  useConnection({ pcb, pcbFixed }: SocketSeat): void {
    this.read(pcbFixed);
    this.write(pcb);
  }

  /** Memory that a device has just written is used for the first time. */
  readFresh(kind: 'header' | 'ring', lines: number): void {
    if (lines === 0) return;
    this.machine.misses[kind].fills += lines;
    this.workWithin(Stage.memory, lines * this.machine.profile.dramNs);
    if (kind === 'header' && this.buffer !== NO_BUFFER) this.memory!.bring(this.cpu, 'driver', this.buffer, lines);
  }

  /** Memory that `from` has read before is read here. */
  readFrom(from: number, lines: number): void {
    if (from === this.cpu) return;
    this.machine.misses.header.transfers += lines;
    this.workWithin(Stage.memory, lines * this.machine.transferNs(from, this.cpu));
    if (this.buffer !== NO_BUFFER) this.memory!.bring(this.cpu, 'ip', this.buffer, lines);
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

  /** Begins the bill of a step on a CPU. @param buffer the packet that it works on */
  begin(cpu: number, buffer: number): void {
    this.cpu = cpu;
    this.cutAt = -1;
    this.length = 0;
    this.owedNs = 0;
    if (this.memory === undefined) return;
    this.turnTo(buffer);
    this.hasSent = false;
  }
}

function bitOf(stage: Stage): number {
  return 1 << stage;
}

function nothing(): void {
  // A cut has no effect of its own.
}
