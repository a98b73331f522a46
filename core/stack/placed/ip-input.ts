// What IP does with packets that are not simply handed up: pieces of datagrams, which wait on CPU 0 and go on by the hash of the whole
// (ip_transport_redispatch), and ICMP errors, which go to the CPU that owns what they quote (tcp_ctlport). kernel.md §6.3.

import type { Cpu } from '../../kernel';
import type { Packet } from '../../packet';
import type { Bill } from './bill';
import type { PlacedStack } from './placed-stack';
import { Round } from './round';
import { LINES } from './socket-seat';
import type { Step, Work } from './work';

/** Whether this packet is dealt with here, or is on its way to who will. */
export function takesAside(stack: PlacedStack, work: Work, bill: Bill): boolean {
  if (!stack.model.isPartitioned) return false;
  const packet = work.packet!;
  if (packet.fragment !== undefined) return collects(stack, packet, bill);
  if (packet.icmp === undefined) return false;
  stack.host.icmpErrors.counters.received += 1;
  const owner = stack.owners.partitionOfQuote(packet);
  if (stack.threads.isElsewhere(owner.index, bill.cpu)) {
    stack.counters.icmpMoves += 1;
    bill.then(handError, stack, packet);
  } else {
    work.detail = bill.cpu;
    work.partition = owner;
    HEAR(stack, work, bill);
  }
  return true;
}

/** Whether a piece is still one: it waits, or its datagram goes to its own CPU. */
function collects(stack: PlacedStack, packet: Packet, bill: Bill): boolean {
  const { host } = stack;
  if (!host.assemble(packet)) {
    stack.discard(packet, bill);
    return true;
  }
  if (!stack.threads.isElsewhere(stack.owners.cpuOfPacket(packet), bill.cpu)) return false;
  stack.counters.requeued += 1;
  bill.then(handDatagram, stack, packet);
  return true;
}

/** A datagram that IP is done with. `detail`: the CPU that has put it together. */
const HAND_UP: Step = (stack, work, bill) => {
  bill.readFrom(work.detail, LINES.header);
  stack.inputPacket(work.packet!, work.partition!, bill);
};

/** An ICMP error is heard by the owner of what it quotes. */
const HEAR: Step = (stack, work, bill) => {
  const packet = work.packet!;
  bill.readFrom(work.detail, LINES.header);
  bill.read(stack.shared.tableOf(work.partition!));
  if (stack.host.icmpErrors.deliver(packet, work.partition!)) {
    stack.discard(packet, bill);
    return;
  }
  // It names nobody whom its owner knows: all CPUs are asked, by way of the first.
  stack.counters.icmpRounds += 1;
  work.step = ASK_ALL;
  work.amount = 0;
  work.round = new Round((partition) => {
    if (work.amount === 0 && stack.host.icmpErrors.deliver(packet, partition)) work.amount = 1;
  }, false);
  stack.threads.forward(work, stack.host.partitions[0]!);
};

/** It goes round. `amount` 1: somebody knew. */
const ASK_ALL: Step = (stack, work, bill) => {
  const partition = work.partition!;
  const { host } = stack;
  bill.read(stack.shared.tableOf(partition));
  work.round!.visit(partition, stack.kernel.engine.now);
  const next = host.partitions[partition.index + 1];
  if (next !== undefined) {
    stack.threads.forward(work, next);
    return;
  }
  if (work.amount === 0) host.icmpErrors.counters.unmatched += 1;
  work.round = undefined;
  stack.discard(work.packet!, bill);
};

function handDatagram(cpu: Cpu, stack: PlacedStack, packet: Packet): void {
  stack.threads.hand(cpu, packet, HAND_UP, stack.owners.partitionOfPacket(packet));
}

function handError(cpu: Cpu, stack: PlacedStack, packet: Packet): void {
  stack.threads.hand(cpu, packet, HEAR, stack.owners.partitionOfQuote(packet));
}
