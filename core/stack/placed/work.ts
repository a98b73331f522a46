// A piece of protocol work, and how a thread does it: at once, then paying its bill line by line. Work that another thread is to do
// travels as a message, which is part of what it is about, so that sending allocates nothing.

import type { Packet } from '../../packet';
import { type Cpu, type Kernel, Message, type Operation, type Port, type Thread } from '../../kernel';
import type { Partition } from '../partition';
import type { TcpSocket } from '../tcp-socket';
import type { UdpSocket } from '../udp-socket';
import { Bill, NO_BUFFER } from './bill';
import type { PlacedStack } from './placed-stack';
import type { ProtocolThread } from './protocol-thread';
import type { Round } from './round';
import type { Gate } from './rounds';

/** Does a piece of work: changes state, charges the bill, puts effects on it. */
export type Step = (stack: PlacedStack, work: Work, bill: Bill) => void;

/** What a step works on. Which fields count is the step's business. */
export interface Work {
  step: Step;
  socket: TcpSocket | undefined;
  datagrams: UdpSocket | undefined;
  packet: Packet | undefined;
  partition: Partition | undefined;
  amount: number;
  detail: number;
  remotePort: number;
  /** A change that goes round all CPUs. */
  round: Round | undefined;
  /** Where the packet lies, on a machine whose caches are modelled. */
  buffer: number;
}

function nothing(): void {
  // No step is set yet.
}

/** Work of a thread's own. */
export class Errand implements Work {
  step: Step = nothing;
  socket: TcpSocket | undefined = undefined;
  datagrams: UdpSocket | undefined = undefined;
  packet: Packet | undefined = undefined;
  partition: Partition | undefined = undefined;
  amount = 0;
  detail = 0;
  remotePort = 0;
  round: Round | undefined = undefined;
  buffer = NO_BUFFER;
}

/** Work for another thread. */
export class WorkMessage extends Message implements Work {
  step: Step = nothing;
  socket: TcpSocket | undefined = undefined;
  datagrams: UdpSocket | undefined = undefined;
  packet: Packet | undefined = undefined;
  partition: Partition | undefined = undefined;
  amount = 0;
  detail = 0;
  remotePort = 0;
  round: Round | undefined = undefined;
  buffer = NO_BUFFER;
  /** Nobody waits for it: whoever has done it puts it back into the pool. */
  readonly isPooled: boolean;
  /** The step could not be done here: who has it passes it on. */
  forwardTo: Port | undefined = undefined;
  nextFree: WorkMessage | undefined = undefined;
  /** The protocol thread that takes it waits there until it is opened. */
  gate: Gate | undefined = undefined;

  constructor(kernel: Kernel, replyPort: Port, isPooled: boolean, priority = false) {
    super(kernel, replyPort, { priority });
    this.isPooled = isPooled;
  }
}

/** A datagram that its socket's buffer is to get, and where it lies. */
export interface Arrival {
  readonly socket: UdpSocket;
  readonly partition: Partition;
  readonly bytes: number;
  readonly buffer: number;
}

/** How a thread does work: one operation, which is asked again until the bill is paid and all its effects have happened. */
export class Runner implements Operation {
  readonly bill: Bill;
  /** What is still to be done when the step's holdings are released: sockets whose users are to be told something, and complete ones. */
  readonly deliveries: TcpSocket[] = [];
  readonly completions: TcpSocket[] = [];
  readonly arrivals: Arrival[] = [];
  /** Stage by stage: the socket whose segment TCP looks at, and what could be read of it before. */
  receiving: TcpSocket | undefined = undefined;
  readableBefore = 0;
  /** It works stage by stage: what the socket layer has to do waits until TCP and UDP are through with all of a cohort. */
  isStaged = false;
  /** The protocol thread that it works for. */
  thread: ProtocolThread | undefined = undefined;
  /** For what is not a message. */
  readonly errand = new Errand();
  /** The step may give its first holding back when it needs it no more; and it has come to that. */
  mayCut = false;
  isAtCut = false;
  private work: Work | undefined = undefined;
  /** Effects that are paid for; -1 before the step. */
  private paid = -1;

  constructor(readonly stack: PlacedStack) {
    this.bill = new Bill(stack.machine, stack.spent, stack.memory);
  }

  /** Whether the step has left something for when its holdings are released. */
  get hasMore(): boolean {
    return this.deliveries.length > 0 || this.completions.length > 0 || this.arrivals.length > 0;
  }

  /** What is to be done next; yield the runner then. */
  does(work: Work, mayCut = false): this {
    this.work = work;
    this.mayCut = mayCut;
    this.isAtCut = false;
    this.paid = -1;
    return this;
  }

  /** Pays what comes after the cut. */
  goesOn(): this {
    this.isAtCut = false;
    return this;
  }

  act(_thread: Thread, cpu: Cpu): boolean {
    const { bill } = this;
    if (this.paid < 0) {
      const work = this.work!;
      bill.begin(cpu.id, work.buffer);
      this.stack.enter(this);
      work.step(this.stack, work, bill);
      this.stack.leave(this);
    } else bill.apply(this.paid, cpu);
    this.paid += 1;
    cpu.charge(bill.nsBefore(this.paid));
    this.isAtCut = bill.isCut(this.paid);
    return this.isAtCut || this.paid >= bill.effects;
  }
}
