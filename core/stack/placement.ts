// What a host asks of a stack that runs on CPUs, and what both hand each other.

import type { CauseId, FlowId, NodeId } from '../base';
import type { Packet } from '../packet';
import type { OutputOffer, TcpOptions } from '../tcp';
import type { EndListener, Program } from './application';
import type { ProtocolTable } from './protocols';
import type { SynCacheQueue } from './syn-cache-queue';
import type { SocketUser, TcpSocket } from './tcp-socket';
import type { UdpSocket } from './udp-socket';

/** Makes the user of a connection that a listener has just accepted. */
export type Acceptor = (socket: TcpSocket) => SocketUser;

/** What a stack that runs on CPUs adds to a host's protocol steps; an ideal host has none. */
export interface Placement {
  /** The protocols that this stack has to begin with. */
  readonly protocols: ProtocolTable;
  /** Work of a protocol that was registered; ns. */
  work(ns: number): void;
  /** Copies of the tables that this stack keeps. */
  readonly partitions: number;
  /** Listening sockets that share a port. */
  readonly listenersPerPort: number;
  /** The partition that a connection of this host belongs to. */
  partitionOf(localPort: number, remote: NodeId, remotePort: number): number;
  /** Of a first segment or a datagram: what spreads them over the sockets of a group. */
  spreadOf(packet: Packet): number;
  /** A segment of `socket` (undefined: of none) is built and goes to IP. */
  output(packet: Packet, socket: TcpSocket | undefined): void;
  /** A segment for `socket` (undefined: for none yet) is looked at. */
  input(packet: Packet, socket: TcpSocket | undefined): void;
  /** What the way out offers a connection now. */
  offer(outlet: Outlet | undefined): OutputOffer;
  sendLater(socket: TcpSocket): void;
  ackLater(socket: TcpSocket): void;
  /** A timer of a connection has expired. */
  timer(socket: TcpSocket, kind: number): void;
  /** A timer of a partition's SYN cache has expired. */
  synTimer(queue: SynCacheQueue, slot: number): void;
  /** A new socket: what it takes in memory, and where its work is done. */
  adopt(socket: TcpSocket): void;
  /** Whatever was to be told to a socket's user is due: there is something to read, or room to write. */
  deliver(socket: TcpSocket): void;
  /** A connection that a listener waited for is complete. */
  completed(socket: TcpSocket): void;
  /** Makes what runs `program` on a connection. */
  application(program: Program, onEnd: EndListener): SocketUser;
  /** A socket that its application has asked to connect. */
  connect(socket: TcpSocket): void;
  /** An application hands over a datagram. */
  sendDatagram(socket: UdpSocket, remote: NodeId, remotePort: number, payloadBytes: number): void;
  /** Whether sockets that send datagrams are connected. */
  readonly connectsDatagrams: boolean;
  /** An application is done with a socket. */
  closeDatagrams(socket: UdpSocket): void;
  /** A datagram is about to be cut into fragments; or has been put together of them. */
  cuts(packet: Packet): void;
  assembled(packet: Packet): void;
  /** An ICMP error is built; or has been heard by a connection. */
  complains(): void;
  hears(socket: TcpSocket): void;
  /** A datagram is appended to its socket's buffer. */
  datagram(packet: Packet, socket: UdpSocket | undefined): void;
  /** Routes of this host have changed. */
  changeRoutes(routes: Outlet | readonly (Outlet | undefined)[]): void;
  /** A listener was made. */
  listen(listener: Listener): void;
}

/** Where a host's packets go: a link, or whoever stands in for one. */
export interface Outlet {
  /** Takes a packet; owns it from now on. */
  send(packet: Packet): void;
  /** Largest IP packet that it takes. */
  readonly mtuBytes: number;
  /** Ends a packet that is larger and must not be cut; the record of that. */
  refuse(packet: Packet): CauseId;
}

/** What a socket asks for that differs from its host's own. */
export interface SocketWishes {
  readonly options?: TcpOptions;
  readonly localPort?: number;
}

/** A port that accepts connections, and how many of them are half open. */
export interface Listener {
  readonly flow: FlowId;
  readonly accept: Acceptor;
  readonly options: TcpOptions;
  readonly port: number;
  halfOpen: number;
}
