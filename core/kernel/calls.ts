// What a kernel program can say. A program is a generator function; it yields what it asks for and goes on when that is
// done:
//
//   function* producer(k) {
//     const message = k.newMessage();
//     for (let i = 0; i < 1000; i += 1) {
//       yield k.work(500);
//       yield k.domsg(consumer.port, message);
//     }
//   }
//   function* consumer(k) {
//     for (;;) {
//       yield k.waitport(k.port);
//       yield k.replymsg(k.message, 0);
//     }
//   }
//
// Names are the kernel's own (lwkt_domsg is k.domsg). Times are nanoseconds of the CPU that the thread runs on.

import type { Line } from '../machine';
import { CpuSync } from './cpu-sync';
import { CalledIpi, type IpiCall } from './ipi-call';
import type { Kernel } from './kernel';
import type { Lock } from './lock/lock';
import { Message, type MessageWishes } from './message';
import type { Operation } from './operation';
import { DEINTERLOCK, INTERLOCK, type IpiAwaiting, type IpiSending, SEND_IPI, WAIT_IPI } from './operations/ipis';
import {
  ABORTMSG,
  DISPATCH,
  DOMSG,
  DROPMSG,
  FORWARDMSG,
  GETPORT,
  type MessageHandler,
  REPLYMSG,
  SENDMSG,
  WAITMSG,
  WAITPORT,
} from './operations/messages';
import {
  ACQUIRE,
  BLOCK,
  CRIT_ENTER,
  CRIT_EXIT,
  DESCHEDULE,
  GIVE_AWAY,
  READ_LINE,
  SCHEDULE,
  SET_CPU,
  SET_PRIORITY,
  SLEEP,
  WORK,
  WRITE_LINE,
  YIELD,
  YIELD_QUICK,
} from './operations/running';
import { GET_BIGLOCK, LOCK, REL_BIGLOCK, UNLOCK } from './operations/locks';
import { GETTOKEN, RELTOKEN } from './operations/tokens';
import type { Port } from './port/port';
import { type Predicate, PredicateMessage } from './predicate';
import type { Body, Thread } from './thread';
import type { Token } from './token/token';

export type KernelProgram = (k: Calls) => Body;

export class Calls {
  constructor(
    readonly kernel: Kernel,
    readonly self: Thread,
  ) {}

  /** This thread's own port. */
  get port(): Port {
    return this.self.port;
  }

  /** The message that waitport or getport found. */
  get message(): Message | undefined {
    return this.self.message;
  }

  /** The error of the last message that was waited for; 0 for none. */
  get error(): number {
    return this.self.error;
  }

  /** The CPU that this thread is on. */
  get cpu(): number {
    return this.self.cpu.id;
  }

  /** Now, ns of virtual time. */
  get now(): number {
    return this.kernel.engine.now;
  }

  /** A message that is replied when a condition holds at its target. */
  newPredicate(predicate: Predicate): PredicateMessage {
    return new PredicateMessage(this.kernel, this.self.port, predicate);
  }

  /** A message whose reply comes to this thread. */
  newMessage(wishes: MessageWishes = {}): Message {
    return new Message(this.kernel, this.self.port, wishes);
  }

  // Time and place

  work(ns: number): Operation {
    this.self.amount = ns;
    return WORK;
  }

  sleep(ns: number): Operation {
    this.self.amount = ns;
    return SLEEP;
  }

  /** Lets threads of the same priority run first. */
  yield(): Operation {
    return YIELD;
  }

  /** Yields only if somebody who should run first is there. */
  yieldQuick(): Operation {
    return YIELD_QUICK;
  }

  /** Waits until somebody schedules this thread. */
  block(): Operation {
    return BLOCK;
  }

  schedule(thread: Thread): Operation {
    this.self.subject = thread;
    return SCHEDULE;
  }

  /** Takes a thread off its run queue; a message to its CPU if that is another one. */
  deschedule(thread: Thread): Operation {
    this.self.subject = thread;
    return DESCHEDULE;
  }

  /** Gives a waiting thread of this CPU away, to whoever acquires it. */
  giveaway(thread: Thread): Operation {
    this.self.subject = thread;
    return GIVE_AWAY;
  }

  /** Takes over a thread that was given away; it still waits. */
  acquire(thread: Thread): Operation {
    this.self.subject = thread;
    return ACQUIRE;
  }

  /** Moves to another CPU. */
  setcpu(cpu: number): Operation {
    this.self.destination = this.kernel.cpus[cpu];
    return SET_CPU;
  }

  /** Changes this thread's priority; that alone switches to nobody. */
  setpri(priority: number): Operation {
    this.self.amount = priority;
    return SET_PRIORITY;
  }

  crit_enter(): Operation {
    return CRIT_ENTER;
  }

  crit_exit(): Operation {
    return CRIT_EXIT;
  }

