// What one run tells the window, kept outside of reactive state: its trails, and counters that change with every batch.

import type { RunnerCommand, RunnerMessage, StreamedProbe } from '../../electron/ipc';
import type { RunSummary } from '../../core/measure';
import { PacketTable, RecordLog } from '../records';
import { cpuActivity, linkActivity, Trail } from '../shared';
import { BEGINNING, type FeedStatus, hasEnded, type Lost, statusAfter } from './feed-status';
import type { Repetition } from './repetition';

export type MachineState = Pick<RunSummary, 'cpus' | 'kernels' | 'nics' | 'stacks'>;

export class RunFeed {
  status: FeedStatus = BEGINNING;
  available: readonly { name: string; unit: string; help: string }[] = [];
  readonly trails = new Map<string, Trail>();
  /** Causes of what happened, for timeline and packets; empty when neither machines nor packets are recorded. */
  readonly records = new RecordLog();
  readonly packets = new PacketTable(this.records);
  machines: MachineState | undefined;
  private readonly byIndex: Trail[] = [];
  private port: MessagePort | undefined;
  private waiting: RunnerCommand[] = [];
  private machinesAtNs = 0;

  /**
   * @param changed is told after every message
   * @param repetition when this is a stored run that is repeated; what is drawn is then perhaps another scenario
   */
  constructor(
    readonly runId: string,
    readonly name: string,
    private readonly changed: () => void,
    readonly repetition?: Repetition,
  ) {}

  attach(port: MessagePort): void {
    this.port = port;
    port.onmessage = (event: MessageEvent<RunnerMessage>) => {
      this.receive(event.data);
    };
    for (const command of this.waiting) port.postMessage(command);
    this.waiting = [];
  }

  command(command: RunnerCommand): void {
    if (this.port === undefined) this.waiting.push(command);
    else this.port.postMessage(command);
  }

  /** The process is gone without a word. */
  lost(reason: string): void {
    this.note({ type: 'lost', reason });
  }

  private receive(message: RunnerMessage): void {
    switch (message.type) {
      case 'ready':
        this.available = message.available;
        break;
      case 'probes':
        this.addProbes(message.added);
        break;
      case 'batch':
        this.addSamples(message.samples);
        if (this.repetition === undefined) linkActivity.value = message.links;
        this.command({ type: 'ack', batch: message.batch });
        break;
      case 'packets':
        this.packets.addRows(message.rows, message.edges, message.lost);
        return;
      case 'records':
        this.records.add(message.rows, message.names, message.lost);
        this.packets.update();
        return;
      case 'machines':
        this.noteMachines(message.nowNs, message.state);
        break;
      case 'finished':
      case 'failed':
    }
    this.note(message);
  }

  private note(news: RunnerMessage | Lost): void {
    this.status = statusAfter(this.status, news);
    if (hasEnded(this.status)) {
      // Nothing moves on the drawing any more.
      linkActivity.value = undefined;
      cpuActivity.value = undefined;
    }
    this.changed();
  }

  private addProbes(added: readonly StreamedProbe[]): void {
    for (const { index, name, unit } of added) {
      const trail = this.trails.get(name) ?? new Trail(name, unit);
      this.trails.set(name, trail);
      this.byIndex[index] = trail;
    }
  }

  /** Keeps the tables, and tells the drawing how busy the CPUs were since the last time. */
  private noteMachines(nowNs: number, state: MachineState): void {
    const before = this.machines;
    const spanNs = nowNs - this.machinesAtNs;
    if (spanNs > 0) {
      const busy = new Map<string, number[]>();
      state.cpus.forEach(({ host, busyNs }, index) => {
        const share = (busyNs - (before?.cpus[index]?.busyNs ?? 0)) / spanNs;
        busy.set(host, [...(busy.get(host) ?? []), Math.min(1, share)]);
      });
      if (this.repetition === undefined) cpuActivity.value = busy;
    }
    this.machines = state;
    this.machinesAtNs = nowNs;
  }

  private addSamples(samples: Float64Array): void {
    for (let i = 0; i < samples.length; i += 3) this.byIndex[samples[i]!]?.add(samples[i + 1]!, samples[i + 2]!);
  }
}
