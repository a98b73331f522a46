// The probes of machines: CPUs, threads, and what they share. They hear each span of CPU time as it ends, and look at the
// counters then; nothing in the kernel knows who listens.

import { NS_PER_SECOND } from '../base';
import type { ProbeFamily, ProbeListener } from '../engine';
import type { Cpu, CpuObserver, Kernel, Lock, Thread, Token } from '../kernel';
import { RateMeter, ShareMeter } from '../measure';
import { CPU_FIELDS, type ProbeFieldInfo, SYNC_FIELDS, THREAD_FIELDS } from '../scenario';
import type { BuiltMachine } from './build-machines';

type Frame = Parameters<CpuObserver['span']>[0];
/** Something that looks at the present whenever time has passed on a CPU. */
type Look = (nowNs: number) => void;
/** Something that hears spans. */
interface SpanMeter {
  readonly wants: (by: Frame) => boolean;
  readonly meter: ShareMeter;
}

/** Watches one CPU for all who listen to it. */
class CpuWatch implements CpuObserver {
  readonly looks: Look[] = [];
  readonly spans: SpanMeter[] = [];
  readonly contested: ShareMeter[] = [];

  constructor(cpu: Cpu) {
    cpu.observer = this;
  }

  span(by: Frame, fromNs: number, toNs: number): void {
    for (const { wants, meter } of this.spans) if (wants(by)) meter.span(fromNs, toNs);
    for (const look of this.looks) look(toNs);
  }

  idle(fromNs: number, toNs: number, isContested: boolean): void {
    if (isContested) for (const meter of this.contested) meter.span(fromNs, toNs);
    for (const look of this.looks) look(toNs);
  }

  settle(nowNs: number): void {
    for (const { meter } of this.spans) meter.see(nowNs);
    for (const meter of this.contested) meter.see(nowNs);
    for (const look of this.looks) look(nowNs);
  }
}

function add<T>(list: T[], item: T): () => void {
  list.push(item);
  return () => list.splice(list.indexOf(item), 1);
}

const RATES: Readonly<Record<string, (cpu: Cpu) => number>> = {
  switches: ({ counters }) => counters.switches,
  messages: ({ counters }) => counters.messages,
  ipis: ({ counters }) => counters.ipiSent,
  'ipi-interrupts': ({ counters }) => counters.ipiInterrupts,
  interrupts: ({ counters }) => counters.interrupts,
  preemptions: ({ counters }) => counters.preemptHit,
  migrations: ({ counters }) => counters.migrations,
  'token-collisions': ({ counters }) => counters.tokenCollisions,
};

/** A machine and its watches, one per CPU; made when somebody listens. */
class Watched {
  private watches: CpuWatch[] | undefined = undefined;

  constructor(
    readonly machine: BuiltMachine,
    readonly intervalNs: number,
  ) {}

  get kernel(): Kernel {
    return this.machine.kernel;
  }

  get all(): readonly CpuWatch[] {
    this.watches ??= this.kernel.cpus.map((cpu) => new CpuWatch(cpu));
    return this.watches;
  }

  settle(): void {
    if (this.watches === undefined) return;
    this.kernel.settle();
    for (const watch of this.watches) watch.settle(this.kernel.engine.now);
  }

  /** Tells the rate of a counter that changes on any of the CPUs of `watches`. */
  rate(watches: readonly CpuWatch[], read: () => number, perCount: number, listener: ProbeListener): () => void {
    const meter = new RateMeter(this.intervalNs, perCount, this.kernel.engine.now, read(), listener);
    return this.look(watches, (nowNs) => {
      meter.see(nowNs, read());
    });
  }

  /** Tells a value whenever it is found changed. */
  gauge(watches: readonly CpuWatch[], read: () => number, listener: ProbeListener): () => void {
    let last = Number.NaN;
    return this.look(watches, (nowNs) => {
      const value = read();
      if (value === last) return;
      last = value;
      listener(nowNs, value);
    });
  }

  private look(watches: readonly CpuWatch[], look: Look): () => void {
    const stops = watches.map((watch) => add(watch.looks, look));
    return () => {
      for (const stop of stops) stop();
    };
  }

