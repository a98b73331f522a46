// A NIC's transactions on the machine's bus (kernel.md §9.3): each takes bus time and is counted, and while causes are recorded it is
// told on whose account the bus was used.

import { CauseKind, NO_CAUSE, nanos } from '../base';
import type { Engine } from '../engine';
import type { Bus } from '../machine';

/** A cluster of mbuf memory: what one descriptor points to at most. */
export const CLUSTER_BYTES = 2048;

/** What a NIC counts of its transactions. */
export interface DmaCounters {
  dmaTransactions: number;
  dmaBytes: number;
}

export class Dma {
  /** On account of which packet the bus is used now, while causes are recorded. */
  cause = NO_CAUSE;

  /** @param busIndex number of the bus in cause records, and of its writes where they do not wait for reads */
  constructor(
    private readonly engine: Engine,
    private readonly bus: Bus,
    private readonly busIndex: { readonly read: number; readonly write: number },
    private readonly counters: DmaCounters,
  ) {}

  /** Fetches from the host's memory; when the last of it has come, ns. */
  read(bytes: number, atNs: number): number {
    this.count(bytes);
    const endNs = this.bus.read(bytes, atNs);
    if (this.engine.causes !== undefined) this.record(this.busIndex.read, endNs, -bytes);
    return endNs;
  }

  /** Data from `offset` on, which lies in clusters: a transaction for each that it touches. */
  readClusters(offset: number, bytes: number, atNs: number): number {
    let endNs = atNs;
    for (let from = offset; from < offset + bytes;) {
      const to = Math.min(offset + bytes, (Math.floor(from / CLUSTER_BYTES) + 1) * CLUSTER_BYTES);
      endNs = this.read(to - from, endNs);
      from = to;
    }
    return endNs;
  }

  write(bytes: number, atNs: number): number {
    this.count(bytes);
    const endNs = this.bus.write(bytes, atNs);
    if (this.engine.causes !== undefined) this.record(this.busIndex.write, endNs, bytes);
    return endNs;
  }

  private count(bytes: number): void {
    this.counters.dmaTransactions += 1;
    this.counters.dmaBytes += bytes;
  }

  /** A transaction that the bus has just been asked for. */
  private record(bus: number, endNs: number, bytes: number): void {
    const startAt = nanos(Math.round(this.bus.lastStartNs));
    this.engine.causes!.record(CauseKind.bus, startAt, this.cause, bus, Math.ceil(endNs), bytes);
  }
}
