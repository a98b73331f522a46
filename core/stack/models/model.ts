// A concurrency model: where each protocol step runs and what it holds. The steps are the same under all of them
// (placed/steps.ts), the machine charges the same for them, and what a model costs emerges (kernel.md §10).

import type { Holding } from '../placed/holding';

/** What a socket's work holds. */
export interface SocketHoldings {
  /** Around TCP's or UDP's work on it, in the order of taking. */
  readonly work: readonly Holding[];
  /** Around its buffers, when they are not covered by the former. */
  readonly buffer: Holding | undefined;
}

/**
 * Who works on a received frame: the interrupt thread that took it from the ring, a software interrupt thread, or the protocol thread
 * that owns its flow.
 */
export type InputPlace = 'interrupt' | 'software interrupt' | 'owner';

export interface Model {
  /** Copies of the connection tables. */
  readonly partitions: number;
  readonly inputPlace: InputPlace;
  /** What an application asks of TCP is done by whoever owns the flow; else by the application's thread itself. */
  readonly sendsMessages: boolean;
  /** Only its CPU works on a partition: there is nothing to hold, and that is asserted. */
  readonly isPartitioned: boolean;
  /** Around the driver's work. */
  readonly driver: readonly Holding[];
  /** The first of several holdings is the table's, which work gives back when it has what it was looking for and TCP has taken it. */
  readonly givesTableBack: boolean;
  /** Around a lookup that is apart from the work on what was found. */
  readonly lookup: readonly Holding[] | undefined;

  /** The partition of a flow. @param flowHash 32 bits; @param flowCpu what the classifier makes of it */
  partitionOf(flowHash: number, flowCpu: number): number;
  /** Of a new socket. */
  holdingsOf(partition: number): SocketHoldings;
  /** Around work on a packet that no socket is known for, in a partition. */
  strangers(partition: number, protocol: number): readonly Holding[];
  /** Around a listener's queue of complete connections. */
  acceptHolding(name: string): Holding;
}