  share(watches: readonly CpuWatch[], wants: (by: Frame) => boolean, listener: ProbeListener): () => void {
    const meter = new ShareMeter(this.intervalNs, this.kernel.engine.now, listener);
    const stops = watches.map((watch) => add(watch.spans, { wants, meter }));
    return () => {
      for (const stop of stops) stop();
    };
  }

  contested(watch: CpuWatch, listener: ProbeListener): () => void {
    return add(watch.contested, new ShareMeter(this.intervalNs, this.kernel.engine.now, listener));
  }
}

/** One family: its members are parts of machines, named `host/part`. */
abstract class PartProbes<Part> implements ProbeFamily {
  abstract readonly family: string;
  abstract readonly fields: readonly ProbeFieldInfo[];
  protected readonly parts = new Map<string, { readonly watched: Watched; readonly part: Part }>();

  constructor(machines: readonly Watched[], partsOf: (kernel: Kernel) => readonly (readonly [string, Part])[]) {
    for (const watched of machines)
      for (const [name, part] of partsOf(watched.kernel))
        this.parts.set(`${watched.machine.host}/${name}`, { watched, part });
  }

  members(): readonly string[] {
    return [...this.parts.keys()];
  }

  attach(member: string, field: string, listener: ProbeListener): () => void {
    const { watched, part } = this.parts.get(member)!;
    return this.listen(watched, part, field, listener);
  }

  protected abstract listen(watched: Watched, part: Part, field: string, listener: ProbeListener): () => void;
}

class CpuProbes extends PartProbes<Cpu> {
  readonly family = 'cpu';
  readonly fields = CPU_FIELDS;

  protected listen(watched: Watched, cpu: Cpu, field: string, listener: ProbeListener): () => void {
    const watch = watched.all[cpu.id]!;
    switch (field) {
      case 'busy':
        return watched.share([watch], () => true, listener);
      case 'handlers':
        return watched.share([watch], (by) => !isThread(by), listener);
      case 'contested':
        return watched.contested(watch, listener);
      case 'runnable':
        return watched.gauge([watch], () => cpu.runQueue.length, listener);
      default:
        return watched.rate([watch], () => RATES[field]!(cpu), 1, listener);
    }
  }
}

class ThreadProbes extends PartProbes<Thread> {
  readonly family = 'thread';
  readonly fields = THREAD_FIELDS;

  protected listen(watched: Watched, thread: Thread, field: string, listener: ProbeListener): () => void {
    switch (field) {
      case 'busy':
        return watched.share(watched.all, (by) => by === thread, listener);
      case 'waiting':
        return watched.gauge(watched.all, () => thread.port.queue.length, listener);
      default:
        return watched.rate(watched.all, () => thread.switches, 1, listener);
    }
  }
}

class SyncProbes extends PartProbes<Token | Lock> {
  readonly family = 'sync';
  readonly fields = SYNC_FIELDS;

  protected listen(watched: Watched, sync: Token | Lock, field: string, listener: ProbeListener): () => void {
    switch (field) {
      case 'held':
        return watched.rate(watched.all, () => sync.heldNs, 1 / NS_PER_SECOND, listener);
      case 'collisions':
        return watched.rate(watched.all, () => sync.counters.collisions, 1, listener);
      default:
        return watched.rate(watched.all, () => sync.counters.acquisitions, 1, listener);
    }
  }
}

function isThread(frame: Frame): frame is Thread {
  return 'port' in frame;
}

/** All probes of a run's machines. */
export class MachineProbes {
  readonly families: readonly ProbeFamily[];
  private readonly machines: readonly Watched[];

  /** @param intervalNs interval of rates and shares */
  constructor(machines: readonly BuiltMachine[], intervalNs: number) {
    this.machines = machines.map((machine) => new Watched(machine, intervalNs));
    this.families = [
      new CpuProbes(this.machines, ({ cpus }) => cpus.map((cpu) => [String(cpu.id), cpu])),
      new ThreadProbes(this.machines, ({ threads }) => threads.map((thread) => [thread.name, thread])),
      new SyncProbes(this.machines, ({ allTokens, locks }) =>
        [...allTokens, ...locks].map((sync) => [sync.name, sync]),
      ),
    ];
  }

  /** Brings rates and shares up to the present. */
  settle(): void {
    for (const machine of this.machines) machine.settle();
  }
}
