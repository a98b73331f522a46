// Cause records on their way to the window: those that were written since the last time, and names that have come up.

import type { World } from '../../core/world';
import type { RunnerMessage } from '../ipc';

export class RecordStream {
  private next = 1;
  private names = 0;
  private lost = 0;

  constructor(private readonly world: World) {}

  /** Up to `max` new records as a message; undefined when there is nothing new. */
  take(max: number): Extract<RunnerMessage, { type: 'records' }> | undefined {
    const { causes } = this.world.engine;
    if (causes === undefined || (this.next > causes.size && causes.lost === this.lost)) return undefined;
    const first = this.next;
    const rows = causes.rows(first, max);
    this.next += rows.length / 6;
    this.lost = causes.lost;
    const { links, sockets, kernel } = this.world.causeNames();
    const { cpus, threads, ports, syncs } = kernel;
    const count = [links, sockets, cpus, threads, ports, syncs].reduce((sum, list) => sum + list.length, 0);
    const isNew = count > this.names;
    this.names = count;
    return { type: 'records', first, rows, names: isNew ? { links, sockets, kernel } : undefined, lost: causes.lost };
  }
}
