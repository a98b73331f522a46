// tcp: one connection as a pure state machine, with its mechanisms as strategy objects. Knows no clock, CPU, lock,
// thread, socket or link: time is an argument, everything else goes to its sink. Realises tcp.md §1-§13 as far
// as product.md's switches name them, and RFC 9293.

export type { CongestionControl } from './congestion/congestion-control';
export type { TcpObserver } from './connection';
export { TcpConnection } from './connection';
export { checkInvariants } from './invariants';
export type { IcmpError } from './icmp';
export type { TcpOptions } from './options';
export { initialWindowBytes } from './options';
export { resetFor } from './reset';
export { RttEstimator } from './rtt';
export { Scoreboard } from './scoreboard';
export { SeqRanges } from './seq-ranges';
export { FULL_CONNECTION_BYTES, SYN_ENTRY_BYTES, type SynEntry } from './syn-cache/entry';
export type { CompletedHandshake, SynCacheCounters, SynCacheSink } from './syn-cache/syn-cache';
export { SynCache } from './syn-cache/syn-cache';
export { isPredicted } from './prediction';
export type { OutputOffer, TcpSink } from './sink';
export { PLAIN_OUTPUT, TCP_TIMER_COUNT, TcpEvent, TcpTimer } from './sink';
export type { TcpEndpoints } from './tcb';
export { RecoveryCause, TcpState, windowScaleFor } from './tcb';
