// Cause records and packets on their way to the window: those that were written since the last time, and names that have come up.

import type { World } from '../../core/world';
import type { RecordNames, RunnerMessage } from '../ipc';

/** Least wall time between messages with names: those of a thousand sockets are a long list. */
const NAMES_MS = 250;

type Message<Type extends RunnerMessage['type']> = Extract<RunnerMessage, { type: Type }>;

export class RecordStream {
  private next = 1;
  private names = -1;
  private namesMs = -Infinity;
  private lost = 0;
  private packetsLost = 0;

  /** @param keeps the records that were taken, for somebody who writes them to a file */
  constructor(
    private readonly world: World,
    private readonly keeps: boolean,
  ) {}

  /** Whether there are records that were not taken. */
  get isBehind(): boolean {
    return this.next <= (this.world.engine.causes?.size ?? 0);
  }

  /** New packets as a message; undefined when there are none. To be sent before records that are taken after it. */
  takePackets(): Message<'packets'> | undefined {
    const { packetLog } = this.world;
    if (packetLog === undefined) return undefined;
    const { rows, edges } = packetLog.take();
    const { lost } = packetLog;
    if (rows.length === 0 && lost === this.packetsLost) return undefined;
    this.packetsLost = lost;
    return { type: 'packets', rows, edges, lost };
  }

  /**
   * Up to `max` new records as a message; undefined when there is nothing new.
   * @param nowMs wall clock; names that came up lately wait for later messages, except for `Infinity`
   */
  take(max: number, nowMs: number): Message<'records'> | undefined {
    const { causes } = this.world.engine;
    if (causes === undefined || (this.next > causes.size && causes.lost === this.lost)) return undefined;
    const first = this.next;
    const rows = causes.rows(first, max);
    this.next += rows.length / 6;
    if (!this.keeps) causes.forget(this.next);
    this.lost = causes.lost;
    return { type: 'records', first, rows, names: this.newNames(nowMs), lost: causes.lost };
  }

  private newNames(nowMs: number): RecordNames | undefined {
    const { world } = this;
    if (world.causeNameCount === this.names || nowMs - this.namesMs < NAMES_MS) return undefined;
    this.namesMs = nowMs;
    this.names = world.causeNameCount;
    const { nodes, traffic } = world.scenario;
    return {
      ...world.causeNames(),
      nodes: nodes.map(({ id, kind }) => ({ name: id, isHost: kind === 'host' })),
      flows: traffic.map(({ id }) => id),
    };
  }
}
