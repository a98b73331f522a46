// Kernel programs that are written as data, as threads of a kernel: each step becomes what a program in TypeScript would yield.

import { type Nanos, nanos, NS_PER_SECOND } from '../base';
import { callAt, type Engine, Priority, type RandomStream, type Streams } from '../engine';
import {
  type Calls,
  InterruptSource,
  type Kernel,
  KernelProgramError,
  type Lock,
  type Message,
  MessageFlag,
  Mutex,
  type Operation,
  type Port,
  Serializer,
  SpinPort,
  Spinlock,
  type Thread,
  type Token,
} from '../kernel';
import type { Line } from '../machine';
import { copiesOf, type ResolvedInterrupt, type ResolvedProgram, type ResolvedStep } from '../scenario';
import { draw } from '../traffic';

/** Messages under way of a `send` that does not say how many. */
const OUTSTANDING = 16;
/** Times that a loop may go round without asking the kernel for anything. */
const IDLE_ROUNDS_MAX = 100_000;

const LOCKS = { mutex: Mutex, spinlock: Spinlock, serializer: Serializer } as const;

type Steps = readonly ResolvedStep[];
type Run = Generator<Operation, void, void>;

/** What the steps of one program's threads refer to by name. */
interface Parts {
  readonly threads: ReadonlyMap<string, readonly Thread[]>;
  readonly tokens: ReadonlyMap<string, Token>;
  readonly locks: ReadonlyMap<string, Lock>;
  readonly ports: ReadonlyMap<string, Port>;
  readonly lines: ReadonlyMap<string, Line>;
  readonly counters: Map<string, number>;
}

/** A program that runs. */
export interface BuiltProgram {
  readonly id: string;
  /** What its `count` steps counted, by name. */
  readonly counters: ReadonlyMap<string, number>;
}

export function buildProgram(program: ResolvedProgram, kernel: Kernel, streams: Streams): BuiltProgram {
  const threads = new Map<string, Thread[]>();
  const parts: Parts = {
    threads,
    tokens: new Map(program.tokens.map((name) => [name, kernel.token(name)])),
    locks: new Map(program.locks.map(({ id, kind }) => [id, new LOCKS[kind](kernel, id)])),
    ports: new Map(program.ports.map((name) => [name, new SpinPort(kernel, name)])),
    lines: new Map(program.lines.map((name) => [name, kernel.machine.line()])),
    counters: new Map(countersOf(program.threads.flatMap(({ steps }) => steps)).map((name) => [name, 0])),
  };
  const startAt = nanos(program.startNs);
  const spaces = new Map<string, symbol>();
  for (const thread of program.threads) {
    const copies = copiesOf(thread, kernel.cpus.length).map(({ name, cpu }, number) => {
      const random = streams.named(`program/${program.id}/${name}`);
      return kernel.create(name, (k) => new Runner(k, parts, number, random).run(thread.steps), {
        cpu,
        priority: thread.priority,
        mayPreempt: thread.preempts,
        bigLock: thread.giant,
        ...(thread.addressSpace === undefined ? {} : { addressSpace: spaceOf(spaces, thread.addressSpace) }),
      });
    });
    threads.set(thread.id, copies);
  }
  for (const copies of threads.values()) for (const thread of copies) kernel.launch(thread, startAt);
  for (const interrupt of program.interrupts) {
    const random = streams.named(`program/${program.id}/${interrupt.id}`);
    startInterrupt(interrupt, kernel, threads, random, startAt);
  }
  return { id: program.id, counters: parts.counters };
}

function spaceOf(spaces: Map<string, symbol>, name: string): symbol {
  const space = spaces.get(name) ?? Symbol(name);
  spaces.set(name, space);
  return space;
}

function countersOf(steps: Steps): string[] {
  return steps.flatMap((step) => (step.do === 'count' ? [step.as] : 'steps' in step ? countersOf(step.steps) : []));
}

/** A device that interrupts at random or regular times. */
function startInterrupt(
  { id, cpu, priority, process, perSecond, work, wakes, livelockLimit }: ResolvedInterrupt,
  kernel: Kernel,
  threads: ReadonlyMap<string, readonly Thread[]>,
  random: RandomStream,
  startAt: Nanos,
): void {
  const woken = wakes === undefined ? [] : threads.get(wakes)!;
  const source = new InterruptSource(
    kernel,
    id,
    (on) => {
      for (const thread of woken) kernel.schedule(thread, on);
      return draw(work, random, 0);
    },
    { cpu, priority, livelockLimit: livelockLimit ?? Infinity },
  );
  const meanNs = NS_PER_SECOND / perSecond;
  const { engine } = kernel;
  const next = (now: Nanos): void => {
    const gapNs = process === 'periodic' ? meanNs : random.exponential(meanNs);
    raiseAt(engine, nanos(now + Math.max(1, Math.round(gapNs))));
  };
  const raiseAt = (on: Engine, at: Nanos): void => {
    callAt(on, at, Priority.arrival, (now) => {
      source.raise();
      next(now);
    });
  };
  next(startAt);
}

/** One thread that goes through its steps. */
class Runner {
  /** The message that it has taken and neither replied nor passed on. */
  private held: Message | undefined = undefined;
  private call: Message | undefined = undefined;
  /** Messages of each `send`, used in turn. */
  private readonly rings = new Map<ResolvedStep, { readonly messages: Message[]; next: number }>();

