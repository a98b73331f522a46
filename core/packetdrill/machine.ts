// The machine under test: file descriptors over the stack's own host, so that scripts exercise the demultiplexer,
// listeners and refusals of the simulator and not copies of them.

import { type CauseId, type FlowId, NO_CAUSE, type NodeId, type SeqNum } from '../base';
import { Engine, Streams } from '../engine';
import { fillIcmpError, Flag, type IcmpErrorName, Option, type Packet, PacketPool, Protocol, sealTcp } from '../packet';
import { resolveTcp } from '../scenario';
import { Host, type Outlet, Wire } from '../stack';
import { type TcpOptions, TcpState } from '../tcp';
import type { CommandTarget } from './commands';
import type { Profile, TcpSwitches } from './profile';
import { type Socket } from './socket';

export const LOCAL = 0 as NodeId;
export const REMOTE = 1 as NodeId;
/** Ports that packetdrill binds and connects to. */
export const BOUND_PORT = 8080;
const CONNECT_PORT = 8080;
const FLOW = 0 as FlowId;
const FIRST_DESCRIPTOR = 3;
/** Names of the states in the output of system tools, both families. */
const STATE_NAMES: Readonly<Record<TcpState, readonly string[]>> = {
  [TcpState.closed]: ['CLOSED'],
  [TcpState.synSent]: ['SYN_SENT'],
  [TcpState.synReceived]: ['SYN_RCVD', 'SYN_RECV'],
  [TcpState.established]: ['ESTABLISHED'],
  [TcpState.finWait1]: ['FIN_WAIT_1'],
  [TcpState.finWait2]: ['FIN_WAIT_2'],
  [TcpState.closeWait]: ['CLOSE_WAIT'],
  [TcpState.closing]: ['CLOSING'],
  [TcpState.lastAck]: ['LAST_ACK'],
  [TcpState.timeWait]: ['TIME_WAIT'],
};

export class Machine implements CommandTarget, Outlet {
  readonly engine = new Engine();
  readonly pool = new PacketPool();
  /** Every socket that ever was; states are asked of them. */
  readonly sockets: Socket[] = [];
  private readonly host: Host;
  private readonly descriptors = new Map<number, Socket>();
  private switches: TcpSwitches;
  /** Its first SYN leaves before it is known by its ports. */
  private connecting: Socket | undefined = undefined;
  private dropsSynFin = false;
  private dropsSynOptions = false;

  /**
   * @param mss largest segment of the interface, bytes
   * @param onSegment is told of every segment that leaves; the packet is given back afterwards
   */
  constructor(
    readonly profile: Profile,
    changes: TcpSwitches,
    mss: number,
    private readonly onSegment: (packet: Packet) => void,
  ) {
    this.switches = { ...profile.tcp, mss, ...changes };
    const wire = new Wire(this.engine, this.pool, true);
    this.host = new Host(wire, LOCAL, this.options({}), new Streams(1).named('packetdrill'));
    this.host.setRoutes(this);
  }

  /** Scripts say themselves what a path carries. */
  readonly mtuBytes = Infinity;

  refuse(packet: Packet): CauseId {
    this.pool.give(packet);
    return NO_CAUSE;
  }

  /** A packet of ours on its way to the script. */
  send(packet: Packet): void {
    if (this.dropsSynOptions) stripOptions(packet, this.socketAt(packet.srcPort, packet.dstPort));
    this.onSegment(packet);
    this.pool.give(packet);
  }

  /** A packet of the script; owned by the machine from now on. */
  receive(packet: Packet): void {
    const synFin = Flag.syn | Flag.fin;
    if (this.dropsSynFin && (packet.flags & synFin) === synFin) this.pool.give(packet);
    else this.host.receive(packet);
  }

  /** An ICMP error of the remote end, or of somebody on the way, about a segment that we are said to have sent. */
  complain(
    about: { readonly localPort: number; readonly remotePort: number; readonly seq: SeqNum },
    name: IcmpErrorName,
    mtuBytes: number,
  ): void {
    const sent = this.pool.take();
    sent.protocol = Protocol.tcp;
    sent.src = LOCAL;
    sent.dst = REMOTE;
    sent.srcPort = about.localPort;
    sent.dstPort = about.remotePort;
    sent.seq = about.seq;
    const error = this.pool.take();
    fillIcmpError(error, sent, REMOTE, name, mtuBytes);
    this.pool.give(sent);
    this.host.receive(error);
  }

  /** The socket with this pair of ports that lives, or the last one that did. */
  socketAt(localPort: number, remotePort: number): Socket | undefined {
    if (this.connecting !== undefined) return this.connecting;
    return this.sockets.findLast(({ live }) => live?.localPort === localPort && live.remotePort === remotePort);
  }

  // Descriptors

  open(socket: Socket): number {
    let descriptor = FIRST_DESCRIPTOR;
    while (this.descriptors.has(descriptor)) descriptor += 1;
    this.descriptors.set(descriptor, socket);
    if (!this.sockets.includes(socket)) this.sockets.push(socket);
    return descriptor;
  }

  find(descriptor: number): Socket | undefined {
    return this.descriptors.get(descriptor);
  }

  release(descriptor: number): void {
    this.descriptors.delete(descriptor);
  }

  // What sockets do with the stack

  /** Switches of a socket, all filled in. */
  options(changes: TcpSwitches): TcpOptions {
    return resolveTcp(this.switches, changes);
  }

  connect(socket: Socket): void {
    const options = this.options(socket.switches);
    const wishes = socket.port === 0 ? { options } : { options, localPort: socket.port };
    this.connecting = socket;
    socket.live = this.host.connect(REMOTE, CONNECT_PORT, FLOW, socket, wishes);
    this.connecting = undefined;
  }

  listen(socket: Socket): void {
    socket.queue = [];
    this.host.listen(
      socket.port,
      FLOW,
      (live) => {
        const child = socket.spawn(live);
        this.sockets.push(child);
        return child;
      },
      this.options(socket.switches),
    );
  }

  /** The listener is gone: handshakes are forgotten, connections that nobody accepted are reset. */
  stopListening(socket: Socket): void {
    this.host.stopListening(socket.port);
    for (const child of socket.opening) {
      if (child.live !== undefined) this.host.forget(child.live);
    }
    for (const child of socket.queue ?? []) child.live?.abort();
    socket.queue = undefined;
  }

  // What commands do

  set(changes: TcpSwitches): void {
    this.switches = { ...this.switches, ...changes };
  }

  countSockets(state: string): number {
    return this.sockets.filter((socket) => this.stateNames(socket).includes(state)).length;
  }

  setFastOpen(): void {
    // A host without Fast Open has nothing to forget.
  }

  setDropSynFin(on: boolean): void {
    this.dropsSynFin = on;
  }

  setSynOptionsDropped(on: boolean): void {
    this.dropsSynOptions = on;
  }

  private stateNames(socket: Socket): readonly string[] {
    if (socket.queue !== undefined) return ['LISTEN'];
    return socket.live === undefined ? ['CLOSED'] : STATE_NAMES[socket.live.connection.state];
  }
}

/** SYN retransmissions from the third on offer nothing but the MSS (FreeBSD's rexmit_drop_options). */
const SYNS_WITH_OPTIONS = 2;

function stripOptions(packet: Packet, socket: Socket | undefined): void {
  const isFirst = (packet.flags & (Flag.syn | Flag.ack)) === Flag.syn;
  if (!isFirst || (socket?.live?.connection.synRetransmits ?? 0) <= SYNS_WITH_OPTIONS) return;
  packet.options &= Option.mss;
  sealTcp(packet);
}