  // Memory

  read(line: Line): Operation {
    this.self.subject = line;
    return READ_LINE;
  }

  write(line: Line): Operation {
    this.self.subject = line;
    return WRITE_LINE;
  }

  // Messages

  sendmsg(port: Port, message: Message): Operation {
    this.self.target = port;
    this.self.message = message;
    return SENDMSG;
  }

  /** Sends and waits; see `error`. */
  domsg(port: Port, message: Message): Operation {
    this.self.target = port;
    this.self.message = message;
    return DOMSG;
  }

  waitmsg(message: Message): Operation {
    this.self.message = message;
    return WAITMSG;
  }

  /** Looks for a message; see `message`. */
  getport(port: Port): Operation {
    this.self.target = port;
    return GETPORT;
  }

  /** Waits for a message; see `message`. */
  waitport(port: Port): Operation {
    this.self.target = port;
    return WAITPORT;
  }

  replymsg(message: Message, error = 0): Operation {
    this.self.message = message;
    this.self.amount = error;
    return REPLYMSG;
  }

  /** Works on a message at once with a plain function, as protocol threads do; replies if that is done with it. */
  dispatch(message: Message, handler: MessageHandler): Operation {
    this.self.message = message;
    this.self.subject = handler;
    return DISPATCH;
  }

  forwardmsg(port: Port, message: Message): Operation {
    this.self.target = port;
    this.self.message = message;
    return FORWARDMSG;
  }

  abortmsg(message: Message): Operation {
    this.self.message = message;
    return ABORTMSG;
  }

  dropmsg(message: Message): Operation {
    this.self.message = message;
    return DROPMSG;
  }

  // IPI messages

  /** Runs a function on another CPU, in a handler there; `sequence` tells which one it was. */
  send_ipiq(cpu: number, call: IpiCall): Operation {
    return this.sendIpis([cpu], call, 'normal');
  }

  /** The same without an interrupt: it is noticed at the target's next tick, or with the next message that does interrupt. */
  send_ipiq_passive(cpu: number, call: IpiCall): Operation {
    return this.sendIpis([cpu], call, 'passive');
  }

  /** Does not wait for room: `error` is ENOENT when the ring is two thirds full. */
  send_ipiq_nowait(cpu: number, call: IpiCall): Operation {
    return this.sendIpis([cpu], call, 'nowait');
  }

  /** One after the other to several CPUs, in ascending order. */
  send_ipiq_mask(cpus: readonly number[], call: IpiCall): Operation {
    return this.sendIpis(
      [...cpus].sort((a, b) => a - b),
      call,
      'normal',
    );
  }

  private sendIpis(targets: readonly number[], call: IpiCall, way: IpiSending['way']): Operation {
    this.self.subject = { targets, fn: new CalledIpi(call), way } satisfies IpiSending;
    return SEND_IPI;
  }

  /** Sequence number of the IPI message that was sent last. */
  get sequence(): number {
    return this.self.amount;
  }

  /** Spins until that CPU has executed what this CPU sent it, up to a sequence number. */
  wait_ipiq(cpu: number, sequence: number): Operation {
    this.self.subject = { target: cpu, sequence } satisfies IpiAwaiting;
    return WAIT_IPI;
  }

  /** For bringing CPUs to a standstill: `call` is to run on each of them and on this one. */
  newCpuSync(cpus: readonly number[], call: IpiCall): CpuSync {
    const others = [...new Set(cpus)].filter((cpu) => cpu !== this.cpu).sort((a, b) => a - b);
    return new CpuSync(
      others.map((cpu) => this.kernel.cpus[cpu]!),
      call,
    );
  }

  /** Waits until all of its CPUs stand still; this thread may not wait for anything else from now on. */
  cpusync_interlock(sync: CpuSync): Operation {
    this.self.subject = sync;
    return INTERLOCK;
  }

  /** Lets them run the function and go on. */
  cpusync_deinterlock(sync: CpuSync): Operation {
    this.self.subject = sync;
    return DEINTERLOCK;
  }

  // Tokens

  gettoken(token: Token): Operation {
    this.self.subject = token;
    this.self.amount = 0;
    return GETTOKEN;
  }

  gettoken_shared(token: Token): Operation {
    this.self.subject = token;
    this.self.amount = 1;
    return GETTOKEN;
  }

  reltoken(token: Token): Operation {
    this.self.subject = token;
    return RELTOKEN;
  }

  // Other locks

  /** Needs the big lock from now on. */
  get_mplock(): Operation {
    return GET_BIGLOCK;
  }

  rel_mplock(): Operation {
    return REL_BIGLOCK;
  }

  lock(lock: Lock): Operation {
    this.self.subject = lock;
    return LOCK;
  }

  unlock(lock: Lock): Operation {
    this.self.subject = lock;
    return UNLOCK;
  }
}
