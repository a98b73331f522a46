// stack: sockets and demultiplexing on a host, and who carries an application's wishes out: nobody in particular on an ideal
// host, threads on one whose stack runs on CPUs (placed/), under one of the concurrency models (models/). The first room that knows
// kernel, NIC, TCP and UDP together. Realises product.md §2 (3: stack), kernel.md §6, §7, §10 and style.md §3.5.

export type { EndListener, Program, ProgramEnd, Wish } from './application';
export { IdealApplication } from './application';
export type { DemuxKey } from './demux';
export { Demux } from './demux';
export { Host } from './host';
export type { Acceptor, Outlet, Placement, SocketWishes } from './placement';
export type { StraySyn } from './stray-syn';
export { portForOneHash, sendStraySyn } from './stray-syn';
export type { InternetProtocol } from './protocols';
export type { SocketUser } from './tcp-socket';
export { isEnd, TcpSocket } from './tcp-socket';
export { UdpSocket } from './udp-socket';
export type { Partition } from './partition';
export type { PacketTap } from './wire';
export { Wire } from './wire';
export { bufferOf, STAGE_FOOTPRINTS, type StageFootprint } from './placed/stage-footprints';
export type { Driver } from './placed/driver';
export type { ModelName, StackOptions } from './placed/options';
export { PlacedStack } from './placed/placed-stack';
export type { StackCounters } from './placed/stack-counters';
export type { StageMemory } from './placed/stage-memory';
