// The protocol steps, once for all models: what each does and what work that is. Where they run and what is held meanwhile is the
// model's. A step is the longest piece of work under one set of holdings (style.md §3.5).

import { CauseKind } from '../../base';
import { CLUSTER_BYTES } from '../../nic';
import type { Cpu } from '../../kernel';
import { checkInvariants } from '../../tcp';
import type { TcpSocket } from '../tcp-socket';
import type { AcceptQueue } from './accept-queue';
import type { Bill } from './bill';
import { takesAside } from './ip-input';
import type { PlacedStack } from './placed-stack';
import type { Mbuf } from './mbufs';
import { LINES, type SocketSeat } from './socket-seat';
import { Stage } from './stage';
import type { Step, Work, WorkMessage } from './work';

/** Share of ip_input that is early classification: header lengths, hash [M]. */
const CLASSIFY_SHARE = 0.25;
/** What checking a hash that the NIC has computed is of that [M]. */
const CHECK_SHARE = 0.2;

/** struct sockaddr_in. */
const ADDRESS_BYTES = 16;

/** mbufs with clusters for so much data. */
export function mbufsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CLUSTER_BYTES));
}

// Frames

/** A frame is taken from the ring. `amount`: whether it is classified here (1: with the NIC's help). `detail`: lines of descriptors. */
export const TAKE_FRAME: Step = (stack, work, bill) => {
  const { profile } = stack.machine;
  bill.work(Stage.driver, profile.driverReceiveNs + profile.descriptorNs);
  work.buffer = bill.takeBuffer();
  bill.readFresh('ring', work.detail);
  bill.readFresh('header', LINES.header);
  // Its memory goes with it; the ring gets other memory instead.
  work.packet!.memory = stack.mbufs.take(bill, LINES.mbuf);
  if (work.amount >= 0) {
    const share = work.amount === 1 ? CHECK_SHARE : 1;
    bill.workWithin(Stage.ip, profile.ipInputNs * CLASSIFY_SHARE * share);
  }
  if (work.remotePort === 1) bill.then(dispatch, stack, work);
  else bill.work(Stage.ip, profile.ipInputNs * (1 - CLASSIFY_SHARE));
};

/** IP and the protocol above it look at a packet. `detail`: the CPU that has read its headers. */
export const INPUT: Step = (stack, work, bill) => {
  if (throughIp(stack, work, bill)) INPUT_PROTOCOL(stack, work, bill);
};

/** IP looks at a packet; the protocol above it is to do so next, unless it is sent away. */
export const INPUT_IP: Step = (stack, work, bill) => {
  if (throughIp(stack, work, bill)) work.step = INPUT_PROTOCOL;
  else if (work.step === INPUT_IP) work.step = SENT_AWAY;
};

/** The protocol above IP looks at a packet. */
export const INPUT_PROTOCOL: Step = (stack, work, bill) => {
  const partition = work.partition!;
  stack.inputPacket(work.packet!, partition, bill);
  if (stack.isStaged) stack.taken();
};

/** Nothing is left to do with a packet that has gone to its owner. */
export const SENT_AWAY: Step = () => undefined;

/** Whether this is where the packet belongs. */
function throughIp(stack: PlacedStack, work: Work, bill: Bill): boolean {
  const { profile } = stack.machine;
  const packet = work.packet!;
  bill.readFrom(work.detail, LINES.header);
  const owner = stack.owners.cpuOfPacket(packet);
  if (stack.owners.isMisplaced(owner, bill.cpu)) {
    // It was not classified, or not as this stack does: it goes to its owner after all.
    bill.workWithin(Stage.ip, profile.ipInputNs * CLASSIFY_SHARE);
    stack.counters.requeued += 1;
    bill.then(dispatchLate, stack, work);
    return false;
  }
  // Where whoever took the frame goes on with it, IP has looked at it already, holding nothing.
  if (stack.model.inputPlace !== 'interrupt') bill.work(Stage.ip, profile.ipInputNs * (1 - CLASSIFY_SHARE));
  if (!stack.checksumOffload) bill.work(Stage.checksum, packet.payloadBytes * profile.checksumNsPerByte);
  return !takesAside(stack, work, bill);
}

