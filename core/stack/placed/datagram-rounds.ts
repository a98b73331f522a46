// Binding and closing a UDP socket (kernel.md §6.6): its wildcard entry is in every CPU's table, a connected one only in that of its
// flow; when it is closed every CPU has to have seen that before its owner frees it.

import { invariant, type NodeId } from '../../base';
import type { Body, Calls } from '../../kernel';
import type { UdpSocket } from '../udp-socket';
import { perform } from './perform';
import type { PlacedStack } from './placed-stack';
import { Round } from './round';
import { Stage } from './stage';
import { type Step, type Work, WorkMessage } from './work';

export interface DatagramRoundCounters {
  binds: number;
  bindNs: number;
  detaches: number;
  detachNs: number;
}

export class DatagramRounds {
  readonly counters: DatagramRoundCounters = { binds: 0, bindNs: 0, detaches: 0, detachNs: 0 };

  constructor(private readonly stack: PlacedStack) {}

  /** A thread binds its socket, or connects it with the one that it is about to write to. */
  *bind(k: Calls, socket: UdpSocket, remote: NodeId, remotePort: number): Body {
    const { stack } = this;
    const from = k.now;
    const round = new Round((partition) => {
      partition.addDatagramSocket(socket);
    }, false);
    const isConnected = stack.options.udpConnected && stack.model.isPartitioned;
    yield* this.send(
      k,
      socket,
      round,
      BIND,
      isConnected ? stack.datagrams.ownerOfSender(socket, remote, remotePort) : -1,
    );
    socket.isBound = true;
    this.counters.binds += 1;
    this.counters.bindNs += k.now - from;
  }

  /** It closes its socket: no CPU has it any more when this returns. */
  *detach(k: Calls, socket: UdpSocket): Body {
    const { stack } = this;
    const from = k.now;
    const round = new Round((partition) => {
      partition.removeDatagramSocket(socket);
    }, false);
    yield* this.send(k, socket, round, DETACH, -1);
    invariant(
      stack.host.partitions.every((partition) => !partition.has(socket)),
      'K13.8 a closed socket is freed while a CPU still knows it',
    );
    this.counters.detaches += 1;
    this.counters.detachNs += k.now - from;
  }

  /** @param only the one CPU to visit; -1 for all */
  private *send(k: Calls, socket: UdpSocket, round: Round, step: Step, only: number): Body {
    const { stack } = this;
    const { partitions } = stack.host;
    const message = new WorkMessage(stack.kernel, k.port, false);
    message.step = step;
    message.datagrams = socket;
    message.round = round;
    message.amount = only;
    message.detail = 0;
    yield k.work(stack.machine.profile.syscallNs);
    if (stack.model.sendsMessages) {
      const first = Math.max(0, only);
      message.partition = partitions[first];
      yield k.domsg(stack.threads.portOf(first, message), message);
      return;
    }
    const runner = stack.runner();
    for (const partition of partitions) {
      message.partition = partition;
      yield* perform(k, runner, message, stack.owners.holdingsFor(message));
    }
  }
}

/** A CPU learns of a socket. `amount`: whether it alone does. */
const BIND: Step = (stack, work, bill) => {
  bill.work(Stage.udp, stack.machine.profile.socketSendNs);
  bill.write(stack.shared.tableOf(work.partition!));
  work.round!.visit(work.partition!, stack.kernel.engine.now);
  if (work.amount < 0) passOn(stack, work);
};

/** A CPU forgets it; `detail` 1: all have, and its owner frees it. */
const DETACH: Step = (stack, work, bill) => {
  bill.work(Stage.udp, stack.machine.profile.socketSendNs);
  if (work.detail === 1) return;
  bill.write(stack.shared.tableOf(work.partition!));
  work.round!.visit(work.partition!, stack.kernel.engine.now);
  if (passOn(stack, work) || !stack.model.isPartitioned) return;
  work.detail = 1;
  stack.threads.forward(work, stack.host.partitions[stack.owners.protocolCpu(work.datagrams!.localPort)]!);
};

/** Whether there is a next CPU. */
function passOn(stack: PlacedStack, work: Work): boolean {
  const next = stack.host.partitions[work.partition!.index + 1];
  if (!stack.model.isPartitioned || next === undefined) return false;
  stack.threads.forward(work, next);
  return true;
}
