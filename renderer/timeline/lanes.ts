// The records of a run, sorted into lanes: for each CPU its slices by depth (a handler lies on the thread that it interrupts), for each
// token and lock its holds and waits, for each link its transmissions; and the arrows between them. Built as records come.

import { CauseKind } from '../../core/base';
import type { RecordLog } from '../records';

/** Ids of records in the order of their beginnings; they do not overlap, unless a token is shared. */
export type Slices = number[];

export interface CpuLane {
  readonly name: string;
  /** Slices by depth: threads below, handlers and what preempted above. */
  readonly depths: Slices[];
  /** Wake-ups, messages, interrupts. */
  readonly marks: Slices;
}

export interface SyncLane {
  readonly name: string;
  readonly holds: Slices;
  readonly waits: Slices;
}

/** A direction of a link or of a network interface, or a bus. */
export interface LinkLane {
  readonly name: string;
  readonly kind: 'link' | 'nic' | 'bus';
  /** Propagation delay, ns; 0 for what lies within a host. */
  readonly delayNs: number;
  readonly sent: Slices;
}

export class Lanes {
  readonly cpus: CpuLane[] = [];
  readonly syncs: SyncLane[] = [];
  readonly links: LinkLane[] = [];
  /** Records with a cause elsewhere: a message, an IPI, a wake-up. */
  readonly arrows: number[] = [];
  private readonly stacks: number[][] = [];
  private readonly byLink: LinkLane[] = [];
  private done = 0;
  private lastNs = 0;

  constructor(readonly log: RecordLog) {}

  /** Takes in what has come since the last time. */
  update(): void {
    const { log } = this;
    for (; this.done < log.size; this.done += 1) this.place(this.done + 1);
    if (log.size > 0) this.lastNs = Math.max(this.lastNs, log.ats[log.size - 1]!);
  }

  /** Virtual time up to which records are known. */
  get reachNs(): number {
    return this.lastNs;
  }

  beginOf(id: number): number {
    return this.log.beginOf(id);
  }

  /** When it ended; what has not ended reaches to the last record. */
  endOf(id: number): number {
    return this.log.endOf(id, this.lastNs);
  }

  /** The first of a list of instants that is not before `ns`. */
  firstFrom(ids: readonly number[], ns: number): number {
    let low = 0;
    let high = ids.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.log.ats[ids[middle]! - 1]! < ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The first slice of a list that ends after `ns`. */
  firstAfter(slices: Slices, ns: number): number {
    let low = 0;
    let high = slices.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.endOf(slices[middle]!) <= ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private place(id: number): void {
    const { log } = this;
    const kind = log.kinds[id - 1]!;
    const subject = log.subjects[id - 1]!;
    switch (kind) {
      case CauseKind.run:
      case CauseKind.handler:
        this.push(id, subject);
        if (kind === CauseKind.run && log.kinds[log.parents[id - 1]! - 1] === CauseKind.wake) this.arrows.push(id);
        break;
      case CauseKind.end:
        this.pop(subject);
        break;
      case CauseKind.syncHold:
        this.syncOf(subject).holds.push(id);
        break;
      case CauseKind.syncWait:
        this.syncOf(subject).waits.push(id);
        break;
      case CauseKind.transmit:
      case CauseKind.dma:
        this.linkOf(subject, kind === CauseKind.dma ? 'nic' : 'link').sent.push(id);
        break;
      case CauseKind.bus:
        this.linkOf(subject, 'bus').sent.push(id);
        break;
      default:
        if (kind > CauseKind.run && kind < CauseKind.end) this.cpuOf(subject).marks.push(id);
        if (kind === CauseKind.messageTaken || kind === CauseKind.ipiTaken) this.arrows.push(id);
    }
  }

  private push(id: number, cpu: number): void {
    const stack = (this.stacks[cpu] ??= []);
    const lane = this.cpuOf(cpu);
    (lane.depths[stack.length] ??= []).push(id);
    stack.push(id);
  }

  private pop(id: number): void {
    const kind = this.log.kinds[id - 1];
    if (kind !== CauseKind.run && kind !== CauseKind.handler) return;
    const stack = this.stacks[this.log.subjects[id - 1]!];
    const at = stack?.lastIndexOf(id) ?? -1;
    if (at >= 0) stack?.splice(at, 1);
  }

  private cpuOf(cpu: number): CpuLane {
    const { cpus } = this.log.names.kernel;
    for (let next = this.cpus.length; next <= cpu; next += 1)
      this.cpus.push({ name: cpus[next] ?? `CPU ${String(next)}`, depths: [[]], marks: [] });
    return this.cpus[cpu]!;
  }

  private syncOf(sync: number): SyncLane {
    const { syncs } = this.log.names.kernel;
    for (let next = this.syncs.length; next <= sync; next += 1)
      this.syncs.push({ name: syncs[next] ?? `token ${String(next)}`, holds: [], waits: [] });
    return this.syncs[sync]!;
  }

  private linkOf(link: number, kind: LinkLane['kind']): LinkLane {
    const { links, ends } = this.log.names;
    return (this.byLink[link] ??= this.newLink({
      name: links[link] ?? `link ${String(link)}`,
      kind,
      delayNs: ends[link]?.delayNs ?? 0,
      sent: [],
    }));
  }

  /** Links first, then interfaces, then buses, whichever was used first. */
  private newLink(lane: LinkLane): LinkLane {
    const order = ['link', 'nic', 'bus'];
    const after = this.links.findIndex((other) => order.indexOf(other.kind) > order.indexOf(lane.kind));
    if (after < 0) this.links.push(lane);
    else this.links.splice(after, 0, lane);
    return lane;
  }
}