/** A lookup by itself, where the table's lock covers no more. */
export const LOOK_UP: Step = (stack, work, bill) => {
  bill.read(stack.shared.tableOf(work.partition!));
};

// What applications ask of TCP

/** Data is copied into the kernel. `detail` 1: a system call begins with it. */
export const COPY_IN: Step = (stack, work, bill) => {
  copyIn(stack, work, bill);
  if (!stack.model.sendsMessages || stack.options.sends !== 'async') return;
  const send = stack.messages.about(work.socket!, SEND, bill.cpu);
  send.amount = work.amount;
  bill.then(postSend, send, stack);
};

/** The same of urgent data: whoever writes them waits until TCP has them (kernel.md §6.5). */
export const COPY_IN_URGENT: Step = (stack, work, bill) => {
  copyIn(stack, work, bill);
};

function copyIn(stack: PlacedStack, work: Work, bill: Bill): void {
  const { profile } = stack.machine;
  const { engine } = stack.kernel;
  const socket = work.socket!;
  const seat = socket.seat!;
  if (work.detail === 1) {
    bill.work(Stage.systemCall, profile.syscallNs);
    const { causes } = engine;
    if (causes !== undefined)
      engine.cause = causes.record(CauseKind.write, engine.now, engine.cause, socket.index, work.amount, causes.slice);
  }
  bill.read(seat.socket);
  bill.read(seat.sockbuf);
  bill.work(Stage.socket, profile.socketSendNs);
  bill.write(seat.mbufs, LINES.mbuf * mbufsOf(work.amount));
  if (!stack.options.zeroCopy) {
    bill.work(Stage.copy, work.amount * profile.copyNsPerByte);
    bill.copies(work.amount);
  }
  seat.pendingBytes += work.amount;
}

/** TCP takes what was copied in, and sends what it may. */
export const SEND: Step = (stack, work, bill) => {
  handToTcp(stack, work, bill, false);
};

/** The same of urgent data. */
export const SEND_URGENT: Step = (stack, work, bill) => {
  handToTcp(stack, work, bill, true);
};

function handToTcp(stack: PlacedStack, work: Work, bill: Bill, urgent: boolean): void {
  const socket = work.socket!;
  const seat = socket.seat!;
  seat.pendingBytes -= work.amount;
  touch(stack, socket, bill);
  bill.write(seat.sockbuf);
  stack.needsNoTable(bill);
  socket.connection.write(work.amount, stack.kernel.engine.now, urgent);
  check(stack, socket);
}

/** Data is copied to the application. */
export const COPY_OUT: Step = (stack, work, bill) => {
  const { profile } = stack.machine;
  const seat = work.socket!.seat!;
  bill.work(Stage.systemCall, profile.syscallNs);
  bill.read(seat.socket);
  bill.write(seat.sockbuf);
  bill.work(Stage.socket, (profile.socketReceiveNs / 2) * mbufsOf(work.amount));
  takeOut(stack, seat, work.amount, bill);
  if (!stack.options.zeroCopy) {
    bill.work(Stage.copy, work.amount * profile.copyColdNsPerByte);
    bill.copies(work.amount);
  }
  seat.takenBytes += work.amount;
  if (!stack.model.sendsMessages || stack.options.receives === 'sync' || seat.isTelling) return;
  seat.isTelling = true;
  bill.then(postReceived, work.socket!, stack);
};

/** The mbufs that so many bytes lie in are read and freed. */
function takeOut(stack: PlacedStack, { received }: { received: Mbuf[] }, bytes: number, bill: Bill): void {
  let left = bytes;
  while (left > 0 && received.length > 0) {
    const mbuf = received[0]!;
    bill.read(mbuf, LINES.mbuf);
    const taken = Math.min(left, mbuf.bytes);
    left -= taken;
    mbuf.bytes -= taken;
    if (mbuf.bytes > 0) return;
    received.shift();
    stack.mbufs.give(bill, mbuf);
  }
}