  /** @param number of this copy among its thread's copies */
  constructor(
    private readonly k: Calls,
    private readonly parts: Parts,
    private readonly number: number,
    private readonly random: RandomStream,
  ) {}

  *run(steps: Steps): Run {
    for (const step of steps) yield* this.step(step);
  }

  private *step(step: ResolvedStep): Run {
    const { k, parts } = this;
    switch (step.do) {
      case 'work':
        yield k.work(draw(step.for, this.random, 0));
        break;
      case 'sleep':
        yield k.sleep(draw(step.for, this.random, 0));
        break;
      case 'yield':
        yield k.yield();
        break;
      case 'block':
        yield k.block();
        break;
      case 'wake':
        for (const thread of parts.threads.get(step.thread)!) yield k.schedule(thread);
        break;
      case 'repeat':
        yield* this.repeat(step.times ?? Infinity, step.steps);
        break;
      case 'perhaps':
        if (this.random.chance(step.probability)) yield* this.run(step.steps);
        break;
      case 'critical':
        yield k.crit_enter();
        yield* this.run(step.steps);
        yield k.crit_exit();
        break;
      case 'giant':
        yield k.get_mplock();
        yield* this.run(step.steps);
        yield k.rel_mplock();
        break;
      case 'call':
        this.call ??= k.newMessage();
        yield k.domsg(this.portOf(step.to), this.call);
        break;
      case 'send':
        yield* this.send(step);
        break;
      case 'receive':
        yield* this.receive(step.from === undefined ? k.port : parts.ports.get(step.from)!);
        break;
      case 'reply':
        yield k.replymsg(this.takeHeld('replies'));
        break;
      case 'forward':
        yield k.forwardmsg(this.portOf(step.to), this.takeHeld('forwards'));
        break;
      case 'take':
        yield* this.take(step.what, step.shared === true);
        break;
      case 'release':
        yield* this.release(step.what);
        break;
      case 'read':
        yield k.read(parts.lines.get(step.line)!);
        break;
      case 'write':
        yield k.write(parts.lines.get(step.line)!);
        break;
      case 'move':
        yield k.setcpu(step.cpu);
        break;
      case 'count':
        parts.counters.set(step.as, parts.counters.get(step.as)! + 1);
        break;
    }
  }

  private *repeat(times: number, steps: Steps): Run {
    let idleRounds = 0;
    for (let round = 0; round < times; round += 1) {
      const inner = this.run(steps);
      let asked = false;
      for (let next = inner.next(); next.done !== true; next = inner.next()) {
        asked = true;
        yield next.value;
      }
      idleRounds = asked ? 0 : idleRounds + 1;
      if (idleRounds > IDLE_ROUNDS_MAX && times === Infinity)
        this.reject(
          'it repeats steps for ever that ask for nothing',
          'Put a step into the loop that takes time: {"do": "work", "for": "1us"}',
        );
    }
  }

  private *send(step: Extract<ResolvedStep, { do: 'send' }>): Run {
    let ring = this.rings.get(step);
    if (ring === undefined) {
      const length = step.outstanding ?? OUTSTANDING;
      ring = { messages: Array.from({ length }, () => this.k.newMessage()), next: 0 };
      this.rings.set(step, ring);
    }
    const message = ring.messages[ring.next]!;
    ring.next = (ring.next + 1) % ring.messages.length;
    if (!message.has(MessageFlag.done) || message.has(MessageFlag.queued)) yield this.k.waitmsg(message);
    yield this.k.sendmsg(this.portOf(step.to), message);
  }

  /** Replies to messages that this thread sent come to its port too; they are nobody's request. */
  private *receive(port: Port): Run {
    if (this.held !== undefined)
      this.reject(
        'it receives while it still has a message that it has not replied to',
        'Put {"do": "reply"} or {"do": "forward", …} before the next {"do": "receive"}',
      );
    do {
      yield this.k.waitport(port);
      this.held = this.k.message;
    } while (this.held?.has(MessageFlag.done) === true);
  }

  private takeHeld(verb: string): Message {
    const { held } = this;
    if (held === undefined)
      return this.reject(`it ${verb} without having a message`, 'Put {"do": "receive"} before it');
    this.held = undefined;
    return held;
  }

  private *take(what: string, shared: boolean): Run {
    const token = this.parts.tokens.get(what);
    if (token === undefined) yield this.k.lock(this.parts.locks.get(what)!);
    else yield shared ? this.k.gettoken_shared(token) : this.k.gettoken(token);
  }

  private *release(what: string): Run {
    const token = this.parts.tokens.get(what);
    yield token === undefined ? this.k.unlock(this.parts.locks.get(what)!) : this.k.reltoken(token);
  }

  /** A port of the program, or that of a thread; of several copies the one with this thread's number. */
  private portOf(name: string): Port {
    const copies = this.parts.threads.get(name);
    return copies === undefined ? this.parts.ports.get(name)! : copies[this.number % copies.length]!.port;
  }

  private reject(problem: string, advice: string): never {
    throw new KernelProgramError(this.k.self.name, problem, advice);
  }
}
