// An event-driven application: one thread on a CPU that asks which of its connections are ready (kqueue), and does for each of them what
// one system call does without waiting. So servers of thousands of connections are written, and so was the benchmark that parallel
// stacks were compared with (Willmann, Rixner, Cox, USENIX 2006, §4).

import { nanos } from '../../base';
import { type EventTarget, Priority } from '../../engine';
import type { Body, Calls, Cpu, Operation, Thread, ThreadWishes } from '../../kernel';
import type { Region } from '../../machine';
import type { TcpSocket } from '../tcp-socket';
import type { Carrier } from './carrier';
import type { PlacedStack } from './placed-stack';
import { Stage } from './stage';
import { Runner, type Step } from './work';

/** Events that one call brings [M]. */
const EVENTS_MAX = 64;
/** struct kevent. */
const EVENT_BYTES = 32;
/** What looking at a socket's buffer for an event is of receiving from it [M]. */
const LOOK_SHARE = 0.25;

const NOT_FOR_THREADS: Operation = {
  act(thread) {
    return thread.misuse('it yields what only an event loop understands', 'Applications run in carriers');
  },
};

/** The program waits for an event. */
const WAITS: Operation = { ...NOT_FOR_THREADS };
/** It has made its call, and others come before it makes the next. */
export const TAKES_TURNS: Operation = { ...NOT_FOR_THREADS };

export class EventLoop {
  /** What both ends of the queue of events write. */
  readonly events: Region;
  private readonly ready: Task[] = [];
  private taken: Task[] = [];
  private readonly thread: Thread;
  private readonly runner: Runner;
  /** It sleeps until something is ready. */
  private isWaiting = true;

  constructor(
    private readonly stack: PlacedStack,
    wishes: ThreadWishes,
  ) {
    this.events = stack.machine.region('socket', 1);
    this.runner = new Runner(stack);
    this.thread = stack.kernel.create(`event loop ${String(wishes.cpu)}`, (k) => this.serve(k), wishes);
  }

  /** One more connection. */
  task(socket: TcpSocket, program: (k: Calls) => Body): Carrier {
    return new Task(this, socket, program);
  }

  get kernel(): PlacedStack['kernel'] {
    return this.stack.kernel;
  }

  get cpu(): Cpu {
    return this.thread.cpu;
  }

  /** @param from who tells; undefined: the engine */
  add(task: Task, from: Cpu | undefined): void {
    this.ready.push(task);
    if (!this.isWaiting) return;
    this.isWaiting = false;
    const { kernel } = this.stack;
    if (from === undefined) kernel.launch(this.thread, kernel.engine.now);
    else kernel.schedule(this.thread, from);
  }

  private *serve(k: Calls): Body {
    const errand = { ...this.runner.errand, step: this.takeEvents };
    for (;;) {
      while (this.ready.length === 0) {
        this.isWaiting = true;
        yield k.block();
      }
      this.taken = this.ready.splice(0, EVENTS_MAX);
      yield this.runner.does(errand);
      for (const task of this.taken) yield* this.advance(task, k);
    }
  }

  /** Carries one program on until it waits or has had its turn. */
  private *advance(task: Task, k: Calls): Body {
    const body = task.bodyIn(k);
    for (let step = body.next(); step.done !== true; step = body.next()) {
      if (step.value === WAITS) return;
      if (step.value === TAKES_TURNS) {
        this.ready.push(task);
        return;
      }
      yield step.value;
    }
  }

  private readonly takeEvents: Step = (stack, _work, bill) => {
    const { profile } = stack.machine;
    bill.work(Stage.systemCall, profile.syscallNs);
    bill.write(this.events);
    for (const { socket } of this.taken) {
      bill.work(Stage.socket, profile.socketReceiveNs * LOOK_SHARE);
      bill.read(socket.seat!.sockbuf);
    }
    bill.work(Stage.copy, this.taken.length * EVENT_BYTES * profile.copyNsPerByte);
  };
}

/** The program of one connection. */
class Task implements Carrier, EventTarget {
  readonly isShared = true;
  private body: Body | undefined = undefined;

  constructor(
    private readonly loop: EventLoop,
    readonly socket: TcpSocket,
    private readonly program: (k: Calls) => Body,
  ) {}

  bodyIn(k: Calls): Body {
    return (this.body ??= this.program(k));
  }

  begin(from: Cpu | undefined): void {
    this.loop.add(this, from);
  }

  wait(): Operation {
    return WAITS;
  }

  sleep(k: Calls, ns: number): Operation {
    this.loop.kernel.engine.schedule(nanos(k.now + Math.max(0, Math.round(ns))), Priority.timer, this, 0);
    return WAITS;
  }

  /** The clock of the loop's CPU says that the program has slept enough. */
  onEvent(): void {
    this.loop.cpu.interrupt(HAS_SLEPT, this);
  }

  wake(from: Cpu): void {
    this.loop.add(this, from);
  }
}

const HAS_SLEPT = {
  onIpi(cpu: Cpu, arg: unknown): boolean {
    (arg as Task).wake(cpu);
    return true;
  },
};