/** TCP hears what was read, and may have a window to tell. */
export const RECEIVED: Step = (stack, work, bill) => {
  const socket = work.socket!;
  const seat = socket.seat!;
  const bytes = seat.takenBytes;
  seat.takenBytes = 0;
  seat.isTelling = false;
  touch(stack, socket, bill);
  stack.needsNoTable(bill);
  socket.connection.read(bytes, stack.kernel.engine.now);
  check(stack, socket);
};

/** A socket connects. Under PMP it first moves to the CPU of its flow (kernel.md §6.4). */
export const CONNECT: Step = (stack, work, bill) => {
  const { profile } = stack.machine;
  const socket = work.socket!;
  const seat = socket.seat!;
  bill.work(Stage.socket, profile.socketSendNs);
  bill.write(seat.socket);
  bill.useConnection(seat);
  const { partition } = socket;
  if (stack.owners.isMisplaced(partition.index, bill.cpu)) {
    stack.counters.connectMoves += 1;
    stack.threads.forward(work, partition);
    return;
  }
  bill.write(stack.shared.tableOf(partition));
  partition.connections.add(socket);
  socket.connection.open(stack.kernel.engine.now);
};

export const SHUT_DOWN: Step = (stack, work, bill) => {
  touch(stack, work.socket!, bill);
  work.socket!.shutdown();
};

export const CLOSE: Step = (stack, work, bill) => {
  touch(stack, work.socket!, bill);
  // What was read counts as read.
  RECEIVED(stack, work, bill);
  work.socket!.close();
};

// What connections ask for themselves

/** A timer has expired. `amount`: which. */
export const TIMER: Step = (stack, work, bill) => {
  touch(stack, work.socket!, bill);
  work.socket!.runTimer(work.amount, stack.kernel.engine.now);
};

/** A timer of a SYN cache has expired. `amount`: which. */
export const SYN_TIMER: Step = (stack, work, bill) => {
  bill.work(Stage.tcp, stack.machine.profile.tcpOutputNs / 4);
  work.partition!.synCacheQueue?.cache.timer(work.amount, stack.kernel.engine.now);
};

/** It is this connection's turn again (fairsend). */
export const SEND_MORE: Step = (stack, work, bill) => {
  const socket = work.socket!;
  socket.seat!.sendsLater = false;
  touch(stack, socket, bill);
  socket.connection.sendMore(stack.kernel.engine.now);
  check(stack, socket);
};

/** The batch is over: one ACK for all of it. */
export const FLUSH_ACK: Step = (stack, work, bill) => {
  const socket = work.socket!;
  socket.seat!.acksLater = false;
  touch(stack, socket, bill);
  socket.connection.flushAck(stack.kernel.engine.now);
};

// What passes between a socket and who uses it

/** The user of a socket is told that there is something to read, room to write, or an end. */
export const DELIVER: Step = (stack, work, bill) => {
  const seat = work.socket!.seat!;
  seat.isDue = false;
  if (seat.unappended.length > 0) append(stack, seat, bill);
  bill.write(seat.sockbuf);
  if (seat.events !== undefined) bill.write(seat.events);
  bill.then(wakeUser, work.socket!, undefined);
};

/** A complete connection is put into its listener's queue. */
export const COMPLETE: Step = (stack, work, bill) => {
  const socket = work.socket!;
  const queue = socket.seat!.acceptQueue!;
  bill.work(Stage.socket, stack.machine.profile.socketReceiveNs / 2);
  bill.write(queue.region);
  queue.sockets.push(socket);
  bill.then(wakeAcceptor, queue, undefined);
};

// UDP

