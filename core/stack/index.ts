// stack: sockets and demultiplexing on a host, and who carries an application's wishes out. Today the ideal host,
// which has no CPU; the concurrency models of kernel.md §10 come in here. The first room that knows TCP, UDP and
// the network together. Realises product.md §2 (3: stack) and style.md §3.5 (applications).

export type { EndListener, Program, ProgramEnd, Wish } from './application';
export { IdealApplication } from './application';
export type { DemuxKey } from './demux';
export { Demux } from './demux';
export type { Acceptor, Outlet, SocketWishes } from './host';
export { Host } from './host';
export type { StraySyn } from './stray-syn';
export { sendStraySyn } from './stray-syn';
export type { SocketUser } from './tcp-socket';
export { isEnd, TcpSocket } from './tcp-socket';
export { UdpSocket } from './udp-socket';
export type { PacketTap } from './wire';
export { Wire } from './wire';
