// The protocol threads of a host, and which of them does what: one software interrupt, one netisr per CPU (2013), or the three families
// of 2004: TCP's, UDP's, and one for all others and for what is nobody's packet yet (kernel.md §6.2).

import { invariant } from '../../base';
import { type Cpu, type Port, post } from '../../kernel';
import { type Packet, Protocol } from '../../packet';
import type { Partition } from '../partition';
import { protocolOf } from './owners';
import type { PlacedStack } from './placed-stack';
import { ProtocolThread } from './protocol-thread';
import { INPUT } from './steps';
import { type Step, type Work, WorkMessage } from './work';

export class ProtocolThreads {
  /** By CPU: the netisrs that do everything, or TCP's; without messages, the software interrupt alone. What timers run in. */
  readonly main: ProtocolThread[] = [];
  /** Of the other two families, where there are families. */
  private readonly udp: ProtocolThread[] = [];
  private readonly others: ProtocolThread[] = [];
  private readonly sendsMessages: boolean;

  constructor(private readonly stack: PlacedStack) {
    const { kernel, options, model, classifier } = stack;
    this.sendsMessages = model.sendsMessages;
    if (!model.sendsMessages) {
      this.main.push(new ProtocolThread(stack, kernel, 'swi net', 0, 'thread'));
      return;
    }
    for (let cpu = 0; cpu < classifier.cpus; cpu += 1) {
      const number = String(cpu);
      if (options.protocolThreads === 'one') {
        this.main.push(new ProtocolThread(stack, kernel, `netisr ${number}`, cpu, 'spin'));
        continue;
      }
      this.main.push(new ProtocolThread(stack, kernel, `tcp ${number}`, cpu, 'thread'));
      this.udp.push(new ProtocolThread(stack, kernel, `udp ${number}`, cpu, 'thread'));
      this.others.push(new ProtocolThread(stack, kernel, `netisr ${number}`, cpu, 'thread'));
    }
  }

  get all(): readonly ProtocolThread[] {
    return [...this.main, ...this.udp, ...this.others];
  }

  /** The port of the thread that does such work on a CPU. */
  portOf(cpu: number, work: Work): Port {
    if (!this.sendsMessages) return this.main[0]!.port;
    return this.family(work)[cpu]!.port;
  }

  /** Whether a netisr that has work for `owner` has to pass it on: to another CPU, or to another family's thread. */
  isElsewhere(owner: number, cpu: number): boolean {
    return owner !== cpu || this.udp.length > 0;
  }

  /** Sends a message to whoever does the work of its socket. */
  post(cpu: Cpu, message: WorkMessage): void {
    const { kernel, partitions } = this.stack;
    let owner = message.socket!.partition.index;
    if (kernel.faults?.strikes('owner') === true) owner = (owner + 1) % partitions;
    post(cpu, message, this.portOf(owner, message));
  }

  /** The work turns out to be another CPU's. */
  forward(work: Work, partition: Partition): void {
    invariant(work instanceof WorkMessage, 'K6.3 work that is no message is on the wrong CPU');
    work.partition = partition;
    work.forwardTo = this.portOf(partition.index, work);
  }

  /** A packet goes on to a partition's thread, for this step. */
  hand(cpu: Cpu, packet: Packet, step: Step, partition: Partition): void {
    const message = this.stack.messages.take(cpu.id);
    message.step = step;
    message.packet = packet;
    message.partition = partition;
    message.detail = cpu.id;
    post(cpu, message, this.portOf(partition.index, message));
  }

  /** A frame that a driver has taken goes to whoever works on it. */
  dispatch(cpu: Cpu, { packet, buffer }: Work, isLate = false): void {
    invariant(packet !== undefined, 'a frame is passed on that was not taken');
    const { messages, owners, options, host, kernel, model, counters } = this.stack;
    const { partitions } = host;
    const isSorted = options.classification === 'early' || isLate;
    let partition = isSorted ? owners.partitionOfPacket(packet) : partitions[0]!;
    if (kernel.faults?.strikes('classify') === true) partition = partitions[(partition.index + 1) % partitions.length]!;
    if (model.isPartitioned && partition.index !== cpu.id) counters.hops += 1;
    else counters.local += 1;
    const message = messages.take(cpu.id);
    message.step = INPUT;
    message.packet = packet;
    message.buffer = buffer;
    message.partition = partition;
    message.detail = cpu.id;
    post(cpu, message, this.portOf(partition.index, message));
  }

  private family({ packet, datagrams, step }: Work): readonly ProtocolThread[] {
    if (this.udp.length === 0) return this.main;
    if (packet !== undefined && (packet.fragment !== undefined || (packet.icmp !== undefined && step === INPUT)))
      return this.others;
    const ofPacket = packet === undefined ? Protocol.tcp : protocolOf(packet);
    switch (datagrams === undefined ? ofPacket : Protocol.udp) {
      case Protocol.tcp:
        return this.main;
      case Protocol.udp:
        return this.udp;
      default:
        return this.others;
    }
  }
}