/** A datagram of `amount` bytes is copied into the kernel; `detail` 1: with the address that it goes to. */
export const COPY_DATAGRAM: Step = (stack, work, bill) => {
  const { profile } = stack.machine;
  bill.work(Stage.systemCall, profile.syscallNs);
  bill.work(Stage.socket, profile.socketSendNs);
  if (!stack.options.zeroCopy) bill.work(Stage.copy, work.amount * profile.copyNsPerByte);
  // Who does not wait cannot keep the address for who does it.
  if (work.detail === 1) bill.work(Stage.copy, ADDRESS_BYTES * profile.copyNsPerByte);
};

/** An application's call returns an error. */
export const REPORT_ERROR: Step = (stack, _work, bill) => {
  bill.work(Stage.systemCall, stack.machine.profile.syscallNs);
};

/** UDP and IP send a datagram. */
export const SEND_DATAGRAM: Step = (stack, work, bill) => {
  const { profile } = stack.machine;
  const socket = work.datagrams!;
  const owner = stack.datagrams.ownerOfOutput(socket, work, bill.cpu);
  if (stack.owners.isMisplaced(owner, bill.cpu)) {
    // Output is on the CPU of the flow, also when the socket is not connected (kernel.md §6.6).
    stack.counters.datagramMoves += 1;
    bill.work(Stage.udp, profile.udpOutputNs * CLASSIFY_SHARE);
    stack.threads.forward(work, stack.host.partitions[owner]!);
    return;
  }
  const partition = stack.host.partitions[stack.model.isPartitioned ? bill.cpu : 0]!;
  bill.build();
  bill.work(Stage.udp, profile.udpOutputNs);
  stack.countPacket(bill, partition);
  socket.output(work.detail as never, work.remotePort, work.amount, partition);
};

/** A datagram is appended to its socket's buffer, after UDP is through with a cohort. `amount`: its length. */
export const APPEND_DATAGRAM: Step = (stack, work, bill) => {
  stack.datagrams.append(bill, work.datagrams!, work.amount);
};

/** A datagram is copied to the application. */
export const TAKE_DATAGRAM: Step = (stack, work, bill) => {
  const { profile } = stack.machine;
  bill.work(Stage.systemCall, profile.syscallNs);
  bill.work(Stage.socket, profile.socketReceiveNs / 2);
  takeOut(stack, stack.datagrams.receiverOf(work.datagrams!), work.amount, bill);
  if (!stack.options.zeroCopy) bill.work(Stage.copy, work.amount * profile.copyColdNsPerByte);
};

// Effects: what others notice

function dispatch(cpu: Cpu, stack: PlacedStack, work: Work): void {
  stack.threads.dispatch(cpu, work);
}

function dispatchLate(cpu: Cpu, stack: PlacedStack, work: Work): void {
  stack.threads.dispatch(cpu, work, true);
}

function postSend(cpu: Cpu, send: WorkMessage, stack: PlacedStack): void {
  stack.threads.post(cpu, send);
}

function postReceived(cpu: Cpu, socket: TcpSocket, stack: PlacedStack): void {
  stack.threads.post(cpu, stack.messages.about(socket, RECEIVED, cpu.id));
}

function wakeUser(cpu: Cpu, socket: TcpSocket): void {
  socket.seat!.wake?.(cpu);
}

function wakeAcceptor(cpu: Cpu, queue: AcceptQueue): void {
  queue.wakeOne(cpu);
}

/** What waited for the socket layer is appended to a buffer, segment by segment. */
function append(stack: PlacedStack, seat: SocketSeat, bill: Bill): void {
  for (const buffer of seat.unappended) {
    bill.turnTo(buffer);
    bill.work(Stage.socket, stack.machine.profile.socketReceiveNs / 2);
  }
  seat.unappended.length = 0;
  seat.unappendedBytes = 0;
}

/** Whoever works on a connection uses its control block. */
function touch(stack: PlacedStack, socket: TcpSocket, bill: Bill): void {
  stack.assertOwner(socket, bill.cpu);
  bill.useConnection(socket.seat!);
}

function check(stack: PlacedStack, socket: TcpSocket): void {
  if (stack.host.wire.checked) checkInvariants(socket.connection);
}
