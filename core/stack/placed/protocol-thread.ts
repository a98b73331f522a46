// A protocol thread: takes messages, up to a batch without waiting, does what each asks for, then its roll-ups (kernel.md §6.2,
// netmsg_service_loop). The netisr of a CPU is one, so are the software interrupt and the callout thread of the other models.

import { type Body, type Calls, type Kernel, type Port, type Thread, ThreadPriority, SpinPort } from '../../kernel';
import type { TcpSocket } from '../tcp-socket';
import { finish, hold, perform } from './perform';
import type { PlacedStack } from './placed-stack';
import type { Gate } from './rounds';
import { FLUSH_ACK, INPUT, INPUT_IP, SENT_AWAY } from './steps';
import { Runner, type WorkMessage } from './work';

export interface BatchCounters {
  batches: number;
  messages: number;
  batchMax: number;
  /** ACKs that roll-ups sent, and segments that waited for them. */
  rolledUpAcks: number;
  gatheredAcks: number;
}

export class ProtocolThread {
  readonly port: Port;
  readonly thread: Thread;
  readonly counters: BatchCounters = { batches: 0, messages: 0, batchMax: 0, rolledUpAcks: 0, gatheredAcks: 0 };
  /** Connections whose ACK waits for the end of the batch. */
  private readonly acks: TcpSocket[] = [];

  /** @param ownPort `spin`: a port with a lock, which is put to without an IPI when the thread is awake */
  constructor(
    private readonly stack: PlacedStack,
    kernel: Kernel,
    readonly name: string,
    cpu: number,
    portKind: 'thread' | 'spin',
  ) {
    const body = (k: Calls): Body => (stack.options.stageOrder === 'stage' ? this.serveInStages(k) : this.serve(k));
    this.thread = kernel.create(name, body, { cpu, priority: ThreadPriority.softNormal });
    this.port = portKind === 'spin' ? new SpinPort(kernel, `${name} port`) : this.thread.port;
    kernel.launch(this.thread, kernel.engine.now);
  }

  /** The ACK of `socket` waits for the end of the batch. */
  gatherAck(socket: TcpSocket): void {
    const seat = socket.seat!;
    this.counters.gatheredAcks += 1;
    if (seat.acksLater) return;
    seat.acksLater = true;
    this.acks.push(socket);
  }

  private *serve(k: Calls): Body {
    const { stack, counters, port } = this;
    const { batch } = stack.options;
    const runner = new Runner(stack);
    runner.thread = this;
    for (;;) {
      yield k.waitport(port);
      let done = 0;
      for (;;) {
        const message = k.message as WorkMessage;
        if (message.gate !== undefined) yield* this.waitAt(k, message.gate);
        const held = stack.owners.holdingsFor(message);
        if (held.length === 0) yield runner.does(message);
        else yield* hold(k, runner, message, held);
        if (runner.hasMore) yield* finish(k, runner);
        const { forwardTo } = message;
        if (forwardTo !== undefined) {
          message.forwardTo = undefined;
          yield k.forwardmsg(forwardTo, message);
        } else if (message.isPooled) stack.messages.release(message, k.cpu);
        else if (message.gate === undefined) yield k.replymsg(message);
        done += 1;
        if (done >= batch) break;
        yield k.getport(port);
        if (k.message === undefined) break;
      }
      counters.batches += 1;
      counters.messages += done;
      if (done > counters.batchMax) counters.batchMax = done;
      if (this.acks.length > 0) yield* this.rollUp(k, runner);
    }
  }

  /** As `serve`, but with all messages of a batch stage by stage: IP for all, then TCP and UDP, then the sockets (kernel.md §7). */
  private *serveInStages(k: Calls): Body {
    const { stack, counters } = this;
    const runner = new Runner(stack);
    runner.thread = this;
    runner.isStaged = true;
    const cohort: WorkMessage[] = [];
    for (;;) {
      yield* this.gather(k, cohort);
      for (const message of cohort) {
        if (message.step !== INPUT) continue;
        message.step = INPUT_IP;
        yield* hold(k, runner, message, stack.owners.holdingsFor(message));
      }
      for (const message of cohort) {
        if (message.gate !== undefined) yield* this.waitAt(k, message.gate);
        if (message.step !== SENT_AWAY && message.forwardTo === undefined)
          yield* hold(k, runner, message, stack.owners.holdingsFor(message));
      }
      if (runner.hasMore) yield* finish(k, runner);
      for (const message of cohort) yield* this.partWith(k, message);
      counters.batches += 1;
      counters.messages += cohort.length;
      counters.batchMax = Math.max(counters.batchMax, cohort.length);
      cohort.length = 0;
      if (this.acks.length > 0) yield* this.rollUp(k, runner);
      // What roll-ups have to tell sockets is theirs.
      if (runner.hasMore) yield* finish(k, runner);
    }
  }

  /** Waits for messages, and takes what is there, up to a batch. */
  private *gather(k: Calls, cohort: WorkMessage[]): Body {
    const { port, stack } = this;
    yield k.waitport(port);
    while (k.message !== undefined) {
      cohort.push(k.message as WorkMessage);
      if (cohort.length >= stack.options.batch) break;
      yield k.getport(port);
    }
  }

  /** A message that is worked on is passed on, put back or answered. */
  private *partWith(k: Calls, message: WorkMessage): Body {
    const { forwardTo } = message;
    if (forwardTo !== undefined) {
      message.forwardTo = undefined;
      yield k.forwardmsg(forwardTo, message);
    } else if (message.isPooled) this.stack.messages.release(message, k.cpu);
    else if (message.gate === undefined) yield k.replymsg(message);
  }

  /** Stands still until whoever asked for that is done. */
  private *waitAt(k: Calls, gate: Gate): Body {
    gate.arrived += 1;
    gate.waiting.push(k.self);
    if (gate.arrived === gate.wanted) yield k.schedule(gate.caller);
    while (!gate.isOpen) yield k.block();
  }

  private *rollUp(k: Calls, runner: Runner): Body {
    const { errand } = runner;
    for (const socket of this.acks.splice(0)) {
      this.counters.rolledUpAcks += 1;
      errand.step = FLUSH_ACK;
      errand.socket = socket;
      yield* perform(k, runner, errand, socket.seat!.holdings);
    }
  }
}
