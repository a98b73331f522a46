// How a host's stack uses its CPUs: the switches of kernel.md §6 and §10.

import type { HashName } from '../../nic';

export type ModelName = 'giant' | 'mutex' | 'grouplock' | 'pmp';

export interface StackOptions {
  readonly model: ModelName;
  /** PMP: threads for TCP, UDP and the rest with ports of their own (2004), or one with a spin port (from 2008 on). */
  readonly protocolThreads: 'three' | 'one';
  /** Which CPU a flow belongs to. */
  readonly hash: HashName;
  /** PMP: frames are sorted before any protocol sees them, or by the protocol thread of CPU 0. */
  readonly classification: 'early' | 'none';
  /** Messages that a protocol thread works on before its roll-ups; 1 to 512. */
  readonly batch: number;
  /** A protocol thread works on each message of a batch by itself, or on all of them stage by stage (kernel.md §7). */
  readonly stageOrder: 'message' | 'stage';
  /** Code and data of the stages go through a model of the first-level caches of the CPU that they run on. */
  readonly caches: boolean;
  /** PMP: one ACK per connection and batch. */
  readonly ackAggregation: boolean;
  /** PMP: segments after which a connection lets others send; 0 for no limit. */
  readonly fairSend: number;
  /** PMP: whether applications wait for TCP to have taken what they write, and to have heard what they read. */
  readonly sends: 'sync' | 'async';
  readonly receives: 'sync' | 'async';
  /** PMP: how a datagram gets to UDP: a call, a message that is waited for, or one that is not. */
  readonly udpSends: 'direct' | 'sync' | 'async';
  /** UDP sockets are connected: their flow's CPU owns them. */
  readonly udpConnected: boolean;
  /** Group locks. */
  readonly groups: number;
  /** Mutexes: the lock of the connection table is held while TCP works on a segment, or only while it looks up (later). */
  readonly tableLock: 'held' | 'lookup';
  /** PMP: protocols that do not need the big lock. */
  readonly tcpMpsafe: boolean;
  readonly udpMpsafe: boolean;
  /** Where application threads run: in turn on all CPUs, on their flow's CPU, or all on the first. */
  readonly applications: 'spread' | 'flow' | 'first';
  /** Applications are a thread a CPU that waits for events of all its connections, instead of a thread for each connection. */
  readonly eventDriven: boolean;
  /** Bytes of a write, and at most of a read, per system call. */
  readonly writeBytes: number;
  readonly readBytes: number;
  /** Room in a send buffer at which its writer goes on (so_snd.sb_lowat). */
  readonly sendLowWaterBytes: number;
  /** Data is not copied between application and kernel. */
  readonly zeroCopy: boolean;
  /** Threads that accept connections, on each listening socket; and such sockets that share a port (SO_REUSEPORT). */
  readonly acceptors: number;
  readonly reusePort: number;
}
