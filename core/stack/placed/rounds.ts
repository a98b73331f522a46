// What changes on all CPUs of a partitioned stack travels from one protocol thread to the next, in ascending order, and is answered once
// (kernel.md §6.7). While it travels the copies differ.

import { invariant } from '../../base';
import type { Body, Calls, Kernel } from '../../kernel';
import type { Listener, Outlet } from '../placement';
import { perform } from './perform';
import type { PlacedStack } from './placed-stack';
import { Round } from './round';
import { Stage } from './stage';
import { type Step, WorkMessage } from './work';

export interface RoundCounters {
  routeChanges: number;
  /** From asking to knowing that all CPUs know, summed; and from the first to the last one's knowing. */
  routeChangeNs: number;
  divergedNs: number;
  listens: number;
  listenNs: number;
  closes: number;
  closeNs: number;
  barriers: number;
  /** Time that all other protocol threads stood still for one. */
  barrierNs: number;
}

export class Rounds {
  readonly counters: RoundCounters = {
    routeChanges: 0,
    routeChangeNs: 0,
    divergedNs: 0,
    listens: 0,
    listenNs: 0,
    closes: 0,
    closeNs: 0,
    barriers: 0,
    barrierNs: 0,
  };
  private readonly routeWishes: (Outlet | readonly (Outlet | undefined)[])[] = [];
  private wakeDaemon: (() => void) | undefined = undefined;

  constructor(private readonly stack: PlacedStack) {}

  /** The routes change: the routing daemon is told, and does it as any process would. */
  changeRoutes(routes: Outlet | readonly (Outlet | undefined)[]): void {
    this.routeWishes.push(routes);
    if (this.wakeDaemon === undefined) this.startDaemon(this.stack.kernel);
    else this.wakeDaemon();
  }

  private startDaemon(kernel: Kernel): void {
    const thread = kernel.start('routed', (k) => this.serveRoutes(k), this.stack.places.next());
    this.wakeDaemon = () => {
      thread.cpu.interrupt({ onIpi: (cpu) => (kernel.schedule(thread, cpu), true) }, undefined);
    };
  }

  private *serveRoutes(k: Calls): Body {
    for (;;) {
      const routes = this.routeWishes.shift();
      if (routes === undefined) {
        yield k.block();
        continue;
      }
      const from = k.now;
      const round = new Round((partition) => {
        partition.setRoutes(routes);
      }, false);
      yield* this.send(k, round, CHANGE_ROUTES);
      invariant(
        this.stack.host.partitions.every((partition) => partition.knows(routes)),
        'K13.8 a ring message was answered and not all copies are equal',
      );
      this.counters.routeChanges += 1;
      this.counters.routeChangeNs += k.now - from;
      this.counters.divergedNs += round.endedAt - round.beganAt;
    }
  }

  /** A thread listens: returns when all CPUs know (kernel.md §6.4). */
  *listen(k: Calls, listener: Listener): Body {
    const from = k.now;
    yield k.work(this.stack.machine.profile.syscallNs);
    const round = new Round((partition) => {
      partition.addListener(listener.port, listener);
    }, true);
    yield* this.send(k, round, CHANGE_LISTENERS);
    this.counters.listens += 1;
    this.counters.listenNs += k.now - from;
  }

  /** It stops listening. */
  *close(k: Calls, listener: Listener): Body {
    const from = k.now;
    yield k.work(this.stack.machine.profile.syscallNs);
    const round = new Round((partition) => {
      partition.removeListener(listener);
    }, true);
    yield* this.send(k, round, CHANGE_LISTENERS);
    this.counters.closes += 1;
    this.counters.closeNs += k.now - from;
  }

  private *send(k: Calls, round: Round, step: Step): Body {
    const { stack } = this;
    const message = new WorkMessage(stack.kernel, k.port, false);
    message.step = step;
    message.round = round;
    message.partition = stack.host.partitions[0];
    message.detail = round.ownLast && stack.host.partitions.length > 1 && stack.model.isPartitioned ? 0 : 1;
    if (stack.model.sendsMessages) {
      yield k.domsg(stack.threads.portOf(0, message), message);
      return;
    }
    const runner = stack.runner();
    for (const partition of stack.host.partitions) {
      message.partition = partition;
      yield* perform(k, runner, message, stack.model.strangers(partition.index, 6));
    }
  }

  /** Stops all other protocol threads while `meanwhile` is done by this one's caller (kernel.md §6.7). */
  *barrier(k: Calls, meanwhileNs: number): Body {
    const { stack } = this;
    const threads = stack.threads.main;
    const gate = { arrived: 0, wanted: threads.length, caller: k.self, isOpen: false, waiting: [] as Calls['self'][] };
    for (const { port } of threads) {
      const message = new WorkMessage(stack.kernel, stack.messages.noReply, false, true);
      message.gate = gate;
      yield k.sendmsg(port, message);
    }
    while (gate.arrived < gate.wanted) yield k.block();
    const from = k.now;
    yield k.work(meanwhileNs);
    yield k.work(0);
    this.counters.barriers += 1;
    this.counters.barrierNs += k.now - from;
    gate.isOpen = true;
    for (const thread of gate.waiting) yield k.schedule(thread);
  }

  /** Asks each protocol thread in turn for nothing: when it returns, none of them works on what came before (kernel.md §6.7). */
  *serviceSync(k: Calls): Body {
    const { stack } = this;
    for (const [cpu, { port }] of stack.threads.main.entries()) {
      const message = new WorkMessage(stack.kernel, k.port, false);
      message.partition = stack.host.partitions[cpu] ?? stack.host.partitions[0];
      yield k.domsg(port, message);
    }
  }
}

/** Where the others wait while one changes what all of them use. */
export interface Gate {
  arrived: number;
  readonly wanted: number;
  readonly caller: Calls['self'];
  isOpen: boolean;
  readonly waiting: Calls['self'][];
}

/** The route table of this CPU changes. */
const CHANGE_ROUTES: Step = (stack, work, bill) => {
  const partition = work.partition!;
  bill.work(Stage.ip, stack.machine.profile.ipOutputNs);
  bill.write(stack.shared.routesOf(partition));
  work.round!.visit(partition, stack.kernel.engine.now, stack.kernel.faults);
  passOn(stack, work as WorkMessage, false);
};

/** The wildcard entry of a listener comes or goes. `detail` 0: the first CPU has not yet asked the others. */
const CHANGE_LISTENERS: Step = (stack, work, bill) => {
  const partition = work.partition!;
  if (work.detail === 0) {
    work.detail = 1;
    bill.work(Stage.tcp, stack.machine.profile.socketSendNs);
    stack.threads.forward(work, stack.host.partitions[1]!);
    return;
  }
  bill.work(Stage.tcp, stack.machine.profile.socketSendNs);
  bill.write(stack.shared.tableOf(partition));
  work.round!.visit(partition, stack.kernel.engine.now, stack.kernel.faults);
  passOn(stack, work as WorkMessage, true);
};

/** To the next CPU; after the last one back to the first, if that comes last. */
function passOn(stack: PlacedStack, message: WorkMessage, ownLast: boolean): void {
  if (!stack.model.isPartitioned) return;
  const { partitions } = stack.host;
  const here = message.partition!.index;
  if (ownLast && here === 0) return;
  const next = stack.kernel.faults?.strikes('ring') === true ? here : here + 1;
  if (next < partitions.length) stack.threads.forward(message, partitions[next]!);
  else if (ownLast) stack.threads.forward(message, partitions[0]!);
}
