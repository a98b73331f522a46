// UDP on a host with CPUs: its sockets' applications, which CPU does the work of a datagram, and what that costs (kernel.md §6.6).

import type { NodeId } from '../../base';
import type { Cpu } from '../../kernel';
import type { UdpSocket } from '../udp-socket';
import type { Bill } from './bill';
import { DatagramRounds } from './datagram-rounds';
import { DatagramReceiver, DatagramSender } from './datagram-threads';
import type { PlacedStack } from './placed-stack';
import { Stage } from './stage';
import type { Work } from './work';

export class Datagrams {
  /** Binding and closing, which all CPUs are told of. */
  readonly rounds: DatagramRounds;
  private readonly senders = new Map<UdpSocket, DatagramSender>();
  private readonly receivers = new Map<UdpSocket, DatagramReceiver>();

  constructor(private readonly stack: PlacedStack) {
    this.rounds = new DatagramRounds(stack);
  }

  /** An application hands one over; its thread is made with its first. */
  send(socket: UdpSocket, remote: NodeId, remotePort: number, payloadBytes: number): void {
    let sender = this.senders.get(socket);
    if (sender === undefined) {
      sender = new DatagramSender(this.stack, socket);
      this.senders.set(socket, sender);
    }
    sender.want(remote, remotePort, payloadBytes);
  }

  /** An application is done with a socket. */
  close(socket: UdpSocket): void {
    this.senders.get(socket)?.close();
  }

  /** A datagram is appended to its socket's buffer. */
  append(bill: Bill, socket: UdpSocket, bytes: number): void {
    bill.work(Stage.socket, this.stack.machine.profile.socketReceiveNs / 2);
    bill.then(arrived, this.receiverOf(socket), bytes);
  }

  /** The application that receives from a bound socket. */
  receiverOf(socket: UdpSocket): DatagramReceiver {
    let receiver = this.receivers.get(socket);
    if (receiver === undefined) {
      receiver = new DatagramReceiver(this.stack, socket);
      this.receivers.set(socket, receiver);
    }
    return receiver;
  }

  /** The CPU whose protocol thread owns a sending socket: its flow's, or if it is not connected its port's. */
  ownerOfSender(socket: UdpSocket, remote: NodeId, remotePort: number): number {
    const { options, owners } = this.stack;
    if (options.udpConnected) return owners.cpuOfDatagram(socket, remote, remotePort);
    return owners.protocolCpu(socket.localPort);
  }

  /** The CPU that outputs a datagram. */
  ownerOfOutput(socket: UdpSocket, { detail, remotePort }: Work, cpu: number): number {
    const { options, owners } = this.stack;
    if (options.udpSends === 'direct') return cpu;
    return owners.cpuOfDatagram(socket, detail as NodeId, remotePort);
  }
}

function arrived(cpu: Cpu, receiver: DatagramReceiver, bytes: number): void {
  receiver.arrived(bytes, cpu);
}
